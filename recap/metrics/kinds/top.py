"""The leading things of a customer: top items with their shares and ties."""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from recap.campaign import FieldRef, Metric, Period
from recap.metrics.facts import Entry, Fact, Facts, Label, Number, Quantity, Ratio, Several
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
    least_number = 0
    least_rows = 3
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
            "labels": Several(
                tuple(Label(label) for label in detail["tied"][:TIES_NAMED]),
                more=max(0, detail["tied_count"] - TIES_NAMED),
            ),
            "n": Quantity(most),
            "share": Ratio(share_of(most, total)),
            "total": Quantity(total),
            "groups": Quantity(detail["groups"], "group"),
        }
        cases = ("only",) if detail["groups"] == 1 else ("tied",) if detail["tied_count"] > 1 else ()
        entries = [
            Entry(
                name=Label(item["label"]),
                amount=Quantity(item["value"]),
                share=share_of(item["value"], most),
                leads=item["value"] == most,
                place=1 + sum(other["value"] > item["value"] for other in items),
            )
            for item in items
        ]
        return Facts(slots, main="label", layout=self.layout, cases=cases, entries=tuple(entries))


def share_of(part: Number, whole: Number) -> float:
    """Give part / whole within 0 and 1; 0 where the whole is not positive and no share can be told."""
    if whole <= 0 or part <= 0:
        return 0.0
    return float(min(Decimal(1), Decimal(part) / Decimal(whole)))
