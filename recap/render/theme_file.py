"""`theme.yaml`: what a theme's file may say, alone or building on another theme's."""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from recap.campaign import Document, did_you_mean
from recap.campaign.document import dotted, parse_document
from recap.errors import TemplateError

FILE = "theme.yaml"
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
KINDS = (
    (COLOUR, "a colour: write it as #RRGGBB"),
    (re.compile(r"\d+(?:\.\d+)?"), "a number of 0 or more"),
    (re.compile(r"-?\d+(?:\.\d+)?deg"), "an angle: write it as 6deg"),
)
"""What a token may be; whatever takes its place is of the same kind."""
# What a scheme may wear besides: mixed, or seen through.
MIXED = re.compile(r"(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|color-mix)\(.+\)")
# Nothing that could end a declaration, open a comment or fetch something.
PLAIN_VALUE = re.compile(r"[#\w\s.,%()'\"+-]{1,200}")
LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp", ".jpg": "image/jpeg"}
LOGO_BYTES = 300_000
Part = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$")]


def as_text(value: Any) -> Any:
    """Write a number as a style sheet does; leave anything else for others to judge."""
    return f"{value:.12g}" if isinstance(value, int | float) and not isinstance(value, bool) else value


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
    tokens: dict[Part, Annotated[str, BeforeValidator(as_text)]]
    schemes: dict[Part, dict[Part, Part]]
    deck: DeckSchemes
    fonts: tuple[FontFile, ...] = ()
    page_fonts: tuple[FontFile, ...] = ()
    """Lighter files for the customer's page, each in place of the family's file of the same range."""
    logo: str = Field(default="", pattern=r"^[\w.-]*$")
    """A picture beside the file, shown in place of the brand's name."""


@dataclass(frozen=True, slots=True)
class ReadTheme:
    """A theme's file with that of the themes it builds on."""

    file: ThemeFile
    folders: tuple[Path, ...]
    """Where style sheets, layouts and fonts lie: the theme's own folder last."""
    said: tuple[tuple[Path, Document], ...]
    """The files themselves with their lines: the theme's own last."""

    def place(self, *where: str | int) -> str:
        """Write file, line and key of something in the theme's file, or in that of the theme that says it."""
        return _place(self.said, where)

    @property
    def folder(self) -> Path:
        """The theme's own folder."""
        return self.folders[-1]

    def logo(self) -> str:
        """Return the logo as a data URL; empty without one. Raises TemplateError."""
        if not self.file.logo:
            return ""
        place = self.place("logo")
        path = next((f / self.file.logo for f in self.folders[::-1] if (f / self.file.logo).is_file()), None)
        if path is None:
            raise TemplateError(f"{place}: there is no file {self.file.logo!r} beside it")
        kind = LOGO_TYPES.get(path.suffix.lower())
        if kind is None:
            raise TemplateError(f"{place}: {path.name} must be one of {', '.join(LOGO_TYPES)}")
        data = path.read_bytes()
        if len(data) > LOGO_BYTES:
            raise TemplateError(
                f"{place}: {path.name} has {len(data):,} bytes; make it smaller than {LOGO_BYTES:,}, "
                f"it is in every page"
            )
        return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"


def read_theme(name_or_folder: str | Path, search: Sequence[Path]) -> ReadTheme:
    """Find a theme and read its file, on top of those it extends.

    Raises TemplateError with everything that is wrong with it, a line each.
    """
    problems: list[str] = []
    data, said = _gather(name_or_folder, search, (), problems)
    try:
        file = ThemeFile.model_validate(data)
    except ValidationError as error:
        problems += (f"{_place(said, told['loc'])}: {_explain(told)}" for told in error.errors())
        raise TemplateError("\n".join(problems)) from error
    read = ReadTheme(file, tuple(path.parent for path, _ in said), said)
    problems += [*_wrong_tokens(read), *_wrong_schemes(read)]
    if problems:
        raise TemplateError("\n".join(problems))
    return read


def theme_folders(name_or_folder: str | Path, search: Sequence[Path]) -> tuple[Path, ...]:
    """Return the folders of a theme and those it extends, its own last, whatever its file says else.

    Raises TemplateError where one is not there, or its file is no YAML.
    """
    _, said = _gather(name_or_folder, search, (), [])
    return tuple(path.parent for path, _ in said)


def _explain(told: ErrorDetails) -> str:
    models: dict[str | int, type[_Strict]] = {"fonts": FontFile, "page_fonts": FontFile, "deck": DeckSchemes}
    if told["type"] == "extra_forbidden":
        model = models.get(told["loc"][0], ThemeFile)
        keys = (*model.model_fields, "extends") if model is ThemeFile else model.model_fields
        return f"there is no such key{did_you_mean(str(told['loc'][-1]), keys)}"
    return "this key is missing" if told["type"] == "missing" else told["msg"]


def _place(said: Sequence[tuple[Path, Document]], where: Sequence[str | int]) -> str:
    """Tokens are each said by the nearest theme that does, everything else by the nearest as a whole."""
    key = tuple(where[:2] if where[:1] == ("tokens",) else where[:1])
    path, document = next(((p, d) for p, d in reversed(said) if key in d.lines), said[-1])
    line = document.line(tuple(where)) if key in document.lines else None
    return f"{path}:{line}: {dotted(tuple(where))}" if line else f"{path}: {dotted(tuple(where)) or 'theme'}"


