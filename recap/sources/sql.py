"""Pieces of SQL that every format shares: names, texts, blanks, and DuckDB's errors as sentences."""

import re
from collections.abc import Iterable, Sequence

from recap.campaign.suggest import nearest_word

BLANKS = (
    " \t\n\r\f\v\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u200b\u202f\u205f\u3000\ufeff"
)
"""What surrounds a text without being part of it; a text of nothing else is nothing (NULL)."""

_BLANK_CLASS = "".join(f"\\x{{{ord(blank):x}}}" for blank in BLANKS)


def quote(name: str) -> str:
    """Write a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Write a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    """Write texts as an SQL list."""
    return "[" + ", ".join(literal(text) for text in texts) + "]"


def trimmed(sql: str) -> str:
    """Write SQL for a text without the blanks around it; NULL where nothing is left."""
    # Trimming by a set of characters is slow, finding that there is nothing to trim is less so; most texts
    # begin and end with a visible character of ASCII, and two characters tell that.
    plain = f"array_extract({sql}, -1) BETWEEN '!' AND '~' AND {sql} BETWEEN '!' AND '~'"
    some = literal(f"^[{_BLANK_CLASS}]|[{_BLANK_CLASS}]$")
    bare = f"CASE WHEN regexp_matches({sql}, {some}) THEN trim({sql}, {literal(BLANKS)}) ELSE {sql} END"
    return f"CASE WHEN {plain} THEN {sql} ELSE nullif({bare}, '') END"


def is_text(type_: str) -> bool:
    """Whether a DuckDB type holds text (ENUM and JSON are text to us)."""
    return type_ in {"VARCHAR", "JSON"} or type_.startswith("ENUM")


def is_float(type_: str) -> bool:
    """Whether a DuckDB type is a binary floating point number."""
    return type_ in {"DOUBLE", "FLOAT"}


def is_number(type_: str) -> bool:
    """Whether a DuckDB type is a number."""
    whole = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "BIGNUM"}
    return is_float(type_) or type_.removeprefix("U") in whole or type_.startswith("DECIMAL")


def first_line(error: Exception) -> str:
    """Give DuckDB's own words about an error, without the part that points into the statement."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)


def sentence(error: Exception) -> str:
    """Give the first line of an error without its kind (`Binder Error: `)."""
    return re.sub(r"^(?:[A-Z]\w*(?: \w+)* Error): ", "", first_line(error))


def missing_column(error: Exception) -> str:
    """Name the column that DuckDB does not find; empty where the error says something else."""
    return str(error).partition('Referenced column "')[2].partition('"')[0]


def words_of(text: str) -> set[str]:
    """Give every word of a statement in lower case: each name in it is one of them."""
    return {word.casefold() for word in re.findall(r"\w+", text)}


def nearest(name: str, names: Iterable[str]) -> str:
    """` Did you mean ...?`, where one of the names is near enough, else nothing."""
    near = nearest_word(name, names)
    return f" Did you mean {near!r}?" if near is not None else ""


def listed(names: Sequence[str], most: int = 30) -> str:
    """Names in a row, cut where there are too many to read."""
    shown = ", ".join(names[:most])
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")
