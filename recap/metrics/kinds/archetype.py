"""Which of a campaign's types a customer is: ordered rules over other metrics."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from recap.campaign import Metric, MetricRef, Period
from recap.campaign.base import Localized, Model, Slug
from recap.metrics.facts import EMBLEMS, Emblem, Fact, Facts, Ratio, Term
from recap.metrics.kind import Kind, Tables
from recap.metrics.kinds.boxes import AFTER_ALL, BEFORE_NUMBERS, Box, Cut, Span, covering, is_empty
from recap.metrics.needs import Need
from recap.metrics.quotient import quotient
from recap.metrics.value import Value
from recap.sources.sql import literal, quote

Bound = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=29, decimal_places=9)]


class Bounds(Model):
    """Where a metric's number must lie, in the unit of the data."""

    at_least: Bound | None = None
    more_than: Bound | None = None
    at_most: Bound | None = None
    less_than: Bound | None = None

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if not self.model_fields_set or all(bound is None for _, bound in self):
            message = "give a bound: `at_least`, `more_than`, `at_most` or `less_than`"
            raise ValueError(message)
        for one, other in (("at_least", "more_than"), ("at_most", "less_than")):
            if getattr(self, one) is not None and getattr(self, other) is not None:
                message = f"give `{one}` or `{other}`, not both"
                raise ValueError(message)
        return self

    @property
    def span(self) -> Span:
        """The numbers that meet them."""
        low: Cut = BEFORE_NUMBERS
        high: Cut = AFTER_ALL
        if self.at_least is not None:
            low = (self.at_least, 0)
        elif self.more_than is not None:
            low = (self.more_than, 1)
        if self.at_most is not None:
            high = (self.at_most, 1)
        elif self.less_than is not None:
            high = (self.less_than, 0)
        return low, high


class Rule(Model):
    """One type of customer and who is of it."""

    id: Slug
    name: Localized
    """What the card calls it."""
    emblem: Emblem | None = None
    """What the card draws for it; each rule has another where none is given."""
    when: dict[MetricRef, Bounds] | None = Field(default=None, min_length=1)
    """Every condition must hold; a metric without a number meets none. Only the last rule has no `when`."""

    @property
    def box(self) -> Box:
        """What it asks for."""
        return {name: bounds.span for name, bounds in (self.when or {}).items()}


