"""The output folder: locking, committing, finishing, and what is said when it cannot be used."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_up_runs import CAMPAIGN, SECRET, Person, draw, in_order, people, pictures, run, start, tree

from recap.delivery import tables
from recap.delivery.folder import open_output
from recap.delivery.pictures import customer_folder, picture_path, write_pages, write_picture
from recap.delivery.tables import MANIFEST_SCHEMA, OUTCOMES_SCHEMA, write_run
from recap.errors import OutputError


def test_finished_folder_is_the_contract(tmp_path: Path) -> None:
    """A run leaves pictures, manifest and outcomes in their columns, types and order, and nothing else."""
    run(tmp_path / "out", people(10))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "cards",
        "manifest.parquet",
        "outcomes.parquet",
    ]
    manifest = pq.read_table(tmp_path / "out/manifest.parquet")
    outcomes = pq.read_table(tmp_path / "out/outcomes.parquet")
    assert manifest.schema.equals(MANIFEST_SCHEMA)
    assert outcomes.schema.equals(OUTCOMES_SCHEMA)
    assert manifest.equals(manifest.sort_by([(name, "ascending") for name in ("token", "card", "format")]))
    assert outcomes["token"].to_pylist() == [person.token for person in people(10)]
    assert set(manifest["path"].to_pylist()) == set(pictures(tmp_path / "out"))
    for row in manifest.to_pylist():
        assert (tmp_path / "out" / row["path"]).stat().st_size == row["bytes"]


def test_second_run_draws_nothing(tmp_path: Path) -> None:
    """Where nothing changed nothing is drawn, and no file changes."""
    assert run(tmp_path, people(10)) == 20
    first = tree(tmp_path)
    assert run(tmp_path, people(10), size=4) == 0
    assert tree(tmp_path) == first


def test_only_what_changed_is_drawn(tmp_path: Path) -> None:
    """A changed card is drawn again, a dropped card and a dropped customer go with their files."""
    persons = people(6)
    run(tmp_path / "out", persons)
    changed = in_order(
        [Person(persons[0].id, cards=3), Person(persons[1].id, version=2), Person(persons[2].id, cards=1)]
    )
    assert run(tmp_path / "out", changed) == 1 + 2
    run(tmp_path / "fresh", changed)
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_customers_of_other_runs_can_be_kept(tmp_path: Path) -> None:
    """A run over two customers may leave the others as they are, in tables and on disk."""
    persons = people(9)
    run(tmp_path / "out", persons)
    two = [Person(persons[1].id, cards=1, version=2), Person(persons[7].id, cards=0)]
    run(tmp_path / "out", two, size=1, keep_others=True)
    everybody = [{p.id: p for p in (*persons, *two)}[p.id] for p in persons]
    run(tmp_path / "fresh", everybody)
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_pieces_of_an_interrupted_run_can_be_kept(tmp_path: Path) -> None:
    """What an interrupted run had committed is not lost by a run over one customer in between."""
    persons = people(9)
    with open_output(tmp_path / "out") as output:
        draw(output, 0, persons[:5])
    run(tmp_path / "out", [Person(persons[2].id, version=2)], keep_others=True)
    run(tmp_path / "fresh", [*persons[:2], Person(persons[2].id, version=2), *persons[3:5]])
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_foreign_files_stay(tmp_path: Path) -> None:
    """What recap did not make is not removed, in the folder and among the pictures."""
    run(tmp_path, people(4))
    token = people(4)[0].token
    mine = [
        tmp_path / "notes.txt",
        tmp_path / "cards/mine/notes.txt",
        tmp_path / f"cards/{token[:2]}/{token}/a.txt",
    ]
    for path in mine:
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    run(tmp_path, people(4, version=2))
    assert all(path.read_text() == "mine" for path in mine)


@pytest.mark.parametrize("rows_per_group", [1, 3, 7, 50_000])
def test_known_reads_row_groups_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows_per_group: int
) -> None:
    """Whatever customers are asked for, exactly their pictures are found, however the table is cut."""
    monkeypatch.setattr(tables, "ROWS_PER_GROUP", rows_per_group)
    persons = people(12)
    run(tmp_path, persons)
    assert pq.ParquetFile(tmp_path / "manifest.parquet").metadata.num_row_groups == -(-24 // rows_per_group)
    with open_output(tmp_path) as output:
        for wanted in (persons[:1], persons[-1:], persons[3:7], persons[::5], persons, []):
            found = output.known([person.token for person in wanted])
            assert sorted(found) == [(person.token, card, "story") for person in wanted for card in (0, 1)]
        assert output.known(["a" * 26, "7" * 26]) == {}


def test_known_doubts_the_disk(tmp_path: Path) -> None:
    """A picture that is gone or cut short is not known, and the next run mends it."""
    persons = people(3)
    run(tmp_path, persons)
    whole = tree(tmp_path)
    first, second, *_ = sorted(tmp_path.rglob("*.png"))
    first.write_bytes(first.read_bytes()[:-1])
    second.unlink()
    with open_output(tmp_path) as output:
        assert len(output.known([person.token for person in persons])) == 4
    assert run(tmp_path, persons) == 2
    assert tree(tmp_path) == whole


@pytest.fixture
def holder(tmp_path: Path) -> "Iterator[subprocess.Popen[str]]":
    """Give another process that has the folder."""
    child = start("hold", str(tmp_path / "out"))
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    yield child
    child.kill()
    child.communicate()


def test_one_run_at_a_time(tmp_path: Path, holder: "subprocess.Popen[str]") -> None:
    """A second run is turned away by name, and let in when the first has died."""
    with pytest.raises(OutputError, match=r"another run is writing into .*out"):
        open_output(tmp_path / "out")
    holder.kill()
    holder.communicate()
    assert run(tmp_path / "out", people(2)) == 4


def test_nothing_is_left_of_a_run_that_did_nothing(tmp_path: Path) -> None:
    """A run that fails before its first shard leaves the disk as it was."""
    with open_output(tmp_path / "out") as output:
        output.stage(0)
    assert not (tmp_path / "out").exists()


def test_scratch_lasts_as_long_as_the_run(tmp_path: Path) -> None:
    """What others spill into the folder outlives finishing, and is gone with the run, also after a crash."""
    with open_output(tmp_path) as output:
        (output.scratch / "spilled").write_bytes(b"by another library")
        output.finish([])
        assert (output.scratch / "spilled").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.parquet", "outcomes.parquet"]
    (tmp_path / ".recap/scratch").mkdir(parents=True)
    (tmp_path / ".recap/scratch/spilled").write_bytes(b"by a run that was killed")
    with open_output(tmp_path) as output:
        assert list(output.scratch.iterdir()) == []


def test_an_empty_run(tmp_path: Path) -> None:
    """A run without customers ends with empty tables and no pictures of earlier runs."""
    run(tmp_path, people(3))
    assert run(tmp_path, []) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.parquet", "outcomes.parquet"]
    assert pl.read_parquet(tmp_path / "outcomes.parquet").height == 0
    with open_output(tmp_path) as output:
        output.verify_secret(SECRET, CAMPAIGN)
    assert run(tmp_path, people(3)) == 6


@pytest.mark.parametrize("finished", [True, False])
def test_another_secret_or_campaign_is_noticed(tmp_path: Path, finished: bool) -> None:
    """Tokens made otherwise stop the run, in a finished folder and in an interrupted one."""
    with open_output(tmp_path) as output:
        output.verify_secret(SECRET, CAMPAIGN)
        draw(output, 0, people(3))
        if finished:
            output.finish([0])
    with open_output(tmp_path) as output:
        output.verify_secret(SECRET, CAMPAIGN)
        with pytest.raises(OutputError, match="another secret, or for another campaign than other-2026"):
            output.verify_secret(SECRET, "other-2026")
        with pytest.raises(OutputError, match=r"RECAP_SECRET, or the file \.recap-secret"):
            output.verify_secret(b"some other secret", CAMPAIGN)


def test_replace_is_all_or_nothing(tmp_path: Path) -> None:
    """What a writer did not finish never takes the place of what was there."""
    with open_output(tmp_path) as output:
        with output.replace("values.parquet") as path:
            path.write_bytes(b"first")
        with pytest.raises(RuntimeError), output.replace("values.parquet") as path:
            _write_half(path)
        assert (tmp_path / "values.parquet").read_bytes() == b"first"
        with output.replace("values.parquet") as path:
            path.mkdir()
            (path / "part.parquet").write_bytes(b"folder")
        assert (tmp_path / "values.parquet/part.parquet").read_bytes() == b"folder"
        with output.replace("values.parquet") as path:
            path.write_bytes(b"file again")
    assert [path.name for path in tmp_path.iterdir()] == ["values.parquet"]
    assert (tmp_path / "values.parquet").read_bytes() == b"file again"


def test_a_full_disk_met_by_another_library(tmp_path: Path) -> None:
    """A full disk is said in our words also where a library writes natively and raises its own error."""
    full = RuntimeError('IO Error: Could not write file "x": No space left on device')
    with (
        open_output(tmp_path) as output,
        pytest.raises(OutputError, match="the disk is full"),
        output.replace("values.parquet"),
    ):
        raise full
    assert not list(tmp_path.iterdir())


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    """A file in the folder's place is named."""
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OutputError, match=r"out is in the way"):
        open_output(tmp_path / "out")
    with pytest.raises(OutputError, match=r"out is in the way"):
        open_output(tmp_path / "out/below")


