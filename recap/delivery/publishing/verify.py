"""Whether what is up is what was sent: compared with what the target lists, and some of it read back."""

import heapq
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from itertools import groupby

from recap.delivery.assets import ASSETS
from recap.delivery.pictures import CARDS, SHARED
from recap.delivery.publishing.ledger import Entry, TargetLedger
from recap.delivery.publishing.send import each
from recap.delivery.publishing.site import INDEX, place_of, token_in
from recap.delivery.publishing.target import Listed, Target

SAMPLE = 20
"""So many pages are read back, and so many files whose checksums differ before these are taken for none."""
FEW = 50_000
"""So many files are listed at once; more by the first letters of their tokens."""
AHEAD = 16
"""Folders listed at a time, then."""


def verify(
    target: Target, ledger: TargetLedger, gone: Collection[str], pool: ThreadPoolExecutor
) -> dict[str, str]:
    """Return what is wrong at the target, by path; of what is wrong, the ledger then says that it is unsure.

    Every file in the ledger must be listed with its size, and its checksum where the target tells one. Some
    pages, and whatever differs by its checksum only, are read back whole. Under the tokens that are `gone`
    nothing may be left that the ledger does not know. Raises OutputError.
    """
    wrong: dict[str, str] = {}
    suspects: list[Entry] = []
    pages: list[tuple[str, Entry]] = []
    for entries, listed in _grouped(target, ledger, gone, pool):
        for entry in entries:
            found = listed.pop(entry.path, None)
            if found is None:
                wrong[entry.path] = "it is not there"
            elif found.bytes != entry.bytes:
                wrong[entry.path] = f"it has {found.bytes} bytes instead of {entry.bytes}"
            elif found.md5 is not None and found.md5 != entry.md5:
                suspects.append(entry)
            elif entry.path.endswith(f"/{INDEX}"):
                # A choice that is different for each content, and the same for each attempt.
                pages.append((entry.sha256 or "", entry))
        pages = heapq.nsmallest(SAMPLE, pages, key=lambda page: page[0])
        for path in listed:
            if token_in(place_of(path) or "") in gone:
                wrong[path] = "it is still there"
    wrong |= _read_back(target, [entry for _, entry in pages], pool)
    first, rest = suspects[:SAMPLE], suspects[SAMPLE:]
    differing = _read_back(target, first, pool)
    # Where all are right, the store's checksums are none of the content, as with some ways of encryption.
    wrong |= differing | (_read_back(target, rest, pool) if differing else {})
    ledger.record(Entry(path) for path in wrong)
    return wrong


def _read_back(target: Target, entries: list[Entry], pool: ThreadPoolExecutor) -> dict[str, str]:
    def read(entry: Entry) -> tuple[str, bool]:
        data = target.read(entry.path)
        return entry.path, data is not None and sha256(data).hexdigest() == entry.sha256

    return {path: "it has another content" for path, same in each(pool, read, entries) if not same}


def _grouped(
    target: Target, ledger: TargetLedger, gone: Collection[str], pool: ThreadPoolExecutor
) -> Iterator[tuple[list[Entry], dict[str, Listed]]]:
    """Yield the ledger's entries and the target's files, some folders at a time."""
    is_small = sum(1 for _ in ledger.entries()) <= FEW

    def folder_of(path: str) -> str:
        room, group, *_ = path.split("/")
        return room if is_small or room == ASSETS else f"{room}/{group}"

    left = {folder_of(f"{room}/{token[:2]}/") for token in gone for room in (CARDS, SHARED)}
    folders = sorted(left.union(folder_of(entry.path) for entry in ledger.entries()))
    groups = groupby(ledger.entries(), key=lambda entry: folder_of(entry.path))
    group = next(groups, None)
    for start in range(0, len(folders), AHEAD):
        ahead = folders[start : start + AHEAD]
        for folder, listed in zip(ahead, pool.map(target.list_files, ahead), strict=True):
            entries = []
            if group is not None and group[0] == folder:
                entries, group = list(group[1]), next(groups, None)
            yield entries, listed
