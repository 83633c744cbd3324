"""A team's own SQL: an aggregate over each customer's events, or a query over everyone's."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from recap.campaign import Metric, Period, did_you_mean
from recap.metrics.facts import Fact, Facts, Label, Quantity
from recap.metrics.kind import Kind, Tables
from recap.metrics.kinds.read_only import TABLES, expression_faults, known_columns, query_faults
from recap.metrics.needs import Need
from recap.metrics.value import Value
from recap.sources.sql import is_number, is_text, missing_column, sentence

if TYPE_CHECKING:
    import duckdb  # drawing workers know the kinds, and need no database

COLUMNS = ("customer_id", "number", "text", "rows")


class SqlMetric(Metric):
    """SQL of the campaign's own."""

    kind: Literal["sql"]
    expression: str | None = Field(default=None, min_length=1)
    """An aggregate over the customer's events of the period, such as `max(seconds) / 60`."""
    query: str | None = Field(default=None, min_length=1)
    """A SELECT over `events`, `history` and `customers` that gives `customer_id`, and `number` or `text` or
    both, and `rows` if it wants: one row a customer."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.expression is None) == (self.query is None):
            message = "give either `expression` or `query`"
            raise ValueError(message)
        if self.query is not None and self.where is not None:
            message = "`where` goes with `expression`; put the condition into the query"
            raise ValueError(message)
        return self


class OwnSql(Kind[SqlMetric]):
    """Whatever SQL can say of a customer."""

    name = "sql"
    family = "own"
    definition = (
        "What the campaign's own SQL gives: an expression over the customer's events of the period, or a "
        "query over everyone's, for customers with an event in the period. It only reads, and only what is "
        "the same every time. Numbers are rounded to nine digits after the point, true is 1 and false 0. The "
        "audit cannot recompute it, and says so."
    )
    number = "as the SQL has it"
    detail = "`exact` (the number, or null where there is only a text)"
    layout = "number"
    least_number = 0
    example = "id: largest_receipt\nkind: sql\nexpression: max(quantity) - min(quantity)\n"
    params = SqlMetric

    def needs(self, metric: SqlMetric) -> tuple[Need, ...]:
        """Ask for everyone's events beside a query; an expression reads the events themselves."""
        return () if metric.query is None else (Need(),)

    def over_base(self, metric: SqlMetric) -> bool:
        """Say whether it is a query, which may look at everyone."""
        return metric.query is not None

    def reads_history(self, metric: SqlMetric) -> bool:
        """Say whether a query may name the events before the period."""
        return re.search(r"\bhistory\b", metric.query or "", re.IGNORECASE) is not None

    def gather(self, metric: SqlMetric, tables: Tables) -> str | None:
        """Keep everyone's events, for a query."""
        if metric.query is None:
            return None
        return f"SELECT customer_id, n FROM {tables.rollup(*self.needs(metric))}"

    def query(self, metric: SqlMetric, tables: Tables) -> str:
        """Put the author's SQL in its place."""
        if metric.query is None:
            given = _expression_rows(metric, tables.events)
        else:
            given = f"""SELECT customer_id, own.number, own.text, coalesce(own."rows", n) AS "rows"
FROM ({_query_rows(metric)}) AS own JOIN {tables.gathered} USING (customer_id)"""
        return f"""WITH given AS (
{given}
),
plain AS (SELECT customer_id, {_number("number")} AS number, {_text("text")} AS text, "rows" FROM given)
SELECT customer_id, number, text, to_json({{'exact': number}}) AS detail, "rows"::BIGINT AS "rows",
  false AS alone
FROM plain WHERE number IS NOT NULL OR text IS NOT NULL"""

    def problems(
        self, metric: SqlMetric, connection: "duckdb.DuckDBPyConnection", fields: Mapping[str, str]
    ) -> Iterator[tuple[str, str]]:
        """Check that it only reads, then what it gives, then try it on the data."""
        import duckdb  # noqa: PLC0415 - drawing workers know the kinds, and need no database

        if metric.query is None:
            key, tables = "expression", frozenset({"events"})
            faults = [*expression_faults(connection, metric.expression or "")]
            rows = _expression_rows(metric, "events")
        else:
            key, tables = "query", TABLES
            faults = [*query_faults(connection, metric.query)]
            rows = f"SELECT * FROM (\n{metric.query}\n) AS own"
        try:
            if not faults:
                columns = connection.execute(f"DESCRIBE {rows}").fetchall()
                types = {str(name).casefold(): str(type_) for name, type_, *_ in columns}
                faults = [*(_wrong_value(types) if metric.query is None else _wrong_columns(types))]
            if not faults:
                faults = [*_wrong_rows(connection, metric, rows)]
        except duckdb.Error as error:
            missing = missing_column(error)
            hint = did_you_mean(missing, known_columns(connection, tables)) if missing else ""
            faults = [f"DuckDB does not understand it: {sentence(error)}{hint}"]
        for fault in faults:
            yield key, fault

    def facts(self, metric: SqlMetric, value: Value, period: Period) -> Facts:
        """Give `n`, or `label`, or both in case `labelled`."""
        slots: dict[str, Fact] = {}
        if (exact := value.detail["exact"]) is not None:
            slots["n"] = Quantity(exact)
        if value.text is not None:
            slots["label"] = Label(value.text)
        if "n" not in slots:
            return Facts(slots, main="label", layout="moment")
        return Facts(slots, main="n", layout=self.layout, cases=("labelled",) if value.text else ())


