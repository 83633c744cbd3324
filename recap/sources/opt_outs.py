"""Who wants to be left out: by the customers table, or by a list of their own."""

import duckdb

from recap.campaign.models import OptOutList
from recap.errors import SourceError
from recap.sources.identities import identify
from recap.sources.opening import opening_table
from recap.sources.steps import Steps
from recap.sources.table import Reading, Request, Table, read_errors

KEY = "opt_outs"
TABLE = "staging.opted_out"
LISTED, MET = "staging.listed", "staging.met"


def make_opt_outs(spec: OptOutList | None, reading: Reading) -> tuple[str, ...]:
    """Create `staging.opted_out(customer_id)`: all who opted out; the warnings.

    Who is on the list opted out in `customers` too. `staging.listed` holds those of the list whom the
    customers table does not know, `staging.met` is where `note_met` puts those who turn up in the events.

    A list without a row is fine: nobody asked. Raises SourceError where rows of it cannot be read or none has
    an id, for whoever is meant would be brought back in.
    """
    connection = reading.connection
    for name in (LISTED, MET):
        connection.execute(f"CREATE OR REPLACE TABLE {name} (customer_id VARCHAR)")
    warnings: tuple[str, ...] = ()
    if spec is not None:
        with (
            read_errors(spec.path, KEY),
            opening_table(Request(spec, KEY, (spec.customer,), "staging.opt_outs"), reading) as table,
        ):
            warnings = _fill(spec, table, connection)
    if reading.forgotten is not None:
        reading.forgotten.delete_from(LISTED)
    connection.execute(
        f"UPDATE customers SET opt_out = true WHERE customer_id IN (SELECT customer_id FROM {LISTED})"
    )
    connection.execute(f"DELETE FROM {LISTED} WHERE customer_id IN (SELECT customer_id FROM customers)")
    connection.execute(
        f"CREATE OR REPLACE TABLE {TABLE} AS SELECT customer_id FROM customers WHERE opt_out "
        f"UNION ALL SELECT customer_id FROM {LISTED}"
    )
    return warnings


def _fill(spec: OptOutList, table: Table, connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    steps = Steps()
    customer, warnings = identify(connection, steps, table, table.column(spec.customer, f"{KEY}.customer"))
    broken = f"coalesce({table.broken}, false)" if table.broken else "false"
    placed = f"(SELECT {customer} AS customer_id, {broken} AS broken FROM {steps.wrap(table.placed())})"
    row = connection.execute(
        f"SELECT count(*), count(*) FILTER (WHERE broken), count(customer_id) FROM {placed}"
    ).fetchone()
    rows, lost, named = row or (0, 0, 0)
    lost += table.rejected
    if lost:
        raise SourceError(
            f"{KEY}.path: {table.name}: rows that cannot be read: {lost}{_first(connection, table)}; "
            "mend the list, or whoever stands there would not be left out"
        )
    if rows and not named:
        raise SourceError(f"{KEY}.customer: {table.name!r} names no customer; check the column")
    connection.execute(
        f"INSERT INTO {LISTED} SELECT DISTINCT customer_id FROM {placed} WHERE customer_id IS NOT NULL"
    )
    unnamed = rows - named
    notes = (f"{table.name}: {unnamed} rows have no customer",) if unnamed else ()
    return (*table.warnings, *warnings, *notes)


def _first(connection: duckdb.DuckDBPyConnection, table: Table) -> str:
    """Say where the first row stands that could not even be taken apart, where that is known."""
    if not table.rejected:
        return ""
    labels = [part.label for part in table.parts]
    places = ", ".join("?" for _ in labels)
    row = connection.execute(
        f"SELECT source, line FROM rejects WHERE source IN ({places}) ORDER BY source, line LIMIT 1", labels
    ).fetchone()
    return f" (the first at {row[0]}:{row[1]})" if row else ""


def note_met(connection: duckdb.DuckDBPyConnection, relation: str) -> None:
    """Note who of `staging.listed` is in the column `customer_id` of what stands behind FROM."""
    connection.execute(
        f"INSERT INTO {MET} SELECT DISTINCT customer_id FROM {relation} "
        f"WHERE customer_id IN (SELECT customer_id FROM {LISTED})"
    )


def admit_met(spec: OptOutList | None, connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Add to `customers` who is on the list and in the events only; warn of those who are nowhere."""
    if spec is None:
        return ()
    connection.execute(
        f"INSERT INTO customers (customer_id, opt_out) SELECT DISTINCT customer_id, true FROM {MET}"
    )
    row = connection.execute(
        f"SELECT count(*) FROM {LISTED} WHERE customer_id NOT IN (SELECT customer_id FROM {MET})"
    ).fetchone()
    if not row or not row[0]:
        return ()
    warning = (
        f"{spec.path}: {row[0]} who opted out are in neither the events nor the customers table; "
        "see that ids are written alike (00029 is not 29)"
    )
    return (warning,)
