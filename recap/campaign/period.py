"""The period a campaign looks at: whole local days, from the first to the last, both included."""

from datetime import date, timedelta
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Period(BaseModel):
    """A year, a month, a quarter, or any run of days; always whole days in local time."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    year: int | None = Field(default=None, ge=1970, le=2200)
    month: int | None = Field(default=None, ge=1, le=12)
    """With `year`."""
    quarter: int | None = Field(default=None, ge=1, le=4)
    """With `year`."""
    first_day: date | None = Field(default=None, ge=date(1970, 1, 1), le=date(2200, 12, 31))
    """With `last_day`, instead of `year`."""
    last_day: date | None = Field(default=None, ge=date(1970, 1, 1), le=date(2200, 12, 31))
    """Included."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.year is None) == (self.first_day is None) or (self.first_day is None) != (
            self.last_day is None
        ):
            message = "give either `year` (with `month` or `quarter`), or `first_day` and `last_day`"
            raise ValueError(message)
        if self.year is None and (self.month is not None or self.quarter is not None):
            message = "`month` and `quarter` go with `year`"
            raise ValueError(message)
        if self.month is not None and self.quarter is not None:
            message = "give `month` or `quarter`, not both"
            raise ValueError(message)
        if self.first_day is not None and self.last_day is not None and self.last_day < self.first_day:
            message = f"last_day {self.last_day} is before first_day {self.first_day}"
            raise ValueError(message)
        return self

    @property
    def start(self) -> date:
        """The first day."""
        if self.first_day is not None:
            return self.first_day
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
