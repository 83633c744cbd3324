"""Wishes that bear on events: the values of fields that customers said are not theirs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from recap.campaign.choice import WishesTable
from recap.metrics.audit.raw.files import read_table
from recap.metrics.audit.raw.numbers import texts_of_floats
from recap.metrics.audit.raw.people import customer_ids
from recap.metrics.audit.raw.table import bare
from recap.metrics.audit.raw.values import as_text


def read_not_me(
    spec: WishesTable | None, base: Path, frames: Mapping[str, Any]
) -> dict[str, frozenset[tuple[str, str]]]:
    """Read who said `not_me` to what: by field, the pairs of a customer and a value as text."""
    if spec is None or spec.field is None or spec.value is None:
        return {}
    table = read_table(spec, (spec.customer, spec.wish, spec.field, spec.value), base, frames)
    wish, field, value = (
        bare(as_text(table.frame[table.find(name)])) for name in (spec.wish, spec.field, spec.value)
    )
    asked = pl.DataFrame({"field": field, "customer": customer_ids(table, spec.customer), "value": value})
    found: dict[str, set[tuple[str, str]]] = {}
    for name, *pair in asked.filter(wish.str.to_lowercase() == "not_me").drop_nulls().iter_rows():
        found.setdefault(name, set()).add((pair[0], pair[1]))
    return {name: frozenset(pairs) for name, pairs in found.items()}


def disowned(customers: pl.Series, values: pl.Series, pairs: frozenset[tuple[str, str]]) -> pl.Series:
    """Tell of events whether customer and value, as DuckDB writes it as text, are among the pairs."""
    texts = texts_of_floats(values, whole_bare=False) if values.dtype.is_float() else as_text(values)
    known = pl.DataFrame(sorted(pairs), schema={"customer": pl.String, "text": pl.String}, orient="row")
    events = pl.DataFrame({"customer": customers, "text": texts})
    joined = events.join(
        known.with_columns(found=True), on=["customer", "text"], how="left", maintain_order="left"
    )
    return joined["found"].fill_null(value=False)
