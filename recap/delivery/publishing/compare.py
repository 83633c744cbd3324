"""What has to change at a target: one place of the site beside what is known to be up of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import md5, sha256
from pathlib import Path

from recap.delivery.publishing.ledger import Entry
from recap.delivery.publishing.site import Place, SiteFile


@dataclass(frozen=True, slots=True)
class Change:
    """What has to be done for a place, and what need not."""

    uploads: tuple[SiteFile, ...] = ()
    removals: tuple[str, ...] = ()
    """Paths: what is up, or may be, and no longer belongs."""
    confirmed: tuple[Entry, ...] = ()
    """What turned out to be up as it is here, so that the ledger may say so."""
    kept: int = 0
    """Files that are up as they are here, the confirmed among them."""

    @property
    def steps(self) -> int:
        """How much there is to do."""
        return len(self.uploads) + len(self.removals) + len(self.confirmed)


def compare_place(files: Sequence[SiteFile], entries: Sequence[Entry], output: Path) -> Change:
    """Compare what is to be in a place with what is known to be there.

    A file that was not written since it was sent is taken to be the same; another of the same size is read.
    Raises OSError.
    """
    known = {entry.path: entry for entry in entries}
    uploads, confirmed, kept = [], [], 0
    for file in files:
        entry = known.pop(file.path, None)
        same = None if entry is None else _as_it_is(file, entry, output)
        if same is None:
            uploads.append(file)
            continue
        kept += 1
        if same != entry:
            confirmed.append(same)
    return Change(tuple(uploads), tuple(known), tuple(confirmed), kept)


def side_by_side(
    site: Iterator[Place], known: Iterator[tuple[str, list[Entry]]]
) -> Iterator[tuple[str, tuple[SiteFile, ...], list[Entry]]]:
    """Walk a room of the site and a ledger's together: a place's name, its files here, its entries there."""
    here, there = next(site, None), next(known, None)
    while here is not None or there is not None:
        name = min(name for name in (here and here.name, there and there[0]) if isinstance(name, str))
        files: tuple[SiteFile, ...] = ()
        entries: list[Entry] = []
        if here is not None and here.name == name:
            files, here = here.files, next(site, None)
        if there is not None and there[0] == name:
            entries, there = there[1], next(known, None)
        yield name, files, entries


def entry_of(file: SiteFile, data: bytes) -> Entry:
    """Describe a file that is up with this content."""
    return Entry(
        file.path,
        len(data),
        sha256(data).hexdigest(),
        # Stores tell it of what they hold; nothing rests on it that somebody could gain from breaking.
        md5(data, usedforsecurity=False).hexdigest(),
        file.modified,
        "up" if file.content is None else "notice",
    )


def _as_it_is(file: SiteFile, entry: Entry, output: Path) -> Entry | None:
    """Return what the ledger should say of a file that is up as it is here; None where it is not."""
    if entry.bytes != file.size:
        return None
    if entry.state == "up" and file.content is None and entry.modified == file.modified:
        return entry
    now = entry_of(file, file.read(output))
    if entry.state == "unsure":
        return now if entry.md5 == now.md5 else None
    return now if entry.sha256 == now.sha256 and entry.state == now.state else None
