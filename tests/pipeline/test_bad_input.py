"""Bad input: one clear message on stderr that says what to do, the right exit code, nothing half-written."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

Recap = Callable[..., tuple[int, str, str]]


def no_events(shop: Path) -> None:
    (shop / "events.csv").write_text("card,bought_at,product,price\n", encoding="utf-8")


def no_such_column(shop: Path) -> None:
    text = (shop / "campaign.yaml").read_text(encoding="utf-8")
    (shop / "campaign.yaml").write_text(text.replace("item: product", "item: prodcut"), encoding="utf-8")


def unreadable_rows(shop: Path) -> None:
    with (shop / "events.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"0000{n},someday,Bread,1.00\n" for n in range(5))


def broken_template(shop: Path) -> None:
    theme = shop / "themes" / "ours"
    shutil.copytree(Path(__file__).parents[2] / "templates" / "themes" / "poster", theme)
    (theme / "number.html").write_text("<p>\n{% if %}\n", encoding="utf-8")


CASES = [
    (lambda shop: (shop / "events.csv").unlink(), (), 2, ["events.csv"]),
    (no_events, (), 2, ["events.csv"]),
    (no_such_column, (), 2, ["prodcut", "did you mean 'product'"]),
    (unreadable_rows, (), 1, ["5 of", "tolerance.rejects"]),
    (lambda shop: None, ("--set", "period.year=1999"), 2, ["1999-01-01 to 1999-12-31", "outside the period"]),
    (broken_template, ("--set", "look.theme=ours"), 2, ["number.html:2"]),
    (lambda shop: None, ("--set", "look.theme=postr"), 2, ["did you mean 'poster'"]),
    (lambda shop: None, ("--set", "look.tokens={vioelt: red}"), 2, ["vioelt"]),
    (
        lambda shop: None,
        ("--set", "metrics.0.where=amont > 0"),
        2,
        ["metrics.0.where", "did you mean 'amount'"],
    ),
    (lambda shop: None, ("--set", "metrics.1.of=item"), 2, ["metrics.1.of", "not numbers"]),
    (lambda shop: None, ("--set", "metrics.0.layout=nmber"), 2, ["did you mean 'number'"]),
    (lambda shop: None, ("--set", "metrics.0.words={en: {headlin: x}}"), 2, ["headlin"]),
    (lambda shop: None, ("--set", "metrics.0.words={en: {headline: '{nn}'}}"), 2, ["nn"]),
    (lambda shop: None, ("--set", "nonsense=1"), 2, ["nonsense"]),
    (lambda shop: (shop / "campaign.yaml").write_text("a: [", encoding="utf-8"), (), 2, ["campaign.yaml:1"]),
    (lambda shop: (shop / "campaign.yaml").unlink(), (), 2, ["there is no such campaign file"]),
]


@pytest.mark.parametrize(("harm", "arguments", "code", "expected"), CASES)
def test_one_clear_message(
    harm: Callable[[Path], None],
    arguments: tuple[str, ...],
    code: int,
    expected: list[str],
    shop: Path,
    recap: Recap,
    tmp_path: Path,
) -> None:
    """The message names what is wrong and how to mend it; the output folder is not made."""
    harm(shop)
    got, stdout, stderr = recap("run", shop, "--out", tmp_path / "out", *arguments)
    assert got == code, stderr
    assert stdout == ""
    for part in expected:
        assert part.lower() in stderr.lower()
    assert not (tmp_path / "out").exists()


def test_no_browser(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """A browser that is not there is said to be missing before any work is done."""
    code, _, stderr = recap("run", shop, "--out", tmp_path / "out", RECAP_CHROMIUM="/nowhere/chromium")
    assert code == 1
    assert "RECAP_CHROMIUM" in stderr
    assert not (tmp_path / "out").exists()


def test_unwritable_folder(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """A folder that cannot be made is refused by name."""
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    code, _, stderr = recap("run", shop, "--out", tmp_path / "file" / "out")
    assert code == 1
    assert str(tmp_path / "file") in stderr


def test_usage(recap: Recap, shop: Path) -> None:
    """Wrong usage ends with 2 and a hint."""
    for arguments in (
        ("run",),
        ("run", shop, "--limit", "0"),
        ("run", shop, "--engine", "slow"),
        ("rnu", shop),
    ):
        code, stdout, stderr = recap(*arguments)
        assert (code, stdout) == (2, "")
        assert stderr
