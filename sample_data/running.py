"""Strider, a running app: runs as the watch sent them, in milliseconds since 1970."""

from collections.abc import Sequence
from random import Random
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from sample_data.business import LABEL, Business, Labels
from sample_data.edges import Visit
from sample_data.people import Person
from sample_data.rhythm import DAY_SECONDS, EPOCH, draw_habit, draw_moments, to_instant, utc_offsets, zipf
from sample_data.routes import KINDS, ODD_PLACES, PLACES, RACE, RACES_M, TREADMILL

NOWHERE = -1
SHORTEST = tuple(kind.shortest_m for kind in KINDS)
SPANS = tuple(kind.longest_m - kind.shortest_m for kind in KINDS)
PACES = tuple(kind.pace for kind in KINDS)
RUNNING_HOURS = (0, 1, 2, 4)
"""Of `rhythm.HOURS`: nobody runs as a night owl listens to music."""
LIKINGS = (
    (60, 12, 8, 14, 0, 4, 2),
    (40, 20, 20, 14, 0, 0, 6),
    (30, 5, 0, 15, 45, 2, 3),
    (20, 5, 10, 0, 0, 65, 0),
    (100, 0, 0, 0, 0, 0, 0),
)
"""How often each of `KINDS` comes up: for fun, in training, on trails, indoors, always the same."""
FIRST_RUNNER = 100_017
EVERY_NOBODY = 50
"""Every so many runners, a watch sends a run without saying whose."""


def customer_id(number: int) -> str:
    """Return the number of a runner."""
    return str(FIRST_RUNNER + number)


class Running(Business):
    """Runs, and who ran them."""

    name = "running"
    mix: ClassVar = {
        "english": 24, "german": 22, "french": 7, "spanish": 8, "brazilian": 6, "turkish": 4, "polish": 5,
        "vietnamese": 3, "greek": 4, "ukrainian": 3, "arabic": 3, "hebrew": 2, "hindi": 3, "chinese": 2,
        "japanese": 5, "korean": 3,
    }  # fmt: skip
    heavy_events = 700
    tier_share = 0.5
    events_schema = pa.schema([
        ("runner", pa.int64()),
        ("started_at", pa.int64()),
        ("distance_m", pa.int32()),
        ("duration_s", pa.int32()),
        ("place", LABEL),
        ("kind", LABEL),
    ])  # fmt: skip
    customers_schema = pa.schema([
        ("runner", pa.int64()),
        ("name", pa.string()),
        ("locale", pa.string()),
        ("time_zone", pa.string()),
        ("opt_out", pa.bool_()),
    ])  # fmt: skip

    def __init__(self) -> None:
        super().__init__(("at", "distance", "duration", "place", "kind"))
        self._places = Labels(PLACES)
        self._kinds = Labels([kind.name for kind in KINDS])

    def live(self, person: Person, rng: Random, events: int) -> None:
        """Add a runner's runs: at their pace, on their few routes, with a race now and then."""
        starts = draw_moments(rng, draw_habit(rng, RUNNING_HOURS), events)
        offsets = utc_offsets(person.time_zone or "UTC")
        routes = _draw_routes(rng, events)
        places = rng.choices(routes, cum_weights=zipf(len(routes)), k=events)
        kinds = rng.choices(range(len(KINDS)), rng.choice(LIKINGS), k=events)
        pace, reach = 0.27 + rng.random() * 0.16, 0.6 + rng.random() * 0.6
        shortest, spans = [reach * least for least in SHORTEST], [reach * span for span in SPANS]
        paces = [pace * factor for factor in PACES]
        rolls = [rng.random() for _ in kinds]
        distances = [
            RACES_M[int(roll * len(RACES_M))] if kind == RACE else int(shortest[kind] + roll * spans[kind])
            for kind, roll in zip(kinds, rolls, strict=True)
        ]
        # The farther, the slower.
        durations = [
            int(distance * paces[kind] * (0.96 + roll * 0.08))
            for distance, kind, roll in zip(distances, kinds, rolls, strict=True)
        ]
        places = [NOWHERE if kind == TREADMILL else place for place, kind in zip(places, kinds, strict=True)]
        at = [EPOCH + start - offsets[start // DAY_SECONDS] for start in starts]
        again = slice(0, 1 if rng.random() < 0.03 else 0)
        runner = customer_id(person.number)
        self._columns.extend(runner, at, distances, durations, places, kinds)
        self._columns.extend(
            runner, at[again], distances[again], durations[again], places[again], kinds[again]
        )
        if person.number % EVERY_NOBODY == EVERY_NOBODY - 1:
            last = slice(events - 1, events)
            self._columns.extend(None, at[last], distances[last], durations[last], places[last], kinds[last])

    def visit(self, person: Person, visits: Sequence[Visit]) -> None:
        """Add one easy run of five kilometres a visit; of what is given back, the watch recorded nothing."""
        runs = [visit for visit in visits for _ in range(visit.copies)]
        zone = person.time_zone or "UTC"
        self._columns.extend(
            customer_id(person.number),
            [to_instant(run.moment, zone) for run in runs],
            [5_000 * max(run.size, 0) for run in runs],
            [1_800 * max(run.size, 0) for run in runs],
            [run.item for run in runs],
            [0] * len(runs),
        )

    def flush(self) -> pa.Table:
        """Hand over the runs held, and hold none."""
        columns = self._columns
        table = pa.table(
            [
                columns.customers().dictionary_decode().cast(pa.int64()),
                pc.multiply(columns.integers("at"), 1_000),
                columns.integers("distance").cast(pa.int32()),
                columns.integers("duration").cast(pa.int32()),
                self._places.column(columns.places("place")),
                self._kinds.column(columns.places("kind")),
            ],
            schema=self.events_schema,
        )
        columns.clear()
        return table

    def customers(self, people: Sequence[Person]) -> pa.Table:
        """Return the runners' rows."""
        return pa.table(
            {
                "runner": [int(customer_id(person.number)) for person in people],
                "name": [person.name for person in people],
                "locale": [person.locale for person in people],
                "time_zone": [person.time_zone for person in people],
                "opt_out": [person.opt_out for person in people],
            },
            schema=self.customers_schema,
        )


def _draw_routes(rng: Random, events: int) -> list[int]:
    """Draw where a runner runs, most often first: a neighbourhood, and for some a place of their own."""
    size = min(9, 2 + events // 12)
    first = rng.randrange(ODD_PLACES, len(PLACES) - size)
    routes = rng.sample(range(first, first + size), size)
    if rng.random() < 0.5:
        routes[rng.randrange(size)] = rng.randrange(ODD_PLACES)
    return routes
