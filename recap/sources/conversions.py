"""From what a source holds to a field's declared type, as SQL.

Every conversion is exact or nothing: text goes to DECIMAL without a float in between, and what cannot be
converted becomes NULL, which the caller tells apart from a NULL that was there.
"""

import re
from dataclasses import dataclass

from recap.campaign.models import FieldMapping
from recap.sources.sql import is_float, is_number, is_text, literal, trimmed
from recap.sources.steps import Steps

PRECISION = 28
NARROW = 18
"""Decimals of so many digits are eight bytes and quick to calculate with; wider ones are sixteen."""
WHOLE_DIGITS = {
    "BOOLEAN": 1,
    "TINYINT": 3,
    "UTINYINT": 3,
    "SMALLINT": 5,
    "USMALLINT": 5,
    "INTEGER": 10,
    "UINTEGER": 10,
    "BIGINT": 19,
}
BIGINT_DIGITS = 19
ANY_DIGITS = 400
"""More than a number of any other type has: a DOUBLE has three hundred."""
LARGEST_FLOAT = "1e20"
PLAIN = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
GROUPED = r"[+-]?\d{1,3}(?:,\d{3})+\.\d+|[+-]?\d{1,3}(?:,\d{3}){2,}"
"""Thousands with commas, where they cannot be mistaken for a decimal comma: `1,234.50`, `1,234,567`."""
COMMA_PLAIN = r"[+-]?\d+(?:,\d*)?"
COMMA_GROUPED = r"[+-]?\d{1,3}(?:[. \x{00a0}\x{202f}']\d{3})+(?:,\d+)?"
TRUE = ("true", "yes", "y", "t", "1")
FALSE = ("false", "no", "n", "f", "0")


@dataclass(frozen=True, slots=True)
class Conversion:
    """A field's value as SQL, and when it failed."""

    value: str
    type: str
    """DuckDB's type of the value."""
    given: str | None = None
    """SQL: something is there. Where this holds and the value is NULL, the row cannot be read; None where the
    conversion cannot fail."""
    problem: str = ""
    """What to say then, with the column's name in front."""
    is_narrow: bool = False
    """The value is a decimal and surely has no more than `NARROW` digits."""


def number_text(sql: str, *, decimal_comma: bool) -> str:
    """Write SQL for a trimmed text as a plain number's (`1234.50`); NULL where it is none.

    Thousands may be marked where that is beyond doubt: `1,234.50` and `1,234,567`, but not `1,234`, which
    elsewhere is one and a bit. With `decimal_comma`: `1.234,50`, `1 234,50`, `1'234,50`, and `1.234` is a
    thousand and more.
    """
    if decimal_comma:
        return (
            f"CASE WHEN regexp_full_match({sql}, {literal(COMMA_PLAIN)}) THEN replace({sql}, ',', '.') "
            f"WHEN regexp_full_match({sql}, {literal(COMMA_GROUPED)}) THEN "
            f"replace(regexp_replace({sql}, {literal('[^0-9,+-]')}, '', 'g'), ',', '.') END"
        )
    return (
        f"CASE WHEN regexp_full_match({sql}, {literal(PLAIN)}) THEN {sql} "
        f"WHEN regexp_full_match({sql}, {literal(GROUPED)}) THEN replace({sql}, ',', '') END"
    )


def whole_float_text(sql: str) -> str:
    """Write SQL for a number that came as a float, as text: 17850.0 is `17850`, 1.5 is `1.5`."""
    return (
        f"CASE WHEN isnan({sql}) THEN NULL WHEN {sql} = trunc({sql}) AND abs({sql}) < 9e15 "
        f"THEN CAST(TRY_CAST({sql} AS BIGINT) AS VARCHAR) ELSE CAST({sql} AS VARCHAR) END"
    )


def convert(steps: Steps, sql: str, type_: str, mapping: FieldMapping, time_zone: str) -> Conversion:
    """Convert SQL of a DuckDB type into what the mapping declares (see FieldMapping).

    Text loses the blanks around it, and blank text is NULL, so that one item is not two groups. Numbers that
    have more digits than `scale` are rounded, halves away from zero. A missing value (NULL, blank, NaN) is
    NULL and no failure.
    """
    wanted = mapping.type
    if is_float(type_):
        sql = steps.add(f"CASE WHEN isnan({sql}) THEN NULL ELSE {sql} END")
    if wanted is None:
        return _as_it_is(steps, sql, type_, time_zone)
    if wanted == "text":
        return Conversion(trimmed(as_text(steps, sql, type_)), "VARCHAR")
    if wanted == "boolean":
        return _boolean(steps, sql, type_)
    if is_text(type_):
        return _number_from_text(steps, trimmed_text(steps, sql), mapping)
    return _number(sql, type_, mapping)


def as_text(steps: Steps, sql: str, type_: str) -> str:
    """Write any value as text, a whole float without its point."""
    return steps.add(whole_float_text(sql) if is_float(type_) else f"CAST({sql} AS VARCHAR)")


def trimmed_text(steps: Steps, sql: str) -> str:
    """Compute a text without the blanks around it, NULL where nothing is left."""
    return steps.add(trimmed(steps.add(f"CAST({sql} AS VARCHAR)")))


