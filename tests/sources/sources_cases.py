"""What the tests of the sources share: a campaign with one source, and opening it."""

import atexit
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from recap.campaign.models import Campaign
from recap.sources.connection import connect
from recap.sources.forgotten import IsForgotten
from recap.sources.open import Opened, Wanted, open_events

PLAIN = Wanted()


def campaign(*sources: Mapping[str, Any], **keys: Any) -> Campaign:
    """A campaign over the given sources; the year 2024 unless told otherwise."""
    return Campaign.model_validate(
        {
            "id": "test",
            "title": "Test",
            "brand": {"name": "Test"},
            "period": {"year": 2024},
            "sources": list(sources),
            "metrics": [{"id": "events", "kind": "count"}],
            **keys,
        }
    )


def source(path: str, **keys: Any) -> dict[str, Any]:
    """A source with the columns `who` and `at`."""
    return {"path": path, "customer": "who", "time": "at", **keys}


class Result:
    """What came of opening a campaign: the outcome, and the tables to look into."""

    def __init__(self, opened: Opened, connection: duckdb.DuckDBPyConnection) -> None:
        self.opened = opened
        self.connection = connection

    def all(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def column(self, sql: str, order: str = "ALL") -> list[Any]:
        return [row[0] for row in self.all(f"SELECT {sql} FROM events ORDER BY {order}")]

    def rejects(self) -> list[tuple[Any, ...]]:
        return self.all("SELECT source, line, reason, raw FROM rejects ORDER BY source, line, raw")


@contextmanager
def opening(
    folder: Path,
    *sources: Mapping[str, Any],
    frames: Mapping[str, Any] | None = None,
    wanted: Wanted = PLAIN,
    is_forgotten: IsForgotten | None = None,
    **keys: Any,
) -> Iterator[Result]:
    """Open a campaign whose folder is `folder`; all tests do so on one connection, one after another."""
    connection = shared_connection()
    declared = campaign(*sources, **keys)
    opened = open_events(
        declared, connection, base=folder, frames=frames or {}, wanted=wanted, is_forgotten=is_forgotten
    )
    rows = opened.rows
    fates = (rows.used, rows.no_customer, rows.outside_period, rows.filtered, rows.duplicate, rows.rejected)
    assert rows.read == sum(fates)
    yield Result(opened, connection)


@cache
def shared_connection() -> duckdb.DuckDBPyConnection:
    folder = TemporaryDirectory(prefix="recap-tests-")
    atexit.register(folder.cleanup)
    return connect("1GB", Path(folder.name), threads=2)


def write(folder: Path, name: str, text: str | bytes) -> str:
    """Write a file and give its name."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return name
