"""A real run, a customer forgotten and another's links revoked, and a run after that."""

import json
from pathlib import Path

import polars as pl
import pytest

from recap.errors import UsageError
from recap.pipeline.audit import audit_campaign
from recap.pipeline.forget import forget_customer
from recap.pipeline.left_out import left_out_now
from recap.pipeline.options import Options
from recap.pipeline.prepare import CampaignFile, find_customer, open_campaign, prepare
from recap.pipeline.progress import Clock, Silence
from recap.pipeline.revoke import revoke_customer
from recap.pipeline.run import run_campaign

DOCS = Path(__file__).parents[2] / "docs"
CAMPAIGN = """\
id: small-2026
title: Your year
brand: {name: Small}
period: {year: 2026}
sources: {path: events.csv, customer: who, time: at, fields: {item: item}}
customers: {path: people.csv, customer: who, name: name}
opt_outs: {path: out.csv, customer: who}
metrics: [{id: visits, kind: count}, {id: together, kind: community, weight: 0}]
selection: {cards: 1, cohort_at_least: 2}
tolerance: {rejects: 0.5}
base_url: https://recap.example/2026
formats: [link]
"""
PEOPLE = {
    "ann-1@x": "Ann Noname",
    "bob-2@x": "Bob Builder",
    "cid-3@x": "Cid Elsewhere",
    "out-4@x": "Odd Onlooker",
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Three customers and one who opted out; one row of each cannot be read."""
    (tmp_path / "campaign.yaml").write_text(CAMPAIGN)
    write_data(tmp_path, PEOPLE)
    return tmp_path


def write_data(folder: Path, people: dict[str, str]) -> None:
    rows = [f"{who},2026-03-{day:02d},tea\n" for who in people for day in range(1, 9)]
    rows += [f"{who},never,tea\n" for who in people]
    (folder / "events.csv").write_text("who,at,item\n" + "".join(rows))
    (folder / "people.csv").write_text(
        "who,name\n" + "".join(f"{who},{name}\n" for who, name in people.items())
    )
    (folder / "out.csv").write_text("who\nout-4@x\n")


def run(file: CampaignFile, out: Path) -> dict[str, object]:
    return dict(run_campaign(file, Options(out=out, workers=1, engine="exact"), Silence()).run)


def mentions(out: Path, *texts: str) -> set[str]:
    """Files that hold one of some texts, in their name, their bytes or their cells."""
    found = set()
    for path in out.rglob("*"):
        said = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
        if path.suffix == ".parquet":
            said = str(pl.read_parquet(path).to_dicts())
        if any(text in said or text in path.name for text in texts):
            found.add(path.relative_to(out).parts[0])
    return found


@pytest.mark.browser
def test_the_next_run_leaves_out_whom_it_must(small: Path) -> None:
    """As if the forgotten were not in the data, with new links for the revoked; nothing else drawn anew."""
    file, out = open_campaign(small), small / "results"
    first = run(file, out)
    assert (first["customers"], first["forgotten"]) == (4, 0)
    outcomes = pl.read_parquet(out / "outcomes.parquet")
    tokens = {
        row["customer_id"]: (row["token"], row["share_token"]) for row in outcomes.iter_rows(named=True)
    }
    privacy = (DOCS / "privacy.md").read_text()
    left = {path.name for path in out.iterdir()} | {path.name for path in small.glob(".recap*")}
    assert {name for name in left if f"`{name}" not in privacy} == set()

    assert mentions(out, "ann-1@x", *tokens["ann-1@x"]) >= {
        "cards",
        "values.parquet",
        "rejects.parquet",
        "report",
    }
    assert mentions(out, "Ann Noname") >= {"cards", "manifest.parquet"}
    assert "shared" not in mentions(out, "Ann Noname"), "the nameless rendition has no name to begin with"
    assert forget_customer(file, "ann-1@x", [out]).left == []
    assert mentions(out, "ann-1@x", "Ann Noname", *tokens["ann-1@x"]) == set()
    revoke_customer(file, "bob-2@x", [out])
    assert mentions(out, *tokens["bob-2@x"]) == set()

    drawn = {path: path.stat().st_mtime_ns for path in out.rglob("*.png")}
    assert len(drawn) == 6, "the third customer's cards, with the name and without"
    run_json = run(file, out)
    assert (run_json["customers"], run_json["forgotten"]) == (3, 1)
    assert mentions(out, "ann-1@x", "Ann Noname", *tokens["ann-1@x"], *tokens["bob-2@x"]) == set()
    outcomes = pl.read_parquet(out / "outcomes.parquet")
    again = {row["customer_id"]: (row["token"], row["share_token"]) for row in outcomes.iter_rows(named=True)}
    assert again.keys() == tokens.keys() - {"ann-1@x"}
    assert again["cid-3@x"] == tokens["cid-3@x"]
    assert not set(again["bob-2@x"]) & set(tokens["bob-2@x"])
    assert {"outcome": "opted_out"} in outcomes.filter(customer_id="out-4@x").select("outcome").to_dicts()
    assert {path: path.stat().st_mtime_ns for path in drawn} == drawn

    values = pl.read_parquet(out / "values.parquet")
    write_data(small, {who: name for who, name in PEOPLE.items() if who != "ann-1@x"})
    (small / ".recap-forgotten").unlink()
    with prepare(file, Clock(Silence()), Silence()) as prepared:
        rows = prepared.connection.execute('SELECT customer_id, metric, number, "rank", cohort FROM "values"')
        assert sorted(rows.fetchall()) == sorted(
            values.select("customer_id", "metric", "number", "rank", "cohort").rows()
        )
        expected = json.loads((out / "run.json").read_text())["rows"]
        assert {name: getattr(prepared.opened.rows, name) for name in expected} == expected


def test_every_command_knows_nobody_who_was_forgotten(small: Path) -> None:
    """Before the first run too; the audit recomputes the same, and finds no one else's numbers changed."""
    file = open_campaign(small)
    forget_customer(file, "bob-2@x", [])
    with prepare(file, Clock(Silence()), Silence()) as prepared:
        assert prepared.people["customer_id"].to_list() == ["ann-1@x", "cid-3@x", "out-4@x"]
        with pytest.raises(UsageError, match="there is no customer"):
            find_customer(prepared.people, "bob-2@x")
    report = audit_campaign(file, Clock(Silence()), Silence(), sample=None)
    assert (report.agrees, report.customers) == (True, 2)
    assert left_out_now(file) == {"bob-2@x", "out-4@x"}
    assert not (small / "build").exists()
