"""A customer who is forgotten is in nothing that a run has left, however it was interrupted."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import made_up_forgotten
import polars as pl
import pytest
from made_up_forgotten import HALF, NAMES, PEOPLE, described, forget, make_traces, read_all, ways_to_write
from made_up_runs import CAMPAIGN, SECRET, Person, run, tree

from recap.delivery.erasure.forgotten import recognise_forgotten
from recap.delivery.folder import open_output
from recap.errors import OutputError, UsageError
from recap.pipeline.forget import forget_customer
from recap.pipeline.left_out import left_out_now
from recap.pipeline.prepare import open_campaign
from recap.pipeline.revoke import revoke_customer

ANNA = "anna@example.org"
TOKENS = {person.id: {person.token, str(person.share_token)} for person in PEOPLE}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "campaign"
    make_traces(folder)
    return folder


@pytest.fixture
def campaign(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECAP_SECRET", SECRET.decode())
    return Path(shutil.copytree(made, tmp_path / "campaign"))


def found(folder: Path, texts: set[str]) -> set[str]:
    """The files whose name or content holds one of some texts."""
    return {
        path for path, said in read_all(folder / "out") if any(text in path or text in said for text in texts)
    }


@pytest.mark.parametrize("customer_id", sorted(NAMES.keys() - {"170023"}))
def test_no_search_finds_a_forgotten_customer(campaign: Path, customer_id: str) -> None:
    """Neither link, id nor name, in any file or name of a file; whoever is left is whole."""
    telling = {customer_id} if customer_id != "7" else set()
    telling |= {NAMES[customer_id]} if NAMES[customer_id] not in {"Maria", "Bo"} else set()
    words = {way for text in telling for way in ways_to_write(text)}
    links = TOKENS[customer_id]
    everywhere = {path.split("/")[0] for path in found(campaign, words | links)}
    assert everywhere >= {"cards", "shared", ".recap", "exports", "manifest.parquet", "outcomes.parquet"}
    forgot = forget(campaign, customer_id)
    assert forgot.left == []
    assert (forgot.gone["files"] > 0, forgot.gone["rows"] > 0) == (True, True)
    assert found(campaign, words | links) == set()
    for other in NAMES.keys() - {customer_id}:
        assert found(campaign, TOKENS[other]) >= {"manifest.parquet", "outcomes.parquet", "report/find/00.js"}
    out = campaign / "out"
    for path in (out / "outcomes.parquet", *(out / "values.parquet").iterdir()):
        assert customer_id not in pl.read_parquet(path)["customer_id"]
    assert len(pl.read_parquet(out / "rejects.parquet")) in {4, 5}
    kept = described(len(NAMES) - 1) | {
        "warnings": ["all is well"] if customer_id == ANNA else described(0)["warnings"]
    }
    assert json.loads((out / "run.json").read_text()) == kept
    rest = [person for person in HALF if person.id != customer_id]
    assert run(out, rest) == 0, "what the interrupted run drew is still known"


def test_every_other_byte_of_an_export_stays(campaign: Path) -> None:
    """Quotes, line ends inside of cells and at the ends of rows are as they were."""
    path = campaign / "out" / "exports" / "braze" / "braze-001.csv"
    before = path.read_bytes()
    forget(campaign, 'b"o, b')
    start = before.index(b'"b""o, b"')
    end = before.index(b'lines"\r\n', start) + len(b'lines"\r\n')
    assert path.read_bytes() == before[:start] + before[end:]


def test_what_recap_did_not_make_is_named(campaign: Path) -> None:
    """The search looks everywhere, and says where something is left, by path and kind."""
    note = campaign / "out" / "notes.md"
    note.write_text("call Anna O&#39;Neill &amp; &lt;Söhne&gt; at anna@example.org!")
    copy = campaign / "out" / f"copy of {TOKENS[ANNA].copy().pop()}"
    copy.mkdir()
    told = {(place.path, place.what) for _, place in forget(campaign, ANNA).left}
    assert told == {("notes.md", "id"), ("notes.md", "name"), (copy.name, "token")}
    note.unlink()
    copy.rmdir()
    assert forget(campaign, ANNA).left == []


def test_names_that_tell_nothing_are_not_looked_for(campaign: Path) -> None:
    """One that somebody else has, or that is in what somebody else is told; which is said."""
    assert forget(campaign, "170023").notes == [
        "a name was not looked for: others have it too, or it is too short to tell by"
    ]
    values = campaign / "out" / "values.parquet" / "0.parquet"
    frame = pl.read_parquet(values)
    frame.with_columns(text=pl.lit(f"a song called {NAMES[ANNA]}")).write_parquet(values)
    forgot = forget(campaign, ANNA)
    assert (len(forgot.notes), forgot.left) == (1, [])


def test_exports_by_another_id_are_searched_too(campaign: Path) -> None:
    """A row with neither link nor id is found by what the tool knows the customer by; a shared one is not."""
    file = campaign / "campaign.yaml"
    file.write_text(file.read_text() + "exports: {braze: {identifier: email}}\n")
    (campaign / "customers.csv").write_text(
        f"customer,name,email\n{ANNA},Ann,a@x.org\n7,Bo,we@x.org\n8,Di,we@x.org\n"
    )
    table = campaign / "out" / "exports" / "braze" / "braze-009.csv"
    table.write_text("external_id,recap\na@x.org,4 songs\nwe@x.org,5 songs\n")
    note = campaign / "out" / "note.txt"
    note.write_text("a@x.org")
    assert [(place.path, place.what) for _, place in forget(campaign, ANNA).left] == [("note.txt", "id")]
    assert note.read_text() == "a@x.org", "what recap did not make it does not change"
    assert table.read_text() == "external_id,recap\nwe@x.org,5 songs\n"
    assert forget(campaign, "7").left == []
    assert table.read_text() == "external_id,recap\nwe@x.org,5 songs\n"


def test_whoever_is_unknown_is_kept_out_too(campaign: Path) -> None:
    """Nothing goes, and later data will not bring them in."""
    before = {name: data for name, data in tree(campaign / "out").items() if not name.startswith("report")}
    forgot = forget(campaign, "nobody yet")
    assert (forgot.gone, forgot.left) == ({"published": 0}, [])
    assert forgot.notes == ["the customers table has no name for this customer, so none was looked for"]
    after = tree(campaign / "out")
    assert {name: after.get(name) for name in before} == before
    assert left_out_now(open_campaign(campaign), ["nobody yet", ANNA]) == {"nobody yet"}
    assert "nobody" not in (campaign / ".recap-forgotten").read_text()
    assert (campaign / ".recap-forgotten").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("customer_id", ["", " "])
def test_nobody_is_not_forgotten(campaign: Path, customer_id: str) -> None:
    """An empty id, as of a script's variable that is not set, is no reason to drop rows with empty cells."""
    export = campaign / "out" / "exports" / "braze" / "braze-001.csv"
    export.write_text(export.read_text() + "somebody,,\n")
    before = tree(campaign / "out")
    with pytest.raises(UsageError, match="--customer is empty"):
        forget(campaign, customer_id)
    assert tree(campaign / "out") == before
    assert not (campaign / ".recap-forgotten").exists()


