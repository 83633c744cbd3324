"""Before a run some cards are drawn both ways, and a layout that differs is drawn exactly in all of it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recap.pipeline.trial import ENOUGH, ONE_IN, choose_trial

ROOT = Path(__file__).parents[2]
METRICS = ("a", "b", "rare")
FEW = ("--limit", "6", "--set", "selection.cards=2")


@st.composite
def runs(draw: st.DrawFn) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The chosen highlights and the people of a run."""
    count = draw(st.integers(0, 60))
    rows: list[dict[str, Any]] = [
        {
            "customer_id": f"c{draw(st.integers(0, 10**6))}-{n}",
            "token": f"{n:04}",
            "name": draw(st.none() | st.text(max_size=5)),
            "events": draw(st.integers(0, 9)),
            "locale": draw(st.sampled_from(["en", "de", "ar"])),
            "variant": draw(st.sampled_from(["", "bold"])),
            "deck": draw(st.sampled_from([None, "full", "full", "full", "fallback"])),
        }
        for n in range(count)
    ]
    schema = dict.fromkeys(("customer_id", "token", "name", "locale", "variant", "deck"), pl.String)
    people = pl.DataFrame(rows, schema=schema | {"events": pl.Int64})
    shown = [
        {"customer_id": row["customer_id"], "metric": metric}
        for row in rows
        for metric in draw(st.sets(st.sampled_from(METRICS)))
        if row["deck"]
    ]
    return pl.DataFrame(shown, schema={"customer_id": pl.String, "metric": pl.String}), people


@settings(deadline=None)
@given(run=runs(), seed=st.integers(0, 99))
def test_every_group_is_tried_and_always_the_same(run: tuple[pl.DataFrame, pl.DataFrame], seed: int) -> None:
    """Two of each metric, language, variant and kind of deck that has two, in whatever order rows come."""
    chosen, people = run
    tried = choose_trial(chosen, people)
    assert tried["token"].to_list() == sorted(tried["token"])
    assert tried["deck"].null_count() == 0
    ids = tried["customer_id"].implode()
    decks = people.filter(pl.col("deck").is_not_null())
    assert len(tried) <= 4 + 2 * (len(METRICS) + 3 + 2 + 2)
    for frame, column in ((chosen, "metric"), (decks, "locale"), (decks, "variant"), (decks, "deck")):
        for group in frame.partition_by(column):
            assert group["customer_id"].is_in(ids).sum() >= min(ENOUGH, len(group))
    for column in ("events", "token"):
        if column == "events" and len(decks):
            assert {decks["events"].min(), decks["events"].max()} <= set(tried["events"])
    mixed = chosen.sample(fraction=1, shuffle=True, seed=seed) if len(chosen) else chosen
    assert choose_trial(mixed, people).equals(tried)


def test_of_many_some_are_tried_by_chance() -> None:
    """One customer in a thousand, whoever they are."""
    count = 5 * ONE_IN
    people = pl.DataFrame(
        {
            "customer_id": [f"{n}" for n in range(count)],
            "token": [f"{n:06}" for n in range(count)],
            "name": [None] * count,
            "events": [5] * count,
            "locale": ["en"] * count,
            "variant": [""] * count,
            "deck": ["full"] * count,
        },
        schema_overrides={"name": pl.String},
    )
    tried = choose_trial(pl.DataFrame(schema={"customer_id": pl.String, "metric": pl.String}), people)
    assert 5 <= len(tried) <= 5 + 4


@pytest.fixture(scope="module")
def squinting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recap whose pages see that they stand in a canvas, and then colour the number of number cards."""
    folder = tmp_path_factory.mktemp("squinting")
    for name in ("recap", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    script = folder / "templates" / "cards" / "fit.js"
    head, brace, rest = script.read_text(encoding="utf-8").partition("() => {\n")
    squint = "const seen = document.body.shadowRoot && document.querySelector('.card--number .words');"
    spoil = "if (seen) seen.style.background = 'lime';"
    script.write_text(f"{head}{brace}{squint} {spoil}\n{rest}", encoding="utf-8")
    return folder


@pytest.mark.browser
def test_a_layout_that_differs_is_drawn_exactly(squinting: Path, shop: Path, tmp_path: Path) -> None:
    """In the whole run, with whatever workers, and where it goes on; the run says so, with the element."""

    def run(out: str, *options: str) -> tuple[pl.DataFrame, list[str]]:
        command = [
            sys.executable,
            "-m",
            "recap",
            "run",
            str(shop),
            "--out",
            str(tmp_path / out),
            *FEW,
            *options,
        ]
        done = subprocess.run(command, cwd=squinting, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        columns = ["customer_id", "card", "template", "sha256", "fingerprint"]
        manifest = pl.read_parquet(tmp_path / out / "manifest.parquet").select(columns)
        warnings = json.loads((tmp_path / out / "run.json").read_text(encoding="utf-8"))["warnings"]
        return manifest.sort("customer_id", "card"), [w for w in warnings if "drawn by the exact engine" in w]

    exact, _ = run("exact", "--engine", "exact")
    fast, told = run("fast", "--workers", "1")
    assert fast["sha256"].equals(exact["sha256"])
    count = (fast["template"] == "number").sum()
    assert count > 0
    (warning,) = told
    assert warning.startswith("number as link: <")
    assert f"({count} of {len(fast)} pictures)" in warning
    # Interrupted, with other workers: what was drawn tells what is not to be trusted.
    for picture in sorted((tmp_path / "fast" / "cards").rglob("*.png"))[::2]:
        picture.unlink()
    again, told = run("fast", "--workers", "2")
    assert again.equals(fast)
    assert len(told) <= 1
