"""Runs made up for the tests of delivery: customers, their pictures, and a child process that draws them.

As a program: `draw FOLDER` draws the usual run and prints a line a shard; `hold FOLDER` keeps its lock until
its input ends; `crash BASE` plays the same run from BASE/before again and again, dying one file system call
later each time.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

import recap
from recap.delivery.folder import OutputFolder, open_output
from recap.delivery.pictures import customer_folder, picture_path, write_pages, write_picture
from recap.delivery.tables import MANIFEST_SCHEMA, OUTCOMES_SCHEMA
from recap.delivery.tokens import share_token_of, token_of

SECRET = b"a secret only the tests know"
CAMPAIGN = "made-up-2026"
KILLED = 137


@dataclass(frozen=True)
class Person:
    """A customer as a run sees them: how many cards, and what is on them."""

    id: str
    cards: int = 2
    version: int = 1
    shares: bool = False

    @property
    def token(self) -> str:
        return token_of(SECRET, CAMPAIGN, self.id)

    @property
    def share_token(self) -> str | None:
        return share_token_of(SECRET, CAMPAIGN, self.id) if self.shares and self.cards else None


def people(number: int, **changes: Any) -> list[Person]:
    return in_order([Person(f"customer {index}", **changes) for index in range(number)])


def in_order(persons: Sequence[Person]) -> list[Person]:
    return sorted(persons, key=lambda person: person.token)


def shards(persons: Sequence[Person], size: int) -> list[list[Person]]:
    return [list(persons[start : start + size]) for start in range(0, len(persons), size)]


def draw(output: OutputFolder, shard: int, persons: Sequence[Person]) -> int:
    """Do what a run does with one shard; returns how many pictures had to be drawn."""
    known = output.known([person.token for person in persons])
    staging = output.stage(shard)
    rows, drawn = [], 0
    for person in persons:
        for card in range(person.cards):
            fingerprint = f"{person.id} {card} {person.version} {person.shares}"
            row = known.get((person.token, card, "story"))
            if row is None or row["fingerprint"] != fingerprint:
                drawn += 1
                row = _drawn(staging, person, card, fingerprint)
            rows.append(row)
        _write_pages(staging, person)
    output.commit(
        shard,
        pa.Table.from_pylist(rows, MANIFEST_SCHEMA),
        pa.Table.from_pylist([*map(_outcome, persons)], OUTCOMES_SCHEMA),
    )
    return drawn


def run(path: Path, persons: Sequence[Person], size: int = 3, *, keep_others: bool = False) -> int:
    """Do a whole run; returns how many pictures had to be drawn."""
    pieces = shards(persons, size)
    with open_output(path) as output:
        drawn = sum(draw(output, number, piece) for number, piece in enumerate(pieces))
        output.finish(range(len(pieces)), keep_others=keep_others)
    return drawn


def tree(path: Path) -> dict[str, bytes | None]:
    """Every file with its content and every folder, by relative path."""
    return {
        found.relative_to(path).as_posix(): found.read_bytes() if found.is_file() else None
        for found in sorted(path.rglob("*"))
    }


def pictures(path: Path) -> dict[str, bytes | None]:
    return {name: content for name, content in tree(path).items() if name.endswith(".png")}


def delivered(path: Path) -> dict[str, bytes | None]:
    """Every file in a customer's folder: pictures, pages and their nameless renditions."""
    return {
        name: content
        for name, content in tree(path).items()
        if content is not None and name.startswith(("cards/", "shared/"))
    }


