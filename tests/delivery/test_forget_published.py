"""What is published of a customer who is forgotten is taken down, and of everyone when a run is purged."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from made_up_runs import CAMPAIGN, SECRET, people
from made_up_site import Site, files
from typer.testing import CliRunner

from recap.cli.app import app
from recap.delivery.erasure.retention import before
from recap.delivery.publishing.target import Target
from recap.delivery.tables import write_run
from recap.errors import OutputError, UsageError
from recap.pipeline.forget import forget_customer
from recap.pipeline.prepare import open_campaign
from recap.pipeline.purge import purge_campaign

NOW = datetime(2027, 3, 31, 12, tzinfo=UTC)
PERSONS = people(3, shares=True)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("RECAP_SECRET", SECRET.decode())
    return Site(tmp_path / "site").make(PERSONS)


def test_what_is_up_of_a_forgotten_customer_is_taken_down(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At every target, pages first; one that cannot be reached is named, and asking again does the rest."""
    site.publish(tmp_path / "up")
    site.publish(tmp_path / "also up")
    gone = PERSONS[0]
    file, links = open_campaign(site.folder), {gone.token, str(gone.share_token)}
    with monkeypatch.context() as broken:

        def refuse(target: Target, path: str) -> None:
            raise OutputError(f"{target.url} cannot be reached")

        broken.setattr(Target, "remove", refuse)
        with pytest.raises(OutputError, match="cannot be reached"):
            forget_customer(file, gone.id, [site.out])
    assert not any(link in path for path in files(site.out) for link in links if "published" not in path)
    forgot = forget_customer(file, gone.id, [site.out])
    assert forgot.gone["published"] == 2 * 8
    assert forgot.left == []
    for place in ("up", "also up"):
        assert not [path for path in files(tmp_path / place) if any(link in path for link in links)]
        assert any(PERSONS[1].token in path for path in files(tmp_path / place))
    assert site.publish(tmp_path / "up").removed == 0


def test_a_purge_leaves_counts_and_nothing_else(site: Site, tmp_path: Path) -> None:
    """Only when it is due; everything goes, also at targets, and what recap did not make stays."""
    site.publish(tmp_path / "up")
    (tmp_path / "up" / "robots.txt").write_text("ours")
    (site.out / "report").mkdir()
    (site.out / "report" / "rendered.html").write_text("all of them")
    (site.out / "README").write_text("ours")
    run = {"campaign": CAMPAIGN, "started": "2027-01-01T12:00:00+00:00", "customers": 3, "warnings": ["Ann?"]}
    write_run(site.out, run)
    file, untouched = open_campaign(site.folder), files(site.out)
    (young,) = purge_campaign(file, "90d", NOW, [site.out])
    (due,) = purge_campaign(file, "89d", NOW, [site.out], dry_run=True)
    assert (young.is_due, due.is_due, due.published) == (False, True, 3 * 8 + 3)
    assert files(site.out) == untouched
    (purged,) = purge_campaign(file, "89d", NOW, [site.out])
    assert (purged.files, purged.published) == (due.files, due.published)
    assert purged.files == len(untouched) - 2
    left = files(site.out)
    assert left.keys() == {"README", "run.json"}
    del run["warnings"]
    assert json.loads(left["run.json"]) == {**run, "purged": "2027-03-31T12:00:00+00:00"}
    assert files(tmp_path / "up").keys() == {"robots.txt"}
    assert purge_campaign(file, "1y", NOW, [site.out])[0].is_due is False
    assert purge_campaign(file, "89d", NOW, [site.out])[0].files == 0


def test_a_purge_that_cannot_reach_its_target_is_finished_later(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is here goes at once, and what is up is not lost sight of."""
    site.publish(tmp_path / "up")
    write_run(site.out, {"campaign": CAMPAIGN, "started": "2026-01-01T12:00:00+00:00"})
    file = open_campaign(site.folder)
    with monkeypatch.context() as broken:

        def refuse(target: Target) -> None:
            raise OutputError(f"{target.url} cannot be reached")

        broken.setattr(Target, "probe", refuse)
        with pytest.raises(OutputError, match="cannot be reached"):
            purge_campaign(file, "1y", NOW, [site.out])
    assert {path.split("/")[0] for path in files(site.out)} == {"run.json", "published"}
    (purged,) = purge_campaign(file, "1y", NOW, [site.out])
    assert purged.published == 3 * 8 + 3
    assert files(site.out).keys() == {"run.json"}
    assert files(tmp_path / "up") == {}


@pytest.mark.parametrize(
    ("age", "day"),
    [
        ("90d", "2026-12-31"),
        ("2w", "2027-03-17"),
        ("1m", "2027-02-28"),
        ("13M", "2026-02-28"),
        (" 3y", "2024-03-31"),
        ("37m", "2024-02-29"),
    ],
)
def test_ages_are_by_the_calendar(age: str, day: str) -> None:
    """A month before the 31st is the last day of the month before."""
    assert before(NOW, age) == datetime.fromisoformat(f"{day}T12:00:00+00:00")


@pytest.mark.parametrize("age", ["90", "d", "0d", "-1d", "1.5y", "90 days", "99999y", ""])
def test_what_is_no_age_is_refused(age: str) -> None:
    """Nothing is removed for what was not understood."""
    with pytest.raises(UsageError, match="--older-than"):
        before(NOW, age)


def test_the_commands_say_what_became_of_it(site: Site) -> None:
    """Counts on stdout, nothing of the customer; what is found after all ends with exit code 1."""

    def recap(command: str, *arguments: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(app, [command, str(site.folder), "--out", str(site.out), *arguments])
        return done.exit_code, done.stdout, done.stderr

    first, second = PERSONS[0].id, PERSONS[1].id
    code, told, more = recap("revoke", "--customer", second)
    assert (code, told) == (0, "the customer's links are revoked: 8 files removed\n")
    assert more.startswith("Next: recap run, for new links, then recap publish")
    (site.out / "notes.md").write_text(f"{first}\n")
    code, told, more = recap("forget", "--customer", first)
    assert (code, told.splitlines()[1]) == (1, "later runs leave the customer out")
    assert f"recap: still there: the customer's id in {site.out / 'notes.md'}" in more
    assert first not in told + more
    (site.out / "notes.md").unlink()
    code, told, _ = recap("forget", "--customer", first)
    assert (code, told.splitlines()[0]) == (0, "erased: nothing is kept of this customer")


def test_purge_says_what_is_due(site: Site) -> None:
    """By folder, with the day of the run; and where there is nothing, that."""
    write_run(site.out, {"campaign": CAMPAIGN, "started": "2026-01-01T12:00:00+00:00"})
    aim = [str(site.folder), "--out", str(site.out), "--older-than"]
    young = CliRunner().invoke(app, ["purge", *aim, "99y"]).stdout
    assert young == f"{site.out}: its latest run began on 2026-01-01; nothing is due\n"
    done = CliRunner().invoke(app, ["purge", *aim, "1d"]).stdout
    assert done.startswith(f"{site.out}: run of 2026-01-01: ")
    assert done.endswith(" removed; run.json keeps the counts\n")
