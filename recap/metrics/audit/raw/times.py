"""The moment of an event: from what is written to a wall clock's reading or an instant."""

import re
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from recap.campaign.models import TimeMapping
from recap.metrics.audit.raw.numbers import as_decimal, plain
from recap.metrics.audit.raw.table import NotUnderstood, RawTable, bare, by_distinct
from recap.metrics.audit.raw.values import as_text
from recap.metrics.audit.raw.zones import instants_of

MOMENT = pl.Datetime("us")
EARLIEST, LATEST = datetime(1, 1, 2), datetime(9999, 12, 30)  # noqa: DTZ001 - bounds of wall clocks
"""One day inside of what four-digit years hold, so that no zone leads out of it."""
DATE = "(?P<Y>[0-9]{4})(?P<s>[-/])(?P<m>[0-9]{1,2})(?P<s2>[-/])(?P<d>[0-9]{1,2})"
CLOCK = "(?P<H>[0-9]{1,2}):(?P<M>[0-9]{2})(?::(?P<S>[0-9]{2})(?:[.,](?P<f>[0-9]{1,9}))?)?"
OFFSET = "(?P<z>Z|z|UTC|GMT|[+-](?:0[0-9]|1[0-8])(?::?[0-5][0-9])?)"
GAP = r"[ \t\n\r\f]"
ISO = rf"\A{DATE}(?:[Tt ]{GAP}*{CLOCK}{GAP}*{OFFSET}?)?\z"
"""Year first, so that day and month cannot be mistaken for each other."""
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WHOLE = {"%c": "%Y-%m-%d %H:%M:%S", "%x": "%Y-%m-%d", "%X": "%H:%M:%S", "%T": "%H:%M:%S"}
DIRECTIVES = {
    "d": "(?P<d>[0-9]{1,2})",
    "m": "(?P<m>[0-9]{1,2})",
    "Y": "(?P<Y>[0-9]{1,4})",
    "y": "(?P<y>[0-9]{1,2})",
    "H": "(?P<H>[0-9]{1,2})",
    "I": "(?P<I>[0-9]{1,2})",
    "M": "(?P<M>[0-9]{1,2})",
    "S": "(?P<S>[0-9]{1,2})",
    "f": "(?P<f>[0-9]{1,6})",
    "g": "(?P<f>[0-9]{1,3})",
    "p": "(?P<p>(?i:am|pm))",
    "B": f"(?P<b>(?i:{'|'.join(MONTHS)}))",
    "b": f"(?P<b>(?i:{'|'.join(month[:3] for month in MONTHS)}))",
    "A": f"(?i:{'|'.join(DAYS)})",
    "a": f"(?i:{'|'.join(day[:3] for day in DAYS)})",
    "z": "(?P<z>[+-][0-9]{2}(?::?[0-9]{2})?)",
    "%": "%",
}
ONE_OF = {"y": "Y", "b": "m", "I": "H"}
"""Groups that say the same as another."""
CENTURY_ENDS = 69
"""Years of two digits from here on belong to the 1900s, as POSIX has it."""
PER_SECOND = {"seconds": 1_000_000, "milliseconds": 1_000, "microseconds": 1}


@dataclass(frozen=True, slots=True)
class Moments:
    """The moments of a table's rows, Datetime[us]; a row has one of the two, or cannot be read."""

    wall: pl.Series
    """What the clock showed; null where an instant is known, or nothing."""
    instant: pl.Series
    """In UTC; null where only the wall clock is known, or nothing."""


def read_moments(table: RawTable, mapping: TimeMapping) -> Moments:
    """Read when every row happened; NotUnderstood for a `format` this reading does not know."""
    if mapping.date_column is not None:
        text = _days(table.frame[table.find(mapping.date_column)])
        zone = None  # a day is no instant
        if mapping.time_column is not None:
            clock = bare(_plain_text(table.frame[table.find(mapping.time_column)]))
            text = pl.select(pl.concat_str(pl.lit(text), pl.lit(clock), separator=" ").alias("at"))["at"]
            zone = mapping.zone
        return _of_text(text, mapping.format, zone)
    column = table.frame[table.find(str(mapping.column))]
    dtype = column.dtype
    if mapping.unit is not None:
        return _of_counts(column, PER_SECOND[mapping.unit])
    if dtype == pl.String:
        return _of_text(bare(column), mapping.format, mapping.zone)
    if dtype == pl.Date:
        return _moments(column.cast(MOMENT), None)
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None:
        instants = column.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
        return Moments(_nothing(len(column)), _bounded(instants))
    if isinstance(dtype, pl.Datetime):
        return _moments(column, mapping.zone)
    raise NotUnderstood(f"the column {column.name!r} of the type {dtype} holds no time")


