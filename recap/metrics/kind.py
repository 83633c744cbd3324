"""What a metric kind is: its parameters, its SQL, its facts, its line in the catalogue."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from recap.campaign import Metric, Period
from recap.metrics.facts import Facts
from recap.metrics.needs import Need
from recap.metrics.value import Value

if TYPE_CHECKING:
    import duckdb  # drawing workers know the kinds, and need no database

M = TypeVar("M", bound=Metric)


@dataclass(frozen=True, slots=True)
class Tables:
    """What a kind's query may read."""

    rollup: Callable[[Need], str]
    """The subquery of a need."""
    metric: Callable[[str], str]
    """The table of another metric's values: `customer_id, number, text, detail, rows, alone`. Only over
    the base."""
    gathered: str
    """What `gather` brought together. Only over the base."""
    period: Period
    first_day: date
    """The local day of the first event known of anyone, before the period or in it."""
    last_day: date
    """The local day of the last event in the period of anyone."""
    events: str = "events"
    """The events of the period: `customer_id, ts`, the instant, and the campaign's fields. Reading them is a
    scan: what several metrics could share belongs into a need."""
    history: str = "history"
    """The events before the period, in the same columns; empty where no need or kind asks for them."""
    instant: str = "ts"
    """The column of both that orders events in time, TIMESTAMP: UTC where that is known, else local time."""


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
    has_share: ClassVar[bool] = False
    """Whether the query also gives `share` DOUBLE: what part of the customer's own total the leading one
    makes. Selection then judges that, and not how much they did of everything."""
    days: ClassVar[tuple[str, ...]] = ()
    """JSON paths in the value's detail to the local days, or times, that its card names; `+6` behind one
    means six days later."""
    labels: ClassVar[tuple[str, ...]] = ()
    """JSON paths in the value's detail to the labels its card names, where its text is not all of them."""
    compares: ClassVar[bool] = False
    """Whether the card itself sets the customer beside others."""
    zero_tells: ClassVar[bool] = False
    """Whether a number of zero says something, as a share of nothing on weekends does."""
    example: ClassVar[str]
    """A metric of this kind as a campaign writes it, for the catalogue: YAML, on the sample shop's fields
    `receipt`, `product`, `category`, `quantity`, `amount`."""
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

    def after(self, metric: M) -> tuple[str, ...]:
        """Name the metrics that must be computed first."""
        return ()

    def over_base(self, metric: M) -> bool:
        """Say whether the query looks at all customers together.

        Usually it sees the rollups and events of a part of the customers, and is asked once for each part.
        Over the base it is asked once, after all of those, and sees other metrics' values and what `gather`
        brought together; `tables.events` are then everyone's.
        """
        return bool(self.after(metric))

    def gather(self, metric: M, tables: Tables) -> str | None:
        """Give a SELECT over a part of the customers; its rows over all parts are in `tables.gathered`.

        It has a column `customer_id`, which may be null.
        """
        return None

    def problems(
        self, metric: M, connection: "duckdb.DuckDBPyConnection", fields: Mapping[str, str]
    ) -> Iterable[tuple[str, str]]:
        """Find what is wrong with a metric, seen with the data: its key and what to say.

        The connection holds `events`, `history` and `customers`; `fields` maps names to DuckDB types.
        """
        return ()

    def reads_history(self, metric: M) -> bool:
        """Say whether events before the period are read."""
        return any(need.span != "period" for need in self.needs(metric))
