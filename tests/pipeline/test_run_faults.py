"""Cards that would show a box for a letter, or a text outside its place."""

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

pytestmark = pytest.mark.browser
Recap = Callable[..., tuple[int, str, str]]
RUNES = "\u16a0\u16a2\u16a6"
"""No font of a theme's, and hardly a machine's, has them."""


def rename(shop: Path, customer: str, name: str) -> None:
    path = shop / "customers.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines = [f"{customer},{name},en," if line.startswith(customer) else line for line in lines]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def sell(shop: Path, customer: str, product: str) -> None:
    path = shop / "events.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines = [
        ",".join((card, at, product, price)) if card == customer else line
        for line in lines
        for card, at, _, price in [line.split(",")]
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_name_that_no_font_draws_is_left_out(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """The customer gets all cards, without the name; the run says so, and the next has nothing to do."""
    rename(shop, "00001", RUNES)
    out = tmp_path / "out"
    code, _, stderr = recap("run", shop, "--out", out, "--customer", "00001")
    assert code == 0, stderr
    manifest = pl.read_parquet(out / "manifest.parquet")
    assert len(manifest) >= 4
    assert not manifest["headline"].str.contains(RUNES).any()
    assert "cover" in set(manifest["template"])
    warnings = json.loads((out / "run.json").read_text(encoding="utf-8"))["warnings"]
    assert any("no font draws U+16A0, U+16A2, U+16A6" in warning for warning in warnings)
    assert not any(RUNES in warning for warning in warnings)
    before = {path: path.stat().st_mtime_ns for path in out.glob("cards/*/*/*.png")}
    assert recap("run", shop, "--out", out, "--customer", "00001")[0] == 0
    assert {path: path.stat().st_mtime_ns for path in out.glob("cards/*/*/*.png")} == before


def test_what_cannot_be_mended_fails_with_its_reason(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """A product that no font draws cannot be left out of its own card: only this customer fails."""
    sell(shop, "00001", RUNES)
    out = tmp_path / "out"
    code, _, _ = recap("run", shop, "--out", out, "--customer", "00001", "--customer", "00002")
    assert code == 3
    outcomes = {row["customer_id"]: row for row in pl.read_parquet(out / "outcomes.parquet").to_dicts()}
    assert outcomes["00001"]["outcome"] == "failed"
    assert "no font draws U+16A0" in outcomes["00001"]["reason"]
    assert outcomes["00002"]["outcome"] == "rendered"
    assert set(pl.read_parquet(out / "manifest.parquet")["customer_id"]) == {"00002"}


def test_a_campaign_may_want_no_mending(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """With `faulty_cards: fail` the customer fails at the first fault."""
    rename(shop, "00001", RUNES)
    out = tmp_path / "out"
    code, _, _ = recap("run", shop, "--out", out, "--customer", "00001", "--set", "look.faulty_cards=fail")
    assert code == 3
    (row,) = pl.read_parquet(out / "outcomes.parquet").to_dicts()
    assert (row["outcome"], row["cards"]) == ("failed", 0)


def test_a_card_whose_texts_collide_takes_the_fallback(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """A layout that lets texts cover one another is given up for the layout fallback."""
    theme = shop / "themes" / "crowded"
    theme.mkdir(parents=True)
    (theme / "theme.yaml").write_text("title: Crowded\nextends: poster\n", encoding="utf-8")
    (theme / "crowded.css").write_text(
        ".card--top :is(.headline, .support) { position: absolute; inset-block-start: 0 }", encoding="utf-8"
    )
    out = tmp_path / "out"
    arguments = ("--customer", "00001", "--set", "look.theme=crowded")
    code, _, stderr = recap("run", shop, "--out", out, *arguments)
    assert code == 0, stderr
    manifest = pl.read_parquet(out / "manifest.parquet")
    assert manifest.filter(pl.col("metric") == "favourite")["template"].to_list() == ["fallback"]
    assert "covers" in stderr
