"""Every metric for every customer, with exact ranks, in the table `values` of a DuckDB connection."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from recap.campaign import Campaign, Metric, did_you_mean
from recap.errors import CampaignError, Problem, RecapError
from recap.metrics.kind import Tables
from recap.metrics.registry import kind_of
from recap.metrics.rollups import EVENTS, plan_rollups
from recap.sources.sql import quote

NUMERIC = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL")


@dataclass(frozen=True, slots=True)
class Statement:
    """A step of the computation: what it makes, and its SQL."""

    makes: str
    sql: str


def check_metrics(
    campaign: Campaign, connection: duckdb.DuckDBPyConnection, fields: Mapping[str, str]
) -> None:
    """Check against the real fields what the campaign file alone cannot tell.

    `fields` maps names to DuckDB types. Raises CampaignError with every problem: a field that is added up
    but holds no numbers, a condition that is no condition.
    """
    problems = []
    for index, metric in enumerate(campaign.metrics):
        of = str(getattr(metric, "of", None))
        if metric.kind not in {"standing", "distinct"} and of in fields:
            type_ = fields[of].upper()
            if not type_.removeprefix("U").startswith(NUMERIC):
                message = f"the field {of!r} holds {type_}, not numbers; give it `type: number` or `money`"
                problems.append(Problem(message, f"metrics.{index}.of"))
        if metric.where is not None and (wrong := _wrong_condition(connection, metric.where, fields)):
            problems.append(Problem(wrong, f"metrics.{index}.where"))
    if problems:
        raise CampaignError(problems)


def _wrong_condition(
    connection: duckdb.DuckDBPyConnection, where: str, fields: Mapping[str, str]
) -> str | None:
    """Try a condition on all events, for what it means and for what only some value makes go wrong."""
    try:
        # A comment or a second statement inside would change the query around it.
        if len(duckdb.extract_statements(f"SELECT 1 WHERE ({where}\n)")) != 1:
            return "this is more than one condition"
        tried = f"SELECT count(*) FILTER (WHERE ({where}\n)), any_value(typeof(({where}\n))) FROM {EVENTS}"
        row = connection.execute(tried).fetchone()
    except duckdb.Error as error:
        missing = str(error).partition('Referenced column "')[2].partition('"')[0]
        hint = did_you_mean(missing, fields) if missing else ""
        return f"DuckDB does not understand it: {_first_line(error)}{hint}"
    if row is not None and row[1] not in {None, "BOOLEAN"}:
        return f"this is no condition, but {row[1]}: compare it with something"
    return None


def _first_line(error: duckdb.Error) -> str:
    return str(error).splitlines()[0]


def plan_values(campaign: Campaign, fields: Mapping[str, str]) -> list[Statement]:
    """Plan the whole computation: rollups first, then the metrics in an order that their needs allow.

    `fields` maps the fields of `events` to their DuckDB types.
    """
    metrics = [_parenthesised(metric) for metric in campaign.metrics]
    plan = plan_rollups((need for metric in metrics for need in kind_of(metric).needs(metric)), fields)
    names = {metric.id: f"metric_{index}" for index, metric in enumerate(campaign.metrics)}
    period = campaign.period
    tables = Tables(plan.view, names.__getitem__, period.end, period.months)
    statements = [Statement(rollup.name, rollup.sql) for rollup in plan.rollups]
    statements.append(Statement("values", _VALUES))
    for metric in _in_order(metrics):
        table = names[metric.id]
        query = kind_of(metric).query(metric, tables)
        statements.append(Statement(table, f"CREATE OR REPLACE TEMP TABLE {table} AS\n{query}"))
        statements.append(
            Statement(f"values of {metric.id}", _ranked(metric, table, _direction(metric, metrics)))
        )
    return statements


def compute_values(
    campaign: Campaign,
    connection: duckdb.DuckDBPyConnection,
    fields: Mapping[str, str],
    progress: Callable[[str], None] = lambda _: None,
) -> None:
    """Fill the table `values` from the tables `events` and `customers`.

    `values`: a row a customer and metric - `customer_id` VARCHAR, `metric` VARCHAR, `number` DOUBLE or null
    in the data's unit, `text` VARCHAR or null, `detail` JSON, `rows` BIGINT, `rank` and `cohort` BIGINT,
    `top_percent` INTEGER, `holders` BIGINT customers with the same number, `alone` BOOLEAN; rank, top_percent
    and holders are null where a metric is not ranked.

    Also makes `activity` (`customer_id`, `events` BIGINT): every customer with an event in the period.
    """
    statements = plan_values(campaign, fields)
    for statement in statements:
        progress(statement.makes)
        try:
            connection.execute(statement.sql)
        except duckdb.OutOfMemoryException as error:
            raise RecapError(
                f"not enough memory to compute {statement.makes}: {_first_line(error)}"
            ) from error
        except duckdb.Error as error:
            message = f"{statement.makes} cannot be computed: {_first_line(error)}"
            raise CampaignError([Problem(message, "metrics")]) from error
    for table in (s.makes for s in statements if s.makes.startswith(("rollup_", "metric_"))):
        connection.execute(f"DROP TABLE IF EXISTS {quote(table)}")
    connection.execute(_ACTIVITY)


_ACTIVITY = f"""CREATE OR REPLACE TABLE activity AS
SELECT customer_id, count(*) AS events FROM {EVENTS} GROUP BY ALL"""

_VALUES = """CREATE OR REPLACE TABLE "values" (
  customer_id VARCHAR, metric VARCHAR, number DOUBLE, text VARCHAR, detail VARCHAR,
  "rows" BIGINT, "rank" BIGINT, cohort BIGINT, top_percent INTEGER, holders BIGINT,
  alone BOOLEAN
)"""


def _ranked(metric: Metric, table: str, direction: str) -> str:
    """Rank the distinct numbers and join them back: a window over all customers would sort them all.

    top x % = ceil(100 * rank / cohort) in whole numbers, so that it is never less than is true.
    """
    columns = f"customer_id, '{metric.id}', number::DOUBLE, text, detail, rows"
    if direction == "none":
        return f"""INSERT INTO "values"