def _gather(
    name_or_folder: str | Path, search: Sequence[Path], below: tuple[Path, ...], problems: list[str]
) -> tuple[Any, tuple[tuple[Path, Document], ...]]:
    """Return what a theme says on top of what it extends, and the files that say it; add to `problems`."""
    folder = find_theme(name_or_folder, search)
    path = folder / FILE
    document = _read_document(path)
    here = ((path, document),)
    if not isinstance(document.data, dict) or "extends" not in document.data:
        return document.data, here
    place = _place(here, ("extends",))
    if folder in below:
        raise TemplateError(f"{place}: {folder.name} would build on itself")
    own = {key: value for key, value in document.data.items() if key != "extends"}
    base_name = str(document.data["extends"])
    try:
        base, said = _gather(base_name, search, (*below, folder), problems)
    except TemplateError as error:
        raise TemplateError(f"{place}: {error}") from error
    own_tokens = own.get("tokens") or {}
    base_tokens = base.get("tokens", {}) if isinstance(base, dict) else {}
    if isinstance(own_tokens, dict):
        places = {name: f"{_place(here, ('tokens', name))}: " for name in own_tokens}
        try:
            own["tokens"] = override(base_tokens, own_tokens, base_name, places)
        except TemplateError as error:
            problems.append(str(error))
            own["tokens"] = base_tokens
    return {**base, **own}, (*said, *here)


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
    own: Mapping[str, Any],
    overrides: Mapping[str, Any],
    theme: str,
    places: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """Replace tokens of a theme by others; `places` lead the errors, by token. Raises TemplateError."""
    problems = []
    own = {name: str(as_text(value)) for name, value in own.items()}
    chosen = {name: as_text(value) for name, value in overrides.items()}
    for name, value in chosen.items():
        place = places.get(name, "")
        if name not in own:
            problems.append(f"{place}theme {theme!r} has no token {name!r}{did_you_mean(name, own)}")
        elif not isinstance(value, str):
            problems.append(f"{place}token {name!r}: {value!r} is no text; write it in quotes")
        elif not _is_plain(value):
            problems.append(f"{place}token {name!r}: {value!r} is not a plain value such as {own[name]!r}")
        elif wrong := [
            kind for form, kind in KINDS if form.fullmatch(own[name]) and not form.fullmatch(value)
        ]:
            problems.append(f"{place}token {name!r} is {wrong[0]}, not {value!r}")
    if problems:
        raise TemplateError("\n".join(problems))
    return {**own, **chosen}


def _is_plain(value: str) -> bool:
    return PLAIN_VALUE.fullmatch(value) is not None and "url(" not in value.lower()


def _wrong_tokens(read: ReadTheme) -> Iterator[str]:
    """Say which tokens are no values, and which are worn as colours and are none."""
    worn = {token for parts in read.file.schemes.values() for token in parts.values()}
    for name, value in read.file.tokens.items():
        if not _is_plain(value):
            yield f"{read.place('tokens', name)}: {value!r} is not a plain value"
        elif (name in worn or value.startswith("#")) and not (
            COLOUR.fullmatch(value) or MIXED.fullmatch(value)
        ):
            yield f"{read.place('tokens', name)}: {value!r} is no colour: write it as #RRGGBB"


def _wrong_schemes(read: ReadTheme) -> Iterator[str]:
    """Say which schemes lack a part that others have, name a token that is none, or are none themselves."""
    file = read.file
    every = set().union(*file.schemes.values())
    for name, scheme in file.schemes.items():
        for part in sorted(every - scheme.keys()):
            yield f"{read.place('schemes', name)}: {part!r} is missing"
        for part, token in scheme.items():
            if token not in file.tokens:
                place = read.place("schemes", name, part)
                yield f"{place}: no token {token!r}{did_you_mean(token, file.tokens)}"
    worn = (file.deck.cover, *file.deck.highlights, file.deck.summary, file.deck.fallback)
    for name in dict.fromkeys(worn):
        if name not in file.schemes:
            yield f"{read.place('deck')}: no scheme {name!r}{did_you_mean(name, file.schemes)}"


def read_text(path: Path) -> str:
    """Read a text file. Raises TemplateError."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: cannot be read ({error}); it must be a UTF-8 text file"
        raise TemplateError(message) from error


def _read_document(path: Path) -> Document:
    """Read a theme's file with its lines. Raises TemplateError."""
    document = parse_document(read_text(path), str(path))
    if document.problems:
        raise TemplateError("\n".join(str(problem) for problem in document.problems))
    return document


def read_yaml(path: Path) -> Any:
    """Read a YAML file. Raises TemplateError with its line."""
    try:
        return yaml.safe_load(read_text(path))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}" if mark is not None else str(path)
        message = f"{place}: not valid YAML: {getattr(error, 'problem', None) or error}"
        raise TemplateError(message) from error
