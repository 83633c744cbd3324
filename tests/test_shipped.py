"""Shipped folders are found beside the package and inside it."""

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
