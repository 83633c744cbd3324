"""What all pages of a theme share: style, script and fonts, in `assets/<digest>/`."""

from collections.abc import Collection, Mapping
from pathlib import Path

from recap.delivery.disk import PARTIAL, explaining, remove, remove_if_empty, take_place

ASSETS = "assets"


def write_assets(output: Path, digest: str, files: Mapping[str, bytes]) -> None:
    """Put files, by name, where pages look for them; what is there under the digest is the same already.

    Raises OutputError where the folder cannot be written.
    """
    folder = output / ASSETS
    if (folder / digest).is_dir():
        return
    with explaining(output):
        folder.mkdir(parents=True, exist_ok=True)
        partial = folder / f"{PARTIAL}{digest}"
        remove(partial)
        partial.mkdir()
        for name, data in files.items():
            (partial / name).write_bytes(data)
        take_place(partial, folder / digest)


def drop_assets(output: Path, keep: Collection[str]) -> None:
    """Remove those of earlier runs that no page uses any more, and what a crash left half written."""
    folder = output / ASSETS
    with explaining(output):
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.name not in keep:
                remove(path)
        remove_if_empty(folder)
