"""A theme of one's own: another theme's, with other colours, a logo, and room for more."""

import re
import shutil
from pathlib import Path

from recap.delivery.disk import explaining
from recap.errors import TemplateError, UsageError
from recap.render.theme import load_theme
from recap.render.theme_file import FILE, ReadTheme, read_theme
from recap.shipped import shipped_folder

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NOTE = re.compile(r"^  ([\w-]+): *(?:\"[^\"]*\"|[^#\n]*?) +(# .+)$", re.MULTILINE)


def new_theme(campaign_folder: Path, name: str, base: str, logo: Path | None) -> Path:
    """Write `themes/<name>/` beside a campaign; return the file to change.

    Raises UsageError where it is there already or the name is none, TemplateError for base and logo.
    """
    if not NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is no name for a theme: small letters, digits and hyphens, such as my-brand"
        )
    folder = campaign_folder / "themes" / name
    if folder.exists():
        raise UsageError(f"{folder} is there already; choose another name, or change that one")
    search = (campaign_folder, shipped_folder("templates"))
    read = read_theme(base, search)
    lines = [
        f"# {name}: builds on the theme {base}. Whatever is not said here is as there.",
        f"title: {name.replace('-', ' ').title()}",
        f"extends: {base}",
    ]
    if logo is not None:
        lines.append(f"logo: {_plain(logo)}    # in place of the brand's name; a picture beside this file")
    lines += ["", "# Colours and measures. `recap gallery` shows what they do in every layout.", "tokens:"]
    notes = _notes(read)
    lines += [f'  {token}: "{value}"{notes.get(token, "")}' for token, value in read.file.tokens.items()]
    lines += [
        "",
        "# Style sheets (*.css) and layouts (such as number.html) beside this file are added to the other's.",
    ]
    path = folder / FILE
    try:
        with explaining(folder):
            folder.mkdir(parents=True)
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            if logo is not None:
                shutil.copyfile(logo, folder / _plain(logo))
        load_theme(name, search=search)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return path


def _notes(read: ReadTheme) -> dict[str, str]:
    """Find what the files of a theme remark on their tokens, by token."""
    lines = "\n".join((folder / FILE).read_text(encoding="utf-8") for folder in read.folders)
    return {name: f"    {note}" for name, note in _NOTE.findall(lines)}


def _plain(logo: Path) -> str:
    if not logo.is_file():
        raise TemplateError(f"there is no logo {logo}")
    return f"logo{logo.suffix.lower()}"
