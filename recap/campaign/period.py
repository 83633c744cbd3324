"""The period a campaign looks at: whole local days, from the first to the last, both included."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Against = Literal["previous", "last_year"]
"""What a period is compared with: as much time right before it, or the same time a year before."""
YEAR_MONTHS = 12
EARLIEST = date(1970, 1, 1)


class Period(BaseModel):
    """A year, a month, a quarter, any run of days, or so many days up to one; whole days in local time."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, serialize_by_alias=True
    )

    year: int | None = Field(default=None, ge=1970, le=2200)
    month: int | None = Field(default=None, ge=1, le=12)
    """With `year`."""
    quarter: int | None = Field(default=None, ge=1, le=4)
    """With `year`."""
    first_day: date | None = Field(default=None, ge=EARLIEST, le=date(2200, 12, 31))
    """With `last_day`, instead of `year`."""
    last_day: date | None = Field(default=None, ge=EARLIEST, le=date(2200, 12, 31))
    """Included; with `first_day` or `days`."""
    rolling_days: int | None = Field(default=None, alias="days", ge=1, le=36_600)
    """So many days ending with `last_day`, instead of `first_day`."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        begins = [key for key in (self.year, self.first_day, self.rolling_days) if key is not None]
        if len(begins) != 1 or (self.year is None) != (self.last_day is not None):
            message = (
                "give either `year` (with `month` or `quarter`), or `first_day` and `last_day`, "
                "or `last_day` and `days`"
            )
            raise ValueError(message)
        if self.year is None and (self.month is not None or self.quarter is not None):
            message = "`month` and `quarter` go with `year`"
            raise ValueError(message)
        if self.month is not None and self.quarter is not None:
            message = "give `month` or `quarter`, not both"
            raise ValueError(message)
        if self.last_day is not None and self.last_day < self.start:
            message = f"last_day {self.last_day} is before first_day {self.first_day}"
            raise ValueError(message)
        if self.start < EARLIEST:
            message = f"so many days reach back to {self.start}; the earliest is {EARLIEST}"
            raise ValueError(message)
        return self

    @property
    def start(self) -> date:
        """The first day."""
        if self.first_day is not None:
            return self.first_day
        if self.last_day is not None and self.rolling_days is not None:
            return self.last_day - timedelta(days=self.rolling_days - 1)
        assert self.year is not None  # noqa: S101 - the validator saw to it; this is for the type checker
        return date(self.year, self.month or (3 * (self.quarter or 1) - 2), 1)

    @property
    def stop(self) -> date:
        """The day after the last."""
        if self.last_day is not None:
            return self.last_day + timedelta(days=1)
        assert self.year is not None  # noqa: S101
        months = 1 if self.month is not None else 3 if self.quarter is not None else 12
        index = self.start.month - 1 + months
        return date(self.year + index // 12, index % 12 + 1, 1)

    @property
    def end(self) -> date:
        """The last day, included."""
        return self.stop - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days it holds."""
        return (self.stop - self.start).days

    @property
    def months(self) -> tuple[date, ...]:
        """The first day of every month the period touches, in order."""
        months = []
        at = self.start.replace(day=1)
        while at < self.stop:
            months.append(at)
            at = (at + timedelta(days=32)).replace(day=1)
        return tuple(months)

    def earlier(self, against: Against) -> tuple[date, date]:
        """Give the first and the last day of the period this one is compared with.

        A period of whole calendar months has as many months before it, any other as many days. A year before,
        February 29 is February 28, and what ends with a month ends with that month.
        """
        first = self.matching(self.start, against)
        if against == "previous":
            return first, self.start - timedelta(days=1)
        if self.stop.day == 1:
            return first, self.matching(self.stop, against) - timedelta(days=1)
        return first, self.matching(self.end, against)

    def matching(self, day: date, against: Against) -> date:
        """Give the day of the earlier period that a day of this one is compared with."""
        if against == "last_year":
            return months_before(day, YEAR_MONTHS)
        if self.start.day == 1 and self.stop.day == 1:
            return months_before(day, len(self.months))
        return day - timedelta(days=self.days)


def months_before(day: date, months: int) -> date:
    """Give the same day of an earlier month, or its last day where it has no such day."""
    index = day.year * YEAR_MONTHS + day.month - 1 - months
    year, month = index // YEAR_MONTHS, index % YEAR_MONTHS + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
