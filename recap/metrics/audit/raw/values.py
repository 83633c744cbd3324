"""From what a column holds to what a field declares."""

from dataclasses import dataclass

import polars as pl

from recap.campaign.models import FieldMapping
from recap.metrics.audit.raw import numbers
from recap.metrics.audit.raw.table import NotUnderstood, bare, by_distinct
from recap.metrics.audit.raw.zones import local_times

TRUE = frozenset({"true", "yes", "y", "t", "1"})
FALSE = frozenset({"false", "no", "n", "f", "0"})
KEPT = (pl.Int64, pl.Boolean, pl.Date, pl.Time)


@dataclass(frozen=True, slots=True)
class Converted:
    """A field's values, and the rows in which something stood that is no such value."""

    values: pl.Series
    failed: pl.Series
    """Boolean, never null."""


def convert(column: pl.Series, mapping: FieldMapping, time_zone: str) -> Converted:
    """Convert a column as its field declares; nothing (null, blank, NaN) is null and no failure.

    Without a type the column's own is kept: text, Int64, Decimal, Float64, Boolean, dates and times. An
    instant becomes local time in `time_zone`. NotUnderstood for lists, structures and bytes.
    """
    if column.dtype.is_float():
        column = column.fill_nan(None)
    if mapping.type is None:
        values = _as_it_is(column, time_zone)
    elif mapping.type == "text":
        values = bare(as_text(column))
        return Converted(values, _never(values))
    elif mapping.type == "boolean":
        column = column if column.dtype == pl.Boolean else bare(as_text(column))
        values = column if column.dtype == pl.Boolean else truths(column)
    elif column.dtype == pl.String:
        column = bare(column)
        values = _number_of_text(column, mapping)
    else:
        values = _number(column, mapping)
    if column.dtype == pl.String and mapping.type is None:
        return Converted(values, _never(values))
    return Converted(values, column.is_not_null() & values.is_null())


def truths(texts: pl.Series) -> pl.Series:
    """Read texts without blanks around them as true or false, null where one is neither."""
    words = texts.str.to_lowercase()
    frame = words.to_frame("w").select(
        pl.when(pl.col("w").is_in(TRUE)).then(True).when(pl.col("w").is_in(FALSE)).then(False)
    )
    return frame.to_series().rename(texts.name)


def as_text(column: pl.Series) -> pl.Series:
    """Write any value as text: whole floats without a point, times as `2024-03-01 10:15:00.5`."""
    dtype = column.dtype
    if dtype == pl.String:
        return column
    if dtype.is_float():
        return numbers.texts_of_floats(column, whole_bare=True)
    if dtype == pl.Boolean or dtype.is_integer() or dtype.is_decimal() or dtype == pl.Date:
        return column.cast(pl.String)
    if dtype == pl.Time:
        return by_distinct(column, lambda time: _short(time.isoformat("microseconds")), pl.String())
    if isinstance(dtype, pl.Datetime):
        mark = "" if dtype.time_zone is None else "+00"
        texts = column.dt.replace_time_zone(None).dt.strftime("%Y-%m-%d %H:%M:%S.%6f")
        return by_distinct(texts, lambda text: _short(text) + mark, pl.String())
    raise NotUnderstood(f"a column of the type {dtype} is not read as text here")


def _short(time: str) -> str:
    return time.rstrip("0").rstrip(".")


def _never(values: pl.Series) -> pl.Series:
    return pl.Series("failed", [False]).new_from_index(0, len(values))


def _as_it_is(column: pl.Series, time_zone: str) -> pl.Series:
    dtype = column.dtype
    if dtype == pl.String:
        return bare(column)
    if isinstance(dtype, pl.Datetime):
        if dtype.time_zone is None:
            return column
        return local_times(column.dt.convert_time_zone("UTC").dt.replace_time_zone(None), time_zone)
    if dtype.is_float():
        return numbers.floats(column).cast(dtype)
    if dtype.is_decimal() or dtype in KEPT:
        return column
    raise NotUnderstood(f"a column of the type {dtype} is not read here; give its field a `type`")


def _number_of_text(texts: pl.Series, mapping: FieldMapping) -> pl.Series:
    comma = mapping.decimal_comma
    if mapping.type == "integer":
        return by_distinct(texts, lambda t: numbers.as_integer(t, decimal_comma=comma), pl.Int64())
    if mapping.type == "number":
        return by_distinct(texts, lambda t: numbers.as_float(t, decimal_comma=comma), pl.Float64())
    return numbers.decimals_of_text(texts, mapping.scale, decimal_comma=comma)


def _number(column: pl.Series, mapping: FieldMapping) -> pl.Series:
    if not column.dtype.is_numeric() and column.dtype != pl.Boolean:
        dtype = {"integer": pl.Int64(), "number": pl.Float64()}.get(str(mapping.type))
        return pl.Series(column.name, [None], dtype=dtype or pl.Decimal(38, mapping.scale)).new_from_index(
            0, len(column)
        )
    if mapping.type == "integer":
        return numbers.whole_numbers(column)
    if mapping.type == "number":
        return numbers.floats(column)
    return numbers.decimals(column, mapping.scale)
