"""The two redo logs: a committed shard, and a finished run. Both may be applied any number of times.

A shard becomes true with one rename, `staging/<part>` to `committed/<part>`; from then on `apply_part` brings
the pictures to their places, now or when the folder is next opened. A run is finished by one rename likewise,
and `conclude` does the rest. Every step leaves what the steps after it need, whenever the power goes.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from recap.delivery.disk import remove, remove_if_empty, sync_folder
from recap.delivery.pictures import CARDS, ENDINGS, SHARED, customer_folder, files_of
from recap.delivery.tables import (
    MANIFEST,
    MANIFEST_SCHEMA,
    OUTCOMES,
    OUTCOMES_SCHEMA,
    read_batches,
    read_column,
)
from recap.delivery.tokens import TOKEN

TABLES = "tables"
"""Inside a staged or committed part: the folder with its manifest, its outcomes and the list of its pages."""
PAGES = "pages.txt"
"""The pages of a part, a path a line. All of them are staged anew by each run: they are small."""


def apply_part(part: Path, output: Path, parts: Path) -> Path:
    """Bring a committed part's files to their places, then its tables to `parts`; return their folder.

    Pictures the part names but does not hold are those of an earlier run, and stay. Files of its customers
    which it does not name go.
    """
    tables, settled = part / TABLES, parts / part.name
    if tables.is_dir():
        paths = [*_pictures(tables / MANIFEST), *(tables / PAGES).read_text().splitlines()]
        touched = _place(part, output, paths)
        touched |= _drop_unnamed(output, _folders(tables / OUTCOMES), set(paths))
        # All renames first, then all syncs: a journalling file system writes them out together.
        for folder in sorted(touched):
            if folder.is_dir():
                sync_folder(folder)
        remove(settled)
        os.rename(tables, settled)  # noqa: PTH104 - from here on the part is applied
        sync_folder(parts)
    remove(part)
    return settled


def conclude(output: Path, work: Path, finished: Path, *, spare: Path) -> None:
    """Put a finished run's tables in place, remove customers it does not know, and the working folder.

    `spare` is left alone: somebody may still be at work in it.
    """
    for name in (MANIFEST, OUTCOMES):
        if (finished / name).exists():
            os.replace(finished / name, output / name)  # noqa: PTH105
    sync_folder(output)
    _prune(output / CARDS, read_column(output / OUTCOMES, OUTCOMES_SCHEMA, "token"))
    shared = read_column(output / OUTCOMES, OUTCOMES_SCHEMA, "share_token")
    _prune(output / SHARED, iter(sorted(token for token in shared if token)))
    # `finished` goes last: while it is there, whatever else is left is known to be waste.
    for path in sorted(work.iterdir()):
        if path not in (finished, spare):
            remove(path)
    remove(finished)
    remove_if_empty(work)
    sync_folder(output)


def _place(part: Path, output: Path, paths: list[str]) -> set[Path]:
    touched = set()
    for path in paths:
        staged, target = part / path, output / path
        if staged.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(staged, target)  # noqa: PTH105
            touched |= {target.parent, target.parent.parent, target.parent.parent.parent, output}
    return touched


def _pictures(manifest: Path) -> Iterator[str]:
    for rows in read_batches([manifest], MANIFEST_SCHEMA, ["path", "bytes", "files"]):
        for row in rows.to_pylist():
            yield from (path for path, _ in files_of(row))


def _folders(outcomes: Path) -> list[str]:
    people = [
        row
        for rows in read_batches([outcomes], OUTCOMES_SCHEMA, ["token", "share_token"])
        for row in rows.to_pylist()
    ]
    shared = [customer_folder(row["share_token"], "shared") for row in people if row["share_token"]]
    return [*(customer_folder(row["token"]) for row in people), *shared]


def _drop_unnamed(output: Path, folders: list[str], named: set[str]) -> set[Path]:
    touched = set()
    for folder in map(output.joinpath, folders):
        if not folder.is_dir():
            continue
        for file in sorted(path for path in folder.iterdir() if path.suffix in ENDINGS):
            if file.relative_to(output).as_posix() not in named:
                file.unlink()
                touched.add(folder)
        if remove_if_empty(folder):
            touched.add(folder.parent)
    return touched


def _prune(room: Path, tokens: Iterator[str]) -> None:
    """Remove the folders of customers without an outcome; walks folders and sorted tokens side by side."""
    if not room.is_dir():
        return
    token = next(tokens, None)
    for group in sorted(room.iterdir()):
        if not group.is_dir():
            continue
        for folder in sorted(group.iterdir()):
            while token is not None and token < folder.name:
                token = next(tokens, None)
            # What is not called like a token is somebody else's, and stays.
            if folder.name != token and TOKEN.fullmatch(folder.name):
                remove(folder)
        remove_if_empty(group)
    remove_if_empty(room)
