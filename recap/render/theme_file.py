"""`theme.yaml`: what a theme's file may say, alone or building on another theme's."""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from recap.campaign import did_you_mean
from recap.errors import TemplateError

FILE = "theme.yaml"
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
# Nothing that could end a declaration, open a comment or fetch something.
PLAIN_VALUE = re.compile(r"[#\w\s.,%()'\"+-]{1,200}")
LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp", ".jpg": "image/jpeg"}
LOGO_BYTES = 300_000
Part = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FontFile(_Strict):
    """A font file and its part; `adjust` is CSS `size-adjust`, `range` a name in `fonts/ranges.yaml`.

    A browser mixes the files of a family only where their `weight` reads the same, so the default covers all.
    """

    family: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9 ]*$")
    file: str = Field(pattern=r"^[\w.-]+\.woff2$")
    range: str
    weight: str = Field(default="1 1000", pattern=r"^\d{1,4}(?: \d{1,4})?$")
    adjust: str = Field(default="100%", pattern=r"^\d{1,3}%$")


class DeckSchemes(_Strict):
    """Which scheme a card of the deck wears; highlights take turns through theirs."""

    cover: Part
    highlights: tuple[Part, ...] = Field(min_length=2)
    summary: Part
    fallback: Part


class ThemeFile(_Strict):
    """What `theme.yaml` may say; with `extends`, whatever is left out is the other theme's."""

    title: str
    tokens: dict[Part, str]
    schemes: dict[Part, dict[Part, Part]]
    deck: DeckSchemes
    fonts: tuple[FontFile, ...] = ()
    logo: str = Field(default="", pattern=r"^[\w.-]*$")
    """A picture beside the file, shown in place of the brand's name."""


@dataclass(frozen=True, slots=True)
class ReadTheme:
    """A theme's file with that of the themes it builds on."""

    file: ThemeFile
    folders: tuple[Path, ...]
    """Where style sheets, layouts and fonts lie: the theme's own folder last."""

    @property
    def folder(self) -> Path:
        """The theme's own folder."""
        return self.folders[-1]

    def logo(self) -> str:
        """Return the logo as a data URL; empty without one. Raises TemplateError."""
        if not self.file.logo:
            return ""
        place = self.folder / FILE
        path = next((f / self.file.logo for f in self.folders[::-1] if (f / self.file.logo).is_file()), None)
        if path is None:
            raise TemplateError(f"{place}: logo: there is no file {self.file.logo!r} beside it")
        kind = LOGO_TYPES.get(path.suffix.lower())
        if kind is None:
            raise TemplateError(f"{place}: logo: {path.name} must be one of {', '.join(LOGO_TYPES)}")
        data = path.read_bytes()
        if len(data) > LOGO_BYTES:
            raise TemplateError(
                f"{place}: logo: {path.name} has {len(data):,} bytes; make it smaller than {LOGO_BYTES:,}, "
                f"it is in every page"
            )
        return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


def read_theme(name_or_folder: str | Path, search: Sequence[Path]) -> ReadTheme:
    """Find a theme and read its file, on top of those it extends. Raises TemplateError."""
    said, folders = _gather(name_or_folder, search, ())
    path = folders[-1] / FILE
    try:
        file = ThemeFile.model_validate(said)
    except ValidationError as error:
        problems = (
            f"{path}: {'.'.join(str(step) for step in problem['loc']) or 'theme'}: {problem['msg']}"
            for problem in error.errors()
        )
        raise TemplateError("\n".join(problems)) from error
    _check_schemes(file, path)
    return ReadTheme(file, folders)


def _gather(
    name_or_folder: str | Path, search: Sequence[Path], below: tuple[Path, ...]
) -> tuple[Any, tuple[Path, ...]]:
    folder = find_theme(name_or_folder, search)
    path = folder / FILE
    if folder in below:
        raise TemplateError(f"{path}: extends: {folder.name} would build on itself")
    said = read_yaml(path)
    if not isinstance(said, dict) or "extends" not in said:
        return said, (folder,)
    own = {key: value for key, value in said.items() if key != "extends"}
    try:
        base, folders = _gather(str(said["extends"]), search, (*below, folder))
    except TemplateError as error:
        raise TemplateError(f"{path}: extends: {error}") from error
    own_tokens = own.get("tokens") or {}
    base_tokens = base.get("tokens", {}) if isinstance(base, dict) else {}
    if isinstance(own_tokens, dict):
        own["tokens"] = override(base_tokens, own_tokens, str(said["extends"]), f"{path}: tokens: ")
    return {**base, **own}, (*folders, folder)


def find_theme(name_or_folder: str | Path, search: Sequence[Path]) -> Path:
    """Find a theme's folder by name or path. Raises TemplateError."""
    roots = [root / below for root in search for below in ("", "themes")]
    for folder in [root / name_or_folder for root in roots]:
        if (folder / FILE).is_file():
            return folder
    known = {file.parent.name for root in roots for file in root.glob(f"*/{FILE}")}
    message = f"there is no theme {str(name_or_folder)!r}{did_you_mean(str(name_or_folder), known)}"
    raise TemplateError(message)


def override(
    own: Mapping[str, str], overrides: Mapping[str, str], theme: str, place: str = ""
) -> dict[str, str]:
    """Replace tokens of a theme by others; `place` leads the errors. Raises TemplateError."""
    problems = []
    for name, value in overrides.items():
        if name not in own:
            problems.append(f"theme {theme!r} has no token {name!r}{did_you_mean(name, own)}")
        elif COLOUR.fullmatch(own[name]) and not COLOUR.fullmatch(value):
            problems.append(f"token {name!r} is a colour: write it as #RRGGBB, not {value!r}")
        elif not PLAIN_VALUE.fullmatch(value) or "url(" in value.lower():
            problems.append(f"token {name!r}: {value!r} is not a plain value such as {own[name]!r}")
    if problems:
        raise TemplateError("\n".join(f"{place}{problem}" for problem in problems))
    return {**own, **overrides}


def _check_schemes(file: ThemeFile, path: Path) -> None:
    problems = [
        f"{path}: tokens.{name}: {value!r} is not a plain value"
        for name, value in file.tokens.items()
        if not PLAIN_VALUE.fullmatch(value) or "url(" in value.lower()
    ]
    parts = set().union(*file.schemes.values())
    for name, scheme in file.schemes.items():
        problems += [f"{path}: schemes.{name}: {part!r} is missing" for part in sorted(parts - scheme.keys())]
        problems += [
            f"{path}: schemes.{name}.{part}: no token {token!r}{did_you_mean(token, file.tokens)}"
            for part, token in scheme.items()
            if token not in file.tokens
        ]
    worn = (file.deck.cover, *file.deck.highlights, file.deck.summary, file.deck.fallback)
    problems += [
        f"{path}: deck: no scheme {name!r}{did_you_mean(name, file.schemes)}"
        for name in dict.fromkeys(worn)
        if name not in file.schemes
    ]
    if problems:
        raise TemplateError("\n".join(problems))


def read_text(path: Path) -> str:
    """Read a text file. Raises TemplateError."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: cannot be read ({error}); it must be a UTF-8 text file"
        raise TemplateError(message) from error


def read_yaml(path: Path) -> Any:
    """Read a YAML file. Raises TemplateError with its line."""
    try:
        return yaml.safe_load(read_text(path))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}" if mark is not None else str(path)
        message = f"{place}: not valid YAML: {getattr(error, 'problem', None) or error}"
        raise TemplateError(message) from error
