"""Shipped folders are found beside the package and inside it."""

import tomllib
from pathlib import Path

import pytest

from recap import shipped
from recap.errors import RecapError


def test_folder_in_the_wheel_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside an installed package the packaged folder is used; in a checkout the one beside the package."""
    package = tmp_path / "recap"
    (tmp_path / "templates").mkdir()
    monkeypatch.setattr(shipped, "PACKAGE", package)
    assert shipped.shipped_folder("templates") == tmp_path / "templates"
    (package / "_shipped" / "templates").mkdir(parents=True)
    assert shipped.shipped_folder("templates") == package / "_shipped" / "templates"


def test_missing_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is nowhere is named, with both places and what to do."""
    monkeypatch.setattr(shipped, "PACKAGE", tmp_path / "recap")
    with pytest.raises(RecapError, match=r"'sample_data' is missing .*_shipped.*reinstall recap"):
        shipped.shipped_folder("sample_data")


def test_the_wheel_names_every_file_of_the_examples_and_no_secret() -> None:
    """A run leaves a secret beside a campaign, so examples are packed file by file."""
    root = Path(__file__).parents[1]
    packed = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    named = {source for source in packed["force-include"] if source.startswith("examples")}
    files = {path.relative_to(root).as_posix() for path in (root / "examples").rglob("*.yaml")}
    assert named == files