def start(*arguments: str) -> "subprocess.Popen[str]":
    """Run this module as a program, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(Path(recap.__file__).parents[1])}
    command = [sys.executable, __file__, *arguments]
    return subprocess.Popen(
        command,
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _drawn(staging: Path, person: Person, card: int, fingerprint: str) -> dict[str, Any]:
    data = (fingerprint + "." * (10 * card + person.version)).encode()
    written = write_picture(staging, picture_path(person.token, card, "total", "story"), data)
    files = []
    if person.share_token:
        shared = f"{customer_folder(person.share_token, 'shared')}/{card:02d}-total.story.png"
        files = [asdict(write_picture(staging, shared, b"nameless " + data))]
    return {
        "customer_id": person.id,
        "token": person.token,
        "card": card,
        "metric": "total",
        "template": "number",
        "theme": "poster",
        "locale": "en",
        "format": "story",
        "path": written.path,
        "width": 1080,
        "height": 1920,
        "bytes": written.bytes,
        "sha256": written.sha256,
        "files": files,
        "headline": f"Headline of {person.id}",
        "alt_text": f"Alt text of {person.id}",
        "fingerprint": fingerprint,
    }


def _write_pages(staging: Path, person: Person) -> None:
    if not person.cards:
        return
    pages = {"index.html": f"page of {person.id}, version {person.version}".encode()}
    # One more page for each card after the first, so that pages come and go with cards.
    pages |= {f"{card:02d}.html": b"a card" for card in range(1, person.cards)}
    write_pages(staging, customer_folder(person.token), pages)
    if person.share_token:
        write_pages(staging, customer_folder(person.share_token, "shared"), pages)


def _outcome(person: Person) -> dict[str, Any]:
    return {
        "customer_id": person.id,
        "token": person.token,
        "outcome": "rendered" if person.cards else "failed",
        "reason": None if person.cards else "the template said no",
        "cards": person.cards,
        "locale": "en",
        "share_token": person.share_token,
    }


# What the crashing child plays: a finished run, and a second one that changes everything it can.
BEFORE = people(3, cards=1, shares=True)
AFTER = in_order(
    [
        Person(BEFORE[0].id, cards=2, version=2, shares=True),
        Person(BEFORE[1].id, cards=1, version=1, shares=True),
        Person(BEFORE[2].id, cards=0),
        Person("somebody new", cards=1),
    ]
)
CALLS = ("mkdir", "rename", "replace", "unlink", "rmdir", "fsync")


def _die_at(call: int) -> None:
    """From now on, die without a word before the `call`-th change to the file system (counting from 1)."""
    done = 0

    def counted(real: Any) -> Any:
        def wrapper(*arguments: Any, **keywords: Any) -> Any:
            nonlocal done
            done += 1
            if done == call:
                os._exit(KILLED)
            return real(*arguments, **keywords)

        return wrapper

    for name in CALLS:
        setattr(os, name, counted(getattr(os, name)))


def _survives(call: int, path: Path, *, recovering: bool) -> bool:
    """Fork a process that runs (or only recovers) until it dies at a call; False where it did die."""
    child = os.fork()
    if child == 0:
        _die_at(call)
        if recovering:
            open_output(path).close()
        else:
            run(path, AFTER, size=2)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status not in (0, KILLED):
        sys.exit(f"the child failed at call {call}")
    return status == 0


def _crash_everywhere(base: Path) -> Iterator[str]:
    for call in range(1, 1000):
        path = base / f"{call:04d}"
        shutil.copytree(base / "before", path)
        if _survives(call, path, recovering=False):
            return
        # And once more while the folder is being repaired, somewhere else each time.
        again = hashlib.sha256(str(call).encode()).digest()[0] % 24
        if again:
            _survives(again, path, recovering=True)
        yield path.name


if __name__ == "__main__":
    if sys.argv[1] == "draw":
        pieces = shards(people(60), 3)
        with open_output(Path(sys.argv[2])) as folder:
            for number, piece in enumerate(pieces):
                draw(folder, number, piece)
                print(f"shard {number}", flush=True)  # noqa: T201
            print("finishing", flush=True)  # noqa: T201
            folder.finish(range(len(pieces)))
    if sys.argv[1] == "hold":
        with open_output(Path(sys.argv[2])):
            print("held", flush=True)  # noqa: T201
            sys.stdin.read()
    if sys.argv[1] == "crash":
        for case in _crash_everywhere(Path(sys.argv[2])):
            print(case, flush=True)  # noqa: T201
