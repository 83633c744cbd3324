"""Output folders, to be compared."""

from pathlib import Path


def tree(folder: Path) -> dict[str, bytes]:
    """Read every file of an output folder but those that hold the time of the run."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in {"run.json", "report.html"}
    }