def _expression_rows(metric: SqlMetric, events: str) -> str:
    """Write the expression's rows; it stands first, so that it cannot see another column's name."""
    source = f"(SELECT * FROM {events} WHERE ({metric.where}\n))" if metric.where else events
    return f"""SELECT given AS number, given AS text, customer_id, "rows" FROM (
  SELECT (
{metric.expression}
) AS given, customer_id, count(*) AS "rows" FROM {source} GROUP BY customer_id)"""


def _query_rows(metric: SqlMetric) -> str:
    """Write the query's rows with every column there may be: those it does not give are null."""
    nothing = ", ".join(f'NULL AS "{name}"' for name in COLUMNS)
    return f"""SELECT {nothing} WHERE false
UNION ALL BY NAME SELECT * FROM (
{metric.query}
)"""


def _is_text(sql: str) -> str:
    return f"(typeof({sql}) IN ('VARCHAR', 'JSON') OR starts_with(typeof({sql}), 'ENUM'))"


def _number(sql: str) -> str:
    """Write a number of any type as an exact one; text, infinity and what is no number are none."""
    return f"""CASE WHEN {_is_text(sql)} OR NOT isfinite(TRY_CAST({sql} AS DOUBLE)) THEN NULL
    ELSE CAST({sql} AS DECIMAL(38, 9)) END"""


def _text(sql: str) -> str:
    return f"CASE WHEN {_is_text(sql)} THEN nullif(CAST({sql} AS VARCHAR), '') END"


def _wrong_value(types: Mapping[str, str]) -> Iterator[str]:
    type_ = types["number"]
    if not (is_number(type_) or type_ == "BOOLEAN" or is_text(type_)):
        yield f"the expression gives {type_}, neither a number nor a text; cast it, as in `... ::VARCHAR`"


def _wrong_columns(types: Mapping[str, str]) -> Iterator[str]:
    for name in types:
        if name not in COLUMNS:
            yield f"there is no use for the column {name!r}{did_you_mean(name, COLUMNS)}"
    if "customer_id" not in types:
        yield "the query must give a column `customer_id`"
    elif not is_text(types["customer_id"]):
        yield f"`customer_id` must be the events' own, and is {types['customer_id']}"
    if not types.keys() & {"number", "text"}:
        yield "the query must give a column `number` or `text`, or both"
    if "number" in types and not (is_number(types["number"]) or types["number"] == "BOOLEAN"):
        yield f"`number` must be a number, and is {types['number']}"
    if "text" in types and not is_text(types["text"]):
        yield f"`text` must be a text, and is {types['text']}; cast it, as in `... ::VARCHAR`"
    if "rows" in types and (not is_number(types["rows"]) or types["rows"].startswith(("DEC", "DOU", "FLO"))):
        yield f"`rows` must be a whole number of events, and is {types['rows']}"


def _wrong_rows(connection: "duckdb.DuckDBPyConnection", metric: SqlMetric, rows: str) -> Iterator[str]:
    """Run it once, for what only some value makes go wrong, and for customers with two rows."""
    given = rows if metric.query is None else _query_rows(metric)
    row = connection.execute(
        f"""SELECT customer_id, count(*) AS n, max({_number("number")}), max({_text("text")})
FROM ({given}) WHERE customer_id IS NOT NULL GROUP BY customer_id ORDER BY n DESC, customer_id LIMIT 1"""
    ).fetchone()
    if row is not None and row[1] > 1:
        yield f"the query gives {row[1]} rows for the customer {row[0]!r}; it must give one a customer"