def test_a_table_that_was_being_written_when_it_was_killed(campaign: Path) -> None:
    """The half of a ledger goes; a table that nobody can read, and so nobody can search, is named."""
    half = campaign / "out" / "published" / ".partial-0123456789abcdef.parquet"
    half.parent.mkdir()
    half.write_bytes(b"PAR1 " + TOKENS[ANNA].copy().pop().encode())
    strange = campaign / "out" / "copy.parquet"
    strange.write_bytes(b"PAR1 cut off")
    with pytest.raises(OutputError, match=r"copy\.parquet cannot be read, .* remove it, and ask again"):
        forget(campaign, ANNA)
    strange.unlink()
    assert forget(campaign, ANNA).left == []
    assert not half.exists()


def test_killed_at_any_moment_it_is_remembered_and_can_be_finished(campaign: Path, tmp_path: Path) -> None:
    """Nothing goes before it is noted who must not come back, and asking again does the rest."""
    (campaign).rename(tmp_path / "before")
    subprocess.run([sys.executable, made_up_forgotten.__file__, "die", str(tmp_path)], check=True)
    before = {name: data for name, data in tree(tmp_path / "before" / "out").items() if data}
    stages = set()
    copies = sorted(path for path in tmp_path.iterdir() if path.name.isdigit())
    for folder in copies:
        is_forgotten = recognise_forgotten(folder, os.environ, CAMPAIGN)
        after = tree(folder / "out")
        untouched = all(after.get(name) == data for name, data in before.items())
        assert untouched or (is_forgotten is not None and is_forgotten(ANNA))
        stages.add((untouched, bool(found(folder, {ANNA}))))
        assert forget(folder, ANNA).left == []
        assert found(folder, {ANNA, *TOKENS[ANNA]}) == set()
        assert json.loads((folder / "out" / "run.json").read_text())["customers"] == len(NAMES) - 1
    assert stages >= {(True, True), (False, True), (False, False)}


def test_a_run_at_work_is_not_disturbed(campaign: Path, tmp_path: Path) -> None:
    """The folder is in use: nothing is noted or erased, in no other folder either."""
    other = shutil.copytree(campaign / "out", tmp_path / "other")
    before = tree(other)
    with open_output(campaign / "out"), pytest.raises(OutputError, match="another run is writing"):
        forget_customer(open_campaign(campaign), ANNA, [other, campaign / "out"])
    assert not (campaign / ".recap-forgotten").exists()
    after = tree(other)
    assert {name for name in before if before[name] != after.get(name)} == set()


