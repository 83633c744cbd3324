"""Publishing into a folder: what goes up and what is taken down, in which order, and what is refused."""

import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from made_up_runs import draw, people
from made_up_site import Site, files
from typer.testing import CliRunner

from recap.cli.app import app
from recap.delivery.folder import open_output
from recap.delivery.lock import acquire_folder
from recap.delivery.publishing import send
from recap.delivery.publishing.ledger import published_tokens
from recap.delivery.publishing.site import Served, served
from recap.delivery.publishing.target import Target
from recap.delivery.tables import write_run
from recap.errors import CampaignError, OutputError, RecapError, SourceError, UsageError

FIVE = people(5, shares=True)
Recap = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Site(tmp_path_factory.mktemp("made") / "campaign").make(FIVE).folder


@pytest.fixture
def site(made: Path, tmp_path: Path) -> Site:
    return Site(shutil.copytree(made, tmp_path / "campaign"))


@pytest.fixture
def recap(site: Site) -> Recap:
    """Return a function that publishes by the command line: code, stdout, stderr."""

    def call(*arguments: object) -> tuple[int, str, str]:
        command = ["publish", str(site.folder), "--out", str(site.out), *map(str, arguments)]
        done = CliRunner().invoke(app, command)
        error = done.exception
        if isinstance(error, RecapError):
            return error.exit_code, done.stdout, f"{done.stderr}recap: {error}"
        return done.exit_code, done.stdout, done.stderr

    return call


@pytest.fixture
def web(tmp_path: Path) -> Path:
    return tmp_path / "web"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Tell what is done at the target, in order: `put` or `remove`, and the path."""
    done: list[tuple[str, str]] = []
    put, remove = Target.put, Target.remove

    def logged_put(self: Target, path: str, data: bytes, how: Served) -> None:
        put(self, path, data, how)
        done.append(("put", path))

    def logged_remove(self: Target, path: str) -> None:
        remove(self, path)
        done.append(("remove", path))

    monkeypatch.setattr(Target, "put", logged_put)
    monkeypatch.setattr(Target, "remove", logged_remove)
    return done


def test_all_of_the_site_goes_up_once(site: Site, web: Path, log: list[tuple[str, str]]) -> None:
    """The target holds the site's files and nothing else; a second time nothing is sent."""
    (site.out / "cards" / ".DS_Store").write_text("x")
    strange = site.out / "cards" / FIVE[0].token[:2] / FIVE[0].token / "my notes.txt"
    strange.write_text("not for everybody")
    published = site.publish(web)
    expected = {path: data for path, data in site.files().items() if not path.endswith((".DS_Store", ".txt"))}
    assert files(web) == expected
    assert (published.sent, published.customers) == (len(expected), 5)
    assert published.sent_bytes == sum(map(len, expected.values()))
    assert site.ear.counts[-1] == (len(expected), len(expected))
    log.clear()
    # Nor where a run wrote every page again, and they are as they were.
    for page in site.out.rglob("*.html"):
        page.write_bytes(page.read_bytes())
    again = site.publish(web)
    assert (again.sent, again.kept, again.removed, log) == (0, len(expected), 0, [])


def test_no_page_is_up_before_what_it_shows(site: Site, web: Path, log: list[tuple[str, str]]) -> None:
    """Assets and pictures, then the pages of cards, then the customers' pages."""
    site.publish(web, workers=4)
    for folder in {path.rpartition("/")[0] for _, path in log if path.startswith(("cards", "shared"))}:
        order = [path.rpartition("/")[2] for _, path in log if path.startswith(folder)]
        assert order[-1] == "index.html"
        kinds = [name.endswith(".html") for name in order]
        assert kinds == sorted(kinds)
    pages = [path.endswith(".html") for _, path in log]
    assert max(at for at, (_, path) in enumerate(log) if path.startswith("assets")) < pages.index(True)


