"""`recap audit`, and a run that draws nothing unless the audit agrees."""

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from recap.errors import AuditError
from recap.pipeline.options import Options
from recap.pipeline.prepare import open_campaign
from recap.pipeline.progress import Silence
from recap.pipeline.run import run_campaign

Recap = Callable[..., tuple[int, str, str]]


class Meddler(Silence):
    """Adds a row to the source when the audit begins."""

    def __init__(self, source: Path) -> None:
        self._source = source

    def step(self, name: str) -> None:
        """Meddle in time."""
        if name == "auditing":
            with self._source.open("a", encoding="utf-8") as file:
                file.write("00002,2026-02-01 08:30:00,Bread,3.00\n")


def test_the_audit_agrees(shop: Path, recap: Recap) -> None:
    """What would be computed now is recomputed for everyone, and said so."""
    code, stdout, stderr = recap("audit", shop, "--all")
    assert code == 0, stderr
    assert "10 customers" in stdout
    assert "no difference" in stdout
    code, stdout, _ = recap("audit", shop, "--sample", "3", "--json")
    report = json.loads(stdout)
    assert (code, report["customers"], report["difference_count"], report["unaudited"]) == (0, 3, 0, {})


def test_a_wrong_number_that_was_published_is_named(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """The values a run left are audited where asked for: customer, metric, both values and the rows."""
    assert recap("audit", shop, "--out", tmp_path)[0] == 2
    file = open_campaign(shop)
    code, _, stderr = recap("run", shop, "--out", tmp_path / "out", "--customer", "00001")
    assert code == 0, stderr
    path = tmp_path / "out" / "values.parquet"
    values = pl.read_parquet(path)
    wrong = (pl.col("customer_id") == "00003") & (pl.col("metric") == "visits")
    values.with_columns(pl.when(wrong).then(99.0).otherwise("number").alias("number")).write_parquet(path)
    code, stdout, _ = recap("audit", shop, "--all", "--out", tmp_path / "out")
    assert code == 1
    assert "customer 00003, visits, number: published 99.0, recomputed 6; 6 rows: events.csv:" in stdout
    assert file.campaign.id not in stdout


def test_no_picture_is_drawn_of_numbers_in_doubt(shop: Path, tmp_path: Path) -> None:
    """A run with an audit stops at a difference, before anything is drawn."""
    out = tmp_path / "out"
    with pytest.raises(AuditError, match="the first:\nvisits"):
        run_campaign(open_campaign(shop), Options(out=out, audit=10), Meddler(shop / "events.csv"))
    assert not list(out.rglob("*.png"))
    assert not (out / "values.parquet").exists()


@pytest.mark.browser
def test_a_run_tells_of_its_audit(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """run.json says how many customers were recomputed."""
    code, _, stderr = recap("run", shop, "--out", tmp_path, "--customer", "00003", "--audit", "5")
    assert code == 0, stderr
    run = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert run["audit"] == {"customers": 5, "values": 25, "unaudited": {}}


def test_audit_refuses_half_a_wish(shop: Path, recap: Recap) -> None:
    """A sample and everyone cannot both be meant."""
    code, _, stderr = recap("audit", shop, "--all", "--sample", "2")
    assert code == 2
    assert "not both" in stderr
