"""Amounts in several currencies brought to one, row by row, as exact products."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import polars as pl

from recap.campaign.models import Money
from recap.campaign.tables import TableFile
from recap.metrics.audit.raw.files import read_table
from recap.metrics.audit.raw.numbers import DIGITS, WIDE
from recap.metrics.audit.raw.table import NotUnderstood, bare
from recap.metrics.audit.raw.values import Converted, as_text


def read_rates(money: Money, base: Path, frames: Mapping[str, Any]) -> dict[str, Decimal]:
    """Tell what one unit of each currency is worth in the campaign's; NotUnderstood where nothing says."""
    if isinstance(money.rates, dict):
        return {**money.rates, money.currency: Decimal(1)}
    table = read_table(TableFile(path=money.rates), ("currency", "rate"), base, frames)
    codes, texts = (bare(as_text(table.frame[table.find(name)])) for name in ("currency", "rate"))
    rates = {money.currency: Decimal(1)}
    for code, text in zip(codes.str.to_uppercase(), texts, strict=True):
        if code is None and text is None:
            continue
        try:
            rate = Decimal(text or "")
        except InvalidOperation as error:
            raise NotUnderstood(f"the rate of {code} is {text}, which is no number") from error
        if rates.setdefault(str(code), rate) != rate:
            raise NotUnderstood(f"there are two rates for {code}")
    return rates


def exchanged(amounts: Converted, codes: pl.Series, rates: Mapping[str, Decimal]) -> Converted:
    """Multiply amounts by the rates of their currencies, halves rounded away from zero to the field's scale.

    An amount without a currency, or in one without a rate, has failed; no amount needs no currency.
    """
    dtype = amounts.values.dtype
    scale = dtype.scale if isinstance(dtype, pl.Decimal) else 0
    unit = Decimal(1).scaleb(-scale)

    def product(amount: Decimal, code: str) -> Decimal | None:
        value = WIDE.multiply(amount, rates[code]).quantize(unit, ROUND_HALF_UP, WIDE)
        return value if abs(value) < 10 ** (DIGITS - scale) else None

    known = pl.DataFrame({"amount": amounts.values, "code": bare(as_text(codes)).str.to_uppercase()})
    pairs = known.unique().drop_nulls().filter(pl.col("code").is_in(list(rates)))
    results = [product(amount, code) for amount, code in pairs.iter_rows()]
    joined = known.join(
        pairs.with_columns(pl.Series("result", results, dtype=dtype)),
        on=["amount", "code"],
        how="left",
        maintain_order="left",
    )
    lost = joined.select(pl.col("amount").is_not_null() & pl.col("result").is_null()).to_series()
    return Converted(joined["result"], amounts.failed | lost)
