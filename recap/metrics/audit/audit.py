"""The audit: every published value against one that is recomputed from the raw events by other means."""

from collections.abc import Callable, Mapping, Sequence
from decimal import localcontext
from functools import partial
from time import perf_counter

import polars as pl

from recap.campaign import Campaign, Metric
from recap.metrics.audit.base import survey_base
from recap.metrics.audit.compare import find_differences
from recap.metrics.audit.customers import Customer, Recomputed, conditions_of, each_customer, in_order
from recap.metrics.audit.exact import EXACT, Exact
from recap.metrics.audit.findings import Findings, PublishedValues, name_places
from recap.metrics.audit.order import direction_of, find_unaudited, needed_for, order_metrics
from recap.metrics.audit.ranks import Standing, rank_everyone, rank_sample
from recap.metrics.audit.read import Activity
from recap.metrics.audit.recompute import RECOMPUTATIONS
from recap.metrics.audit.report import AuditReport, Places
from recap.metrics.audit.sampling import draw_customers

PROGRESS_EVERY = 500
"""Customers."""


def audit_values(
    campaign: Campaign,
    activity: Activity,
    values: pl.DataFrame,
    *,
    sample: int | None,
    seed: str,
    progress: Callable[[int, int], None],
    clock: Callable[[], float] = perf_counter,
) -> AuditReport:
    """Recompute the values of every customer, or of `sample` of them drawn by `seed`, and compare.

    `values` has the columns of `values.parquet`. `progress` is told how many customers are done, and of how
    many.

    With everyone checked, ranks, cohorts and the sizes of archetypes are made of the recomputed exact
    numbers. With a sample the numbers of the other customers are not recomputed: ranks and cohorts are then
    made of everyone's published numbers, and the sizes of archetypes of everyone's published types, so that
    a mistake in another customer's value is not seen in them. What rests on everyone's events (places of
    early adopters, totals of the community) is recomputed of all events either way. A sample is drawn among
    customers with an event in the period or with a value.
    """
    begun = clock()
    with localcontext(EXACT):
        audit = _Audit(campaign, activity, values, sample, seed)
        customers = audit.check_values(progress)
        audit.check_standings()
    found = audit.findings
    return AuditReport(
        customers, audit.checked, tuple(found.kept), found.count, audit.unaudited, clock() - begun
    )


