"""What is told to whom: how many cards, in what tone, and who gets which variant."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from recap.campaign.base import FieldRef, Locale, MetricRef, Model, Slug, Weight, refuse_repeated
from recap.campaign.tables import TableFile

Topic = Literal[
    "late_night",
    "health",
    "pregnancy",
    "intimacy",
    "alcohol",
    "tobacco",
    "gambling",
    "debt",
    "grief",
    "religion",
    "politics",
    "weapons",
]
"""What nobody is told about themselves unless the campaign asks for it."""


class Selection(Model):
    """How many highlights a deck holds and when a customer has too little to say."""

    cards: int = Field(default=5, ge=1, le=20)
    """Highlights at most, besides cover and summary."""
    fallback_below: int = Field(default=2, ge=0)
    """Fewer highlights than this make the fallback deck."""
    events_at_least: int = Field(default=1, ge=0)
    """Customers with fewer events get the fallback deck."""
    cohort_at_least: int = Field(default=50, ge=1)
    """No claim of standing (rank, top x %) over fewer customers than this."""
    some_below: int = Field(default=20, ge=0)
    """Customers with fewer events get a short deck..."""
    some_cards: int = Field(default=3, ge=1, le=20)
    """...of so many highlights at most."""
    order: Literal["story", "file"] = "story"
    """`story`: something everyone can relate to first, then a rise to the most personal; `file`: as the
    metrics stand in the file."""
    without_activity: Literal["fallback", "suppress"] = "suppress"
    """What customers of the customers table get who did nothing in the period."""


def _has_letters(word: str) -> str:
    if not word.strip(" *"):
        message = "a blocked word needs letters: this one would block everything"
        raise ValueError(message)
    return word


BlockedWord = Annotated[str, AfterValidator(_has_letters)]


class Sensitive(Model):
    """Something to be careful with: values of a field, or a metric."""

    field: FieldRef | None = None
    values: tuple[str, ...] = ()
    """Of the field, written as in the data: products, categories, places."""
    metric: MetricRef | None = None
    treat: Literal["hide", "neutral", "uncompared"] = "hide"
    """`hide`: never shown, and such values compete for no first place; `neutral`: told in plain words,
    without praise or comparison; `uncompared`: never set beside other customers."""

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if (self.field is None) == (self.metric is None):
            message = "give either `field` and `values`, or `metric`"
            raise ValueError(message)
        if (self.field is not None) != bool(self.values):
            message = "`field` and `values` go together: say which values of the field are meant"
            raise ValueError(message)
        return self


class QuietDates(Model):
    """Days that are never named: of mourning, of an outage, of something nobody wants to be reminded of."""

    first_day: date
    last_day: date | None = None
    """Without it the one day."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last_day is not None and self.last_day < self.first_day:
            message = "`last_day` is before `first_day`"
            raise ValueError(message)
        return self


class Policy(Model):
    """The tone: what is never said, or only with care. `recap explain` has a reason for all it suppresses."""

    version: int = Field(default=1, ge=1)
    """Of the campaign's policy; stands in `run.json` beside what it suppressed."""
    allow: tuple[Topic, ...] = ()
    """Topics that are told after all. Without it labels that speak of them, and the small hours as somebody's
    time of day, are not shown."""
    sensitive: tuple[Sensitive, ...] = ()
    quiet_dates: tuple[QuietDates, ...] = ()
    blocked_words: tuple[BlockedWord, ...] = ()
    """Words that no name and no label on a card may hold, in any case."""


class WishesTable(TableFile):
    """What customers asked for, a row a wish; its columns."""

    customer: str = Field(min_length=1)
    wish: str = "wish"
    """`hide` or `pin` a metric, `not_me` for a value of a field, `name`, `anonymous`."""
    field: str | None = None
    """For `not_me`: the campaign's field."""
    value: str | None = "value"
    """The metric's id, the field's value, or the name."""


class Alternative(Model):
    """One of an experiment's ways."""

    id: Slug
    share: float = Field(default=1.0, gt=0)
    """Of the customers, set against the others' shares."""
    weights: dict[MetricRef, Weight] = Field(default_factory=dict)
    """Other editorial weights."""
    words: dict[Locale, dict[str, Any]] = Field(default_factory=dict)
    """Other sentences, in the shape of the campaign's `words`."""
    theme: str | None = None


class Experiment(Model):
    """Customers told apart by a stable hash of their id, to see what does better."""

    id: Slug
    alternatives: tuple[Alternative, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _different(self) -> Self:
        refuse_repeated((one.id for one in self.alternatives), "two alternatives have the same id")
        return self
