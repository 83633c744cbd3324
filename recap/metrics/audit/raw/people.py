"""Customers: their ids as text, who opted out or was forgotten, and whose clock is which."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import polars as pl

from recap.campaign.models import CustomersTable, OptOutList
from recap.metrics.audit.raw.files import read_table
from recap.metrics.audit.raw.numbers import texts_of_floats
from recap.metrics.audit.raw.table import RawTable, bare
from recap.metrics.audit.raw.values import TRUE, as_text

FLOAT_LIKE = r"\A-?[0-9]+\.0+\z"
POINT_ZERO = r"\.0+\z"


@dataclass(frozen=True, slots=True)
class People:
    """What is said of customers that bears on events."""

    opted_out: frozenset[str] = frozenset()
    """By the customers table or the list of opt-outs."""
    zones: Mapping[str, str] | None = None
    """By customer, the zones that exist."""
    is_forgotten: Callable[[str], bool] | None = None
    """Asked of an id: whether its events are to be left out, whatever else is said; None where nobody was."""

    def left_out(self, customers: pl.Series) -> pl.Series:
        """Tell of events, by their customers, whether they count for nothing; null where one has none."""
        out = set(self.opted_out)
        if self.is_forgotten is not None:
            out.update(filter(self.is_forgotten, customers.unique().drop_nulls()))
        return customers.is_in(list(out))


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


def read_people(
    spec: CustomersTable | None,
    listed: OptOutList | None,
    base: Path,
    frames: Mapping[str, Any],
    is_forgotten: Callable[[str], bool] | None = None,
) -> People:
    """Read the customers table and the list of opt-outs.

    An opt-out in any row of a customer counts, of zones the first row's.
    """
    others: frozenset[str] = frozenset()
    if listed is not None:
        others = frozenset(
            customer_ids(read_table(listed, [listed.customer], base, frames), listed.customer).drop_nulls()
        )
    if spec is None:
        return People(others, None, is_forgotten)
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
    return People(others | set(out), dict(zip(zones["id"], zones["zone"], strict=True)), is_forgotten)


def _texts(table: RawTable, name: str | None) -> pl.Series:
    if name is None:
        return pl.Series("none", [None], dtype=pl.String).new_from_index(0, table.frame.height)
    return bare(as_text(table.frame[table.find(name)]))