@pytest.mark.parametrize("command", [forget_customer, revoke_customer])
def test_folders_of_somebody_else_are_refused(campaign: Path, tmp_path: Path, command, monkeypatch) -> None:
    """No output folder, another campaign's, another secret's: named, and left alone."""
    file = open_campaign(campaign)
    (tmp_path / "home").mkdir()
    with pytest.raises(UsageError, match="is the folder of the campaign itself"):
        command(file, ANNA, [campaign])
    with pytest.raises(UsageError, match="home is no output folder of recap"):
        command(file, ANNA, [tmp_path / "home"])
    run_file = campaign / "out" / "run.json"
    run_file.write_text(run_file.read_text().replace(CAMPAIGN, "another-2026"))
    with pytest.raises(UsageError, match="is of the campaign another-2026, not of made-up-2026"):
        command(file, ANNA, [campaign / "out"])
    run_file.write_text(run_file.read_text().replace("another-2026", CAMPAIGN))
    monkeypatch.setenv("RECAP_SECRET", "a secret of somebody else")
    with pytest.raises(OutputError, match="another secret"):
        command(file, ANNA, [campaign / "out"])
    assert not (campaign / ".recap-forgotten").exists()
    assert not (campaign / ".recap-revoked").exists()


def test_revoked_links_are_gone_and_the_customer_is_not(campaign: Path) -> None:
    """Pages, rows and exported links go; values stay; the next run draws anew, under other tokens."""
    file, out = open_campaign(campaign), campaign / "out"
    gone = revoke_customer(file, ANNA, [out])
    assert gone["files"] > 0
    assert found(campaign, TOKENS[ANNA]) == set()
    assert set((campaign / ".recap-revoked").read_text().split()) == TOKENS[ANNA]
    assert (campaign / ".recap-revoked").stat().st_mode & 0o777 == 0o600
    assert any(ANNA in pl.read_parquet(path)["customer_id"] for path in (out / "values.parquet").iterdir())
    assert not revoke_customer(file, ANNA, [out])
    assert set((campaign / ".recap-revoked").read_text().split()) == TOKENS[ANNA], "no new link was used up"
    with pytest.raises(UsageError, match="no link to revoke"):
        revoke_customer(file, "nobody", [out])


def test_links_that_were_revoked_are_forgotten_too(campaign: Path) -> None:
    """Earlier tokens are erased like the one in use, and are in no list any more."""
    out = campaign / "out"
    revoke_customer(open_campaign(campaign), ANNA, [out])
    for token in TOKENS[ANNA]:
        (out / "cards" / token[:2] / token).mkdir(parents=True)
    assert forget(campaign, ANNA).left == []
    assert found(campaign, TOKENS[ANNA]) == set()
    assert not (campaign / ".recap-revoked").exists()


def test_a_list_without_its_secret_stops_every_run(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With another secret nobody would be recognised, and whoever was forgotten would be back."""
    forget(campaign, ANNA)
    monkeypatch.setenv("RECAP_SECRET", "a secret of somebody else")
    with pytest.raises(OutputError, match="another secret, so nobody in it would be recognised"):
        left_out_now(open_campaign(campaign))
    monkeypatch.setenv("RECAP_SECRET", SECRET.decode())
    path = campaign / ".recap-forgotten"
    # Nor are both kept in one list: then no run could tell any more.
    listed = path.read_text()
    shutil.rmtree(campaign / "out")
    for secret in ("a secret of somebody else", None):
        if secret is None:
            monkeypatch.delenv("RECAP_SECRET")
        else:
            monkeypatch.setenv("RECAP_SECRET", secret)
        with pytest.raises(OutputError, match=r"another secret, so nobody|there is no secret yet"):
            forget_customer(open_campaign(campaign), "7")
    assert (path.read_text(), (campaign / ".recap-secret").exists()) == (listed, False)
    monkeypatch.setenv("RECAP_SECRET", SECRET.decode())
    path.write_text(path.read_text()[:-9])
    with pytest.raises(OutputError, match="damaged: put it back"):
        left_out_now(open_campaign(campaign))


def test_a_customer_of_another_campaign_is_not_meant(campaign: Path) -> None:
    """What is kept says nothing of the same id elsewhere."""
    forget(campaign, ANNA)
    ask = recognise_forgotten(campaign, os.environ, "another-2026")
    assert ask is not None
    assert not ask(ANNA)
    assert Person(ANNA).token not in (campaign / ".recap-forgotten").read_text()
