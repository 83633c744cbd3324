"""What another system knows the customers by, such as their e-mail address."""

from pathlib import Path

import duckdb
import pyarrow as pa

from recap.campaign.models import CustomersTable
from recap.sources.connection import connect
from recap.sources.identities import identify
from recap.sources.opening import opening_table
from recap.sources.rejects import make_rejects
from recap.sources.sql import quote
from recap.sources.steps import Steps
from recap.sources.table import Reading, Request, Table, read_errors

KEY = "customers"


def read_identifiers(spec: CustomersTable, column: str, key: str, *, base: Path, scratch: Path) -> pa.Table:
    """Read one more column of the customers table: `customer_id` and `identifier`, both text, sorted by id.

    One row an id: of several the first that has an identifier. Both are written as ids are everywhere.
    `key` is where the campaign names the column, for errors; `base` the campaign's folder, `scratch` an empty
    folder of the caller's. Raises SourceError where the table cannot be read or lacks the column.
    """
    connection = connect(None, scratch)
    try:
        connection.execute("CREATE SCHEMA staging")
        make_rejects(connection)
        request = Request(spec, KEY, (spec.customer, column), "staging.customers")
        with (
            read_errors(spec.path, KEY),
            opening_table(request, Reading(connection, base, {})) as table,
        ):
            sql = _select(connection, table, spec.customer, table.column(column, key))
            return connection.sql(sql).to_arrow_table()
    finally:
        connection.close()


def _select(connection: duckdb.DuckDBPyConnection, table: Table, customer: str, column: str) -> str:
    steps = Steps()
    id_, _ = identify(connection, steps, table, table.column(customer, f"{KEY}.customer"))
    identifier, _ = identify(connection, steps, table, column)
    whole = f"NOT coalesce({table.broken}, false)" if table.broken else "true"
    order = ", ".join(map(quote, table.places))
    return (
        f"SELECT {id_} AS customer_id, {identifier} AS identifier "
        f"FROM {steps.wrap(table.placed())} WHERE {id_} IS NOT NULL AND {identifier} IS NOT NULL AND {whole} "
        f"QUALIFY row_number() OVER (PARTITION BY {id_} ORDER BY {order}) = 1 ORDER BY customer_id"
    )
