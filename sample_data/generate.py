"""Make a business's activity, small enough to commit or large enough to sweat over.

    python -m sample_data.generate --business music --customers 200 --seed 2026 --out sample_data/music

writes `events.parquet` and `customers.parquet` into DIR. The same seed gives the same rows, and customer k
the same rows however many customers there are; what is held in memory does not grow with their number.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sample_data.business import REGULAR, Business, draw_count
from sample_data.edges import EDGES, Edge
from sample_data.music import Music
from sample_data.people import Person, draw_person, stream
from sample_data.running import Running
from sample_data.shop import Shop

BUSINESSES: dict[str, Callable[[], Business]] = {
    business.name: business for business in (Music, Shop, Running)
}
GROUP_ROWS = 120_000
"""Rows of a row group: as many as DuckDB gives one thread at a time."""
GROUP_PEOPLE = 20_000


@dataclass(frozen=True, slots=True)
class Made:
    """What was written."""

    customers: int
    """Customers made; a few of them are missing from the customers table on purpose."""
    events: int


def generate(business: Business, *, customers: int, seed: int, folder: Path) -> Made:
    """Write `events.parquet` and `customers.parquet` of a business into `folder`, in the order of customers.

    Raises OSError where the folder cannot be written; nothing half-written bears a final name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made, waiting = 0, []
    with ExitStack() as stack:
        events = stack.enter_context(_writing(folder / "events.parquet", business.events_schema))
        table = stack.enter_context(_writing(folder / "customers.parquet", business.customers_schema))
        for number in range(customers):
            person = live(business, number, seed)
            if person.listed:
                waiting.append(person)
            if business.rows >= GROUP_ROWS:
                made += _write(events, business.flush())
            if len(waiting) >= GROUP_PEOPLE:
                _write(table, business.customers(waiting))
                waiting = []
        made += _write(events, business.flush())
        _write(table, business.customers(waiting))
    return Made(customers, made)


def live(business: Business, number: int, seed: int) -> Person:
    """Add customer `number`'s activity to the business and return who they are."""
    rng = stream(seed, business.name, number, "activity")
    if number >= len(EDGES):
        person = draw_person(
            stream(seed, business.name, number, "person"), number, business.mix, business.home
        )
        business.live(person, rng, draw_count(rng, business.tier_share))
        return person
    edge = EDGES[number]
    person = _person_of(edge, number, business.home)
    if edge.plan is not None:
        business.visit(person, edge.plan())
    else:
        business.live(person, rng, business.heavy_events if edge.events == "heavy" else rng.randint(*REGULAR))
    return person


def _person_of(edge: Edge, number: int, home: str | None) -> Person:
    return Person(number, edge.name, edge.locale, home or edge.time_zone, edge.opt_out, edge.listed)


@contextmanager
def _writing(path: Path, schema: pa.Schema) -> Iterator[pq.ParquetWriter]:
    beside = path.with_name(path.name + ".part")
    try:
        # Without Arrow's own schema the file says text where Arrow said dictionary, as any producer's would.
        with pq.ParquetWriter(beside, schema, compression="zstd", store_schema=False) as writer:
            yield writer
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _write(writer: pq.ParquetWriter, table: pa.Table) -> int:
    if table.num_rows:
        writer.write_table(table, row_group_size=table.num_rows)
    return int(table.num_rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m sample_data.generate",
        description="Make a made-up business's activity, the same every time.",
    )
    parser.add_argument("--business", choices=sorted(BUSINESSES), required=True)
    parser.add_argument(
        "--customers", type=int, default=200, metavar="N", help="how many customers (default 200)"
    )
    parser.add_argument("--seed", type=int, default=2026, help="another seed, other people (default 2026)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the two files go")
    options = parser.parse_args(arguments)
    if options.customers < 1:
        parser.error("--customers must be at least 1")
    try:
        made = generate(
            BUSINESSES[options.business](), customers=options.customers, seed=options.seed, folder=options.out
        )
    except OSError as error:
        print(f"cannot write into {options.out}: {error.strerror or error}", file=sys.stderr)
        return 1
    print(f"{made.customers:,} customers, {made.events:,} events in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
