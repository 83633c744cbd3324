"""The house: rooms are entered from above only, and each foreign library has one door."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "recap"
ORDER = [
    "cli",
    "pipeline",
    "delivery",
    "render",
    "wording",
    "selection",
    "metrics",
    "sources",
    "campaign",
    "errors",
]
DOORS = {
    "duckdb": ("sources/", "metrics/"),
    "playwright": ("render/browser.py", "render/discovery.py"),
    "typer": ("cli/",),
    "rich": ("cli/",),
    "fsspec": ("delivery/publishing/target.py",),
}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "_shipped" not in path.parts)


def imports(path: Path) -> set[str]:
    """Give the dotted names a module imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def room_of(name: str) -> str:
    return name.split(".")[1] if "." in name else ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_is_entered_from_above_only(path: Path) -> None:
    """No module imports from a room above its own, and metrics never meets render but for the words."""
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if room not in ORDER:
        return
    for name in imports(path):
        other = room_of(name) if name.startswith("recap.") else ""
        if other in ORDER:
            assert ORDER.index(other) >= ORDER.index(room), f"{path} imports {name}"
            assert (room, other) != ("render", "metrics"), f"{path} imports {name}"


@pytest.mark.parametrize("library", DOORS)
def test_a_library_has_its_doors(library: str) -> None:
    """Only these modules know the library."""
    for path in MODULES:
        if library in {name.split(".")[0] for name in imports(path)}:
            place = str(path.relative_to(PACKAGE))
            assert place.startswith(DOORS[library]), f"{place} imports {library}"


def test_errors_import_nothing() -> None:
    """The bottom layer stands alone."""
    assert not [name for name in imports(PACKAGE / "errors.py") if name.startswith("recap")]


def test_files_stay_small() -> None:
    """A file past 400 lines has a seam that was not found."""
    long = {str(p): n for p in MODULES if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400}
    assert not long