def test_nameless_pictures_are_up_before_the_page_that_offers_them(
    site: Site, web: Path, log: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where there is so much to send that it is done in many turns."""
    monkeypatch.setattr(send, "STEPS", 1)
    site.publish(web)
    paths = [path for _, path in log]
    for person in FIVE:
        page = paths.index(f"cards/{person.token[:2]}/{person.token}/index.html")
        assert max(at for at, path in enumerate(paths) if str(person.share_token) in path) < page


def test_only_what_changed_is_sent(site: Site, web: Path, log: list[tuple[str, str]]) -> None:
    """One customer's pictures change, another loses a card: the rest is left alone."""
    site.publish(web)
    log.clear()
    changed, shorter = FIVE[0], FIVE[3]
    now = [person for person in FIVE if person not in (changed, shorter)]
    now += [type(changed)(changed.id, version=2), type(shorter)(shorter.id, cards=1, shares=True)]
    now.sort(key=lambda person: person.token)
    published = site.make(now).publish(web)
    assert files(web) == site.files()
    touched = {path.split("/")[2] for _, path in log}
    assert touched == {changed.token, changed.share_token, shorter.token, shorter.share_token} - {None}
    # What the shorter deck lacks goes after the page that no longer leads to it.
    gone = [path for what, path in log if what == "remove" and shorter.token in path]
    assert [path.rpartition("/")[2] for path in gone] == ["01.html", "01-total.story.png"]
    assert published.removed == len([path for what, path in log if what == "remove"])


def test_who_is_gone_is_taken_down_first(site: Site, web: Path, log: list[tuple[str, str]]) -> None:
    """An opt-out counts at once, without another run: the page goes first, before anything is sent."""
    site.publish(web)
    log.clear()
    out = FIVE[2]
    site.opt_out(out)
    site.make([FIVE[0], *FIVE[2:]], digest="fedcba9876543210")
    published = site.publish(web)
    assert published.customers == 3
    assert any("1 asked to be left out" in warning for warning in site.ear.warnings)
    names = {path.split("/")[2] for path in files(web)}
    assert not names & {out.token, out.share_token, FIVE[1].token, FIVE[1].share_token}
    assert not [path for path in web.rglob("*") if out.token in str(path)]
    order = [what for what, path in log if not path.startswith("assets")]
    assert order == sorted(order, reverse=True)
    removed = [path.endswith(".html") for what, path in log if what == "remove"]
    first_picture = removed.index(False)
    assert all(removed[:first_picture])
    assert first_picture == 8
    # The assets that no page uses any more go at last.
    assert log[-1][0] == "remove"
    assert log[-1][1].startswith("assets/0123456789abcdef/")
    assert published_tokens(site.out) == {
        token for person in (FIVE[0], *FIVE[3:]) for token in (person.token, person.share_token)
    }


def test_opt_outs_that_cannot_be_read_stop_it(site: Site, web: Path) -> None:
    """Nobody is published where it is not known who must not be."""
    (site.folder / "customers.csv").unlink()
    with pytest.raises(SourceError, match="customers"):
        site.publish(web)
    assert not web.exists()


def test_revoked_and_ended_pages_say_so(site: Site, web: Path) -> None:
    """In their place is a page that says why there is none; who opted out gets not even that.

    The last day itself still counts, in the campaign's time zone.
    """
    expires = ("page.expires=2027-01-15", "time_zone=America/New_York")
    assert site.publish(web, *expires, now=datetime(2027, 1, 16, 4, tzinfo=UTC)).customers == 5
    person = FIVE[1]
    site.revoke(person.token, person.share_token)
    site.opt_out(FIVE[4])
    after = datetime(2027, 1, 16, 6, tzinfo=UTC)
    published = site.publish(web, *expires, now=after)
    assert (published.customers, published.notices) == (0, 8)
    assert any("revoked link" in warning for warning in site.ear.warnings)
    assert any("pages ended on 2027-01-15" in warning for warning in site.ear.warnings)
    left = files(web)
    assert len(left) == 8
    assert all(path.endswith("/index.html") and b"Made Up" in page for path, page in left.items())
    assert not [path for path in left if FIVE[4].token in path or str(FIVE[4].share_token) in path]
    revoked = {page for path, page in left.items() if person.token in path or str(person.share_token) in path}
    assert len(revoked) == 1
    assert len({*left.values()} - revoked) == 1
    assert published_tokens(site.out) == frozenset()
    again = site.publish(web, *expires, now=after)
    assert (again.sent, again.notices, again.removed) == (0, 0, 0)
    # And back, where the campaign gives more time.
    site.revoke()
    site.opt_out()
    site.publish(web)
    assert files(web) == site.files()


def test_a_dry_run_writes_nothing(site: Site, web: Path) -> None:
    """It tells what would be, whether there is a ledger or not."""
    before = files(site.folder)
    first = site.publish(web, dry_run=True)
    assert not web.exists()
    assert files(site.folder) == before
    assert site.publish(web) == first
    site.opt_out(FIVE[0])
    before, up = files(site.folder), files(web)
    second = site.publish(web, dry_run=True)
    assert second.removed == 8
    assert (files(site.folder), files(web)) == (before, up)
    assert site.publish(web) == second


@pytest.mark.parametrize(
    "case", ["no base_url", "no run", "unfinished", "other campaign", "in use", "itself"]
)
def test_what_cannot_be_published_is_refused(site: Site, web: Path, case: str) -> None:
    """Each with its sentence, and nothing goes up."""
    expected: type[RecapError] = UsageError
    to, lock = web, None
    if case == "no base_url":
        text = (site.folder / "campaign.yaml").read_text()
        (site.folder / "campaign.yaml").write_text(text.replace("base_url", "# base_url"))
        expected, told = CampaignError, "base_url"
    elif case == "no run":
        (site.out / "run.json").unlink()
        told = "no finished run"
    elif case == "unfinished":
        with open_output(site.out) as output:
            draw(output, 0, FIVE[:1])
        expected, told = OutputError, "not finished: run again"
    elif case == "other campaign":
        write_run(site.out, {"campaign": "another"})
        told = "of the campaign another"
    elif case == "in use":
        lock = acquire_folder(site.out)
        expected, told = OutputError, "another run"
    else:
        to, told = site.out / "cards", "output folder itself"
    with pytest.raises(expected, match=told) as caught:
        site.publish(to)
    if lock is not None:
        os.close(lock)
    assert caught.value.exit_code == (1 if expected is OutputError else 2)
    assert not web.exists()


def test_pages_made_for_another_address_are_refused(site: Site, web: Path) -> None:
    """Their previews would lead elsewhere."""
    write_run(site.out, {"campaign": "made-up-2026", "base_url": "https://recap.example/old"})
    with pytest.raises(UsageError, match=r"were made for https://recap.example/old, .* run again"):
        site.publish(web)


def test_missing_assets_stop_it(site: Site, web: Path) -> None:
    """Pages without their style are none; and those that are up keep theirs."""
    site.publish(web)
    up = sorted(path.relative_to(web) for path in web.rglob("*"))
    shutil.rmtree(site.out / "assets")
    with pytest.raises(OutputError, match=r"assets is missing, or not what the run drew: run again"):
        site.publish(web)
    assert sorted(path.relative_to(web) for path in web.rglob("*")) == up


def test_a_missing_picture_stops_it_before_anything_goes_up(site: Site, web: Path) -> None:
    """Half a recap is no recap; but who opted out does not wait, nor does anybody after the last day."""
    picture = min(site.out.rglob(f"*{FIVE[0].token}/*.png"))
    whole = picture.read_bytes()
    picture.write_bytes(b"cut")
    with pytest.raises(OutputError, match=r"png is missing, or not what the run drew: run again"):
        site.publish(web)
    assert not web.exists()
    picture.write_bytes(whole)
    site.publish(web)
    picture.unlink()
    site.opt_out(FIVE[1])
    for options in ({"dry_run": True}, {}):
        with pytest.raises(OutputError, match="run again"):
            site.publish(web, **options)
        left = [path for path in files(web) if FIVE[1].token in path]
        assert len(left) == (4 if options else 0)
    assert site.publish(web, "page.expires=2027-01-01").customers == 0
    assert not [path for path in files(web) if not path.endswith("/index.html")]


def test_a_language_that_the_campaign_has_no_longer(site: Site, web: Path) -> None:
    """Who was spoken to in it is told in the first of the others that the pages have ended."""
    site.publish(web)
    assert {row["locale"] for row in pl.read_parquet(site.out / "outcomes.parquet").to_dicts()} == {"en"}
    assert site.publish(web, "page.expires=2027-01-01", "languages=[de]").notices == 10
    assert all(b'lang="de"' in page for path, page in files(web).items() if path.endswith(".html"))


def test_the_command_says_what_it_did(site: Site, web: Path, recap: Recap) -> None:
    """Counts on stdout; where it could not, a sentence and the exit code."""
    code, stdout, _ = recap("--to", web)
    assert code == 0
    assert stdout.splitlines()[:2] == ["sent: 43 files, 0.0 MB; unchanged: 0", "taken down: 0 files"]
    site.opt_out(FIVE[0])
    code, stdout, stderr = recap("--to", web, "--dry-run", "--log-format", "json")
    assert (code, "taken down: 8 files" in stdout, "dry run" in stdout) == (0, True, True)
    assert {"event": "step", "step": "comparing"} in map(json.loads, stderr.splitlines())
    max(web.rglob("*.png")).unlink()
    site.opt_out()
    code, _, stderr = recap("--to", web)
    assert code == 1
    assert "recap: file://" in stderr
    assert "publish again" in stderr
    assert recap("--to", "ftp://web")[0] == 2


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://recap.example/2026", "where files are written to"),
        ("s3://", "name the bucket"),
        ("gs://bucket/x", r"pip install 'recap\[gcs\]'"),
    ],
)
def test_targets_that_are_none(site: Site, url: str, told: str) -> None:
    """What recap cannot write to is told before anything is read."""
    with pytest.raises(UsageError, match=told):
        site.publish(url)


@pytest.mark.parametrize(
    ("path", "content_type", "cache"),
    [
        ("assets/0123/page.css", "text/css; charset=utf-8", "immutable"),
        ("assets/0123/a.woff2", "font/woff2", "immutable"),
        ("cards/ab/abc/00-cover.story.png", "image/png", "must-revalidate"),
        ("cards/ab/abc/00-cover.link.jpg", "image/jpeg", "must-revalidate"),
        ("cards/ab/abc/00-cover.story.webp", "image/webp", "must-revalidate"),
        ("cards/ab/abc/index.html", "text/html; charset=utf-8", "no-cache"),
        ("shared/ab/abc/01.html", "text/html; charset=utf-8", "no-cache"),
    ],
)
def test_how_files_are_served(path: str, content_type: str, cache: str) -> None:
    """Types a browser knows; pages are asked for anew, pictures soon, assets never."""
    assert served(path).content_type == content_type
    assert cache in served(path).cache
