"""What a recomputation must know of the whole base, and of the calendar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from recap.campaign import Campaign, Metric
from recap.metrics.audit.exact import Exact, day_of, from_nanos, nanos, text_of
from recap.metrics.audit.stretches import Stretches, compared_stretches


@dataclass(frozen=True, slots=True)
class Adoption:
    """One customer's place among those who first used something."""

    label: str
    place: int
    customers: int
    local: int
    """Local time of the first event, in microseconds after 1970-01-01."""
    is_shared: bool
    found: int
    """How many candidates the customer had."""


@dataclass(frozen=True, slots=True)
class Together:
    """What everyone did in the period."""

    exact: Exact
    customers: int
    rows: int


@dataclass(frozen=True, slots=True)
class Base:
    """Everything beyond one customer's own events; days are counted from 1970-01-01."""

    start: int
    """The period's first day."""
    end: int
    """The period's last day, included."""
    stretches: Mapping[str, Stretches | None]
    """By metric of kind `growth`: what is compared with what."""
    adoptions: Mapping[str, Mapping[str, Adoption]]
    """By metric of kind `early_adopter`, by customer."""
    together: Mapping[str, Together]
    """By metric of kind `community`."""
    holders: Mapping[str, Mapping[str, int]]
    """By metric of kind `archetype`: customers by rule."""


def survey_base(
    campaign: Campaign,
    frame: pl.DataFrame,
    metrics: Sequence[Metric],
    holders: Mapping[str, Mapping[str, int]],
) -> Base:
    """Find out over all events what the recomputation of single customers needs."""
    period = campaign.period
    days = frame.select(
        first=pl.col("local").min().dt.date(),
        last=pl.col("local").filter(pl.col("in_period")).max().dt.date(),
    )
    first, last = days.row(0)
    return Base(
        day_of(period.start),
        day_of(period.end),
        {m.id: compared_stretches(m, period, first, last) for m in metrics if m.kind == "growth"},
        {m.id: _adoptions(m, frame) for m in metrics if m.kind == "early_adopter"},
        {m.id: _together(m, frame) for m in metrics if m.kind == "community"},
        holders,
    )


def _counted(metric: Metric, frame: pl.DataFrame) -> pl.DataFrame:
    return frame if metric.where is None else frame.filter(pl.col(f"where:{metric.id}"))


def _adoptions(metric: Metric, frame: pl.DataFrame) -> dict[str, Adoption]:
    """Find for each customer what it was early with.

    Places are ranks of the first instants, so that the same instant shares the better place.
    """
    by, first, least = (getattr(metric, key) for key in ("by", "first", "customers_at_least"))
    label = pl.col(by)
    if frame[by].dtype != pl.String:
        label = label.map_elements(text_of, return_dtype=pl.String)
    used = _counted(metric, frame).filter(pl.col(by).is_not_null()).with_columns(label=label)
    starts = (
        used.sort("instant", "local")
        .group_by("label", "customer_id")
        .agg(pl.col("instant", "local", "in_period").first())
        .with_columns(
            place=pl.col("instant").rank("min").over("label"),
            customers=pl.len().over("label"),
            sharing=pl.len().over("label", "instant"),
            local=pl.col("local").dt.cast_time_unit("us").to_physical(),
        )
        .filter("in_period", pl.col("place") <= first, pl.col("customers") >= least)
        .sort("customers", "place", "label", descending=[True, False, False])
        .group_by("customer_id", maintain_order=True)
        .agg(pl.col("label", "place", "customers", "local", "sharing").first(), found=pl.len())
    )
    columns = ("customer_id", "label", "place", "customers", "local", "sharing", "found")
    return {
        customer: Adoption(label, int(place), customers, local, sharing > 1, found)
        for customer, label, place, customers, local, sharing, found in starts.select(columns).iter_rows()
    }


def _together(metric: Metric, frame: pl.DataFrame) -> Together:
    counted = _counted(metric, frame).filter("in_period")
    of = getattr(metric, "of", None)
    if of is None:
        return Together(counted.height, counted["customer_id"].n_unique(), counted.height)
    counted = counted.filter(pl.col(of).is_not_null())
    amounts = counted[of].to_list()
    if counted[of].dtype.is_float():
        exact: Exact = from_nanos(sum(nanos(amount) for amount in amounts))
    else:
        exact = sum(amounts)
    return Together(exact, counted["customer_id"].n_unique(), counted.height)
