"""What selection needs to know of a metric, from the campaign and the kinds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from recap.campaign import Campaign, Metric
from recap.metrics.registry import family_of, kind_of
from recap.selection.arrange import Part

CLAIM_AT_MOST = 20
"""*Top x %* is said only where at most a fifth of the cohort has as much, and where those who tie do not
change it by more than one percent: of a thousand customers with a one-day streak none is at the top, though
no one may be before them."""

Form = Literal["number", "list", "moment", "rhythm", "standing"]
_FORMS: Mapping[str, Form] = {
    "top": "list",
    "question": "list",
    "chart": "rhythm",
    "line": "rhythm",
    "calendar": "rhythm",
    "moment": "moment",
    "standing": "standing",
}
_CLOCKS = frozenset({"busiest_hour", "time_of_day"})
_PARTS: Mapping[str, Part] = {
    **dict.fromkeys(
        ("count", "sum", "distinct", "active_days", "calendar", "sessions", "monthly"), "opening"
    ),
    "first_event": "beginning",
    "tenure": "beginning",
    "last_event": "end",
}
_WITH_TOTAL = frozenset({"count", "sum", "monthly", "calendar"})
_TIMES = _CLOCKS | {"busiest_weekday", "busiest_month", "busiest_day", "monthly", "calendar", "archetype"}
_NAMING = ("by", "label", "holding")


@dataclass(frozen=True, slots=True)
class Rule:
    """A metric's part in the selection."""

    metric: str
    family: str
    order: int
    """Place in the campaign file."""
    weight: float
    layout: str
    number_at_least: float
    rows_at_least: int
    top_percent_at_most: int | None
    cohort_at_least: int
    may_claim: bool
    """Whether the card may say *top x %* at all."""
    needs_standing: bool
    """It says nothing but the standing, and so is nothing where that may not be claimed."""
    by_share: bool = False
    """It is judged by the share of the customer's own total, and not by how much that is."""
    part: Part = "middle"
    """Its place in a story."""
    tells_hours: bool = False
    tells_time: bool = False
    """Its text is a time, or a name the campaign gave, and no label of the data."""
    compares: bool = False
    """The card itself sets the customer beside others."""
    zero_tells: bool = False
    """A number of zero says something."""
    rests_on: frozenset[str] = frozenset()
    """The metrics whose numbers it tells: its own, and those it is made of."""
    names: frozenset[str] = frozenset()
    """The fields whose values it names."""
    total: tuple[str | None, str | None] | None = None
    """Field and condition of what it gives the total of: two cards with one total tell the same."""

    @property
    def form(self) -> Form:
        """Tell what shape the card has."""
        return _FORMS.get(self.layout, "number")


def make_rules(campaign: Campaign) -> tuple[Rule, ...]:
    """Gather the rules of a campaign's metrics, in the order of the file."""
    metrics = {metric.id: metric for metric in campaign.metrics}
    return tuple(_rule(metric, order, campaign, metrics) for order, metric in enumerate(campaign.metrics))


def _made_of(metric: Metric, metrics: Mapping[str, Metric]) -> frozenset[str]:
    """Name a metric and all that it is made of."""
    below = [_made_of(metrics[name], metrics) for name in kind_of(metric).after(metric) if name in metrics]
    return frozenset({metric.id}).union(*below)


def _rule(metric: Metric, order: int, campaign: Campaign, metrics: Mapping[str, Metric]) -> Rule:
    kind, gates, rests_on = kind_of(metric), metric.gates, _made_of(metric, metrics)
    return Rule(
        metric=metric.id,
        family=family_of(metric),
        order=order,
        weight=metric.weight,
        layout=metric.layout or kind.layout,
        number_at_least=float(kind.least_number if gates.number_at_least is None else gates.number_at_least),
        rows_at_least=kind.least_rows if gates.rows_at_least is None else gates.rows_at_least,
        top_percent_at_most=gates.top_percent_at_most,
        cohort_at_least=gates.cohort_at_least or campaign.selection.cohort_at_least,
        may_claim=kind.claims,
        needs_standing=metric.kind == "standing",
        by_share=kind.has_share,
        part=_PARTS.get(metric.kind, "middle"),
        tells_hours=metric.kind in _CLOCKS,
        names=frozenset().union(*(fields_named(metrics[name]) for name in rests_on)),
        tells_time=metric.kind in _TIMES,
        compares=kind.compares,
        zero_tells=kind.zero_tells,
        rests_on=rests_on,
        total=(getattr(metric, "of", None), metric.where) if metric.kind in _WITH_TOTAL else None,
    )


def fields_named(metric: Metric) -> frozenset[str]:
    """List the fields whose values a metric's card names."""
    return frozenset(str(name) for key in _NAMING if (name := getattr(metric, key, None)) is not None)
