"""Customers: their ids as text, who opted out, and whose clock is which."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import polars as pl

from recap.campaign.models import CustomersTable
from recap.metrics.audit.raw.files import read_table
from recap.metrics.audit.raw.numbers import texts_of_floats
from recap.metrics.audit.raw.table import RawTable, bare
from recap.metrics.audit.raw.values import TRUE, as_text

FLOAT_LIKE = r"\A-?[0-9]+\.0+\z"
POINT_ZERO = r"\.0+\z"


@dataclass(frozen=True, slots=True)
class People:
    """What the customers table says that bears on events."""

    opted_out: frozenset[str] = frozenset()
    zones: Mapping[str, str] | None = None
    """By customer, the zones that exist."""


def customer_ids(table: RawTable, name: str) -> pl.Series:
    """Write the customers' ids as text, null where there is none.

    A float 17850.0 is `17850`, and so is the text `17850.0` where all ids of the table are written so; else
    text stays as it is but for the blanks around it: `00004`.
    """
    column = table.frame[table.find(name)]
    if column.dtype.is_float():
        return texts_of_floats(column, whole_bare=True)
    texts = bare(as_text(column))
    known = texts.drop_nulls()
    all_floats = column.dtype == pl.String and len(known) > 0 and known.str.contains(FLOAT_LIKE).all()
    return texts.str.replace(POINT_ZERO, "") if all_floats or column.dtype.is_decimal() else texts


def read_people(spec: CustomersTable | None, base: Path, frames: Mapping[str, Any]) -> People:
    """Read the customers table: an opt-out in any row of a customer counts, of zones the first row's."""
    if spec is None:
        return People()
    names = (spec.customer, spec.name, spec.locale, spec.time_zone, spec.opt_out)
    table = read_table(spec, [name for name in names if name is not None], base, frames)
    ids = customer_ids(table, spec.customer)
    frame = pl.DataFrame(
        {"id": ids, "zone": _texts(table, spec.time_zone), "word": _texts(table, spec.opt_out)}
    )
    frame = frame.filter(pl.col("id").is_not_null())
    words = pl.col("word").str.to_lowercase().str.replace(POINT_ZERO, "")
    out = frame.filter(words.is_in(TRUE))["id"]
    first = frame.unique("id", keep="first", maintain_order=True)
    zones = first.filter(pl.col("zone").is_in(available_timezones()))
    return People(frozenset(out), dict(zip(zones["id"], zones["zone"], strict=True)))


def _texts(table: RawTable, name: str | None) -> pl.Series:
    if name is None:
        return pl.Series("none", [None], dtype=pl.String).new_from_index(0, table.frame.height)
    return bare(as_text(table.frame[table.find(name)]))
