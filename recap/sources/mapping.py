"""What a source's columns mean: the campaign's mapping as SQL, checked against the table."""

from dataclasses import dataclass

import duckdb

from recap.campaign.models import FieldMapping, Source, TimeMapping
from recap.errors import SourceError
from recap.sources.conversions import convert
from recap.sources.expressions import Expression, Taken, bind, compute_taken
from recap.sources.identities import identify
from recap.sources.sql import quote
from recap.sources.steps import Steps
from recap.sources.syntax import parse_expression, references
from recap.sources.table import Table
from recap.sources.times import Moment, read_moment


@dataclass(frozen=True, slots=True)
class MappedField:
    """A campaign's field as SQL over the table's columns and the steps."""

    name: str
    type: str
    """DuckDB's."""
    value: str
    given: str | None
    """Where this holds and `value` is NULL, the row cannot be read; None where that cannot happen."""
    problem: str
    is_narrow: bool
    """The value is a decimal of few digits, whatever the row (see `conversions.NARROW`)."""
    scale: int
    """Digits after the point, where it is a decimal."""
    currency: str | None
    """The field that holds its currency."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A source understood: everything an event needs, as SQL over `table` and `steps`."""

    table: Table
    customer: str
    moment: Moment
    fields: tuple[MappedField, ...]
    wanted: str
    """The source's `where`; NULL counts as unwanted."""
    taken: tuple[tuple[Taken, str], ...]
    """What expressions take text columns for, and SQL: something is there."""
    steps: Steps
    """What is computed before all that."""
    written: dict[str, str]
    """The author's own expressions by their key in the campaign."""
    warnings: tuple[str, ...]

    @property
    def is_costly(self) -> bool:
        """Whether reading the source a second time takes longer than keeping what was read."""
        return self.table.untyped or self.moment.is_parsed

    def typed(self) -> Steps:
        """Collect the steps that compute no more than what the author's expressions need."""
        steps = Steps()
        for part, _ in self.taken:
            compute_taken(steps, part)
        return steps


def map_source(
    connection: duckdb.DuckDBPyConnection, source: Source, table: Table, key: str, time_zone: str
) -> Mapped:
    """Understand a source; SourceError for a missing column or an expression that makes no sense.

    `time_zone` is where fields that are instants get their local time.
    """
    _check_columns(source, table, key)
    steps = Steps()
    column = table.column(source.customer, f"{key}.customer")
    customer, warnings = identify(connection, steps, table, column)
    time = TimeMapping(column=source.time) if isinstance(source.time, str) else source.time
    moment = read_moment(connection, steps, table, time, f"{key}.time")
    mappings = {
        name: FieldMapping(column=declared) if isinstance(declared, str) else declared
        for name, declared in source.fields.items()
    }
    texts = {
        f"{key}.fields.{name}": mapping.expression
        for name, mapping in mappings.items()
        if mapping.expression is not None
    }
    if source.where is not None:
        texts[f"{key}.where"] = source.where
    commas = _comma_columns(connection, mappings, table, key)
    where = f"{key}.where"
    expressions = {
        at: bind(connection, text, table, at, comma_columns=commas, is_condition=at == where)
        for at, text in texts.items()
    }
    taken = {part.name: part for expression in expressions.values() for part in expression.taken}
    givens = {name: compute_taken(steps, part) for name, part in taken.items()}
    fields = []
    for name, mapping in mappings.items():
        at = f"{key}.fields.{name}"
        origin = _origin(name, mapping, table, at, expressions.get(at))
        fields.append(_map_field(steps, name, mapping, origin, time_zone))
    return Mapped(
        table=table,
        customer=customer,
        moment=moment,
        fields=tuple(fields),
        wanted=expressions[where].sql if where in expressions else "true",
        taken=tuple((part, givens[name]) for name, part in taken.items()),
        steps=steps,
        written={at: expression.sql for at, expression in expressions.items()},
        warnings=warnings,
    )


def _check_columns(source: Source, table: Table, key: str) -> None:
    """Look for every column the source names; one SourceError tells all that are missing."""
    named = {f"{key}.customer": source.customer}
    if isinstance(source.time, str):
        named[f"{key}.time"] = source.time
    else:
        parts = ("column", "date_column", "time_column")
        named |= {f"{key}.time.{part}": name for part in parts if (name := getattr(source.time, part))}
    for name, declared in source.fields.items():
        column = declared if isinstance(declared, str) else declared.column
        if column is not None:
            named[f"{key}.fields.{name}"] = column
    missing = []
    for at, column in named.items():
        try:
            table.column(column, at)
        except SourceError as error:
            missing.append(str(error))
    if missing:
        raise SourceError("\n".join(missing))


def _comma_columns(
    connection: duckdb.DuckDBPyConnection, mappings: dict[str, FieldMapping], table: Table, key: str
) -> frozenset[str]:
    """Name the columns whose numbers a field declares to have a decimal comma; it holds for all uses."""
    names: set[str] = set()
    for name, mapping in mappings.items():
        if mapping.decimal_comma and mapping.column is not None:
            names.add(mapping.column)
        elif mapping.decimal_comma and mapping.expression is not None:
            tree = parse_expression(connection, mapping.expression, table, f"{key}.fields.{name}")
            names |= set(references(tree))
    folded = {name.casefold() for name in names}
    return frozenset(column for column in table.columns if column.casefold() in folded)


def _origin(
    name: str, mapping: FieldMapping, table: Table, key: str, expression: Expression | None
) -> tuple[str, str, str]:
    """Where a field comes from: SQL, its DuckDB type, and how to call it."""
    if expression is not None:
        return expression.sql, expression.type, f"`{name}`"
    column = table.column(mapping.column or "", f"{key}.column")
    return quote(column), table.columns[column], f"`{column}`"


def _map_field(
    steps: Steps, name: str, mapping: FieldMapping, origin: tuple[str, str, str], time_zone: str
) -> MappedField:
    sql, type_, called = origin
    if mapping.expression is not None:
        sql = steps.add(sql)
        # What an expression gives is written with a point, whatever went into it.
        mapping = mapping.model_copy(update={"decimal_comma": False})
    conversion = convert(steps, sql, type_, mapping, time_zone)
    return MappedField(
        name=name,
        type=conversion.type,
        value=conversion.value,
        given=conversion.given,
        problem=f"{called} {conversion.problem}",
        is_narrow=conversion.is_narrow,
        scale=mapping.scale,
        currency=mapping.currency,
    )
