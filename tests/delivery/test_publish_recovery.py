"""Publishing that goes wrong: what is tried again, found again, mended, and taken down for good."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from made_up_runs import KILLED, people
from made_up_site import Site, files

from recap.delivery.publishing import target as targets
from recap.delivery.publishing.ledger import TargetLedger, forget_tokens, published_tokens, recorded_targets
from recap.errors import OutputError

FIVE = people(5, shares=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Site(tmp_path_factory.mktemp("made") / "campaign").make(FIVE).folder


@pytest.fixture
def site(made: Path, tmp_path: Path) -> Site:
    return Site(shutil.copytree(made, tmp_path / "campaign"))


@pytest.fixture
def web(tmp_path: Path) -> Path:
    return tmp_path / "web"


def test_a_target_that_refuses(site: Site, web: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A read-only folder is told at once, without further attempts, and what is missing goes up later."""
    attempts = []

    def refuse(path: Path, data: bytes) -> None:
        attempts.append(path)
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(targets, "write_durably", refuse)
        with pytest.raises(OutputError, match=r"refused .*Read-only.* right to list, read, write"):
            site.publish(web, workers=1)
    assert attempts
    assert len(set(attempts)) == len(attempts)
    assert files(web) == {}
    site.publish(web)
    assert files(web) == site.files()


def test_a_moments_trouble_is_tried_again(site: Site, web: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A target that is busy or cut off once for each file costs nothing but time."""
    seen: set[Path] = set()
    write = targets.write_durably

    def unsteady(path: Path, data: bytes) -> None:
        if path not in seen:
            seen.add(path)
            raise ConnectionResetError(104, "cut") if len(seen) % 2 else OSError(16, "busy")
        write(path, data)

    monkeypatch.setattr(targets, "PAUSES", (0,))
    monkeypatch.setattr(targets, "write_durably", unsteady)
    site.publish(web)
    assert len(seen) == len(site.files())
    assert files(web) == site.files()


def test_dying_at_every_write(tmp_path: Path) -> None:
    """Whatever it dies of, no page is up without what it shows, and the next publishing ends it."""
    site, web = Site(tmp_path / "campaign").make(people(1, cards=1)), tmp_path / "web"
    child = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("made_up_site.py")), str(site.folder), str(web)],
        capture_output=True,
        text=True,
        check=True,
    )
    # A page that lacks something would be told after the code, and be no number.
    *died, last = map(int, child.stdout.splitlines())
    assert last == 0, child.stderr
    assert len(died) == len(site.files())
    assert set(died) == {KILLED}
    assert files(web) == site.files()
    assert published_tokens(site.out) == {people(1)[0].token}


def test_what_was_sent_and_not_noted_is_found(site: Site, web: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A customer whose files were on their way when it died, and who then opts out, is taken down."""
    person = FIVE[0]

    def die(self: TargetLedger, entries: Any) -> None:
        known = list(entries)
        if any(entry.state == "up" for entry in known):
            raise KeyboardInterrupt
        record(self, known)

    record = TargetLedger.record
    with monkeypatch.context() as patch:
        patch.setattr(TargetLedger, "record", die)
        with pytest.raises(KeyboardInterrupt):
            site.publish(web)
    assert [path for path in files(web) if person.token in path]
    site.opt_out(person)
    site.publish(web)
    assert not [path for path in files(web) if person.token in path or str(person.share_token) in path]


def test_a_lost_ledger_is_made_anew(site: Site, web: Path) -> None:
    """Ours are found by their tokens, and what is not ours stays, unless it is asked for."""
    site.publish(web)
    stranger = web / "cards" / "aa" / ("a" * 26)
    stranger.mkdir(parents=True)
    (stranger / "index.html").write_text("another campaign's")
    (stranger / "notes.txt").write_text("somebody's")
    for ledger in (site.out / "published").iterdir():
        ledger.unlink()
    site.opt_out(FIVE[0])
    published = site.publish(web)
    assert published.removed == 8
    # A folder tells no checksums: what is there is sent again.
    assert published.sent == len(site.files()) - 8
    assert any("1 tokens that are not this campaign's" in warning for warning in site.ear.warnings)
    assert (stranger / "index.html").exists()
    site.publish(web, strangers=True)
    assert [path.name for path in stranger.iterdir()] == ["notes.txt"]


def test_what_changed_at_the_target_is_told(site: Site, web: Path) -> None:
    """A file cut short, one of another content and one that is gone end with exit code 1, and are mended."""
    site.publish(web)
    pictures, pages = sorted(web.rglob("*.png")), sorted(web.rglob("cards/*/*/index.html"))
    pictures[0].write_bytes(b"")
    pictures[1].unlink()
    pages[0].write_bytes(pages[0].read_bytes()[::-1])
    with pytest.raises(OutputError, match="3 files are not as they were left") as caught:
        site.publish(web)
    assert caught.value.exit_code == 1
    published = site.publish(web)
    assert published.sent == 3
    assert files(web) == site.files()


def test_forgetting_takes_down_everywhere(site: Site, web: Path, tmp_path: Path) -> None:
    """Of some tokens nothing is left, at no target and in no ledger; of the others everything."""
    other, person = tmp_path / "other", FIVE[2]
    tokens = [token for token in (person.token, person.share_token) if token]
    site.publish(web)
    site.publish(other)
    assert recorded_targets(site.out) == sorted([f"file://{web}", f"file://{other}"])
    assert forget_tokens(site.out, tokens) == 16
    for place in (web, other):
        assert not [path for path in place.rglob("*") if any(token in str(path) for token in tokens)]
        left = {path: data for path, data in site.files().items() if not any(t in path for t in tokens)}
        assert files(place) == left
    for ledger in (site.out / "published").rglob("*"):
        assert not any(token.encode() in ledger.read_bytes() for token in tokens)
    assert not published_tokens(site.out) & set(tokens)
