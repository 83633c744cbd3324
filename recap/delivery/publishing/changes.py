"""Everything that has to change at a target, from what must go at once to what may go at last."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from recap.delivery.assets import ASSETS
from recap.delivery.pictures import CARDS, SHARED
from recap.delivery.publishing.compare import Change, compare_place, side_by_side
from recap.delivery.publishing.ledger import Entry, TargetLedger
from recap.delivery.publishing.people import People
from recap.delivery.publishing.site import INDEX, ROOMS, SiteFile, place_of, token_in, walk_room
from recap.delivery.publishing.target import Target

Notice = Callable[[str | None, Literal["expired", "revoked"]], bytes]
"""Makes the page that says why there is none any more, in a language; None is the campaign's first."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be up."""

    output: Path
    people: People
    revoked: Collection[str]
    """Tokens of which a page is to say that the link is no longer good."""
    expired: bool
    """Whether all pages are to say that they have ended."""
    notice: Notice


def find_departures(wish: Wish, ledger: TargetLedger) -> Iterator[Change]:
    """Yield what has to go at once: everything of whoever may not be seen. Raises OutputError."""
    for name, entries in ledger.places():
        token = token_in(name)
        if token is None or (token in wish.people.admitted and not wish.expired):
            continue
        yield compare_place(_notice(wish, name, token, entries), entries, wish.output)


def find_changes(wish: Wish, ledger: TargetLedger) -> Iterator[Change]:
    """Yield what is to change of what stays, place by place, once `find_departures` was carried out.

    First come the assets, then the nameless renditions and the customers' own folders, which lead to these,
    and at last the assets that no page uses any more. Raises OutputError, and OSError where a file here
    cannot be read.
    """
    old: list[str] = []
    admitted = {} if wish.expired else wish.people.admitted
    for room in ROOMS:
        for name, files, entries in side_by_side(walk_room(wish.output, room), ledger.places(room)):
            if name == ASSETS:
                change = compare_place(() if wish.expired else files, entries, wish.output)
                old += change.removals
                yield Change(change.uploads, (), change.confirmed, change.kept)
            elif token_in(name) in admitted:
                yield compare_place(files, entries, wish.output)
    yield Change(removals=tuple(old))


def count_files(wish: Wish) -> int:
    """Count the files of the site that are to be up."""
    if wish.expired:
        return 0
    return sum(
        len(place.files)
        for room in ROOMS
        for place in walk_room(wish.output, room)
        if place.name == ASSETS or token_in(place.name) in wish.people.admitted
    )


def adopt(target: Target, ledger: TargetLedger, wish: Wish, *, strangers: bool) -> int:
    """Note in the ledger what the target lists and it does not know, to be compared by size and checksum.

    Where the ledger is lost, that is what is left of it. Folders under tokens that are none of this
    campaign's may be another's: they are noted only with `strangers`. Returns how many of these were passed
    over. Raises OutputError.
    """
    passed: set[str] = set()
    noted = set() if ledger.is_new else {entry.path for entry in ledger.entries()}

    def found() -> Iterator[Entry]:
        folders = [ASSETS, *target.list_groups(CARDS), *target.list_groups(SHARED)]
        for path, listed in (
            file for folder in folders for file in sorted(target.list_files(folder).items())
        ):
            place = place_of(path)
            if place is None or path in noted:
                continue
            token = token_in(place)
            if token is None:
                # Other assets may be what the pages of another campaign use.
                is_ours = (wish.output / path).is_file()
            else:
                is_ours = strangers or token in wish.people.known or token in wish.revoked
            if is_ours:
                yield Entry(path, listed.bytes, None, listed.md5)
            elif token is not None:
                passed.add(token)

    if ledger.is_new:
        ledger.begin(found())
    else:
        ledger.record(found())
    return len(passed)


def _notice(wish: Wish, name: str, token: str, entries: list[Entry]) -> tuple[SiteFile, ...]:
    """Say what stands in place of a page that was up; nothing for who is left out or gone."""
    path = f"{name}/{INDEX}"
    if all(entry.path != path for entry in entries):
        return ()
    if token in wish.revoked:
        content = wish.notice(None, "revoked")
    elif token in wish.people.admitted:
        content = wish.notice(wish.people.admitted[token], "expired")
    else:
        return ()
    return (SiteFile(path, len(content), 0, content),)
