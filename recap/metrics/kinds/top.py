"""The leading things of a customer: top items with their shares and ties."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from recap.campaign import FieldRef, Metric, Period
from recap.metrics.facts import Entry, Fact, Facts, Label, Number, Quantity, Ratio, Several, Unit
from recap.metrics.kind import Kind, Tables
from recap.metrics.kinds.leaders import leaders_query
from recap.metrics.needs import Need
from recap.metrics.value import Value

TIES_KEPT = 20
TIES_NAMED = 2


class TopMetric(Metric):
    """The leading values of a field."""

    kind: Literal["top"]
    by: FieldRef
    """The field whose values compete."""
    of: FieldRef | None = None
    """The numeric field that decides; without it the number of events does."""
    limit: int = Field(default=5, ge=1, le=20)
    """Entries to keep."""


class Top(Kind[TopMetric]):
    """The most of a field's values."""

    name = "top"
    family = "favourite"
    definition = (
        "The values of a field with the most events (or the largest sum); null is none. Ties are all named, "
        "and listed in the order of their text."
    )
    number = "events of the leading value, or its sum"
    detail = "`items` (`label`, `value`, `rows`), `tied`, `tied_count`, `groups`, `total`"
    layout = "top"
    has_share = True
    least_number = 0
    least_rows = 3
    example = """\
id: favourite
kind: top
by: product
of: quantity
limit: 3"""
    params = TopMetric

    def needs(self, metric: TopMetric) -> tuple[Need, ...]:
        """Events by customer and value."""
        return (Need(by="field", field=metric.by, of=metric.of, where=metric.where),)

    def query(self, metric: TopMetric, tables: Tables) -> str:
        """Find the leaders."""
        groups = tables.rollup(*self.needs(metric))
        return leaders_query(groups, keep=metric.limit, ties=TIES_KEPT, alone="false")

    def facts(self, metric: TopMetric, value: Value, period: Period) -> Facts:
        """Give `label`, `labels`, `n`, `share`, `total`, `groups`; cases `tied`, `only`."""
        detail = value.detail
        items = detail["items"]
        most, total = items[0]["value"], detail["total"]
        slots: dict[str, Fact] = {
            "label": Label(items[0]["label"]),
            "labels": tied_labels(detail),
            "n": Quantity(most),
            "share": Ratio(share_of(most, total)),
            "total": Quantity(total),
            "groups": Quantity(detail["groups"], "group"),
        }
        cases = ("only",) if detail["groups"] == 1 else ("tied",) if detail["tied_count"] > 1 else ()
        return Facts(slots, main="label", layout=self.layout, cases=cases, entries=label_entries(items))


def tied_labels(detail: Mapping[str, Any]) -> Several:
    """Name the first few of the leading labels, of `tied` and `tied_count`."""
    return Several(
        tuple(Label(label) for label in detail["tied"][:TIES_NAMED]),
        more=max(0, detail["tied_count"] - TIES_NAMED),
    )


def label_entries(items: Sequence[Mapping[str, Any]], of: Unit = "metric") -> tuple[Entry, ...]:
    """Make a list's rows of `items`, the most first; their amounts count `of`."""
    most = items[0]["value"]
    return tuple(
        Entry(
            name=Label(item["label"]),
            amount=Quantity(item["value"], of),
            share=share_of(item["value"], most),
            leads=item["value"] == most,
            place=1 + sum(other["value"] > item["value"] for other in items),
        )
        for item in items
    )


def share_of(part: Number, whole: Number) -> float:
    """Give part / whole within 0 and 1; 0 where the whole is not positive and no share can be told."""
    if whole <= 0 or part <= 0:
        return 0.0
    return float(min(Decimal(1), Decimal(part) / Decimal(whole)))
