"""The computation of all metrics as SQL steps: for each part of the customers, then over all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from recap.campaign import Campaign, Metric
from recap.errors import CampaignError, Problem
from recap.metrics.kind import Tables
from recap.metrics.kinds.standing import StandingMetric
from recap.metrics.registry import kind_of
from recap.metrics.rollups import PART_EVENTS, PART_HISTORY, Plan, plan_rollups
from recap.sources.events import EVENTS, HISTORY
from recap.sources.sql import literal


@dataclass(frozen=True, slots=True)
class Basis:
    """What the planner must know of the events."""

    fields: Mapping[str, str]
    """Their fields' DuckDB types."""
    first_day: date
    """The local day of the first event, before the period or in it."""
    last_day: date
    """The local day of the last one in the period."""
    instant: str = "ts"
    """The column that orders them in time."""
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """A table to be made."""

    table: str
    select: str
    gathers: bool = False
    """The rows of all parts are kept; otherwise each part makes it anew."""
    done: tuple[str, ...] = ()
    """Tables that no later step needs."""


@dataclass(frozen=True, slots=True)
class Computation:
    """Every step there is."""

    each_part: tuple[Step, ...]
    over_base: tuple[Step, ...]
    ranks: tuple[Step, ...]
    view: str
    """The SELECT behind the view `values`."""


def plan_computation(campaign: Campaign, basis: Basis) -> Computation:
    """Plan the whole computation.

    Raises CampaignError where metrics rest on each other in a circle.
    """
    metrics = [_parenthesised(metric) for metric in campaign.metrics]
    names = {metric.id: f"metric_{index}" for index, metric in enumerate(metrics)}
    needs = (need for metric in metrics for need in kind_of(metric).needs(metric))
    plan = plan_rollups(needs, basis.fields, instant=basis.instant)
    each_part: list[tuple[Step, frozenset[str]]] = []
    over_base: list[Step] = []
    for metric in _in_order(metrics):
        kind, table = kind_of(metric), names[metric.id]
        tables = Tables(
            rollup=plan.view,
            metric=names.__getitem__,
            gathered=f"gathered_{table}",
            period=campaign.period,
            first_day=basis.first_day,
            last_day=basis.last_day,
            events=PART_EVENTS,
            history=PART_HISTORY,
            instant=basis.instant,
        )
        reads = frozenset(name for need in kind.needs(metric) for name in plan.tables[need])
        gathering = kind.gather(metric, tables)
        if gathering is not None:
            each_part.append((Step(tables.gathered, gathering, gathers=True), reads))
        if kind.over_base(metric):
            everyone = replace(tables, events=EVENTS, history=HISTORY)
            done = (tables.gathered,) if gathering is not None else ()
            over_base.append(Step(table, kind.query(metric, everyone), done=done))
        else:
            each_part.append((Step(table, kind.query(metric, tables), gathers=True), reads))
    ranked = [metric for metric in metrics if _direction(metric, metrics) != "none"]
    return Computation(
        each_part=_with_rollups(plan, each_part),
        over_base=tuple(over_base),
        ranks=tuple(_ranks(m, names[m.id], _direction(m, metrics)) for m in ranked),
        view="\nUNION ALL\n".join(_values(m, names[m.id], is_ranked=m in ranked) for m in metrics),
    )


def _with_rollups(plan: Plan, steps: Sequence[tuple[Step, frozenset[str]]]) -> tuple[Step, ...]:
    """Make each rollup right before the first step that reads it, and drop it after the last."""
    names = {rollup.name for rollup in plan.rollups}
    made: set[str] = set()
    waiting = list(steps)
    ordered: list[tuple[Step, frozenset[str]]] = []

    def take_ready() -> None:
        ordered.extend(entry for entry in waiting if entry[1] <= made)
        waiting[:] = [entry for entry in waiting if not entry[1] <= made]

    take_ready()
    for rollup in plan.rollups:
        ordered.append(
            (Step(rollup.name, rollup.sql), frozenset(name for name in names if name == rollup.made_of))
        )
        made.add(rollup.name)
        take_ready()
    last = {name: at for at, (_, reads) in enumerate(ordered) for name in reads}
    return tuple(
        replace(step, done=tuple(sorted(name for name in reads if last[name] == at)))
        for at, (step, reads) in enumerate(ordered)
    )


def _ranks(metric: Metric, table: str, direction: str) -> Step:
    """Rank the distinct numbers, to be joined back: a window over all customers would sort them all."""
    order = "DESC" if direction == "more" else "ASC"
    group = _grouping(metric)
    partition = "PARTITION BY cohort_of " if group else ""
    return Step(
        f"ranks_{table}",
        f"""WITH counted AS (
  SELECT number{group}, count(*) AS holders FROM {table} WHERE number IS NOT NULL GROUP BY ALL
)
SELECT number{group}, holders,
  (1 + sum(holders) OVER ({partition}ORDER BY number {order}) - holders)::BIGINT AS "rank",
  (sum(holders) OVER ({partition}))::BIGINT AS cohort
FROM counted""",
    )


def _values(metric: Metric, table: str, *, is_ranked: bool) -> str:
    """Write a metric's part of the view.

    top x % = ceil(100 * rank / cohort) in whole numbers, so that it is never less than is true.
    """
    share = "share" if kind_of(metric).has_share else "NULL::DOUBLE AS share"
    columns = f"""customer_id::VARCHAR AS customer_id, {literal(metric.id)} AS metric,
  number::DOUBLE AS number, text::VARCHAR AS text, detail::VARCHAR AS detail, "rows\""""
    if not is_ranked:
        among = "count(number) OVER (PARTITION BY cohort_of)"
        cohort = among if _grouping(metric) else f"(SELECT count(number) FROM {table})"
        return f"""SELECT {columns}, NULL::BIGINT AS "rank", {cohort} AS cohort,
  NULL::INTEGER AS top_percent, NULL::BIGINT AS holders, alone, {share} FROM {table}"""
    return f"""SELECT {columns}, "rank", coalesce(cohort, 0) AS cohort,
  ((100 * "rank" + cohort - 1) // cohort)::INTEGER AS top_percent, holders, alone, {share}
FROM {table} LEFT JOIN ranks_{table} USING (number{_grouping(metric)})"""


def _grouping(metric: Metric) -> str:
    return ", cohort_of" if isinstance(metric, StandingMetric) and metric.within is not None else ""


def _direction(metric: Metric, metrics: Sequence[Metric]) -> str:
    """Give which end is better: the metric's own word, or for a standing that of the metric it ranks."""
    if not isinstance(metric, StandingMetric) or "direction" in metric.model_fields_set:
        return metric.direction
    return next(_direction(other, metrics) for other in metrics if other.id == metric.of)


def _parenthesised(metric: Metric) -> Metric:
    """Keep a condition together wherever it is put; the line break ends a comment inside it."""
    return metric if metric.where is None else metric.model_copy(update={"where": f"({metric.where}\n)"})


def _in_order(metrics: Sequence[Metric]) -> list[Metric]:
    waiting, done = list(metrics), list[Metric]()
    while waiting:
        finished = {metric.id for metric in done}
        ready = [m for m in waiting if finished.issuperset(kind_of(m).after(m))]
        if not ready:
            names = ", ".join(repr(m.id) for m in waiting)
            message = f"these metrics rest on each other in a circle: {names}"
            raise CampaignError(
                [Problem(message, f"metrics.{at}") for at, m in enumerate(metrics) if m in waiting][:1]
            )
        done += ready
        waiting = [m for m in waiting if m not in ready]
    return done