def test_tables_of_somebody_else(tmp_path: Path) -> None:
    """A manifest that is no manifest is named, not overwritten."""
    (tmp_path / "manifest.parquet").write_bytes(b"not a table")
    with (
        open_output(tmp_path) as output,
        pytest.raises(OutputError, match=r"manifest\.parquet cannot be read"),
    ):
        output.known(["a" * 26])
    pq.write_table(pa.table({"a": [1]}), tmp_path / "manifest.parquet")
    with open_output(tmp_path) as output, pytest.raises(OutputError, match="made by something else"):
        output.known(["a" * 26])


def test_commit_refuses_what_does_not_fit(tmp_path: Path) -> None:
    """Rows without a picture, a customer or a sane path never become part of the folder."""
    persons = people(2)
    run(tmp_path / "good", persons)
    rows = pq.read_table(tmp_path / "good/manifest.parquet").to_pylist()
    outcomes = pq.read_table(tmp_path / "good/outcomes.parquet")
    with open_output(tmp_path / "out") as output:
        with pytest.raises(OutputError, match="has vanished"):
            output.commit(0, pa.Table.from_pylist(rows, MANIFEST_SCHEMA), outcomes)
        with pytest.raises(ValueError, match="belongs to nobody"):
            output.commit(0, pa.Table.from_pylist(rows, MANIFEST_SCHEMA), outcomes.slice(0, 1))
        with pytest.raises(ValueError, match="two outcomes"):
            output.commit(0, MANIFEST_SCHEMA.empty_table(), pa.concat_tables([outcomes, outcomes]))
        escaped = pa.Table.from_pylist([{**rows[0], "path": "cards/../../evil.png"}], MANIFEST_SCHEMA)
        with pytest.raises(ValueError, match="no picture's path"):
            output.commit(0, escaped, outcomes)
        with pytest.raises(ValueError, match="lacks the columns token"):
            output.commit(0, MANIFEST_SCHEMA.empty_table(), outcomes.drop(["token"]))
        with pytest.raises(ValueError, match="never committed: 0, 1"):
            output.finish([0, 1])
        with pytest.raises(ValueError, match="cannot be called"):
            output.stage("../evil")
    assert not (tmp_path / "out").exists()


