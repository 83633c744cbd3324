"""The tables `events` and `history` while they are filled; both have the same columns at all times."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb

from recap.errors import SourceError
from recap.sources.conversions import NARROW, PRECISION
from recap.sources.duplicates import drop_duplicates
from recap.sources.fates import BEFORE, USED, Judged
from recap.sources.mapping import MappedField
from recap.sources.sql import quote

EVENTS, HISTORY = "events", "history"
INSTANT = "_utc"
SOURCE = "recap source"


def limit_of(field_: MappedField, value: str) -> str | None:
    """Write when a value of a decimal field has too many digits to be stored narrow; None where none can."""
    if field_.is_narrow or field_.type != _wide(field_.scale):
        return None
    most = 10 ** (NARROW - field_.scale)
    return f"{value} <= -{most} OR {value} >= {most}"


@dataclass(slots=True)
class EventTables:
    """Grows the tables' columns with the sources that are put into them."""

    connection: duckdb.DuckDBPyConnection
    kept: frozenset[str]
    """The fields that are wanted."""
    keys: tuple[str, ...]
    """The columns that make two rows one event; empty where none do."""
    declared: dict[str, str] = field(default_factory=dict)
    """Every field of any source to its DuckDB type."""
    fields: dict[str, str] = field(default_factory=dict)
    """The fields that the tables hold to the type they are stored in."""
    _has_instants: bool = False
    _places: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for table in (EVENTS, HISTORY):
            self.connection.execute(f"CREATE OR REPLACE TABLE {table} (customer_id VARCHAR, ts TIMESTAMP)")

    def declare(self, fields: Sequence[MappedField], key: str) -> None:
        """Take note of a source's fields; SourceError where one has another type than in a source before."""
        for one in fields:
            known = self.declared.setdefault(one.name, one.type)
            if known != one.type:
                raise SourceError(
                    f"{key}.fields.{one.name}: is {one.type} here, but {known} in a source above; "
                    "give both the same `type`"
                )

    def make_room(
        self, fields: Sequence[MappedField], places: Sequence[str], *, wide: set[str], instants: bool
    ) -> None:
        """Add the columns that a source is the first to have; `wide` are fields with many digits."""
        for one in fields:
            if one.name not in self.kept and one.name not in self.keys:
                continue
            decimal = one.type == _wide(one.scale)
            type_ = f"DECIMAL({NARROW},{one.scale})" if decimal and one.name not in wide else one.type
            stored = self.fields.get(one.name)
            if stored is None:
                self._alter(f"ADD COLUMN {quote(one.name)} {type_}")
            elif stored != type_ == one.type:
                self._alter(f"ALTER COLUMN {quote(one.name)} SET DATA TYPE {type_}")
            else:
                continue
            self.fields[one.name] = type_
        if instants and not self._has_instants:
            self._alter(f"ADD COLUMN {INSTANT} TIMESTAMP")
            # Whatever is there already has no instant but its local time.
            self._alter(f"ALTER COLUMN {INSTANT} SET DATA TYPE TIMESTAMP USING ts")
            self._has_instants = True
        if self.keys:
            self._alter(f"ADD COLUMN IF NOT EXISTS {quote(SOURCE)} USMALLINT")
            for place in places:
                self._alter(f"ADD COLUMN IF NOT EXISTS {quote(place)} BIGINT")
            self._places.update(places)

    def fill(self, judged: Judged, number: int, *, history: bool) -> None:
        """Add the rows of source `number` that are used, and with `history` those from before the period."""
        columns = {
            name: f"CAST({sql} AS {self.fields[name]})" if name in self.fields else sql
            for name, sql in judged.values.items()
            if name in {"customer_id", "ts"} or name in self.fields or name in self._places
        }
        if self._has_instants:
            columns[INSTANT] = judged.instant
        if self.keys:
            columns[SOURCE] = str(number)
        select = ", ".join(f"{sql} AS {quote(name)}" for name, sql in columns.items())
        for table, fate in ((EVENTS, USED), (HISTORY, BEFORE)):
            if fate == USED or history:
                self.connection.execute(
                    f"INSERT INTO {table} BY NAME "
                    f"SELECT {select} FROM {judged.relation} WHERE {judged.among(fate)}"
                )

    def finish(self) -> None:
        """Take duplicates out, and the columns that were needed for that only."""
        if not self.keys:
            return
        order = [SOURCE, *sorted(self._places)]
        # Each for itself: what counts in the period must not depend on whether a metric looks back.
        for table in (EVENTS, HISTORY):
            drop_duplicates(self.connection, table, self.keys, order)
        spare = [name for name in self.fields if name not in self.kept]
        for name in [*order, *spare]:
            self._alter(f"DROP COLUMN {quote(name)}")
            self.fields.pop(name, None)

    def _alter(self, change: str) -> None:
        for table in (EVENTS, HISTORY):
            self.connection.execute(f"ALTER TABLE {table} {change}")


def _wide(scale: int) -> str:
    return f"DECIMAL({PRECISION},{scale})"
