"""What selection needs to know of a metric, from the campaign and the kinds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from recap.campaign import Campaign, Metric
from recap.metrics.registry import family_of, kind_of

CLAIM_AT_MOST = 20
"""*Top x %* is said only where at most a fifth of the cohort has as much, and where those who tie do not
change it by more than one percent: of a thousand customers with a one-day streak none is at the top, though
no one may be before them."""

Form = Literal["number", "list", "moment", "rhythm", "standing"]
_FORMS: Mapping[str, Form] = {
    "top": "list",
    "chart": "rhythm",
    "calendar": "rhythm",
    "moment": "moment",
    "standing": "standing",
}
_CLOCKS = frozenset({"busiest_hour", "time_of_day"})
_TOTALS = frozenset({"count", "sum", "distinct", "active_days", "calendar", "sessions", "monthly"})
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
    opens: bool = False
    """It says what the whole period came to, which everyone can relate to: a story may begin with it."""
    tells_hours: bool = False
    names: frozenset[str] = frozenset()
    """The fields whose values it names."""

    @property
    def form(self) -> Form:
        """Tell what shape the card has."""
        return _FORMS.get(self.layout, "number")


def make_rules(campaign: Campaign) -> tuple[Rule, ...]:
    """Gather the rules of a campaign's metrics, in the order of the file."""
    cohort = campaign.selection.cohort_at_least
    return tuple(_rule(metric, order, cohort) for order, metric in enumerate(campaign.metrics))


def _rule(metric: Metric, order: int, cohort_at_least: int) -> Rule:
    kind, gates = kind_of(metric), metric.gates
    return Rule(
        metric=metric.id,
        family=family_of(metric),
        order=order,
        weight=metric.weight,
        layout=metric.layout or kind.layout,
        number_at_least=float(kind.least_number if gates.number_at_least is None else gates.number_at_least),
        rows_at_least=kind.least_rows if gates.rows_at_least is None else gates.rows_at_least,
        top_percent_at_most=gates.top_percent_at_most,
        cohort_at_least=gates.cohort_at_least or cohort_at_least,
        may_claim=kind.claims,
        needs_standing=metric.kind == "standing",
        by_share=kind.has_share,
        opens=metric.kind in _TOTALS,
        tells_hours=metric.kind in _CLOCKS,
        names=frozenset(name for key in _NAMING if (name := getattr(metric, key, None)) is not None),
    )


def rules_frame(rules: Sequence[Rule]) -> pl.DataFrame:
    """Give the rules as a frame, a row a metric, to be joined to values."""
    schema = {
        "metric": pl.String,
        "family": pl.String,
        "order": pl.UInt16,
        "weight": pl.Float64,
        "number_at_least": pl.Float64,
        "rows_at_least": pl.Int64,
        "top_percent_at_most": pl.Int64,
        "cohort_at_least": pl.Int64,
        "may_claim": pl.Boolean,
        "needs_standing": pl.Boolean,
        "by_share": pl.Boolean,
    }
    return pl.DataFrame([{name: getattr(rule, name) for name in schema} for rule in rules], schema=schema)
