"""The campaign as frozen models: everything one YAML file may say, and nothing else.

The models check what can be known from the document alone. What needs the data (does this column exist?) is
checked by `sources`; what needs the templates (is there such a theme?) by `render` and `wording`.
"""

from datetime import date
from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import Field, SerializeAsAny, model_validator

from recap.campaign.base import (
    CurrencyCode,
    FieldName,
    FormatName,
    Locale,
    Localized,
    Model,
    PluralForms,
    Rate,
    Share,
    Slug,
    TimeZoneName,
    WebAddress,
    Weight,
    refuse_repeated,
)
from recap.campaign.choice import Experiment, Policy, Selection, WishesTable
from recap.campaign.exports import Exports
from recap.campaign.period import Period
from recap.campaign.suggest import did_you_mean
from recap.campaign.tables import TableFile

ESTIMABLE = frozenset(
    {"count", "sum", "distinct", "top", "maximum", "biggest_event", "longest_session", "community"}
)
"""Kinds whose amounts can only grow with what the data does not know."""
RESERVED_FIELDS = frozenset({"customer", "customer_id", "time", "ts"})


class Brand(Model):
    """Who speaks to the customer."""

    name: str = Field(min_length=1, max_length=60)
    """Printed small on every card."""


FieldType = Literal["text", "integer", "number", "decimal", "money", "boolean"]


class FieldMapping(Model):
    """Where a field's values come from."""

    column: str | None = None
    """A column of the source."""
    expression: str | None = None
    """A DuckDB expression over the source's columns, such as `Quantity * UnitPrice`."""
    type: FieldType | None = None
    """`decimal` and `money` are exact; without a type, the source's own is kept (text in CSV)."""
    scale: int = Field(default=3, ge=0, le=9)
    """Digits after the point of a `decimal` or `money` field."""
    decimal_comma: bool = False
    """The numbers are written as 1.234,50."""
    currency: FieldName | None = None
    """For `money`: the field of the same source that holds each amount's currency, as ISO 4217 codes."""

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.column is None) == (self.expression is None):
            message = "give either `column` or `expression`"
            raise ValueError(message)
        if self.currency is not None and self.type != "money":
            message = "`currency` is for fields of `type: money`"
            raise ValueError(message)
        return self


class TimeMapping(Model):
    """How the moment of an event is written in the source."""

    column: str | None = None
    date_column: str | None = None
    """With `time_column`, for a date and a time of day in two columns; alone, for days without a time."""
    time_column: str | None = None
    format: str | None = None
    """`strptime` format for text, such as `%d/%m/%Y %H:%M`."""
    unit: Literal["seconds", "milliseconds", "microseconds"] | None = None
    """The column counts since 1970-01-01 UTC."""
    zone: TimeZoneName | None = None
    """The zone of timestamps without an offset; without it they are taken as local wall clock."""

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.column is None) == (self.date_column is None):
            message = "give either `column`, or `date_column` (and `time_column`)"
            raise ValueError(message)
        if self.time_column is not None and self.date_column is None:
            message = "`time_column` goes with `date_column`"
            raise ValueError(message)
        if self.unit is not None and (self.format is not None or self.date_column is not None):
            message = "`unit` is for a numeric `column`; leave out `format` and `date_column`"
            raise ValueError(message)
        return self


class Source(TableFile):
    """Where activity comes from, and which column is what."""

    customer: str = Field(min_length=1)
    """The column that names the customer."""
    time: str | TimeMapping
    """The column that holds the moment, or how it is put together."""
    fields: dict[FieldName, str | FieldMapping] = Field(default_factory=dict)
    """The campaign's own names for what an event holds: item, group, amount, ..."""
    where: str | None = None
    """A DuckDB condition over the source's columns; other rows are counted as filtered."""

    @model_validator(mode="after")
    def _no_reserved(self) -> Self:
        if taken := sorted(RESERVED_FIELDS & self.fields.keys()):
            message = f"the field name {taken[0]!r} is recap's own; choose another"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _known_currencies(self) -> Self:
        for name, code in self.currencies.items():
            if code not in self.fields or code == name:
                others = self.fields.keys() - {name}
                message = f"the currency of {name!r} must be another field{did_you_mean(code, others)}"
                raise ValueError(message)
        return self

    @property
    def currencies(self) -> dict[str, str]:
        """The fields of money whose currency is in the data, and the fields that hold its codes."""
        mappings = {name: field for name, field in self.fields.items() if isinstance(field, FieldMapping)}
        return {name: field.currency for name, field in mappings.items() if field.currency is not None}