def _reachable(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Refuse rules that can never match; each problem is told at its own rule."""
    found = [
        InitErrorDetails(
            # Explained like any sentence of ours, and so in the shape of a ValueError.
            type=PydanticCustomError("value_error", "{error}", {"error": message}),
            loc=(at,),
            input=rules[at].id,
        )
        for at, message in _faults(rules)
    ]
    if found:
        raise ValidationError.from_exception_data("rules", found)
    return rules


def _faults(rules: Sequence[Rule]) -> Iterator[tuple[int, str]]:
    last = len(rules) - 1
    names = [rule.id for rule in rules]
    for at, rule in enumerate(rules):
        if rule.id in names[:at]:
            yield at, f"two rules are called {rule.id!r}; rename one"
        if rule.when is None:
            if at < last:
                yield at, "only the last rule may be without `when`: no customer would get past this one"
            continue
        if at == last:
            yield at, "the last rule must be without `when`, for the customers whom no other rule matches"
        if is_empty(rule.box):
            yield at, "no customer can match this rule: its own bounds exclude each other"
            continue
        earlier = [(other.id, other.box) for other in rules[:at] if other.when is not None]
        covered = covering(rule.box, [box for _, box in earlier])
        if covered is not None:
            taken = ", ".join(repr(earlier[place][0]) for place in sorted(covered))
            yield at, f"no customer can match this rule: all are taken by {taken} before it"


class ArchetypeMetric(Metric):
    """One of several types, by rules."""

    kind: Literal["archetype"]
    direction: Literal["more", "less", "none"] = "none"
    rules: Annotated[tuple[Rule, ...], Field(min_length=2, max_length=30), AfterValidator(_reachable)]
    """In their order: the first that matches is the customer's type."""


class Archetype(Kind[ArchetypeMetric]):
    """The first rule that matches."""

    name = "archetype"
    family = "archetype"
    definition = (
        "The first of the campaign's rules whose conditions on other metrics all hold; a metric without a "
        "number meets none, and the last rule takes everyone who is left. Everyone with an event in the "
        "period has exactly one type."
    )
    number = "the share of these customers who are of the same type"
    detail = "`exact`, `archetype` (the rule's id), `holders`, `cohort`"
    compares = True
    layout = "archetype"
    least_number = 0
    least_rows = 5
    claims = False
    example = """\
id: type
kind: archetype
rules:
  - id: regular
    name: {en: The regular, de: Der Stammgast}
    when: {visits: {at_least: 50}}
  - id: connoisseur
    name: {en: The connoisseur, de: Die Genießerin}
    when: {visits: {at_least: 10}, spent: {more_than: 400}}
  - id: passer_by
    name: {en: The passer-by, de: Auf einen Sprung}
"""
    params = ArchetypeMetric

    def needs(self, metric: ArchetypeMetric) -> tuple[Need, ...]:
        """Everyone's events."""
        return (Need(where=metric.where),)

    def after(self, metric: ArchetypeMetric) -> tuple[str, ...]:
        """Name every metric that a rule asks."""
        return tuple(dict.fromkeys(name for rule in metric.rules for name in rule.when or {}))

    def over_base(self, metric: ArchetypeMetric) -> bool:
        """Say that it does: how many are of a type, only all of them tell."""
        return True

    def gather(self, metric: ArchetypeMetric, tables: Tables) -> str:
        """Keep everyone's events."""
        return f"SELECT customer_id, n FROM {tables.rollup(*self.needs(metric))}"

    def query(self, metric: ArchetypeMetric, tables: Tables) -> str:
        """Try the rules in their order, and count who is of which type."""
        columns = {name: f"m{place}" for place, name in enumerate(self.after(metric))}
        joins = "".join(
            f"\n  LEFT JOIN (SELECT customer_id, number::DECIMAL(38, 9) AS {column} "
            f"FROM {tables.metric(name)}) USING (customer_id)"
            for name, column in columns.items()
        )
        *asking, rest = metric.rules
        cases = "".join(
            f"\n    WHEN {_condition(rule.when or {}, columns)} THEN {literal(rule.id)}" for rule in asking
        )
        return f"""WITH typed AS (
  SELECT customer_id, n, CASE{cases}
    ELSE {literal(rest.id)} END AS archetype
  FROM {tables.gathered}{joins}
),
sizes AS (
  SELECT archetype, count(*) AS holders, (sum(count(*)) OVER ())::BIGINT AS cohort
  FROM typed GROUP BY archetype
),
shares AS (SELECT *, {quotient("holders", "cohort")} AS share FROM sizes)
SELECT customer_id, share AS number, archetype AS text, to_json({{
  'exact': share, 'archetype': archetype, 'holders': holders, 'cohort': cohort
}}) AS detail, n AS "rows", false AS alone
FROM typed JOIN shares USING (archetype)"""

    def facts(self, metric: ArchetypeMetric, value: Value, period: Period) -> Facts:
        """Give `type` and `share`."""
        detail: Mapping[str, Any] = value.detail
        place = [rule.id for rule in metric.rules].index(detail["archetype"])
        rule = metric.rules[place]
        slots: dict[str, Fact] = {
            "type": Term(rule.name),
            "share": Ratio(detail["holders"] / detail["cohort"]),
        }
        emblem = rule.emblem or EMBLEMS[place % len(EMBLEMS)]
        return Facts(slots, main="type", layout=self.layout, emblem=emblem)


_SIGNS = {"at_least": ">=", "more_than": ">", "at_most": "<=", "less_than": "<"}


def _condition(when: Mapping[str, Bounds], columns: Mapping[str, str]) -> str:
    """Write a rule's conditions; NULL, of a metric without a number, makes a CASE go on to the next."""
    return " AND ".join(
        f"{quote(columns[name])} {_SIGNS[side]} {bound:f}::DECIMAL(38, 9)"
        for name, bounds in when.items()
        for side, bound in bounds
        if bound is not None
    )
