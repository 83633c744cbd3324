"""Customer ids as text, the same from every source."""

import duckdb

from recap.sources.conversions import trimmed_text, whole_float_text
from recap.sources.sql import is_float, is_text, literal, quote, trimmed
from recap.sources.steps import Steps
from recap.sources.table import Table

FLOAT_LIKE = r"-?\d+\.0+"


def identify(
    connection: duckdb.DuckDBPyConnection, steps: Steps, table: Table, column: str
) -> tuple[str, tuple[str, ...]]:
    """Write SQL for the customer's id as text, NULL where there is none, and warnings.

    Text is kept as it is but for the blanks around it: `00004` stays `00004`. Whole numbers are written
    without a point, also where a reader has made floats of them because some are missing: a float 17850.0 is
    `17850`; and where *every* id of the table is text like `17850.0`, the `.0` goes too. A single id of
    another form keeps them all as they are, with a warning where most look like floats. NaN is no id.
    """
    type_ = table.columns[column]
    name = quote(column)
    if is_float(type_):
        return whole_float_text(name), ()
    if type_.startswith("DECIMAL"):
        digits = f"CAST({name} AS VARCHAR)"
        return f"regexp_replace({digits}, '\\.0+$', '')", ()
    text = trimmed_text(steps, name)
    # Most columns hold no such id at all, and looking for two characters is quick.
    some = f"SELECT 1 FROM {table.relation} WHERE contains(CAST({name} AS VARCHAR), '.0') LIMIT 1"
    if not is_text(type_) or connection.execute(some).fetchone() is None:
        return text, ()
    row = connection.execute(
        f"SELECT count(id), count(*) FILTER (WHERE regexp_full_match(id, {literal(FLOAT_LIKE)})) "
        f"FROM (SELECT {trimmed(f'CAST({name} AS VARCHAR)')} AS id FROM {table.relation})"
    ).fetchone()
    ids, floats = row or (0, 0)
    if ids and floats == ids:
        return f"regexp_replace({text}, '\\.0+$', '')", ()
    if 2 * floats > ids:
        return text, (
            f"{table.name}: {floats} of {ids} customer ids end in `.0`, but not all; they are kept so",
        )
    return text, ()
