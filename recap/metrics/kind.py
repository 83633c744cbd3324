"""What a metric kind is: its parameters, its SQL, its facts, its line in the catalogue."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Generic, TypeVar

from recap.campaign import Metric, Period
from recap.metrics.facts import Facts
from recap.metrics.needs import Need
from recap.metrics.value import Value

M = TypeVar("M", bound=Metric)


@dataclass(frozen=True, slots=True)
class Tables:
    """What a kind's query may read."""

    rollup: Callable[[Need], str]
    """The subquery of a need."""
    metric: Callable[[str], str]
    """The table of another metric's values: `customer_id, number, text, detail, rows, rank, cohort`."""
    last_day: date
    """The period's last day."""
    months: tuple[date, ...]
    """The first days of the months the period touches."""


class Kind(ABC, Generic[M]):
    """A metric kind. Stateless: one instance stands in the registry."""

    name: ClassVar[str]
    """As written in a campaign's `kind:`."""
    family: ClassVar[str]
    """The family of metrics that do not name one."""
    definition: ClassVar[str]
    """One sentence for the catalogue and the receipt: what is computed, and how ties fall."""
    number: ClassVar[str]
    """What the value's number is, with its unit."""
    detail: ClassVar[str]
    """The keys of the value's detail."""
    layout: ClassVar[str]
    """The card layout that shows it best."""
    least_number: ClassVar[int] = 1
    """Below it the value is no story, unless the campaign's gate says otherwise; 0 where only the campaign
    knows the unit."""
    least_rows: ClassVar[int] = 1
    """Fewer events than this make no story, unless the campaign's gate says otherwise."""
    claims: ClassVar[bool] = True
    """Whether *top x %* beside it is understood: a rank among busiest Tuesdays is not."""
    params: type[M]
    """The model of its keys in a campaign."""

    @abstractmethod
    def needs(self, metric: M) -> tuple[Need, ...]:
        """Say what must be rolled up."""

    @abstractmethod
    def query(self, metric: M, tables: Tables) -> str:
        """Give a SELECT of `customer_id, number, text VARCHAR, detail JSON, rows BIGINT, alone BOOLEAN`.

        One row a customer with a value; `number` keeps its exact type, so that ranks are exact. `alone` says
        that there was nothing to compare it with: the busiest of one hour, the biggest of one event.
        """

    @abstractmethod
    def facts(self, metric: M, value: Value, period: Period) -> Facts:
        """Say what a value means, for the wording."""

    def after(self, metric: M) -> str | None:
        """Name the metric that must be computed first, if there is one."""
        return None
