"""What the sample data promise is in the committed files."""

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

import polars as pl
import pytest
from sample_files import BUSINESSES, IDS, PLACES, customers, edge_rows, events, in_year, streaks

from sample_data.edges import EDGES

every_business = pytest.mark.parametrize("business", BUSINESSES)


@every_business
def test_light_users(business: str) -> None:
    """There are customers with no, one, two, three and a dozen events in the year."""
    expected = {
        "in the table, did nothing": 0,
        "active outside the year only": 0,
        "one event": 1,
        "two events, everything tied": 2,
        "three events, one item": 3,
        "a dozen events, three items tied": 12,
    }
    assert {case: len(in_year(edge_rows(business, case))) for case in expected} == expected


@every_business
def test_heavy_user(business: str) -> None:
    """One customer has several times what a busy one has."""
    heavy = len(edge_rows(business, "far more than anybody"))
    others = events(business).filter(pl.col("who") != IDS[business](PLACES["far more than anybody"]))
    busy = others.group_by("who").len()["len"].quantile(0.9)
    assert busy is not None
    assert heavy > 3 * busy


@every_business
def test_ordinary_lives(business: str) -> None:
    """Whoever is there for their name alone is active in the year, so that the name comes to be drawn."""
    plain = [number for number, edge in enumerate(EDGES) if edge.plan is None and not edge.opt_out]
    for number in plain:
        assert len(in_year(edge_rows(business, EDGES[number].case))) >= 20, EDGES[number].case


@every_business
def test_top_item_tie(business: str) -> None:
    """A dozen events fall on three items, four each: a tie for the first place."""
    counts = Counter(item for _, item in in_year(edge_rows(business, "a dozen events, three items tied")))
    assert sorted(counts.values()) == [4, 4, 4]


def test_top_song_tie_also_in_seconds() -> None:
    """The tied songs are tied in seconds too, so the tie holds for sums."""
    who = IDS["music"](PLACES["a dozen events, three items tied"])
    seconds = (
        events("music").filter(pl.col("who") == who).group_by("track").agg(pl.col("seconds").sum())["seconds"]
    )
    assert seconds.n_unique() == 1
    assert len(seconds) == 3


@every_business
def test_busiest_weekday_tie(business: str) -> None:
    """Mondays and Thursdays come to exactly the same."""
    weekdays = Counter(at.isoweekday() for at, _ in in_year(edge_rows(business, "two weekdays tied")))
    assert weekdays == {1: 10, 4: 10}


@every_business
def test_streaks_over_both_ends(business: str) -> None:
    """A streak comes in from 2025, and one goes out into 2027, with gaps between."""
    runs = streaks({at.date() for at, _ in edge_rows(business, "streaks over both ends of the year")})
    assert any(first < date(2026, 1, 1) <= last for first, last in runs)
    assert any(first <= date(2026, 12, 31) < last for first, last in runs)
    assert len(runs) > 2


@every_business
def test_every_day(business: str) -> None:
    """One customer misses no day of the year."""
    days = {at.date() for at, _ in in_year(edge_rows(business, "every day, over both ends of the year"))}
    assert len(days) == 365


@every_business
def test_equal_streaks(business: str) -> None:
    """The two longest streaks are equally long."""
    runs = streaks({at.date() for at, _ in edge_rows(business, "two streaks as long")})
    assert [(last - first).days + 1 for first, last in runs] == [6, 6]


@every_business
def test_autumn_joiner(business: str) -> None:
    """One customer begins in autumn, and is there to the end."""
    moments = [at for at, _ in edge_rows(business, "joined in autumn")]
    assert min(moments).date() == date(2026, 9, 19)
    assert max(moments).date() > date(2026, 12, 20)


@every_business
@pytest.mark.parametrize("case", ["first and last second, far east", "first and last second, far west"])
def test_last_seconds(business: str, case: str) -> None:
    """Of four events around the year's ends by the customer's own clock, two are in the year."""
    assert [at for at, _ in edge_rows(business, case)] == [
        datetime(2025, 12, 31, 23, 59, 59),
        datetime(2026, 1, 1, 0, 0, 0),
        datetime(2026, 12, 31, 23, 59, 59),
        datetime(2027, 1, 1, 0, 0, 0),
    ]


@every_business
def test_clock_change_nights(business: str) -> None:
    """In autumn half past two happens twice: an hour apart where instants are known."""
    who = IDS[business](PLACES["the nights the clocks change"])
    moments = events(business).filter(pl.col("who") == who)["at"].to_list()
    seconds = [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]
    hour = 0 if business == "shop" else 3600
    assert seconds[2] == hour
    assert seconds[0] == (3601 if business == "shop" else 1)


