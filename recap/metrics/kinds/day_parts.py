"""The day in four parts: night, morning, afternoon, evening."""

from typing import Literal, Self, get_args

from pydantic import Field, model_validator

from recap.campaign import FieldRef, Metric, Period
from recap.metrics.facts import DayPart, Fact, Facts, Number, Quantity, Ratio, Several
from recap.metrics.kind import Kind, Tables
from recap.metrics.kinds.busiest import TIES_NAMED, Time, series_entries
from recap.metrics.kinds.leaders import series_query
from recap.metrics.kinds.top import share_of
from recap.metrics.needs import Need
from recap.metrics.value import Value

Part = Literal["night", "morning", "afternoon", "evening"]
PARTS: tuple[Part, ...] = get_args(Part)


class TimeOfDayMetric(Metric):
    """The part of the day with the most."""

    kind: Literal["time_of_day"]
    of: FieldRef | None = None
    """The numeric field that decides; without it the number of events does."""
    night: int = Field(default=0, ge=0, le=23)
    """The hour at which the night begins; before the morning, or after the evening as in 22."""
    morning: int = Field(default=6, ge=0, le=23)
    """The hour at which the morning begins."""
    afternoon: int = Field(default=12, ge=0, le=23)
    """The hour at which the afternoon begins."""
    evening: int = Field(default=18, ge=0, le=23)
    """The hour at which the evening begins."""

    @model_validator(mode="after")
    def _one_after_another(self) -> Self:
        by_day = self.morning < self.afternoon < self.evening
        if not by_day or not (self.night < self.morning or self.night > self.evening):
            message = (
                f"the parts of the day must begin one after another, not night at {self.night}, morning at "
                f"{self.morning}, afternoon at {self.afternoon}, evening at {self.evening}; only the night "
                "may also begin after the evening, as at 22"
            )
            raise ValueError(message)
        return self

    def part_at(self, hour: int) -> Part:
        """Tell which part an hour belongs to: the one that began last, around midnight too."""
        starts: dict[int, Part] = {
            self.night: "night",
            self.morning: "morning",
            self.afternoon: "afternoon",
            self.evening: "evening",
        }
        return starts[max((start for start in starts if start <= hour), default=max(starts))]


class TimeOfDay(Kind[TimeOfDayMetric]):
    """By part of the day."""

    name = "time_of_day"
    family = "clock"
    definition = (
        "The part of the day (night, morning, afternoon, evening) with the most events, or the largest sum, "
        "by the local clock: a part begins at its hour and lasts until the next one begins, midnight or not. "
        "Ties are all named, in this order."
    )
    number = "events of the leading part, or its sum"
    detail = (
        "`items` (`label`, `value`, `rows` of the leading part), `tied`, `tied_count`, `groups`, `total`, "
        "`series` (`key`, `value`, parts with events); parts by name, in the order night to evening"
    )
    layout = "chart"
    least_number = 0
    least_rows = 10
    claims = False
    example = """\
id: time_of_day
kind: time_of_day
of: quantity
night: 22
title: Your time of day"""
    params = TimeOfDayMetric

    def needs(self, metric: TimeOfDayMetric) -> tuple[Need, ...]:
        """Events by customer and hour of the day."""
        return (Need(by="hour", of=metric.of, where=metric.where),)

    def query(self, metric: TimeOfDayMetric, tables: Tables) -> str:
        """Regroup the hours and find the leaders; an ENUM sorts in its own order and reads as its name."""
        names = ", ".join(f"'{part}'" for part in PARTS)
        hours = ", ".join(f"'{metric.part_at(hour)}'" for hour in range(24))
        groups = f"""(SELECT customer_id, ([{hours}]::ENUM({names})[])[key + 1] AS key, sum(n)::BIGINT AS n,
    sum(value) AS value
  FROM {tables.rollup(*self.needs(metric))} GROUP BY ALL)"""
        return series_query(groups)

    def facts(self, metric: TimeOfDayMetric, value: Value, period: Period) -> Facts:
        """Give `part`, `parts` (all tied), `n` and `share`; case `tied`; the four parts as entries."""
        detail = value.detail
        most = detail["items"][0]["value"]
        tied = [DayPart(part) for part in detail["tied"]]
        slots: dict[str, Fact] = {
            "part": tied[0],
            "parts": Several(tuple(tied[:TIES_NAMED]), more=max(0, detail["tied_count"] - TIES_NAMED)),
            "n": Quantity(most),
            "share": Ratio(share_of(most, detail["total"])),
        }
        amounts: dict[Time, Number] = {DayPart(entry["key"]): entry["value"] for entry in detail["series"]}
        entries = series_entries(tuple(DayPart(part) for part in PARTS), amounts)
        cases = ("tied",) if detail["tied_count"] > 1 else ()
        return Facts(slots, main="part", layout=self.layout, cases=cases, entries=entries)