def test_overlapping_shards_are_refused(tmp_path: Path) -> None:
    """Shards that are not runs of neighbours by token would give an unsorted manifest."""
    persons = people(4)
    with open_output(tmp_path) as output:
        draw(output, 0, persons[::2])
        draw(output, 1, persons[1::2])
        with pytest.raises(ValueError, match="overlap"):
            output.finish([0, 1])


def test_pictures_go_only_where_pictures_go(tmp_path: Path) -> None:
    """A worker can write neither outside the staging folder nor into one whose run has ended."""
    good = picture_path("a" * 26, 0, "cover", "story")
    assert good == f"cards/aa/{'a' * 26}/00-cover.story.png"
    written = write_picture(tmp_path, good, b"picture")
    assert (tmp_path / written.path).read_bytes() == b"picture"
    assert written.bytes == 7
    for bad in (
        "../x.png",
        "/x.png",
        f"cards/bb/{'a' * 26}/00-cover.story.png",
        good + "/../x.png",
        good[:-4],
    ):
        with pytest.raises(ValueError, match="no picture's path"):
            write_picture(tmp_path, bad, b"")
    with pytest.raises(OutputError):
        write_picture(tmp_path / "gone", good, b"picture")
    assert not (tmp_path / "gone").exists()
    for name in ("../index.html", "x.html", "00-cover.story.png"):
        with pytest.raises(ValueError, match="no page's path"):
            write_pages(tmp_path, customer_folder("a" * 26), {name: b""})


def _write_half(path: Path) -> None:
    path.write_bytes(b"half")
    raise RuntimeError


def test_run_json(tmp_path: Path) -> None:
    """run.json is plain JSON in UTF-8 that replaces the last one as a whole."""
    write_run(tmp_path, {"campaign": "first"})
    write_run(tmp_path, {"campaign": "Jürgen"})
    assert (tmp_path / "run.json").read_text("utf-8") == '{\n  "campaign": "Jürgen"\n}\n'
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]
