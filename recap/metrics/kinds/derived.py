"""Numbers made of other metrics: the ratio of two, and what a number comes to in things one can picture."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from recap.campaign import Metric, MetricRef, Period
from recap.campaign.base import Locale, Model, PluralForms, Slug
from recap.metrics.facts import Fact, Facts, Quantity, Ratio
from recap.metrics.kind import Kind, Tables
from recap.metrics.kinds.top import share_of
from recap.metrics.needs import Need
from recap.metrics.quotient import quotient
from recap.metrics.value import Value
from recap.sources.sql import literal


class RatioMetric(Metric):
    """One metric for each of another."""

    kind: Literal["ratio"]
    of: MetricRef
    """The id of the metric that is divided."""
    to: MetricRef
    """The id of the metric it is divided by."""

    @model_validator(mode="after")
    def _two(self) -> Self:
        if self.of == self.to:
            message = "`of` and `to` are the same metric, and their ratio always one"
            raise ValueError(message)
        return self


class RatioOfTwo(Kind[RatioMetric]):
    """A quotient of two metrics."""

    name = "ratio"
    family = "ratio"
    definition = (
        "The number of one metric divided by that of another, nine digits after the point, the rest cut off. "
        "Both must be known, and what is divided by above zero."
    )
    number = "units of the one metric for each of the other"
    detail = "`exact`, `of` and `to` (both metrics' numbers)"
    layout = "number"
    least_number = 0
    example = "id: spent_a_visit\nkind: ratio\nof: spent\nto: visits\n"
    params = RatioMetric

    def needs(self, metric: RatioMetric) -> tuple[Need, ...]:
        """Nothing but the other metrics."""
        return ()

    def after(self, metric: RatioMetric) -> tuple[str, ...]:
        """Name both."""
        return metric.of, metric.to

    def query(self, metric: RatioMetric, tables: Tables) -> str:
        """Divide."""
        exact = quotient("a.number", "b.number")
        return f"""SELECT a.customer_id, {exact} AS number, NULL::VARCHAR AS text, to_json({{
  'exact': {exact}, 'part': a.number, 'whole': b.number
}}) AS detail, a."rows" AS "rows", a.alone OR b.alone AS alone
FROM {tables.metric(metric.of)} a JOIN {tables.metric(metric.to)} b ON a.customer_id = b.customer_id
WHERE a.number IS NOT NULL AND b.number > 0"""

    def facts(self, metric: RatioMetric, value: Value, period: Period) -> Facts:
        """Give `n` and, held within 0 and 1, `share`."""
        exact = value.detail["exact"]
        slots: dict[str, Fact] = {"n": Quantity(exact), "share": Ratio(share_of(exact, 1))}
        return Facts(slots, main="n", layout=self.layout)


class Thing(Model):
    """Something whose size one can picture."""

    id: Slug
    size: Decimal = Field(gt=0, allow_inf_nan=False, max_digits=29, decimal_places=9)
    """How many units of the other metric's data it is."""
    noun: dict[Locale, PluralForms] = Field(min_length=1)
    """What it is called, as in `{en: {one: marathon, other: marathons}}`."""
    source: str | None = None
    """Where the size is from; for the receipt."""


def _different(things: tuple[Thing, ...]) -> tuple[Thing, ...]:
    for at, thing in enumerate(things):
        for other in things[:at]:
            if other.id == thing.id:
                message = f"two things are called {thing.id!r}; rename one"
                raise ValueError(message)
            if other.size == thing.size:
                message = f"{other.id!r} and {thing.id!r} are of one size, and only one can be told; keep it"
                raise ValueError(message)
    return things


class ComparisonMetric(Metric):
    """How many of a known thing a number comes to."""

    kind: Literal["comparison"]
    of: MetricRef
    """The id of the metric that is compared."""
    direction: Literal["more", "less", "none"] = "none"
    things: Annotated[tuple[Thing, ...], Field(min_length=1), AfterValidator(_different)]
    """The largest that fits at least once is told."""


class Comparison(Kind[ComparisonMetric]):
    """A number in things one can picture."""

    name = "comparison"
    family = "comparison"
    definition = (
        "How often the largest of the given things that is not larger than another metric's number fits into "
        "it: their quotient, nine digits after the point, the rest cut off. Numbers of different things are "
        "not ranked."
    )
    number = "times the thing fits, with a fraction"
    detail = "`exact`, `thing` (its id), `amount` (the other metric's number)"
    layout = "number"
    claims = False
    example = """\
id: spent_in_bicycles
kind: comparison
of: spent
decimals: 1
things:
  - id: coffee
    size: 3.20
    noun:
      en: {one: cup of coffee, other: cups of coffee}
      de: {one: Tasse Kaffee, other: Tassen Kaffee}
  - id: bicycle
    size: 650
    noun: {en: {one: bicycle, other: bicycles}, de: {one: Fahrrad, other: Fahrräder}}
"""
    params = ComparisonMetric

    def needs(self, metric: ComparisonMetric) -> tuple[Need, ...]:
        """Nothing but the other metric."""
        return ()

    def after(self, metric: ComparisonMetric) -> tuple[str, ...]:
        """Name the other metric."""
        return (metric.of,)

    def query(self, metric: ComparisonMetric, tables: Tables) -> str:
        """Find the largest thing that fits, and how often."""
        things = sorted(metric.things, key=lambda thing: -thing.size)
        sizes = ",\n    ".join(f"({literal(t.id)}, {t.size:f}::DECIMAL(38, 9))" for t in things)
        exact = quotient("number", "size")
        return f"""WITH things AS (
  SELECT * FROM (VALUES
    {sizes}) AS known(thing, size)
),
fitting AS (
  SELECT customer_id, number, "rows", max({{'size': size, 'thing': thing}}) AS largest
  FROM {tables.metric(metric.of)} JOIN things ON size <= number::DECIMAL(38, 9) GROUP BY ALL
),
told AS (SELECT customer_id, number, "rows", largest.size AS size, largest.thing AS thing FROM fitting)
SELECT customer_id, {exact} AS number, thing AS text, to_json({{
  'exact': {exact}, 'thing': thing, 'amount': told.number
}}) AS detail, "rows", false AS alone
FROM told"""

    def facts(self, metric: ComparisonMetric, value: Value, period: Period) -> Facts:
        """Give `n` of the thing, and `of`, the number that is compared."""
        nouns = {thing.id: thing.noun for thing in metric.things}
        slots: dict[str, Fact] = {
            "n": Quantity(value.detail["exact"], noun=_by_text(nouns[value.detail["thing"]])),
            "of": Quantity(value.detail["amount"]),
        }
        return Facts(slots, main="n", layout=self.layout)


def _by_text(noun: dict[Locale, PluralForms]) -> dict[str, dict[str, str]]:
    return {locale: dict(forms.items()) for locale, forms in noun.items()}