class _Audit:
    def __init__(
        self, campaign: Campaign, activity: Activity, values: pl.DataFrame, sample: int | None, seed: str
    ) -> None:
        ordered = order_metrics(campaign.metrics)
        self.unaudited = find_unaudited(ordered, activity.unread, RECOMPUTATIONS.keys())
        self._metrics = [metric for metric in ordered if metric.id not in self.unaudited]
        self._all_metrics = campaign.metrics
        self._conditions = conditions_of(self._metrics)
        self._published = PublishedValues(values.filter(~pl.col("metric").is_in(list(self.unaudited))))
        self._frame = in_order(activity.frame)
        self._drawn: frozenset[str] | None = None
        if sample is not None:
            self._drawn = frozenset(draw_customers(self._frame, self._published.frame, sample, seed))
        self._numbers: dict[str, dict[str, Exact | None]] = {metric.id: {} for metric in self._metrics}
        self._groups: dict[str, dict[str, str | None]] = {metric.id: {} for metric in self._metrics}
        self.findings = Findings()
        self.checked = 0
        """Values."""
        holders: dict[str, Mapping[str, int]] = {}
        self._base = survey_base(campaign, self._frame, self._metrics, holders)
        if self._drawn is not None:
            self._frame = self._frame.filter(pl.col("customer_id").is_in(list(self._drawn)))
        for metric in self._metrics:
            if metric.kind == "archetype":
                holders[metric.id] = self._count_holders(metric, holders)

    def _count_holders(self, metric: Metric, holders: dict[str, Mapping[str, int]]) -> dict[str, int]:
        """Count the customers of each type."""
        if self._drawn is not None:
            types = self._published.of_metric(metric.id)["text"].drop_nulls().value_counts()
            return dict(types.iter_rows())
        # The type is known before its size is; until then it counts as nobody's.
        holders[metric.id] = {}
        needed = [*needed_for(metric, self._metrics), metric]
        sizes: dict[str, int] = {}
        for customer in each_customer(self._frame, self._conditions, self._base):
            _recompute(customer, needed)
            result = customer.results[metric.id]
            if result is not None and result.text is not None:
                sizes[result.text] = sizes.get(result.text, 0) + 1
        return sizes

    def check_values(self, progress: Callable[[int, int], None]) -> int:
        """Compare everything but standings; how many customers were looked at."""
        known = set(self._frame["customer_id"].unique())
        strangers = [
            name
            for name in self._published.customers()
            if name not in known and (self._drawn is None or name in self._drawn)
        ]
        total = len(known) + len(strangers)
        for done, customer in enumerate(each_customer(self._frame, self._conditions, self._base)):
            if done % PROGRESS_EVERY == 0:
                progress(done, total)
            _recompute(customer, self._metrics)
            self._compare(customer)
        for name in strangers:
            for metric, value in self._published.of(name).items():
                self.checked += 1
                self.findings.add(name, metric, "unexpected", value.told, None, Places)
        progress(total, total)
        return total

    def _compare(self, customer: Customer) -> None:
        published = self._published.of(customer.id)
        for metric in self._metrics:
            value, result = published.pop(metric.id, None), customer.results[metric.id]
            if result is not None:
                self._numbers[metric.id][customer.id] = result.number
                if (within := _within(metric)) is not None:
                    grouping = customer.results[within]
                    self._groups[metric.id][customer.id] = None if grouping is None else grouping.text
            if value is None and result is None:
                continue
            self.checked += 1
            for what, told, exact in find_differences(value, result):
                self.findings.add(
                    customer.id, metric.id, what, told, exact, partial(_places, customer, metric)
                )
        for name, value in published.items():
            self.checked += 1
            self.findings.add(customer.id, name, "unexpected", value.told, None, Places)

    def check_standings(self) -> None:
        """Compare ranks, cohorts and top x %."""
        for metric in self._metrics:
            values = self._published.of_metric(metric.id)
            expected = self._expected_standings(metric, values)
            columns = ("customer_id", "rank", "cohort", "top_percent")
            for customer_id, *standing in values.select(columns).iter_rows():
                wanted = expected.get(customer_id)
                if wanted is None or customer_id not in self._numbers[metric.id]:
                    continue
                pairs = zip(
                    columns[1:], standing, (wanted.rank, wanted.cohort, wanted.top_percent), strict=True
                )
                for what, told, exact in pairs:
                    if told != exact:
                        self.findings.add(
                            customer_id,
                            metric.id,
                            what,
                            told,
                            exact,
                            partial(self._places_again, customer_id, metric),
                        )

    def _expected_standings(self, metric: Metric, values: pl.DataFrame) -> dict[str, Standing]:
        direction = direction_of(metric, self._all_metrics)
        if self._drawn is None:
            return rank_everyone(self._numbers[metric.id], self._groups[metric.id], direction)
        within = _within(metric)
        if within is None:
            grouped = values.with_columns(group=pl.lit(None, pl.String))
        else:
            groups = self._published.of_metric(within).select("customer_id", group="text")
            grouped = values.join(groups, on="customer_id", how="left")
        return rank_sample(grouped, direction, pl.Series(sorted(self._drawn)))

    def _places_again(self, customer_id: str, metric: Metric) -> Places:
        """Recompute one customer once more, to name the events."""
        own = self._frame.filter(pl.col("customer_id") == customer_id)
        (customer,) = each_customer(own, self._conditions, self._base)
        _recompute(customer, self._metrics)
        return _places(customer, metric)


def _recompute(customer: Customer, metrics: Sequence[Metric]) -> None:
    for metric in metrics:
        customer.results[metric.id] = RECOMPUTATIONS[metric.kind](metric, customer)


def _within(metric: Metric) -> str | None:
    """Name the metric whose text makes the cohorts of a standing."""
    return getattr(metric, "within", None) if metric.kind == "standing" else None


def _places(customer: Customer, metric: Metric) -> Places:
    """Name the events that a value rests on, or that count for the metric where there is no value."""
    result: Recomputed | None = customer.results[metric.id]
    if result is None:
        return name_places(customer.block, customer.events(metric).at)
    return name_places(customer.block, result.rests, result.beyond)
