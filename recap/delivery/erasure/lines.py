"""Small lists beside the campaign, a line an entry, that must survive whatever happens."""

from collections.abc import Callable, Iterable
from pathlib import Path

from recap.delivery.disk import explaining, sync_folder, taking_turns, write_privately


def add_lines(path: Path, lines: Iterable[str]) -> None:
    """Add lines that are not there yet, as one step and durably; the file is for its owner only (0600).

    Commands that do so at the same moment wait for one another. Raises OutputError.
    """
    _change(path, lambda old: [*old, *(line for line in dict.fromkeys(lines) if line not in old)])


def drop_lines(path: Path, lines: Iterable[str]) -> None:
    """Take lines out, as one step and durably; a file of which nothing is left goes. Raises OutputError."""
    gone = frozenset(lines)
    _change(path, lambda old: [line for line in old if line not in gone])


def _change(path: Path, change: Callable[[list[str]], list[str]]) -> None:
    with explaining(path.parent), taking_turns(path.parent):
        old = path.read_text(encoding="utf-8").split() if path.exists() else []
        new = change(old)
        if new and new != old:
            write_privately(path, "".join(f"{line}\n" for line in new).encode())
        elif new != old:
            path.unlink()
            sync_folder(path.parent)
