"""The two redo logs: a committed shard, and a finished run. Both may be applied any number of times.

A shard becomes true with one rename, `staging/<part>` to `committed/<part>`; from then on `apply_part` brings
the pictures to their places, now or when the folder is next opened. A run is finished by one rename likewise,
and `conclude` does the rest. Every step leaves what the steps after it need, whenever the power goes.
"""

import os
from pathlib import Path

from recap.delivery.disk import remove, remove_if_empty, sync_folder
from recap.delivery.pictures import CARDS, jpeg_path
from recap.delivery.tables import MANIFEST, MANIFEST_SCHEMA, OUTCOMES, OUTCOMES_SCHEMA, read_column
from recap.delivery.tokens import TOKEN

TABLES = "tables"
"""Inside a staged or committed part: the folder with its manifest and outcomes."""


def apply_part(part: Path, output: Path, parts: Path) -> Path:
    """Bring a committed part's pictures to their places, then its tables to `parts`; return their folder.

    Pictures the part names but does not hold are those of an earlier run, and stay. Pictures of its customers
    which it does not name go.
    """
    tables, settled = part / TABLES, parts / part.name
    if tables.is_dir():
        pictures = read_column(tables / MANIFEST, MANIFEST_SCHEMA, "path")
        paths = [file for path in pictures for file in (path, jpeg_path(path))]
        tokens = list(read_column(tables / OUTCOMES, OUTCOMES_SCHEMA, "token"))
        touched = _place(part, output, paths) | _drop_unnamed(output, tokens, set(paths))
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
    _prune(output / CARDS, output / OUTCOMES)
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


def _drop_unnamed(output: Path, tokens: list[str], named: set[str]) -> set[Path]:
    touched = set()
    for token in tokens:
        folder = output / CARDS / token[:2] / token
        if not folder.is_dir():
            continue
        for picture in sorted(path for path in folder.iterdir() if path.suffix in {".png", ".jpg"}):
            if picture.relative_to(output).as_posix() not in named:
                picture.unlink()
                touched.add(folder)
        if remove_if_empty(folder):
            touched.add(folder.parent)
    return touched


def _prune(cards: Path, outcomes: Path) -> None:
    """Remove the folders of customers without an outcome; walks folders and table side by side."""
    if not cards.is_dir():
        return
    tokens = read_column(outcomes, OUTCOMES_SCHEMA, "token")
    token = next(tokens, None)
    for group in sorted(cards.iterdir()):
        if not group.is_dir():
            continue
        for folder in sorted(group.iterdir()):
            while token is not None and token < folder.name:
                token = next(tokens, None)
            # What is not called like a token is somebody else's, and stays.
            if folder.name != token and TOKEN.fullmatch(folder.name):
                remove(folder)
        remove_if_empty(group)
    remove_if_empty(cards)
