"""What is known of the customers: name, language, time zone, and who wants to be left out."""

from dataclasses import dataclass
from zoneinfo import available_timezones

import duckdb
import pyarrow as pa

from recap.campaign.models import CustomersTable
from recap.errors import SourceError
from recap.sources.conversions import FALSE, TRUE, as_text, trimmed_text
from recap.sources.identities import identify
from recap.sources.opening import opening_table
from recap.sources.rejects import locate_rejects
from recap.sources.sql import literal, quote, trimmed
from recap.sources.steps import Steps
from recap.sources.table import Reading, Request, Table, read_errors

KEY = "customers"
KNOWN = "staging.known"


@dataclass(frozen=True, slots=True)
class Known:
    """What the events need to know of the tables `customers` and `wishes`."""

    some_have_zones: bool = False
    warnings: tuple[str, ...] = ()
    not_me: frozenset[str] = frozenset()
    """The campaign's fields of which somebody said that a value is not theirs."""
    some_opted_out: bool = False
    some_forgotten: bool = False
    """Some may have been forgotten."""


def make_customers(spec: CustomersTable | None, reading: Reading) -> Known:
    """Create the table `customers(customer_id, name, locale, time_zone, opt_out, avatar)`, one row an id.

    Of several rows with one id the first is kept, but an opt-out in any of them counts. Rows without an id
    are passed over; a time zone that does not exist becomes NULL; both are in the warnings, as are opt-outs
    that say neither yes nor no, and lines that cannot be read, which are kept in `rejects`. `de-AT` is
    written `de_AT`. Without a table it is empty.
    """
    connection = reading.connection
    connection.execute(
        "CREATE OR REPLACE TABLE customers (customer_id VARCHAR, name VARCHAR, locale VARCHAR, "
        "time_zone VARCHAR, opt_out BOOLEAN, avatar VARCHAR)"
    )
    if spec is None:
        return Known()
    columns = (spec.customer, spec.name, spec.locale, spec.time_zone, spec.opt_out, spec.avatar)
    wanted = [name for name in columns if name]
    with (
        read_errors(spec.path, KEY),
        opening_table(Request(spec, KEY, tuple(wanted), "staging.customers"), reading) as table,
    ):
        return _fill(spec, table, reading)


def _fill(spec: CustomersTable, table: Table, reading: Reading) -> Known:
    connection, forgotten = reading.connection, reading.forgotten
    steps = Steps()
    customer, warnings = identify(connection, steps, table, table.column(spec.customer, f"{KEY}.customer"))
    opt_out, unclear = _opt_out(steps, table, spec.opt_out)
    values = {
        "customer_id": customer,
        "name": _text(steps, table, spec.name, "name"),
        "locale": f"replace({_text(steps, table, spec.locale, 'locale')}, '-', '_')",
        "time_zone": _text(steps, table, spec.time_zone, "time_zone"),
        "opt_out": opt_out,
        "recap unclear": unclear,
        "avatar": _text(steps, table, spec.avatar, "avatar"),
        "recap broken": f"coalesce({table.broken}, false)" if table.broken else "false",
    } | {place: quote(place) for place in table.places}
    columns = ", ".join(f"{sql} AS {quote(name)}" for name, sql in values.items())
    connection.execute(
        f"CREATE OR REPLACE TABLE {KNOWN} AS SELECT {columns} FROM {steps.wrap(table.placed())}"
    )
    gone = forgotten.delete_from(KNOWN) if forgotten else 0
    rows, broken, named, ids, doubtful = _row(
        connection,
        'SELECT count(*), count(*) FILTER (WHERE "recap broken"), count(customer_id), '
        'count(DISTINCT customer_id), count(customer_id) FILTER (WHERE "recap unclear") '
        f"FROM {KNOWN}",
    )
    if ids == 0 and not gone:
        # An export that failed would otherwise bring everyone who opted out back in.
        raise SourceError(f"{KEY}.path: {table.name!r} names no customer; check the export")
    strange = _keep_one_each(connection, table)
    if broken:
        locate_rejects(
            connection,
            table,
            f'SELECT *, {literal(table.broken_problem)} AS "recap why" '
            f"FROM {table.placed(with_text=True)} WHERE {table.broken}",
        )
    connection.execute(f"DROP TABLE {KNOWN}")
    (zoned,) = _row(connection, "SELECT count(time_zone) FROM customers")
    unread = broken + table.rejected - (forgotten.delete_rejects() if forgotten else 0)
    notes = {
        f"{table.name}: {unread} rows cannot be read; see the rejects": unread,
        f"{table.name}: {rows - broken - named} rows have no customer": rows - broken - named,
        f"{table.name}: {named - ids} rows repeat a customer; the first of each counts": named - ids,
        f"{table.name}: {doubtful} rows say neither yes nor no in {spec.opt_out!r}; "
        "they leave nobody out": doubtful,
        f"{table.name}: {strange} time zones do not exist; the campaign's is used instead": strange,
    }
    notices = (note for note, number in notes.items() if number)
    return Known(zoned > 0, (*table.warnings, *warnings, *notices))


def _keep_one_each(connection: duckdb.DuckDBPyConnection, table: Table) -> int:
    """Fill `customers` with one row an id; how many names of time zones are none."""
    # Both must know a zone: DuckDB computes local time with it, Python checks the results.
    names = {name for (name,) in connection.execute("SELECT name FROM pg_timezone_names()").fetchall()}
    connection.register("recap_zones", pa.table({"name": sorted(names & available_timezones())}))
    order = ", ".join(map(quote, table.places))
    connection.execute(
        "INSERT INTO customers SELECT customer_id, name, locale, "
        "CASE WHEN time_zone IN (SELECT name FROM recap_zones) THEN time_zone END, "
        "bool_or(opt_out) OVER (PARTITION BY customer_id), avatar "
        f"FROM {KNOWN} WHERE customer_id IS NOT NULL "
        f"QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY {order}) = 1"
    )
    (strange,) = _row(
        connection,
        f"SELECT count(DISTINCT time_zone) FROM {KNOWN} "
        "WHERE time_zone NOT IN (SELECT name FROM recap_zones) AND customer_id IS NOT NULL",
    )
    connection.unregister("recap_zones")
    return strange


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    return tuple(int(number) for number in connection.execute(query).fetchall()[0])


def _text(steps: Steps, table: Table, column: str | None, key: str) -> str:
    if column is None:
        return "CAST(NULL AS VARCHAR)"
    return trimmed_text(steps, quote(table.column(column, f"{KEY}.{key}")))


def _opt_out(steps: Steps, table: Table, column: str | None) -> tuple[str, str]:
    """Write whether a customer opted out, and whether what stands there may mean it and is not understood."""
    if column is None:
        return "false", "false"
    name = table.column(column, f"{KEY}.opt_out")
    text = as_text(steps, quote(name), table.columns[name])
    word = steps.add(f"regexp_replace(lower({trimmed(text)}), '\\.0+$', '')")
    yes, known = (", ".join(map(literal, words)) for words in (TRUE, (*TRUE, *FALSE)))
    return f"coalesce({word} IN ({yes}), false)", f"coalesce({word} NOT IN ({known}), false)"