class CustomersTable(TableFile):
    """What is known of the customers; every column but `customer` may be left out."""

    customer: str = Field(min_length=1)
    name: str | None = None
    locale: str | None = None
    time_zone: str | None = None
    opt_out: str | None = None
    """True, yes, y, t or 1 (in any case) leaves the customer out before anything is computed."""
    avatar: str | None = None
    """The column with each customer's picture, shown beside the name: a file's name in the folder
    `avatars`, or the picture itself as a `data:` address."""
    avatars: str | None = None
    """A folder beside the campaign file with the customers' pictures."""

    @model_validator(mode="after")
    def _face_with_name(self) -> Self:
        if self.avatar is not None and self.name is None:
            message = "an avatar stands beside the customer's name; say which column is the `name`"
            raise ValueError(message)
        if self.avatars is not None and self.avatar is None:
            message = "`avatars` holds the pictures that a column names; say which it is as `avatar`"
            raise ValueError(message)
        return self


class OptOutList(TableFile):
    """Who wants to be left out, a row a customer; beside `customers.opt_out`, or in place of it."""

    customer: str = Field(min_length=1)


class Money(Model):
    """One currency for all amounts whose field says what they are in (`currency`)."""

    currency: CurrencyCode
    """What amounts are converted to, row by row."""
    rates: str | dict[CurrencyCode, Rate]
    """What one unit of each other currency is worth in it, as in `{USD: 0.92}`; or a CSV or Parquet file with
    the columns `currency` and `rate`, relative to the campaign file."""

    @model_validator(mode="after")
    def _worth_one(self) -> Self:
        if isinstance(self.rates, dict) and self.rates.get(self.currency, 1) != 1:
            message = f"one {self.currency} is one {self.currency}; leave its rate out"
            raise ValueError(message)
        return self


class Gates(Model):
    """What must hold before a metric may become a card."""

    number_at_least: Decimal | None = None
    """In the unit of the data; without it the kind's own least. A number of 0 or less is never told."""
    rows_at_least: int | None = Field(default=None, ge=1)
    """Events the value must rest on; without it the kind's own least."""
    top_percent_at_most: int | None = Field(default=None, ge=1, le=100)
    cohort_at_least: int | None = Field(default=None, ge=1)
    """Customers with a value; without it, `selection.cohort_at_least` counts for claims of standing."""


class Metric(Model):
    """What every metric has; each kind adds its own keys in `recap.metrics.kinds`."""

    id: Slug
    kind: str
    family: Slug | None = None
    """Metrics that tell the same fact share a family; a deck holds one of each. Default: the kind's."""
    weight: Weight = 1.0
    """Editorial weight: how much the campaign wants this told."""
    direction: Literal["more", "less", "none"] = "more"
    """Which end is worth telling; `none` is never ranked."""
    where: str | None = None
    """A DuckDB condition over the campaign's fields; only events that meet it count."""
    gates: Gates = Gates()
    noun: dict[Locale, PluralForms] | None = None
    """What the number counts, as in `{en: {one: song, other: songs}}`."""
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")
    """ISO 4217 code, where the number is money."""
    divide_by: Decimal = Field(default=Decimal(1), gt=0)
    """From the unit of the data to the unit of the card: 60 from seconds to minutes."""
    decimals: int = Field(default=0, ge=0, le=6)
    """Digits after the point on the card (money has its currency's own)."""
    estimated: bool = False
    """The data holds only part of it: amounts are told as *at least*."""
    title: Localized | None = None
    """The small line above the number; without it the wording's own."""
    words: dict[Locale, dict[str, str | PluralForms]] = Field(default_factory=dict)
    """Sentences of this metric in the marketer's words, by language and slot."""
    layout: Slug | None = None
    """Another card layout than the kind's own."""
    pictures: str | None = None
    """A folder beside the campaign file with a picture for each thing in a list, named after it."""

    @model_validator(mode="after")
    def _may_be_estimated(self) -> Self:
        if self.estimated and self.kind not in ESTIMABLE:
            kinds = ", ".join(sorted(ESTIMABLE))
            message = f"of {self.kind!r} nobody can say *at least*; `estimated` is for {kinds}"
            raise ValueError(message)
        return self