def iso_walls(texts: pl.Series) -> pl.Series:
    """Read ISO 8601 texts' own wall clocks, whatever their offsets; null where one is none."""
    return _bounded(_assembled(_groups(texts, ISO), allows_midnight_24=True))


def _of_text(texts: pl.Series, format_: str | None, zone: str | None) -> Moments:
    parts = _groups(texts, ISO if format_ is None else _pattern(format_))
    walls = _bounded(_assembled(parts, allows_midnight_24=format_ is None))
    if "z" not in parts.columns or parts["z"].null_count() == len(parts):
        return _moments(walls, zone)
    offsets = by_distinct(parts["z"], _offset_minutes, pl.Int64())
    frame = pl.DataFrame({"wall": walls, "offset": offsets})
    with_offset = frame.select(pl.col("wall") - pl.duration(minutes="offset"))["wall"]
    naive = frame.select(pl.when(pl.col("offset").is_null()).then(pl.col("wall")))["wall"]
    rest = _moments(naive, zone)
    instants = pl.DataFrame({"a": _bounded(with_offset), "b": rest.instant}).select(pl.coalesce("a", "b"))[
        "a"
    ]
    return Moments(rest.wall, instants)


def _moments(walls: pl.Series, zone: str | None) -> Moments:
    walls = _bounded(walls)
    if zone is None:
        return Moments(walls, _nothing(len(walls)))
    return Moments(_nothing(len(walls)), instants_of(walls, zone))


def _nothing(rows: int) -> pl.Series:
    return pl.Series("none", [None], dtype=MOMENT).new_from_index(0, rows)


def _bounded(moments: pl.Series) -> pl.Series:
    frame = moments.to_frame("at")
    return frame.select(pl.when(pl.col("at").is_between(EARLIEST, LATEST)).then(pl.col("at")))["at"]


def _of_counts(column: pl.Series, per_second: int) -> Moments:
    """Read counts since 1970-01-01 UTC, to the nearest microsecond."""
    if column.dtype == pl.String:
        micros = by_distinct(bare(column), lambda text: _micros(text, per_second), pl.Int64())
    elif column.dtype.is_integer():
        largest = 2**62 // per_second
        frame = column.to_frame("n").select(
            pl.when(pl.col("n").abs() < largest).then(pl.col("n") * per_second)
        )
        micros = frame["n"]
    else:
        scaled = column.cast(pl.Float64).fill_nan(None) * per_second
        micros = scaled.round(0, "half_away_from_zero").cast(pl.Int64, strict=False)
    most = 300_000_000_000_000_000  # microseconds beyond the year 9999, and still dates to Polars
    frame = micros.to_frame("n").select(pl.when(pl.col("n").abs() < most).then(pl.col("n")))
    return Moments(_nothing(len(column)), _bounded(frame["n"].cast(MOMENT)))


def _micros(text: str, per_second: int) -> int | None:
    number = plain(text, decimal_comma=False)
    # Whole counts are exact as they are; others were read as binary numbers before they were multiplied.
    value = None if number is None else as_decimal(repr(float(number) * per_second), 0)
    return int(value) if value is not None and abs(value) < 2**63 else None


def _days(column: pl.Series) -> pl.Series:
    """Write days as text; an empty time of day that a spreadsheet has added goes."""
    if column.dtype == pl.String:
        return bare(column).str.replace(r"[T ]0?0:00(:00(\.0+)?)?\z", "")
    if isinstance(column.dtype, pl.Datetime):
        column = column.dt.replace_time_zone(None).dt.date() if column.dtype.time_zone else column.dt.date()
    return as_text(column)


