"""Every metric kind there is, by name. A kind is added by its file, its test and its line here."""

from collections.abc import Mapping
from typing import Any, get_args

from recap.campaign import Metric
from recap.metrics.kind import Kind
from recap.metrics.kinds.archetype import Archetype
from recap.metrics.kinds.averages import Average, Maximum, Minimum
from recap.metrics.kinds.busiest import BusiestDay, BusiestHour, BusiestMonth, BusiestWeekday
from recap.metrics.kinds.calendar import Calendar
from recap.metrics.kinds.community import Community
from recap.metrics.kinds.concentration import TopShare, Variety
from recap.metrics.kinds.day_parts import TimeOfDay
from recap.metrics.kinds.derived import Comparison, RatioOfTwo
from recap.metrics.kinds.early_adopter import EarlyAdopter
from recap.metrics.kinds.gaps import Comeback, LongestGap
from recap.metrics.kinds.growth import Growth
from recap.metrics.kinds.milestones import Milestone
from recap.metrics.kinds.moments import BiggestEvent, FirstEvent, LastEvent
from recap.metrics.kinds.monthly import Monthly
from recap.metrics.kinds.novelty import Discoveries, Returning
from recap.metrics.kinds.own_sql import OwnSql
from recap.metrics.kinds.pair import Pair
from recap.metrics.kinds.sessions import LongestSession, Sessions
from recap.metrics.kinds.standing import Standing
from recap.metrics.kinds.streak import Streak
from recap.metrics.kinds.tenure import Tenure
from recap.metrics.kinds.top import Top
from recap.metrics.kinds.totals import ActiveDays, Count, Distinct, Sum
from recap.metrics.kinds.week_profile import WeekdayProfile
from recap.metrics.kinds.weeks import WeeklyStreak


def register(*kinds: Kind[Any]) -> dict[str, Kind[Any]]:
    """Index kinds by name. A kind that is malformed or named like another is an error at import."""
    registry: dict[str, Kind[Any]] = {}
    for kind in kinds:
        named = get_args(kind.params.model_fields["kind"].annotation)
        if named != (kind.name,):
            message = f"kind {kind.name!r}: its parameters say kind {named}"
            raise TypeError(message)
        if kind.name in registry:
            message = f"two kinds are called {kind.name!r}"
            raise TypeError(message)
        if not (
            kind.definition.endswith(".") and kind.number and kind.detail and kind.family and kind.layout
        ):
            message = f"kind {kind.name!r}: its line in the catalogue is incomplete"
            raise TypeError(message)
        registry[kind.name] = kind
    return registry


KINDS: Mapping[str, Kind[Any]] = register(
    Count(),
    Sum(),
    Distinct(),
    ActiveDays(),
    Top(),
    Streak(),
    BusiestHour(),
    BusiestWeekday(),
    BusiestMonth(),
    BusiestDay(),
    FirstEvent(),
    LastEvent(),
    BiggestEvent(),
    Monthly(),
    Standing(),
    Average(),
    Minimum(),
    Maximum(),
    TopShare(),
    Variety(),
    Discoveries(),
    Returning(),
    Growth(),
    Tenure(),
    LongestGap(),
    Comeback(),
    WeeklyStreak(),
    TimeOfDay(),
    WeekdayProfile(),
    Calendar(),
    Sessions(),
    LongestSession(),
    Milestone(),
    EarlyAdopter(),
    Pair(),
    RatioOfTwo(),
    Comparison(),
    Archetype(),
    Community(),
    OwnSql(),
)

MODELS: Mapping[str, type[Metric]] = {name: kind.params for name, kind in KINDS.items()}
"""The parameter models by kind, for `recap.campaign.load_campaign`."""


def kind_of(metric: Metric) -> Kind[Any]:
    """Find a metric's kind."""
    return KINDS[metric.kind]


def family_of(metric: Metric) -> str:
    """Give a metric's family: its own, or its kind's."""
    return metric.family or KINDS[metric.kind].family