SELECT {columns}, NULL, (SELECT count(number) FROM {table}), NULL, NULL, alone FROM {table}"""
    order = "DESC" if direction == "more" else "ASC"
    return f"""INSERT INTO "values"
WITH counted AS (SELECT number, count(*) AS holders FROM {table} WHERE number IS NOT NULL GROUP BY number),
placed AS (
  SELECT number, holders, (1 + sum(holders) OVER (ORDER BY number {order}) - holders)::BIGINT AS rank,
    (sum(holders) OVER ())::BIGINT AS cohort
  FROM counted
)
SELECT {columns}, "rank", coalesce(cohort, 0), ((100 * rank + cohort - 1) // cohort)::INTEGER,
  holders, alone
FROM {table} LEFT JOIN placed USING (number)"""


def _direction(metric: Metric, metrics: Sequence[Metric]) -> str:
    """Give which end is better: the metric's own word, or that of the metric it rests on."""
    base = kind_of(metric).after(metric)
    if base is None or "direction" in metric.model_fields_set:
        return metric.direction
    return next(_direction(other, metrics) for other in metrics if other.id == base)


def _parenthesised(metric: Metric) -> Metric:
    """Keep a condition together wherever it is put; the line break ends a comment inside it."""
    return metric if metric.where is None else metric.model_copy(update={"where": f"({metric.where}\n)"})


def _in_order(metrics: Sequence[Metric]) -> list[Metric]:
    waiting, done = list(metrics), list[Metric]()
    while waiting:
        finished = {metric.id for metric in done}
        ready = [m for m in waiting if (kind_of(m).after(m) or "") in {"", *finished}]
        if not ready:
            names = ", ".join(repr(m.id) for m in waiting)
            raise CampaignError(
                [Problem(f"these metrics rest on each other in a circle: {names}", "metrics")]
            )
        done += ready
        waiting = [m for m in waiting if m not in ready]
    return done
