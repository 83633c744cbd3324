"""One source of the campaign: from its raw rows to events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from recap.campaign.models import Campaign, FieldMapping, Source, TimeMapping
from recap.metrics.audit.expressions.evaluate import evaluate
from recap.metrics.audit.expressions.syntax import columns_of, parse
from recap.metrics.audit.raw.currencies import exchanged, read_rates
from recap.metrics.audit.raw.files import read_table
from recap.metrics.audit.raw.people import People, customer_ids
from recap.metrics.audit.raw.table import NotUnderstood, RawTable
from recap.metrics.audit.raw.times import Moments, read_moments
from recap.metrics.audit.raw.values import Converted, convert
from recap.metrics.audit.raw.wishes import disowned, read_not_me
from recap.metrics.audit.raw.zones import local_times

TAKEN = frozenset({"local", "instant", "in_period"})


@dataclass(frozen=True, slots=True)
class SourceEvents:
    """The events of one source, none of them after the period, that have a customer and are wanted."""

    frame: pl.DataFrame
    """`customer_id`, `local`, `instant`, the fields, `row:source`, `row:line`."""
    missing: Mapping[str, str]
    """By field, why it is not read."""


def read_source(
    source: Source, campaign: Campaign, people: People, base: Path, frames: Mapping[str, Any]
) -> SourceEvents:
    """Read a source; NotUnderstood where not even its rows can be told."""
    how = TimeMapping(column=source.time) if isinstance(source.time, str) else source.time
    mappings = {
        name: FieldMapping(column=declared) if isinstance(declared, str) else declared
        for name, declared in source.fields.items()
    }
    table = read_table(source, _wanted(source, how, mappings), base, frames)
    moments = read_moments(table, how)
    customers = customer_ids(table, source.customer)
    zones = _zones(customers, campaign, people)
    columns = {"customer_id": customers} | _times(moments, zones)
    keep = (columns["local"] < datetime.combine(campaign.period.stop, time.min)).fill_null(value=False)
    keep &= customers.is_not_null() & ~people.left_out(customers)
    commas = _commas(mappings)
    if source.where is not None:
        wanted = evaluate(source.where, table, commas, is_condition=True)
        keep &= wanted.values.fill_null(value=False) & ~wanted.failed
    missing: dict[str, str] = {}
    fields: dict[str, Converted] = {}
    for name, mapping in mappings.items():
        if name in TAKEN:
            missing[name] = "the audit has a column of that name itself"
            continue
        try:
            fields[name] = _field(mapping, table, commas, campaign.time_zone)
        except NotUnderstood as error:
            missing[name] = str(error)
    if campaign.money is not None:
        fields, lost = _in_one_currency(fields, source, read_rates(campaign.money, base, frames))
        missing |= lost
    for name, converted in fields.items():
        columns[name] = converted.values
        keep &= ~converted.failed
    for name, wishes in read_not_me(campaign.wishes, base, frames).items():
        if name in missing:
            raise NotUnderstood(f"wishes rest on the field {name!r}: {missing[name]}")
        if name in fields:
            keep &= ~disowned(customers, fields[name].values, wishes)
    frame = pl.DataFrame([series.alias(name) for name, series in columns.items()])
    return SourceEvents(
        frame.with_columns(table.source.alias("row:source"), table.line.alias("row:line")).filter(keep),
        missing,
    )


def _wanted(source: Source, how: TimeMapping, mappings: Mapping[str, FieldMapping]) -> list[str]:
    names = [source.customer, how.column, how.date_column, how.time_column]
    names += [mapping.column for mapping in mappings.values()]
    return [name for name in names if name is not None]


def _commas(mappings: Mapping[str, FieldMapping]) -> frozenset[str]:
    """Name the columns, in lower case, that some field declares to have a decimal comma."""
    names: set[str] = set()
    for mapping in mappings.values():
        if mapping.decimal_comma and mapping.column is not None:
            names.add(mapping.column.casefold())
        elif mapping.decimal_comma and mapping.expression is not None:
            names |= {name.casefold() for name in columns_of(parse(mapping.expression))}
    return frozenset(names)


def _zones(customers: pl.Series, campaign: Campaign, people: People) -> str | pl.Series:
    if campaign.local_time != "customer" or not people.zones:
        return campaign.time_zone
    known = pl.DataFrame({"id": list(people.zones), "zone": list(people.zones.values())})
    joined = customers.to_frame("id").join(known, on="id", how="left", maintain_order="left")
    return joined["zone"].fill_null(campaign.time_zone)


def _times(moments: Moments, zones: str | pl.Series) -> dict[str, pl.Series]:
    wall, instant = moments.wall, moments.instant
    if instant.null_count() == len(instant):
        return {"local": wall, "instant": wall}
    local = local_times(instant, zones)
    frame = pl.DataFrame({"wall": wall, "instant": instant, "shown": local}).select(
        pl.coalesce("wall", "shown").alias("local"), pl.coalesce("instant", "wall").alias("instant")
    )
    return {"local": frame["local"], "instant": frame["instant"]}


def _in_one_currency(
    fields: Mapping[str, Converted], source: Source, rates: Mapping[str, Decimal]
) -> tuple[dict[str, Converted], dict[str, str]]:
    """Exchange the amounts that say what they are in; where that is not read, they are not either."""
    result, missing = dict(fields), {}
    for name, code in source.currencies.items():
        if name in fields and code in fields:
            result[name] = exchanged(fields[name], fields[code].values, rates)
        elif result.pop(name, None) is not None:
            missing[name] = f"its currency, the field {code!r}, is not read"
    return result, missing


def _field(mapping: FieldMapping, table: RawTable, commas: frozenset[str], time_zone: str) -> Converted:
    if mapping.expression is None:
        return convert(table.frame[table.find(str(mapping.column))], mapping, time_zone)
    computed = evaluate(mapping.expression, table, commas, is_condition=False)
    # What an expression gives is written with a point, whatever went into it.
    mapping = mapping.model_copy(update={"decimal_comma": False})
    converted = convert(computed.values, mapping, time_zone)
    return Converted(converted.values, converted.failed | computed.failed)
