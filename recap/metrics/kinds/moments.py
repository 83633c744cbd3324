"""Single events worth telling: the first, the last, the biggest."""

from datetime import datetime
from typing import Any, ClassVar, Literal

from recap.campaign import FieldRef, Metric, Period
from recap.metrics.facts import Fact, Facts, Label, Moment, Quantity
from recap.metrics.kind import Kind, Tables
from recap.metrics.needs import Need
from recap.metrics.value import Value


class LabelledMetric(Metric):
    """What the three have in common."""

    label: FieldRef | None = None
    """The field that says what it was."""


class FirstEventMetric(LabelledMetric):
    """The first event of the period."""

    kind: Literal["first_event"]


class LastEventMetric(LabelledMetric):
    """The last event of the period."""

    kind: Literal["last_event"]


class BiggestEventMetric(LabelledMetric):
    """The one event with the largest amount."""

    kind: Literal["biggest_event"]
    of: FieldRef
    """The numeric field that decides."""


def moment_slots(detail: Any) -> tuple[dict[str, Fact], tuple[str, ...]]:
    """Read the moment and, where there is one, the label; and the case that says so."""
    slots: dict[str, Fact] = {"moment": Moment(datetime.fromisoformat(detail["time"]))}
    if detail["label"] is None:
        return slots, ()
    return {**slots, "label": Label(detail["label"])}, ("labelled",)


class EdgeEvent(Kind[LabelledMetric]):
    """The first and the last event share everything but the end."""

    family = "edges"
    number = "none: a moment is not ranked"
    detail = "`time` (local), `label`"
    layout = "moment"
    days = ("$.time",)
    least_number = 0
    end: ClassVar[Literal["first", "last"]]

    def needs(self, metric: LabelledMetric) -> tuple[Need, ...]:
        """One picked event a customer."""
        return (Need(where=metric.where, pick=self.end, label=metric.label),)

    def query(self, metric: LabelledMetric, tables: Tables) -> str:
        """Read the picked event."""
        return f"""SELECT customer_id, NULL::BIGINT AS number, picked.label AS text,
  to_json({{'time': picked.ts, 'label': picked.label}}) AS detail, 1::BIGINT AS rows,
  false AS alone
FROM {tables.rollup(*self.needs(metric))}"""

    def facts(self, metric: LabelledMetric, value: Value, period: Period) -> Facts:
        """Give `moment` and, in case `labelled`, `label`."""
        slots, cases = moment_slots(value.detail)
        return Facts(slots, main="moment", layout=self.layout, cases=cases)


class FirstEvent(EdgeEvent):
    """The first event of the period."""

    name = "first_event"
    definition = "The first event of the period; of several at one moment, the label that sorts first."
    example = """\
id: first_buy
kind: first_event
where: quantity > 0
label: product"""
    params: type[LabelledMetric] = FirstEventMetric
    end = "first"


class LastEvent(EdgeEvent):
    """The last event of the period."""

    name = "last_event"
    definition = "The last event of the period; of several at one moment, the label that sorts first."
    example = """\
id: last_buy
kind: last_event
where: quantity > 0
label: product"""
    params: type[LabelledMetric] = LastEventMetric
    end = "last"


class BiggestEvent(Kind[BiggestEventMetric]):
    """The one event with the largest amount."""

    name = "biggest_event"
    family = "peak"
    definition = "The single event with the largest amount; of equal ones the earliest is told."
    number = "the field's unit"
    detail = "`exact`, `time` (local), `label`, `tied` (another event was as big)"
    layout = "moment"
    days = ("$.time",)
    least_number = 0
    example = """\
id: biggest_line
kind: biggest_event
of: amount
label: product
currency: EUR"""
    params = BiggestEventMetric

    def needs(self, metric: BiggestEventMetric) -> tuple[Need, ...]:
        """Two events a customer, the largest."""
        return (Need(of=metric.of, where=metric.where, pick="largest", label=metric.label),)

    def query(self, metric: BiggestEventMetric, tables: Tables) -> str:
        """Read the larger of the two, and whether the other equals it."""
        return f"""SELECT customer_id, -picked[1].value AS number, picked[1].label AS text, to_json({{
  'exact': -picked[1].value, 'time': picked[1].ts, 'label': picked[1].label,
  'tied': coalesce(picked[2].value = picked[1].value, false)
}}) AS detail, 1::BIGINT AS rows,
  n = 1 AS alone
FROM {tables.rollup(*self.needs(metric))}"""

    def facts(self, metric: BiggestEventMetric, value: Value, period: Period) -> Facts:
        """Give `n`, `moment` and, in case `labelled`, `label`; case `tied`."""
        slots, cases = moment_slots(value.detail)
        slots["n"] = Quantity(value.detail["exact"])
        cases = ("tied", *cases) if value.detail["tied"] else cases
        return Facts(slots, main="n", layout=self.layout, cases=cases)
