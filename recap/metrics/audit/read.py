"""The activity as the audit reads it: from the raw sources, without DuckDB's readers or its SQL."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from recap.campaign.models import Campaign, Metric
from recap.metrics.audit.expressions.evaluate import evaluate_condition
from recap.metrics.audit.raw.people import read_people
from recap.metrics.audit.raw.sources import read_source
from recap.metrics.audit.raw.table import NotUnderstood

OWN_KEYS = {"customer": "customer_id", "time": "local"}


@dataclass(frozen=True, slots=True)
class Activity:
    """Everything the metrics are recomputed from."""

    frame: pl.DataFrame
    """A row for each used event of the period and of the time before it, in the order of the sources:

    - `customer_id` String
    - `local` Datetime[us], the wall clock in the campaign's zone, or in the customer's own where the campaign
      goes by that and the customers table gives one that exists
    - `instant` Datetime[us], UTC where the source gives an instant, else `local`
    - `in_period` Boolean, by `local`
    - the campaign's fields: String, Int64, Float64, Decimal(38, s), Boolean, dates and times; null where a
      row's source does not declare the field
    - `where:<id>` Boolean for every metric with a condition that is understood
    - `row:source` String, the path as the campaign writes it, or of several files each one's from its folder
    - `row:line` Int64, 1-based: the physical line of a text file, else the row in the file or table
    - `source`, `line` the same two, where no field of the campaign is called so
    """
    unread: Mapping[str, str]
    """By metric, why it cannot be recomputed: something it rests on is not understood."""
    notes: tuple[str, ...]
    """What is not understood, as sentences."""


def read_activity(
    campaign: Campaign,
    base: Path,
    frames: Mapping[str, Any] | None = None,
    is_forgotten: Callable[[str], bool] | None = None,
) -> Activity:
    """Read the campaign's sources once more, by Polars and Python; `base` is the campaign's folder.

    Rows that cannot be read, have no customer, are not wanted or disowned, opted out, lie after the period or
    are of a customer of whom `is_forgotten` holds are left out. Of rows alike in `deduplicate_by` the first
    counts, in the period and before it. What this reading does not know makes the metrics that rest on it
    `unread`, never wrong.
    """
    try:
        people = read_people(campaign.customers, campaign.opt_outs, base, frames or {}, is_forgotten)
        parts = [read_source(source, campaign, people, base, frames or {}) for source in campaign.sources]
        frame = _united([part.frame for part in parts], campaign)
    except NotUnderstood as error:
        reason = str(error)
        return Activity(_empty(), {metric.id: reason for metric in campaign.metrics}, (reason,))
    missing = {name: reason for part in parts for name, reason in part.missing.items()}
    frame = _deduplicated(frame, campaign, missing)
    unread = _resting_on_fields(campaign, missing)
    columns = []
    fields = frame.select("customer_id", pl.col("local").alias("ts"), *_field_names(frame, campaign))
    for metric in campaign.metrics:
        if metric.where is not None and metric.id not in unread:
            try:
                columns.append(evaluate_condition(metric.where, fields).rename(f"where:{metric.id}"))
            except NotUnderstood as error:
                unread[metric.id] = f"where: {error}"
    unread |= _resting_on_metrics(campaign, unread)
    notes = [f"the field {name!r} is not read: {reason}" for name, reason in missing.items()]
    notes += [f"the metric {name!r} is not recomputed: {reason}" for name, reason in unread.items()]
    return Activity(frame.with_columns(columns), unread, tuple(notes))


def _united(frames: list[pl.DataFrame], campaign: Campaign) -> pl.DataFrame:
    """Put the sources' events under each other; NotUnderstood where a field has two types."""
    try:
        frame = pl.concat(frames, how="diagonal")
    except pl.exceptions.PolarsError as error:
        raise NotUnderstood(f"the sources do not fit together: {str(error).splitlines()[0]}") from error
    return frame.with_columns((pl.col("local") >= campaign.period.start).alias("in_period"))


def _empty() -> pl.DataFrame:
    moment = pl.Datetime("us")
    schema: dict[str, pl.DataType] = {"customer_id": pl.String(), "local": moment, "instant": moment}
    schema |= {"row:source": pl.String(), "row:line": pl.Int64(), "in_period": pl.Boolean()}
    return pl.DataFrame(schema=schema)


def _field_names(frame: pl.DataFrame, campaign: Campaign) -> list[str]:
    return [name for name in sorted(campaign.fields) if name in frame.columns]


def _deduplicated(frame: pl.DataFrame, campaign: Campaign, missing: dict[str, str]) -> pl.DataFrame:
    """Keep the first of rows alike; where a key is not read, no field can be trusted."""
    keys = [OWN_KEYS.get(key, key) for key in campaign.deduplicate_by]
    if unknown := missing.keys() & set(keys):
        reason = f"deduplicate_by rests on {', '.join(sorted(unknown))}"
        missing |= dict.fromkeys([*campaign.fields, *OWN_KEYS], reason)
        return frame
    if not keys:
        return frame
    is_first = frame.select(pl.struct("in_period", *keys).is_first_distinct()).to_series()
    return frame if is_first.all() else frame.filter(is_first)


def _resting_on_fields(campaign: Campaign, missing: Mapping[str, str]) -> dict[str, str]:
    everything = missing.get("customer")
    unread = {}
    for metric in campaign.metrics:
        words = set(_words(metric))
        on = next((name for name in sorted(missing) if name in words), None)
        if everything or on:
            unread[metric.id] = everything or f"it rests on the field {on!r}: {missing[str(on)]}"
    return unread


def _resting_on_metrics(campaign: Campaign, unread: Mapping[str, str]) -> dict[str, str]:
    found = dict(unread)
    for _ in campaign.metrics:
        for metric in campaign.metrics:
            on = next((name for name in _words(metric) if name in found and name != metric.id), None)
            if metric.id not in found and on is not None:
                found[metric.id] = f"it rests on the metric {on!r}"
    return found


def _words(metric: Metric) -> Iterator[str]:
    """List every text in the keys that a metric's kind adds: fields and metrics are named there."""
    own = metric.model_dump(exclude=set(Metric.model_fields))
    yield from _texts(own)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
