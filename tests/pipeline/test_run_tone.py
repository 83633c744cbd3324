"""Policy, wishes and experiments through the whole of a run."""

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl

Recap = Callable[..., tuple[int, str, str]]

MORE = """\
policy:
  version: 7
  sensitive:
    - {metric: spent, treat: neutral}
    - {field: item, values: [Bread], treat: hide}
wishes: {path: wishes.csv, customer: card, field: field}
experiments:
  - id: opening
    alternatives:
      - {id: plain}
      - {id: warm, words: {en: {cover: {headline: "Good to see you again."}}}}
"""
WISHES = """\
card,wish,field,value
00001,hide,,visits
00001,pin,,spent
00001,name,,Jo
00002,anonymous,,
00002,not_me,item,Äpfel
"""


def test_tone_wishes_and_variants_reach_the_pictures(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """What was asked for is done, what may not be said is not, and the report counts both."""
    with (shop / "campaign.yaml").open("a", encoding="utf-8") as file:
        file.write(MORE)
    (shop / "wishes.csv").write_text(WISHES, encoding="utf-8")
    out = tmp_path / "out"
    code, _, stderr = recap("run", shop, "--out", out, "--workers", "2", "--audit", "50")
    assert code == 0, stderr
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert run["policy"]["version"] == 7
    assert run["policy"]["held_back"] == {"customers asked not to be shown it": 1}
    assert run["selection"]["visits"]["chosen"] < run["selection"]["visits"]["passed"] + 1
    assert "What was left unsaid, and why" in (out / "report.html").read_text(encoding="utf-8")

    manifest = pl.read_parquet(out / "manifest.parquet")
    outcomes = pl.read_parquet(out / "outcomes.parquet")
    variants = {"opening=plain", "opening=warm"}
    assert set(outcomes["variant"]) == variants
    both = manifest.join(outcomes, on="customer_id")
    assert both["variant"].to_list() == both["variant_right"].to_list()
    english = manifest.filter(pl.col("card") == 0, locale="en", template="cover")
    warm = english["headline"].str.contains("Good to see you again.")
    assert warm.to_list() == (english["variant"] == "opening=warm").to_list()

    first = manifest.filter(customer_id="00001")
    assert "visits" not in first["metric"].to_list()
    spent = first.filter(metric="spent")
    assert spent["headline"].item().startswith("€")
    assert "on record" in spent["headline"].item()
    assert "Jo" in first.filter(template="summary")["headline"].item()
    assert "Lina" not in " ".join(first["alt_text"])
    assert "Jürgen" not in " ".join(manifest.filter(customer_id="00002")["alt_text"])
    values = pl.read_parquet(out / "values.parquet").filter(metric="favourite")
    assert "Bread" not in values["text"].to_list()
    assert values.filter(customer_id="00002")["text"].to_list() == ["Milk & Honey"]
    code, text, _ = recap("explain", shop, "--customer", "00001")
    assert code == 0
    assert "wish: hide visits" in text
    assert "the customer asked not to be shown it" in text
