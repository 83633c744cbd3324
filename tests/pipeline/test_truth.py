"""Real activity, computed by others beforehand: every value of five customers in each of two data sets."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from recap.metrics.results import read_values
from recap.metrics.value import Value
from recap.pipeline.prepare import Prepared, open_campaign, prepare
from recap.pipeline.progress import Clock, Silence

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
SETS = ("online_retail", "coffee_vending")


def truth(name: str) -> dict[str, Any]:
    path = DATA / name / "truth.json"
    if not path.is_file():
        pytest.skip(f"the real data of {name} are not beside this checkout")
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return loaded


@pytest.fixture(scope="module", params=SETS)
def computed(request: pytest.FixtureRequest) -> Iterator[tuple[dict[str, Any], Prepared]]:
    """The ground truth of a data set, and what recap computes of it."""
    expected = truth(request.param)
    file = open_campaign(ROOT / "examples" / request.param / "truth.yaml")
    with prepare(file, Clock(Silence()), Silence()) as prepared:
        yield expected, prepared


def number(value: Value) -> Decimal:
    return Decimal(value.detail["exact"])


def items(value: Value, key: str) -> list[tuple[str, Decimal]]:
    return [(item["label"], Decimal(item["value"])) for item in value.detail["items"]]


def test_every_value_agrees(computed: tuple[dict[str, Any], Prepared]) -> None:
    """Totals, tops with their ties, busiest times, streaks, moments and ranks equal the ground truth."""
    expected, prepared = computed
    for customer, true in expected["customers"].items():
        got = read_values(prepared.connection, customer)
        volume = true["volume"]
        assert number(got["events"]) == volume["events"]
        assert number(got["amount"]) == Decimal(str(volume["total_amount"]))
        assert number(got["items"]) == volume["distinct_items"]
        assert number(got["active_days"]) == volume["active_days"]
        if "orders" in got:
            assert number(got["orders"]) == volume["orders"]
        assert Decimal(got["biggest"].detail["exact"]) == Decimal(str(volume["max_amount"]))
        for edge in ("first", "last"):
            moment = got[edge].detail["time"]
            assert moment.ljust(26, "0")[:23].rstrip("0.") == volume[f"{edge}_event"].rstrip("0.")[
                :23
            ].rstrip("0.")
        for metric, key in (("top_items_by_events", "events"), ("top_items_by_amount", "amount")):
            top = [(item["item"], Decimal(str(item[key]))) for item in true[metric]["top5"]]
            assert items(got[metric], key) == top
            tied = true[metric]["tied"]
            assert got[metric].detail["tied_count"] == len(tied)
            assert got[metric].detail["tied"] == tied[:20]
        for time in ("busiest_weekday", "busiest_month", "busiest_hour", "busiest_day"):
            for suffix, key, ties in (("", "events", "tied"), ("_by_amount", "amount", "tied_by_amount")):
                value = got.get(time + suffix)
                if value is None:
                    continue
                assert Decimal(value.detail["items"][0]["value"]) == Decimal(str(true[time][key]))
                told = [int(k[-2:]) if time == "busiest_month" else k for k in value.detail["tied"]]
                assert told == true[time][ties][:24]
        run = true["longest_streak"]
        streak = got["streak"].detail
        assert [streak["exact"], streak["first_day"], streak["last_day"], streak["tied_runs"]] == [
            run["days"],
            run["first_day"],
            run["last_day"],
            run["tied_runs"],
        ]
        rank = true["rank"]
        for metric in ("amount", "standing"):
            value = got[metric]
            assert (value.rank, value.cohort, value.top_percent) == (
                rank["rank_desc"],
                rank["n_customers"],
                rank["top_percent"],
            )


def test_the_population_agrees(computed: tuple[dict[str, Any], Prepared]) -> None:
    """Everyone of the year is there, and every row of the file has one fate."""
    expected, prepared = computed
    population = expected["population"]["population"]
    assert len(prepared.people) == population["customers"]
    assert prepared.people["events"].sum() == population["events"]
    rows = prepared.opened.rows
    assert rows.read == rows.used + rows.no_customer + rows.outside_period + rows.filtered + rows.duplicate


@pytest.mark.parametrize("name", SETS)
def test_the_decks_of_everyone_can_be_told(name: str) -> None:
    """The campaign for real: every deck can be phrased, and no card is empty."""
    import polars as pl

    from recap.metrics.results import stream_chosen
    from recap.pipeline.cut import chosen_of, make_people
    from recap.pipeline.look import load_look

    truth(name)
    file = open_campaign(ROOT / "examples" / name)
    look = load_look(file.campaign, file.folder)
    with prepare(file, Clock(Silence()), Silence()) as prepared:
        people = prepared.people.with_columns(pl.col("customer_id").alias("token")).sort("token")
        values = stream_chosen(prepared.connection, chosen_of(prepared, people))
        told = 0
        for person in make_people(prepared, people, values):
            assert person.deck is not None
            for card in look.cards(person.deck):
                assert card.hero
                assert card.headline
                assert card.alt_text
            told += 1
    assert told == len(people)
