"""The day in four parts: night, morning, afternoon, evening."""

from typing import Any, Literal, Self, get_args

from pydantic import Field, model_validator

from recap.campaign import Period
from recap.metrics.facts import DayPart
from recap.metrics.kind import Tables
from recap.metrics.kinds.busiest import Busiest, BusiestMetric
from recap.metrics.kinds.leaders import regroup

Part = Literal["night", "morning", "afternoon", "evening"]
PARTS: tuple[Part, ...] = get_args(Part)


class TimeOfDayMetric(BusiestMetric):
    """The part of the day with the most."""

    kind: Literal["time_of_day"]
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


class TimeOfDay(Busiest[TimeOfDayMetric]):
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
    example = """\
id: time_of_day
kind: time_of_day
of: quantity
night: 22
title: Your time of day"""
    params = TimeOfDayMetric
    slot = "part"
    grain = "hour"

    def groups(self, metric: TimeOfDayMetric, tables: Tables) -> str:
        """Regroup the hours; an ENUM sorts in its own order and reads as its name."""
        names = ", ".join(f"'{part}'" for part in PARTS)
        hours = ", ".join(f"'{metric.part_at(hour)}'" for hour in range(24))
        key = f"([{hours}]::ENUM({names})[])[key + 1]"
        return regroup(tables.rollup(*self.needs(metric)), key)

    def time(self, key: Any) -> DayPart:
        """Read `night`."""
        return DayPart(key)

    def times(self, period: Period) -> tuple[DayPart, ...]:
        """All four, from night to evening."""
        return tuple(DayPart(part) for part in PARTS)
