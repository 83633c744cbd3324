"""Every metric for every customer, with exact ranks: the view `values` of a DuckDB connection."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import duckdb

from recap.campaign import Campaign
from recap.errors import CampaignError, OutputError, Problem, RecapError
from recap.metrics.parts import code_texts, count_parts, drop_part, take_part
from recap.metrics.plan import Basis, Step, plan_computation
from recap.metrics.rollups import PART_EVENTS, PART_HISTORY
from recap.sources.events import EVENTS, HISTORY, INSTANT
from recap.sources.sql import first_line

_ACTIVITY = Step(
    "activity",
    f"""WITH active AS (
  SELECT customer_id, count(*) AS events, min(ts)::DATE AS first_day FROM {PART_EVENTS} GROUP BY customer_id
),
known AS (SELECT DISTINCT customer_id, true AS is_known FROM {PART_HISTORY})
SELECT customer_id, events, CASE
  WHEN is_known IS NULL AND EXISTS (FROM {HISTORY}) THEN first_day
END AS joined
FROM active LEFT JOIN known USING (customer_id)""",
    gathers=True,
)


def compute_values(
    campaign: Campaign,
    connection: duckdb.DuckDBPyConnection,
    fields: Mapping[str, str],
    progress: Callable[[str], None] = lambda _: None,
    parts: int | None = None,
) -> None:
    """Make the view `values` from the tables `events`, `history` and `customers`.

    `values`: a row a customer and metric - `customer_id` VARCHAR, `metric` VARCHAR, `number` DOUBLE or null
    in the data's unit, `text` VARCHAR or null, `detail` JSON, `rows` BIGINT, `rank` and `cohort` BIGINT,
    `top_percent` INTEGER, `holders` BIGINT customers with the same number, `alone` BOOLEAN; rank, top_percent
    and holders are null where a metric is not ranked.

    Also makes `activity` (`customer_id`, `events` BIGINT, `joined` DATE): every customer with an event in the
    period, and the day of the first where they were not there before; null where nothing is known of before.

    The customers are computed in `parts`, one after another, so that memory stays within the connection's
    limit; without a number as many as the limit asks for.
    """
    basis = read_basis(connection, fields)
    progress("codes")
    coded = code_texts(campaign, connection)
    types = {**fields, **dict.fromkeys(coded, "ENUM")}
    computation = plan_computation(campaign, replace(basis, fields=types))
    parts = parts or count_parts(connection, basis.rows)
    for part in range(parts):
        progress(f"part {part + 1} of {parts}")
        take_part(connection, part, parts, coded)
        for step in (_ACTIVITY, *computation.each_part):
            progress(step.table)
            _make_for_part(connection, step, is_first=part == 0)
    drop_part(connection)
    for step in (*computation.over_base, *computation.ranks):
        progress(step.table)
        _make(connection, step, f"CREATE OR REPLACE TABLE {step.table} AS\n{step.select}")
    connection.execute(f'CREATE OR REPLACE VIEW "values" AS\n{computation.view}')


def read_basis(connection: duckdb.DuckDBPyConnection, fields: Mapping[str, str]) -> Basis:
    """Look at the events as far as planning needs it."""
    columns = [name for name, *_ in connection.execute(f"DESCRIBE {EVENTS}").fetchall()]
    first, last, rows = connection.execute(
        f"""SELECT least(e.first, h.first)::DATE, e.last::DATE, e.n + h.n
FROM (SELECT min(ts) AS first, max(ts) AS last, count(*) AS n FROM {EVENTS}) e,
  (SELECT min(ts) AS first, count(*) AS n FROM {HISTORY}) h"""
    ).fetchall()[0]
    return Basis(
        fields=fields,
        first_day=first or date.max,
        last_day=last or date.min,
        instant=INSTANT if INSTANT in columns else "ts",
        rows=rows,
    )


def _make_for_part(connection: duckdb.DuckDBPyConnection, step: Step, *, is_first: bool) -> None:
    """Make a rollup of the part, or add to what is gathered over all parts."""
    if not step.gathers:
        made = f"CREATE OR REPLACE TEMP TABLE {step.table} AS"
    elif is_first:
        made = f"CREATE OR REPLACE TABLE {step.table} AS"
    else:
        made = f"INSERT INTO {step.table} BY NAME"
    _make(connection, step, f"{made}\n{step.select}")


def _make(connection: duckdb.DuckDBPyConnection, step: Step, sql: str) -> None:
    try:
        connection.execute(sql)
        for table in step.done:
            connection.execute(f"DROP TABLE {table}")
    except duckdb.OutOfMemoryException as error:
        raise RecapError(f"not enough memory to compute {step.table}: {first_line(error)}") from error
    except duckdb.IOException as error:
        raise OutputError(f"{step.table} cannot be computed on this disk: {first_line(error)}") from error
    except duckdb.Error as error:
        message = f"{step.table} cannot be computed: {first_line(error)}"
        raise CampaignError([Problem(message, "metrics")]) from error
