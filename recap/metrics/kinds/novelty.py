"""What is new to a customer, and what they came back to: this period's things against those before it."""

from typing import Literal

from pydantic import Field

from recap.campaign import FieldRef, Metric, Period
from recap.metrics.facts import Fact, Facts, Label, Quantity, Ratio
from recap.metrics.kind import Kind, Tables
from recap.metrics.kinds.leaders import leaders_query
from recap.metrics.kinds.top import TIES_KEPT, label_entries, share_of, tied_labels
from recap.metrics.needs import Need
from recap.metrics.value import Value


class NoveltyMetric(Metric):
    """What the two have in common."""

    by: FieldRef
    """The field whose values are looked at."""
    limit: int = Field(default=5, ge=1, le=20)
    """Entries to keep."""


class DiscoveriesMetric(NoveltyMetric):
    """Values met for the first time."""

    kind: Literal["discoveries"]


class ReturningMetric(NoveltyMetric):
    """Values met again."""

    kind: Literal["returning"]


class Discoveries(Kind[NoveltyMetric]):
    """Values of a field that the customer has no earlier event with."""

    name = "discoveries"
    family = "discovery"
    definition = (
        "The number of different values of a field in the period that the customer had no event with before "
        "it; null is none, and customers without any earlier event, to whom everything is new, are not told. "
        "The leading ones have the most events in the period; ties are listed in the order of their text."
    )
    number = "different values"
    detail = (
        "`exact`, `known` (values met both before and in the period), `newcomer` (no event before it); of "
        "the new values `items` (`label`, `value`, `rows`), `tied` (20 at most), `tied_count`, `groups`, "
        "`total`"
    )
    layout = "top"
    least_number = 3
    example = """\
id: new_finds
kind: discoveries
by: product
noun: {en: {one: product, other: products}}"""
    params: type[NoveltyMetric] = DiscoveriesMetric

    def needs(self, metric: NoveltyMetric) -> tuple[Need, ...]:
        """Events by customer and value, in the period and before it; and whether there were any before."""
        where = metric.where
        return (
            Need(by="field", field=metric.by, where=where),
            Need(by="field", field=metric.by, where=where, span="before"),
            Need(where=where, span="before"),
        )

    def query(self, metric: NoveltyMetric, tables: Tables) -> str:
        """Keep the values without an earlier event, and find their leaders."""
        now, earlier, ever = (tables.rollup(need) for need in self.needs(metric))
        fresh = leaders_query(
            "(SELECT customer_id, key, n, value FROM met WHERE NOT known)",
            keep=metric.limit,
            ties=TIES_KEPT,
            number="groups",
            alone="false",
        )
        # Put together as text: all that is added are whole numbers and truth values.
        return f"""WITH met AS (
  SELECT now.customer_id, now.key, now.n, now.value, earlier.key IS NOT NULL AS known
  FROM {now} now LEFT JOIN {earlier} earlier USING (customer_id, key)
),
again AS (SELECT customer_id, count(*) AS known FROM met WHERE known GROUP BY customer_id),
fresh AS ({fresh})
SELECT customer_id, number, text, '{{"exact":' || number || ',"known":' || coalesce(known, 0)
  || ',"newcomer":' || (ever.n IS NULL) || ',' || substr(detail::VARCHAR, 2) AS detail, rows,
  ever.n IS NULL AS alone
FROM fresh LEFT JOIN again USING (customer_id) LEFT JOIN {ever} ever USING (customer_id)"""

    def facts(self, metric: NoveltyMetric, value: Value, period: Period) -> Facts:
        """Give `n`, `of` (all values of the period), `share`, `label`, `labels`; the leading as entries."""
        detail = value.detail
        new, met = detail["exact"], detail["exact"] + detail["known"]
        slots: dict[str, Fact] = {
            "n": Quantity(new),
            "of": Quantity(met),
            "share": Ratio(share_of(new, met)),
            "label": Label(detail["items"][0]["label"]),
            "labels": tied_labels(detail),
        }
        entries = label_entries(detail["items"], "event")
        return Facts(slots, main="n", layout=self.layout, entries=entries)


class Returning(Kind[NoveltyMetric]):
    """Values of a field that the customer knew and came back to."""

    name = "returning"
    family = "discovery"
    definition = (
        "The number of different values of a field that the customer had events with both before the period "
        "and in it; null is none. The leading ones have the most events in the period; ties are listed in "
        "the order of their text."
    )
    number = "different values"
    detail = (
        "`exact`; of the values met again `items` (`label`, `value`, `rows`, in the period), `tied` (20 at "
        "most), `tied_count`, `groups`, `total`"
    )
    layout = "top"
    least_number = 2
    example = """\
id: old_friends
kind: returning
by: product"""
    params: type[NoveltyMetric] = ReturningMetric

    def needs(self, metric: NoveltyMetric) -> tuple[Need, ...]:
        """Events by customer and value, in the period and before it."""
        return (
            Need(by="field", field=metric.by, where=metric.where),
            Need(by="field", field=metric.by, where=metric.where, span="before"),
        )

    def query(self, metric: NoveltyMetric, tables: Tables) -> str:
        """Keep the values with an earlier event, and find their leaders."""
        now, earlier = (tables.rollup(need) for need in self.needs(metric))
        leaders = leaders_query(
            f"(SELECT now.* FROM {now} now SEMI JOIN {earlier} earlier USING (customer_id, key))",
            keep=metric.limit,
            ties=TIES_KEPT,
            number="groups",
            alone="false",
        )
        return f"""SELECT customer_id, number, text,
  '{{"exact":' || number || ',' || substr(detail::VARCHAR, 2) AS detail, rows, alone
FROM ({leaders})"""

    def facts(self, metric: NoveltyMetric, value: Value, period: Period) -> Facts:
        """Give `n`, `label`, `labels`; the leading as entries."""
        detail = value.detail
        slots: dict[str, Fact] = {
            "n": Quantity(detail["exact"]),
            "label": Label(detail["items"][0]["label"]),
            "labels": tied_labels(detail),
        }
        entries = label_entries(detail["items"], "event")
        return Facts(slots, main="n", layout=self.layout, entries=entries)