def _plain_text(column: pl.Series) -> pl.Series:
    """Write a time of day as text; a number as it is."""
    if column.dtype.is_float():
        raise NotUnderstood(f"the column {column.name!r} holds numbers, no times of day")
    return as_text(column)


def _groups(texts: pl.Series, pattern: str) -> pl.DataFrame:
    return texts.str.extract_groups(pattern).struct.unnest()


def _pattern(format_: str) -> str:
    """Turn a `strptime` format into a pattern; where it has a blank there may be several."""
    for short, long in WHOLE.items():
        format_ = format_.replace(short, long)
    pattern, at = [], 0
    while at < len(format_):
        directive = re.match(r"%-?(.)", format_[at:], re.DOTALL)
        if directive is None:
            pattern.append(GAP + "+" if format_[at].isspace() else re.escape(format_[at]))
            at += 1
            continue
        if directive[1] not in DIRECTIVES:
            raise NotUnderstood(f"the time format {format_!r} has {directive[0]}, which is not read here")
        pattern.append(DIRECTIVES[directive[1]])
        at += directive.end()
    whole = "".join(pattern)
    names = re.findall(r"\?P<(\w+)>", whole)
    if len({ONE_OF.get(name, name) for name in names}) < len(names) or not names:
        raise NotUnderstood(f"the time format {format_!r} says nothing, or something twice")
    return rf"\A{whole}\z"


def _offset_minutes(text: str) -> int:
    if text in {"Z", "z", "UTC", "GMT"}:
        return 0
    digits = text[1:].replace(":", "")
    minutes = 60 * int(digits[:2]) + int(digits[2:] or 0)
    return -minutes if text.startswith("-") else minutes


def _assembled(parts: pl.DataFrame, *, allows_midnight_24: bool) -> pl.Series:
    """Put the parts of a moment together; null where they are none, such as February 30."""

    def part(name: str, otherwise: int) -> pl.Expr:
        number = pl.col(name).cast(pl.Int64) if name in parts.columns else pl.lit(None, pl.Int64)
        return number.fill_null(otherwise)

    year, month, hour = part("Y", 1900), part("m", 1), part("H", 0)
    if "y" in parts.columns:
        year = part("y", 0) + pl.when(part("y", 0) < CENTURY_ENDS).then(2000).otherwise(1900)
    if "b" in parts.columns:
        names = pl.col("b").str.to_lowercase().str.head(3)
        month = names.replace_strict({name[:3]: at for at, name in enumerate(MONTHS, 1)}, default=None)
    if "I" in parts.columns:
        hour = part("I", 0)
    is_valid = part("M", 0).is_between(0, 59) & part("S", 0).is_between(0, 59)
    if "p" in parts.columns:
        is_valid &= hour.is_between(1 if "I" in parts.columns else 0, 12)
        hour = hour % 12 + pl.when(pl.col("p").str.to_lowercase() == "pm").then(12).otherwise(0)
    elif "I" in parts.columns:
        is_valid &= hour.is_between(1, 12)
    micros = (
        pl.col("f").str.head(6).str.pad_end(6, "0").cast(pl.Int64) if "f" in parts.columns else pl.lit(None)
    )
    micros = micros.cast(pl.Int64).fill_null(0)
    if "s2" in parts.columns:
        is_valid &= pl.col("s") == pl.col("s2")
    seconds = hour * 3600 + part("M", 0) * 60 + part("S", 0)
    is_midnight = (seconds == 86_400) & (micros == 0) & allows_midnight_24
    is_valid &= pl.any_horizontal(pl.all().is_not_null()) & ((hour < 24) | is_midnight)
    day = pl.format(
        "{}-{}-{}",
        year.cast(pl.String).str.zfill(4),
        month.cast(pl.String).str.zfill(2),
        part("d", 1).cast(pl.String).str.zfill(2),
    ).str.to_date("%Y-%m-%d", strict=False)
    moment = day.cast(MOMENT) + pl.duration(microseconds=seconds * 1_000_000 + micros)
    return parts.select(pl.when(is_valid).then(moment).alias("at"))["at"]
