"""How this period compares with an earlier one, like for like."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from recap.campaign import FieldRef, Metric, Period
from recap.campaign.period import Against
from recap.metrics.facts import Day, Days, Entry, Fact, Facts, Quantity, Ratio
from recap.metrics.kind import Kind, Tables
from recap.metrics.needs import Need
from recap.metrics.quotient import quotient
from recap.metrics.value import Value


class GrowthMetric(Metric):
    """The change since an earlier period."""

    kind: Literal["growth"]
    of: FieldRef | None = None
    """The numeric field to add up; without it events are counted."""
    against: Against = "previous"
    """The period right before this one, or the same days a year before."""


@dataclass(frozen=True, slots=True)
class Stretches:
    """The days that are compared; first and last days are included."""

    first: date
    last: date
    before_first: date
    before_last: date
    whole: bool
    """Whether they are the whole period, and so the whole of the earlier one."""


def like_for_like(period: Period, against: Against, data_first: date, data_last: date) -> Stretches | None:
    """Find the days of a period that the data cover, and whose matching earlier days they cover too.

    `data_first` and `data_last` are the days of the first and the last event of anyone; None where no day is
    covered on both sides.
    """
    last = min(period.end, data_last)
    days = (period.start + timedelta(days=offset) for offset in range((last - period.start).days + 1))
    first = next((day for day in days if period.matching(day, against) >= data_first), None)
    if first is None:
        return None
    if (first, last) == (period.start, period.end):
        before_first, before_last = period.earlier(against)
        return Stretches(first, last, before_first, before_last, whole=True)
    before_first, before_last = period.matching(first, against), period.matching(last, against)
    return Stretches(first, last, before_first, before_last, whole=False)


class Growth(Kind[GrowthMetric]):
    """The change since an earlier period."""

    name = "growth"
    family = "growth"
    definition = (
        "The change of the events (or of the sum of a field) since an earlier period, as a share of what "
        "they were then: since as many months right before where the period is whole months, else as many "
        "days, or since the same days a year before; nine digits after the point, the rest cut off. Days "
        "after the last event of anyone, and days whose matching day (the same of the earlier month, or "
        "its last where it is shorter) is before the first, are left out; without events (amounts) now, "
        "or with nothing above zero then, there is no value."
    )
    number = "change as a share of the earlier amount: 0.5 is half as much again"
    detail = (
        "`exact`, `now`, `before`, `first_day`, `last_day`, `before_first_day`, `before_last_day` (what is "
        "compared), `whole` (it is the whole period), `joined` (the customer's first day ever, where it is "
        "after `before_first_day`, else null)"
    )
    layout = "comparison"
    days = ("$.joined",)
    least_number = 0
    least_rows = 10
    example = """\
id: more_than_before
kind: growth
of: amount
against: last_year
currency: EUR"""
    params = GrowthMetric

    def needs(self, metric: GrowthMetric) -> tuple[Need, ...]:
        """Amounts by customer and day, and the days with any event."""
        return (
            Need(by="day", of=metric.of, where=metric.where, span="ever"),
            Need(by="day", where=metric.where, span="ever"),
        )

    def query(self, metric: GrowthMetric, tables: Tables) -> str:
        """Add up both stretches of days."""
        compared = like_for_like(tables.period, metric.against, tables.first_day, tables.last_day)
        if compared is None:
            return _NOTHING
        amounts, days = (tables.rollup(need) for need in self.needs(metric))
        now = f"key BETWEEN DATE '{compared.first}' AND DATE '{compared.last}'"
        before = f"key BETWEEN DATE '{compared.before_first}' AND DATE '{compared.before_last}'"
        return f"""WITH sums AS (
  SELECT customer_id, sum(value) FILTER (WHERE {now}) AS now, sum(value) FILTER (WHERE {before}) AS before,
    sum(n)::BIGINT AS rows
  FROM {amounts} WHERE {now} OR {before} GROUP BY customer_id
),
starts AS (SELECT customer_id, min(key) AS first_day FROM {days} GROUP BY customer_id),
changes AS (
  SELECT *, {quotient("now - before", "before")} AS change FROM sums JOIN starts USING (customer_id)
  WHERE now IS NOT NULL AND before > 0
)
SELECT customer_id, change AS number, NULL AS text, to_json({{
  'exact': change, 'now': now, 'before': before,
  'first_day': DATE '{compared.first}', 'last_day': DATE '{compared.last}',
  'before_first_day': DATE '{compared.before_first}', 'before_last_day': DATE '{compared.before_last}',
  'whole': {str(compared.whole).lower()},
  'joined': CASE WHEN first_day > DATE '{compared.before_first}' THEN first_day END
}}) AS detail, rows, false AS alone
FROM changes"""

    def facts(self, metric: GrowthMetric, value: Value, period: Period) -> Facts:
        """Give `change`, `now`, `before`, `first`, `last`; cases `joined` (with the day), `part`."""
        detail = value.detail
        slots: dict[str, Fact] = {
            "change": Ratio(max(0.0, float(detail["exact"]))),
            "now": Quantity(detail["now"]),
            "before": Quantity(detail["before"]),
            "first": Day(date.fromisoformat(detail["first_day"])),
            "last": Day(date.fromisoformat(detail["last_day"])),
        }
        cases = []
        if detail["joined"] is not None:
            slots["joined"] = Day(date.fromisoformat(detail["joined"]))
            cases.append("joined")
        if not detail["whole"]:
            cases.append("part")
        most = max(Fraction(detail["now"]), Fraction(detail["before"]))
        entries = tuple(
            Entry(
                Days(
                    date.fromisoformat(detail[f"{prefix}first_day"]),
                    date.fromisoformat(detail[f"{prefix}last_day"]),
                ),
                Quantity(amount := detail[name]),
                share=float(Fraction(amount) / most),
                leads=name == "now",
            )
            for name, prefix in (("before", "before_"), ("now", ""))
        )
        return Facts(slots, main="change", layout=self.layout, cases=tuple(cases), entries=entries)


_NOTHING = """SELECT NULL::VARCHAR AS customer_id, NULL::DECIMAL(38, 9) AS number, NULL AS text,
  NULL::JSON AS detail, NULL::BIGINT AS rows, false AS alone
WHERE false"""