def truth(steps: Steps, text: str) -> str:
    """Compute a trimmed text as BOOLEAN, NULL where it is no word for either."""
    word = steps.add(f"lower({text})")
    yes, no = (", ".join(map(literal, words)) for words in (TRUE, FALSE))
    return f"(CASE WHEN {word} IN ({yes}) THEN true WHEN {word} IN ({no}) THEN false END)"


def _as_it_is(steps: Steps, sql: str, type_: str, time_zone: str) -> Conversion:
    if is_text(type_) or type_ == "UUID":
        return Conversion(trimmed(steps.add(f"CAST({sql} AS VARCHAR)")), "VARCHAR")
    if type_ == "TIMESTAMP WITH TIME ZONE":
        return Conversion(f"timezone({literal(time_zone)}, {sql})", "TIMESTAMP")
    if type_.endswith("]") or type_.startswith(("STRUCT", "MAP", "UNION")):
        return Conversion(f"CAST(to_json({sql}) AS VARCHAR)", "VARCHAR")
    if type_ in {"TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}:
        return Conversion(f"CAST({sql} AS TIMESTAMP)", "TIMESTAMP")
    if is_float(type_):
        return Conversion(_finite(sql), type_, f"({sql} IS NOT NULL)", "is too large a number")
    return Conversion(sql, type_)


def _target(mapping: FieldMapping) -> str:
    if mapping.type == "integer":
        return "BIGINT"
    return "DOUBLE" if mapping.type == "number" else f"DECIMAL({PRECISION},{mapping.scale})"


def _number_from_text(steps: Steps, text: str, mapping: FieldMapping) -> Conversion:
    number = steps.add(number_text(text, decimal_comma=mapping.decimal_comma))
    target, given = _target(mapping), f"({text} IS NOT NULL)"
    if mapping.type == "integer":
        whole = f"nullif(regexp_extract({number}, '^([+-]?\\d+)(?:\\.0*)?$', 1), '')"
        return Conversion(steps.add(f"TRY_CAST({whole} AS BIGINT)"), target, given, "is no whole number")
    hint = "" if mapping.decimal_comma else " (with a decimal comma? `decimal_comma: true`)"
    if mapping.type == "number":
        value = steps.add(f"TRY_CAST({number} AS DOUBLE)")
        return Conversion(steps.add(_finite(value)), target, given, f"is no number{hint}")
    # DuckDB reads a narrow decimal many times faster, and few numbers need a wide one.
    narrow = f"CAST(TRY_CAST({number} AS DECIMAL({NARROW},{mapping.scale})) AS {target})"
    value = steps.add(f"coalesce({narrow}, TRY_CAST({number} AS {target}))")
    return Conversion(value, target, given, f"is no number{hint}")


def _number(sql: str, type_: str, mapping: FieldMapping) -> Conversion:
    target = _target(mapping)
    given = f"({sql} IS NOT NULL)"
    if not is_number(type_) and type_ != "BOOLEAN":
        return Conversion(f"CAST(NULL AS {target})", target, given, f"is no number, but {type_}")
    if mapping.type == "integer" and (is_float(type_) or type_.startswith("DECIMAL")):
        value = f"(CASE WHEN {sql} = trunc({sql}) THEN TRY_CAST({sql} AS BIGINT) END)"
        return Conversion(value, target, given, "is no whole number")
    whole, fraction = _digits(type_)
    # Rounding may carry into one more digit.
    needed = whole + (fraction > mapping.scale)
    if needed <= (BIGINT_DIGITS if mapping.type in {"integer", "number"} else PRECISION - mapping.scale):
        return Conversion(f"CAST({sql} AS {target})", target, is_narrow=needed + mapping.scale <= NARROW)
    if mapping.type == "number":
        return Conversion(_finite(f"CAST({sql} AS DOUBLE)"), target, given, "is too large a number")
    # A float's digits beyond the scale are noise of its binary form: 3 * 0.1 is 0.3 here.
    source = f"round({sql}, {mapping.scale})" if is_float(type_) else sql
    return Conversion(f"TRY_CAST({source} AS {target})", target, given, "is too large a number")


def _digits(type_: str) -> tuple[int, int]:
    """Tell how many digits a type's numbers have at most before and after the point."""
    if match := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", type_):
        return int(match[1]) - int(match[2]), int(match[2])
    return WHOLE_DIGITS.get(type_, ANY_DIGITS), 0


def _finite(sql: str) -> str:
    """Keep what can be added up exactly: floats are summed as decimals, and a mistyped 1e300 is no amount."""
    return f"(CASE WHEN abs({sql}) < {LARGEST_FLOAT} THEN {sql} END)"


def _boolean(steps: Steps, sql: str, type_: str) -> Conversion:
    if type_ == "BOOLEAN":
        return Conversion(sql, "BOOLEAN")
    text = steps.add(trimmed(as_text(steps, sql, type_)))
    return Conversion(truth(steps, text), "BOOLEAN", f"({text} IS NOT NULL)", "is neither true nor false")
