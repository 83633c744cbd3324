"""The rates of currencies: what the campaign says, or a small table of them."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from pydantic import TypeAdapter, ValidationError

from recap.campaign.base import CurrencyCode, Rate
from recap.campaign.models import Money
from recap.campaign.tables import TableFile
from recap.errors import SourceError
from recap.sources.conversions import trimmed_text
from recap.sources.exchange import RATES, code
from recap.sources.opening import opening_table
from recap.sources.sql import quote
from recap.sources.steps import Steps
from recap.sources.table import Reading, Request, read_errors

KEY = "money.rates"
COLUMNS = ("currency", "rate")
WHOLE_DIGITS = 12
"""As many as a `Rate` has at most, before its up to 18 decimals."""
_RATES = TypeAdapter(dict[CurrencyCode, Rate])


def make_rates(money: Money, reading: Reading) -> None:
    """Create the table RATES: a row a currency, with what one unit of it is worth in `money.currency`.

    Raises SourceError where the table of rates cannot be read, or holds what is no rate.
    """
    rates = money.rates if isinstance(money.rates, dict) else _read(money.rates, money.currency, reading)
    connection = reading.connection
    # No more decimals than there are: products have theirs and the amount's, and end at 38 digits in all.
    decimals = max((len(f"{rate:f}".partition(".")[2].rstrip("0")) for rate in rates.values()), default=0)
    type_ = f"DECIMAL({WHOLE_DIGITS + decimals},{decimals})"
    connection.execute(f"CREATE OR REPLACE TABLE {RATES} (currency VARCHAR, rate {type_})")
    for currency, rate in {**rates, money.currency: Decimal(1)}.items():
        connection.execute(f"INSERT INTO {RATES} VALUES (?, CAST(? AS {type_}))", [currency, f"{rate:f}"])


def _read(path: str, target: str, reading: Reading) -> Mapping[str, Decimal]:
    with (
        read_errors(path, KEY),
        opening_table(Request(TableFile(path=path), KEY, COLUMNS, "staging.exchange"), reading) as table,
    ):
        currency, rate = (quote(table.column(name, KEY)) for name in COLUMNS)
        steps = Steps()
        text = trimmed_text(steps, rate)
        rows = reading.connection.execute(
            f"SELECT DISTINCT {code(currency)}, {text} FROM {steps.wrap(table.relation)} ORDER BY ALL"
        ).fetchall()
        broken = table.rejected
    rates: dict[str, Decimal] = {}
    for name, text in rows:
        if name is None and text is None:
            continue
        value = _rate(name, text, path)
        if rates.setdefault(name, value) != value:
            raise SourceError(f"{KEY}: {path!r} has two rates for {name}; keep one")
    if broken or not rates:
        problem = f"{broken} lines that cannot be read" if broken else "no rates"
        raise SourceError(f"{KEY}: {path!r} has {problem}; see that it has the columns currency and rate")
    if rates.get(target, 1) != 1:
        raise SourceError(f"{KEY}: {path!r} has a rate for {target} itself, which must be 1")
    return rates


def _rate(name: str | None, text: str | None, path: str) -> Decimal:
    try:
        ((_, rate),) = _RATES.validate_python({name: Decimal(text or "")}).items()
    except (InvalidOperation, ValidationError) as error:
        raise SourceError(
            f"{KEY}: {path!r} says that one {name} is {text}; a rate has a code of three letters and a "
            "number above 0, with a point and at most 18 digits after it"
        ) from error
    return rate
