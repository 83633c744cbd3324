"""Soundwave, a music service: listeners all over the world, every play with its instant."""

from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import ClassVar

import pyarrow as pa

from sample_data.business import LABEL, Business, Labels, draw_groups, seconds_to_timestamps
from sample_data.edges import Visit
from sample_data.people import Person
from sample_data.rhythm import DAY_SECONDS, EPOCH, draw_habit, draw_moments, to_instant, utc_offsets, zipf
from sample_data.songs import ODD_TRACKS, TRACKS, TRACKS_PER_ARTIST

DEVICES = ("phone", "speaker", "car", "desktop", "tv")
SESSION_LENGTHS = (1, 1, 2, 3, 3, 4, 5, 6, 8, 12)
"""Tracks one after the other."""
SECONDS = tuple(track.seconds for track in TRACKS)
ARTISTS = (len(TRACKS) - len(ODD_TRACKS)) // TRACKS_PER_ARTIST
EVERY_NOBODY = 45
"""Every so many customers, some plays come without a listener."""


def customer_id(number: int) -> str:
    """Return the id of a customer."""
    return f"u{number:06d}"


class Music(Business):
    """Plays, and the listeners behind them."""

    name = "music"
    mix: ClassVar = {
        "english": 30, "german": 16, "french": 6, "spanish": 8, "brazilian": 6, "turkish": 5, "polish": 3,
        "vietnamese": 3, "greek": 3, "ukrainian": 3, "arabic": 4, "hebrew": 2, "hindi": 4, "chinese": 2,
        "japanese": 4, "korean": 3,
    }  # fmt: skip
    heavy_events = 6_000
    tier_share = 1.0
    events_schema = pa.schema([
        ("user_id", LABEL),
        ("played_at", pa.timestamp("us", "UTC")),
        ("track", LABEL),
        ("artist", LABEL),
        ("genre", LABEL),
        ("seconds", pa.int32()),
        ("device", LABEL),
    ])  # fmt: skip
    customers_schema = pa.schema([
        ("user_id", pa.string()),
        ("name", pa.string()),
        ("locale", pa.string()),
        ("time_zone", pa.string()),
        ("opt_out", pa.bool_()),
    ])  # fmt: skip

    def __init__(self) -> None:
        super().__init__(("at", "track", "seconds", "device"))
        self._tracks = Labels([track.title for track in TRACKS])
        self._artists = Labels([track.artist for track in TRACKS])
        self._genres = Labels([track.genre for track in TRACKS])
        self._devices = Labels(DEVICES)

    def live(self, person: Person, rng: Random, events: int) -> None:
        """Add a listener's sessions: favourites first, most tracks to the end, mostly on one device."""
        habit = draw_habit(rng)
        lengths = draw_groups(rng, SESSION_LENGTHS, events)
        starts = draw_moments(rng, habit, len(lengths))
        offsets = utc_offsets(person.time_zone or "UTC")
        library = _draw_library(rng, events)
        # Two rolls a play, drawn at once: which track, and how much of it.
        tracks = rng.choices(library, cum_weights=zipf(len(library)), k=events)
        skips = rng.choices((1, 1, 1, 1, 1, 1, 1, 2, 4, 9), k=events)
        seconds = [SECONDS[track] // skip for track, skip in zip(tracks, skips, strict=True)]
        main = rng.randrange(len(DEVICES))
        at: list[int] = []
        devices: list[int] = []
        for start, length in zip(starts, lengths, strict=True):
            begin, play = EPOCH + start - offsets[start // DAY_SECONDS], len(at)
            at += accumulate(seconds[play : play + length - 1], initial=begin)
            devices += [main if rng.random() < 0.8 else rng.randrange(len(DEVICES))] * length
        again = slice(0, 1 if rng.random() < 0.025 else 0)
        self._columns.extend(customer_id(person.number), at, tracks, seconds, devices)
        self._columns.extend(
            customer_id(person.number), at[again], tracks[again], seconds[again], devices[again]
        )
        if person.number % EVERY_NOBODY == EVERY_NOBODY - 1:
            for nobody, some in ((None, slice(0, 2)), ("", slice(2, 3))):
                self._columns.extend(nobody, at[some], tracks[some], seconds[some], devices[some])

    def visit(self, person: Person, visits: Sequence[Visit]) -> None:
        """Add one play a visit, on the phone; nothing was heard of what is given back."""
        plays = [visit for visit in visits for _ in range(visit.copies)]
        zone = person.time_zone or "UTC"
        self._columns.extend(
            customer_id(person.number),
            [to_instant(play.moment, zone) for play in plays],
            [play.item for play in plays],
            [SECONDS[play.item] if play.size > 0 else 0 for play in plays],
            [0] * len(plays),
        )

    def flush(self) -> pa.Table:
        """Hand over the plays held, and hold none."""
        columns = self._columns
        track = columns.places("track")
        table = pa.table(
            [
                columns.customers(),
                seconds_to_timestamps(columns.integers("at"), "UTC"),
                self._tracks.column(track),
                self._artists.column(track),
                self._genres.column(track),
                columns.integers("seconds").cast(pa.int32()),
                self._devices.column(columns.places("device")),
            ],
            schema=self.events_schema,
        )
        columns.clear()
        return table

    def customers(self, people: Sequence[Person]) -> pa.Table:
        """Return the listeners' rows."""
        return pa.table(
            {
                "user_id": [customer_id(person.number) for person in people],
                "name": [person.name for person in people],
                "locale": [person.locale for person in people],
                "time_zone": [person.time_zone for person in people],
                "opt_out": [person.opt_out for person in people],
            },
            schema=self.customers_schema,
        )


def _draw_library(rng: Random, events: int) -> list[int]:
    """Draw what a listener knows, most loved first: a few artists through and through, between strays."""
    size = min(90, 6 + events // 4)
    known = rng.choices(range(len(TRACKS)), k=size)
    favourites = rng.choices(range(ARTISTS), cum_weights=zipf(ARTISTS), k=1 + min(5, size // 12))
    places = rng.sample(range(TRACKS_PER_ARTIST), 3)
    loved = [
        len(ODD_TRACKS) + artist * TRACKS_PER_ARTIST + place for place in places for artist in favourites
    ]
    known[: 2 * len(loved) : 2] = loved
    return list(dict.fromkeys(known))
