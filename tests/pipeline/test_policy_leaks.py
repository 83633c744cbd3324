"""What a policy holds back is on no card of anyone, by whatever way it might get there."""

from pathlib import Path

import polars as pl
import pytest
import yaml

from recap.metrics.results import read_values
from recap.pipeline.decks import make_deck
from recap.pipeline.look import Looks
from recap.pipeline.prepare import open_campaign, prepare
from recap.pipeline.progress import Clock, Silence

SHOP = Path(__file__).parents[2] / "examples" / "shop"
METRICS = [
    {"id": "spent", "kind": "sum", "of": "amount", "currency": "EUR"},
    {"id": "among", "kind": "standing", "of": "spent"},
    {"id": "moon", "kind": "comparison", "of": "spent", "things": [
        {"id": "coin", "size": 1, "noun": {"en": {"one": "coin", "other": "coins"}}}]},
    {"id": "shelf", "kind": "top", "by": "category"},
    {"id": "here", "kind": "standing", "of": "spent", "within": "shelf", "family": "here"},
    {"id": "pair", "kind": "pair", "by": "category", "within": "receipt"},
    {"id": "early", "kind": "early_adopter", "by": "product"},
    {"id": "day", "kind": "busiest_day", "holding": "category"},
    {"id": "own", "kind": "sql", "expression": "min(category)"},
    {"id": "first", "kind": "first_event", "label": "category"},
    {"id": "weeks", "kind": "weekly_streak"},
    {"id": "streak", "kind": "streak", "family": "days"},
]  # fmt: skip


def tell_all(policy: dict[str, object], tmp_path: Path) -> str:
    """Say everything that every third customer reads or hears of any card of a shop with such a policy."""
    data = yaml.safe_load((SHOP / "campaign.yaml").read_text(encoding="utf-8"))
    data["sources"]["path"] = str(SHOP.parents[1] / "sample_data" / "shop" / "events.parquet")
    data["customers"]["path"] = str(SHOP.parents[1] / "sample_data" / "shop" / "customers.parquet")
    gates = {"number_at_least": 0, "rows_at_least": 1, "cohort_at_least": 1}
    metrics = [{**metric, "gates": gates} for metric in METRICS]
    selection = {"cards": 20, "some_below": 0, "fallback_below": 1, "cohort_at_least": 1}
    data |= {"metrics": metrics, "policy": policy, "selection": selection, "languages": ["en"]}
    path = tmp_path / "campaign.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    file = open_campaign(path)
    said = []
    with prepare(file, Clock(Silence()), Silence()) as prepared:
        look = Looks(file.campaign, file.folder).of("")
        chosen = prepared.chosen.partition_by("customer_id", as_dict=True)
        told = prepared.people.filter(pl.col("deck").is_not_null()).gather_every(3)
        for person in told.iter_rows(named=True):
            own = chosen[(person["customer_id"],)].to_dicts() if person["highlights"] else []
            deck = make_deck(
                person, own, read_values(prepared.connection, person["customer_id"]), prepared.rules, "story"
            )
            said += [f"{card.name}: {card.alt_text} {card.headline}" for card in look.cards(deck)]
    assert len(said) > 300
    return "\n".join(said)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> str:
    return tell_all({}, tmp_path_factory.mktemp("usual"))


def test_without_a_policy_it_is_all_told(usual: str) -> None:
    """The cases below would find something, if nothing were held back."""
    for words in (
        "Dairy",
        "€",
        "among: ",
        "moon: ",
        "here: ",
        "pair: ",
        "day: ",
        "own: ",
        "weeks: ",
        " coins",
    ):
        assert words in usual, words


@pytest.mark.parametrize(
    ("policy", "never"),
    [
        ({"sensitive": [{"metric": "spent"}]}, ["€", "among: ", "moon: ", "here: ", " coins"]),
        ({"sensitive": [{"metric": "spent", "treat": "uncompared"}]}, ["among: ", "here: "]),
        ({"sensitive": [{"metric": "spent", "treat": "neutral"}]}, ["among: ", "came to €"]),
        ({"blocked_words": ["dairy"]}, ["Dairy"]),
        ({"sensitive": [{"field": "category", "values": ["Dairy"]}]},
         ["Dairy,", "held Dairy", "Dairy was", "1. Dairy"]),
        ({"quiet_dates": [{"first_day": "2025-01-01", "last_day": "9999-12-31"}]},
         ["first: ", "weeks: ", "streak: ", "day: ", "early: "]),
    ],
)  # fmt: skip
def test_what_is_held_back_is_on_no_card(policy: dict[str, object], never: list[str], tmp_path: Path) -> None:
    """Not as a standing, a comparison, a group, a pair, a list or an own figure, seen or heard."""
    said = tell_all(policy, tmp_path).splitlines()
    assert [line for line in said if any(words in line for words in never)] == []