class Look(Model):
    """How the cards look."""

    theme: str = "poster"
    """A shipped theme, or a folder beside the campaign file."""
    tokens: dict[str, str | int | float] = Field(default_factory=dict)
    """Overrides of the theme's tokens, such as `accent: '#FF4D2E'` or `margin: 64`."""
    scale: int = Field(default=1, ge=1, le=3)
    """Pixels of a picture for each one designed: 2 or 3 for print. Link pictures stay as they are."""
    faulty_cards: Literal["mend", "fail"] = "mend"
    """What becomes of a card with a text that leaves its place, or that no font can draw. `mend`: it is drawn
    without the customer's name, or else in the layout fallback. Where neither helps, and with `fail`, the
    customer fails."""


class Page(Model):
    """The customer's page, beside the pictures."""

    nameless: bool = True
    """Whether there is a second rendition of pictures and page without the customer's name, to be shared;
    made where pages are to be published (`base_url`) and the name is known."""
    expires: date | None = None
    """The last day the page may be seen; afterwards it says that it has ended."""


class Output(Model):
    """Where the results go."""

    folder: str | None = None
    """Relative to the campaign file; default `build/<id>` in the working folder."""


class Tolerance(Model):
    """How much may go wrong before the run says so."""

    failures: Share = 0.0
    """Share of customers that may fail; beyond it the run ends with exit code 3."""
    rejects: Share = 0.01
    """Share of rows that may be unreadable; beyond it the run stops before anything is rendered."""


class Campaign(Model):
    """One run's wish: period, sources, metrics, selection, look, languages."""

    id: Slug
    title: Localized
    """The recap's name, on the cover."""
    brand: Brand
    period: Period
    time_zone: TimeZoneName = "UTC"
    local_time: Literal["campaign", "customer"] = "campaign"
    """Whose clock decides on days and hours: the campaign's zone, or each customer's own."""
    sources: tuple[Source, ...] = Field(min_length=1)
    deduplicate_by: tuple[str, ...] = ()
    """Fields (and `customer`, `time`) that make two rows one event; the first is kept."""
    money: Money | None = None
    """How amounts in several currencies become one; without it they are never added to each other."""
    customers: CustomersTable | None = None
    metrics: tuple[SerializeAsAny[Metric], ...] = Field(min_length=1)
    selection: Selection = Selection()
    policy: Policy = Policy()
    wishes: WishesTable | None = None
    """What customers asked for; obeyed in every step."""
    opt_outs: OptOutList | None = None
    """Who is to be left out, before anything is computed; beside `customers.opt_out`."""
    experiments: tuple[Experiment, ...] = ()
    look: Look = Look()
    formats: tuple[FormatName, ...] = Field(default=("story",), min_length=1)
    languages: tuple[Locale, ...] = Field(default=("en",), min_length=1)
    """The first is used for customers whose language is not offered."""
    words: dict[Locale, dict[str, Any]] = Field(default_factory=dict)
    """Overrides of the wording's sentences, in the shape of `templates/wording/<locale>.yaml`."""
    base_url: WebAddress | None = None
    """Where the pages will be published, such as `https://recap.example/2026`; links and previews need it."""
    page: Page = Page()
    exports: Exports = Exports()
    """The tables for mail tools, `recap export`."""
    output: Output = Output()
    tolerance: Tolerance = Tolerance()

    @model_validator(mode="before")
    @classmethod
    def _one_source(cls, data: Any) -> Any:
        # The commonest campaign has one source: let it be written without a list.
        if isinstance(data, dict) and isinstance(data.get("sources"), dict):
            return {**data, "sources": [data["sources"]]}
        return data

    @model_validator(mode="after")
    def _same_currencies(self) -> Self:
        for name, code in self.currencies.items():
            for index, source in enumerate(self.sources):
                if name in source.fields and source.currencies.get(name) != code:
                    message = (
                        f"the field {name!r} has its currency in {code!r} in one source, "
                        f"but not in sources.{index}; say `currency: {code}` in every one"
                    )
                    raise ValueError(message)
        if self.money is not None and not self.currencies:
            message = "`money` converts nothing, as no field of type money says where its `currency` is"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _different_experiments(self) -> Self:
        refuse_repeated(
            (experiment.id for experiment in self.experiments), "two experiments have the same id"
        )
        return self

    @property
    def fields(self) -> frozenset[str]:
        """The names of the fields that any source declares."""
        return frozenset(name for source in self.sources for name in source.fields)

    @property
    def currencies(self) -> dict[str, str]:
        """The fields of money whose currency is in the data, and the fields that hold its codes."""
        return {name: code for source in self.sources for name, code in source.currencies.items()}
