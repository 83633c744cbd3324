"""The docs are true: generated pages are current, commands and keys exist, links lead somewhere."""

import re
from pathlib import Path

import pytest

from docs.generate import pages
from recap.campaign import build_campaign
from recap.campaign.choice import Selection
from recap.campaign.document import parse_document
from recap.campaign.models import Campaign, Gates, Metric, Source
from recap.cli.app import app
from recap.metrics.registry import MODELS

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize(("path", "text"), list(pages()), ids=lambda value: getattr(value, "name", ""))
def test_generated_pages_are_current(path: Path, text: str) -> None:
    """What `make docs` would write is what is there."""
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link names a file or folder."""
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_readmes_commands_exist() -> None:
    """Every `recap ...` line of the README is a command there is, and every command is documented."""
    names = {
        command.name or command.callback.__name__ for command in app.registered_commands if command.callback
    }
    shown = set(
        re.findall(r"^\$ recap (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert shown <= names
    commands = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert {name for name in names if f"## `recap {name}`" not in commands} == set()


def test_the_readmes_campaign_loads() -> None:
    """The campaign shown in the README is one."""
    (text,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert build_campaign(parse_document(text, "README.md"), MODELS).id == "linden-2026"


@pytest.mark.parametrize(
    "model", [Campaign, Source, Metric, Selection, Gates], ids=lambda model: model.__name__
)
def test_every_key_is_documented(model: type[Campaign]) -> None:
    """docs/campaign.md names every key a campaign may have."""
    text = (ROOT / "docs" / "campaign.md").read_text(encoding="utf-8")
    assert [name for name in model.model_fields if not re.search(rf"\b{name}\b", text)] == []
