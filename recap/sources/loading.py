"""One source after the other into the tables of events."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from recap.campaign.models import Campaign, Source, TimeMapping
from recap.errors import SourceError
from recap.sources.customers import Known
from recap.sources.events import EventTables, limit_of
from recap.sources.fates import (
    BEFORE,
    FORGOTTEN,
    REJECTED,
    USED,
    Judged,
    blame,
    judge,
    rejects_query,
    values_query,
)
from recap.sources.mapping import Mapped, map_source
from recap.sources.opening import opening_table
from recap.sources.opt_outs import note_met
from recap.sources.rejects import locate_rejects
from recap.sources.table import Reading, Request, read_errors

PARSED = "staging.parsed"


@dataclass(frozen=True, slots=True)
class Loader:
    """What loading a source takes besides the source."""

    campaign: Campaign
    known: Known
    reading: Reading
    tables: EventTables
    history: bool
    instants: bool

    def load(self, source: Source, number: int) -> tuple[Counter[int], list[str]]:
        """Put a source's rows into the tables; how many rows have which fate, and warnings.

        A source is gone through twice: to count fates, for which most columns need not be read, and to fill
        the tables with the rows that count. Where taking text apart makes reading dear, what was read is kept
        between the two.
        """
        key, connection = f"sources.{number}", self.reading.connection
        request = Request(source, key, _columns(source), "staging.source")
        with read_errors(source.path, key):
            with opening_table(request, self.reading) as table:
                mapped = map_source(connection, source, table, key, self.campaign.time_zone)
                self.tables.declare(mapped.fields, key)
                with _blaming(connection, mapped, key):
                    values = self._values(mapped)
                    self._meet(values)
                    judged = judge(mapped, self.campaign, self.known, values)
                    rows = self._prepare(mapped, judged)
                    if not mapped.is_costly:
                        self.tables.fill(judged, number, history=self.history)
                if rows[REJECTED]:
                    locate_rejects(connection, table, rejects_query(mapped, self.campaign, self.known))
                rows[REJECTED] += table.rejected
                if not rows.total():
                    raise SourceError(f"{key}.path: {source.path!r} holds no rows")
                del rows[FORGOTTEN]
                if self.reading.forgotten:
                    rows[REJECTED] -= self.reading.forgotten.delete_rejects()
            if mapped.is_costly:
                self.tables.fill(judged, number, history=self.history)
                connection.execute(f"DROP TABLE {PARSED}")
        return rows, [*table.warnings, *mapped.warnings]

    def _values(self, mapped: Mapped) -> str:
        """Give the relation of what is read of the rows."""
        query = values_query(mapped)
        if not mapped.is_costly:
            return f"({query})"
        self.reading.connection.execute(f"CREATE OR REPLACE TABLE {PARSED} AS {query}")
        return PARSED

    def _meet(self, values: str) -> None:
        """Find who of this source was forgotten, and who is on the list of opt-outs."""
        if self.reading.forgotten:
            self.reading.forgotten.look(values)
        if self.campaign.opt_outs is not None:
            note_met(self.reading.connection, values)

    def _prepare(self, mapped: Mapped, judged: Judged) -> Counter[int]:
        """Count the rows of each fate, and give the tables the columns that those which count need."""
        limits = {field.name: limit_of(field, judged.values[field.name]) for field in mapped.fields}
        checked = {name: limit for name, limit in limits.items() if limit is not None}
        kept = (USED, BEFORE) if self.history else (USED,)
        sums = "".join(f", bool_or({limit})" for limit in checked.values())
        counted = self.reading.connection.execute(
            f"SELECT {judged.fate} AS fate, count(*){sums} FROM {judged.relation} GROUP BY fate"
        ).fetchall()
        wide = {
            name
            for fate, _, *exceeded in counted
            if fate in kept
            for name, exceeds in zip(checked, exceeded, strict=True)
            if exceeds
        }
        instants = self.instants and mapped.moment.may_be_instant
        self.tables.make_room(mapped.fields, mapped.table.places, wide=wide, instants=instants)
        return Counter({fate: rows for fate, rows, *_ in counted})


@contextmanager
def _blaming(connection: duckdb.DuckDBPyConnection, mapped: Mapped, key: str) -> Iterator[None]:
    """Turn what an expression of the author's makes go wrong into a SourceError that names it."""
    try:
        yield
    except (duckdb.ConversionException, duckdb.OutOfRangeException, duckdb.InvalidInputException) as error:
        raise blame(connection, mapped, error, key) from error


def _columns(source: Source) -> tuple[str, ...]:
    """Name the columns a source must have."""
    time = TimeMapping(column=source.time) if isinstance(source.time, str) else source.time
    columns = [source.customer, time.column, time.date_column, time.time_column]
    columns += [mapping if isinstance(mapping, str) else mapping.column for mapping in source.fields.values()]
    return tuple(column for column in columns if column is not None)