@every_business
def test_repeated_rows(business: str) -> None:
    """Some rows were delivered more than once, to the last cell."""
    who = IDS[business](PLACES["rows delivered twice and thrice"])
    rows = events(business).filter(pl.col("who") == who)
    assert rows.height == 21
    assert rows.unique().height == 15
    others = events(business).filter(pl.col("who") != who)
    assert others.height > others.unique().height


@every_business
def test_rows_without_customer(business: str) -> None:
    """Some rows name nobody; as text the name is empty in some and blank in others."""
    who = events(business)["who"]
    assert who.null_count() > 0
    assert business == "running" or (who == "").sum() > 0


def test_returns() -> None:
    """One card gave back more than it took, and others brought something back too."""
    rows = events("shop")
    who = IDS["shop"](PLACES["gave back more than was taken"])
    assert rows.filter(pl.col("who") == who)["quantity"].sum() < 0
    assert rows.filter((pl.col("who") != who) & (pl.col("quantity") < 0)).height > 10


def test_cards_keep_their_zeros() -> None:
    """Card numbers are texts of five digits, and prices exact."""
    cards = events("shop").filter(pl.col("card").is_not_null() & (pl.col("card") != ""))["card"]
    assert cards.str.contains(r"^0\d{4}$").all()
    assert events("shop").schema["price"] == pl.Decimal(10, 2)
    assert events("shop")["price"].min() == Decimal("0.50")


def test_treadmills_stand_nowhere() -> None:
    """A run has no place exactly where it was run on a treadmill."""
    rows = events("running")
    assert rows.filter(pl.col("place").is_null())["kind"].unique().to_list() == ["Treadmill"]


@every_business
def test_names(business: str) -> None:
    """Names come in many scripts, as markup, emoji, one letter, sixty letters, and not at all."""
    names = customers(business)["name"]
    scripts = {
        "Greek": r"\p{Greek}",
        "Cyrillic": r"\p{Cyrillic}",
        "Arabic": r"\p{Arabic}",
        "Hebrew": r"\p{Hebrew}",
        "Devanagari": r"\p{Devanagari}",
        "Thai": r"\p{Thai}",
        "Han": r"\p{Han}",
        "Hiragana": r"\p{Hiragana}",
        "Hangul": r"\p{Hangul}",
        "Vietnamese": "Nguyễn",
        "accents": "[áéíóúñçåöü]",
        "emoji": "🦊",
        "markup": "<b>.*</b> &",
        "apostrophe": "'",
    }
    assert [script for script, pattern in scripts.items() if not names.str.contains(pattern).any()] == []
    lengths = names.str.len_chars()
    assert lengths.min() == 1
    assert lengths.max() == 60
    assert names.null_count() > 0


@every_business
def test_items(business: str) -> None:
    """Items have a word of forty letters, emoji, markup, one or two letters, many scripts."""
    items = events(business)["item"].drop_nulls().unique()
    for pattern in (
        r"\p{L}{40,}",
        "[🌞🐻🌳]",
        "<",
        "&",
        r"^.{1,2}$",
        r"^.{75,}$",
        r"\p{Arabic}",
        r"\p{Hangul}",
    ):
        assert items.str.contains(pattern).any(), pattern


@every_business
def test_customers_table(business: str) -> None:
    """Some opted out, some have no language, some are active but not listed, some the other way."""
    table, rows = customers(business), events(business)
    opted_out = table.filter(pl.col("opt_out") == ("yes" if business == "shop" else True))
    known, active = set(table["who"]), set(rows["who"].drop_nulls()) - {""}
    assert IDS[business](PLACES["opted out"]) in set(opted_out["who"])
    assert set(opted_out["who"]) & active
    assert active - known
    assert known - active
    language = table["language" if business == "shop" else "locale"]
    assert language.null_count() > 0
    assert {"en", "de"} <= set(language)
    assert table["who"].is_unique().all()


@every_business
def test_boundaries_matter(business: str) -> None:
    """There are events in December 2025 and January 2027, and none beyond."""
    days = events(business)["at"].dt.date()
    assert days.min() <= date(2025, 12, 4)
    assert date(2027, 1, 9) <= days.max() <= date(2027, 1, 11)


def test_every_edge_is_told_apart() -> None:
    """No two customers made on purpose have the same reason."""
    assert len(PLACES) == len(EDGES)
