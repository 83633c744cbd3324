"""Themes: colours, type and layouts, read once from a folder into one frozen value.

A theme is a folder `themes/<name>/` with `theme.yaml` (tokens, schemes, fonts), its style sheets, and any
layouts of its own; what all themes share lies in `cards/` and `fonts/` beside `themes/`. A loaded theme holds
everything it needs: drawing cards reads no files, and a theme can be sent to a worker.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from recap.campaign import did_you_mean
from recap.errors import TemplateError

COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
# Nothing that could end a declaration, open a comment or fetch something.
PLAIN_VALUE = re.compile(r"[#\w\s.,%()'\"+-]{1,200}")
BASE_CSS = "base.css"
FIT_SCRIPT = "fit.js"
RANGES = "ranges.yaml"
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
    """What `theme.yaml` may say."""

    title: str
    tokens: dict[Part, str]
    schemes: dict[Part, dict[Part, Part]]
    deck: DeckSchemes
    fonts: tuple[FontFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """A card's template: its text and the file it was read from."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Theme:
    """Everything that decides how a card looks."""

    name: str
    tokens: Mapping[str, str]
    """By name, overrides applied."""
    schemes: Mapping[str, Mapping[str, str]]
    """Token name by part (`field`, `ink`, `hero`, ...), by scheme."""
    deck: DeckSchemes
    layouts: Mapping[str, Layout]
    """By file name, such as `number.html`; names that begin with `_` are pieces of others."""
    css: str
    """Fonts as data URLs, tokens, schemes, shared and own styles, ready to inline."""
    fit_script: str
    coverage: tuple[tuple[int, int], ...]
    """Code points the theme's own fonts are asked for, as first and last of each range."""
    digest: str
    """SHA-256 over everything above: changes when a picture could."""

    def covers(self, text: str) -> bool:
        """Tell whether the theme's own fonts draw all of `text`, so that the machine's do not matter."""
        return all(any(first <= ord(c) <= last for first, last in self.coverage) for c in set(text))


def load_theme(
    name_or_folder: str | Path, *, search: Sequence[Path], tokens: Mapping[str, str] | None = None
) -> Theme:
    """Load a theme by name or folder.

    `search` are folders that may hold `<name>/` or `themes/<name>/`; the last is the shipped `templates`,
    whose `cards/` and `fonts/` every theme shares. `tokens` override the theme's own. Raises TemplateError.
    """
    folder = _find(name_or_folder, search)
    shared = search[-1]
    path = folder / "theme.yaml"
    file = _read_theme_file(path)
    chosen = _override(file.tokens, tokens or {}, folder.name)
    _check_schemes(file, path)
    layouts = {
        html.name: Layout(str(html), _read(html))
        for place in (shared / "cards", folder)
        for html in sorted(place.glob("*.html"))
    }
    # theme.css sets the tone; further files beside it refine it.
    own_css = sorted(folder.glob("*.css"), key=lambda css: (css.name != "theme.css", css.name))
    css = "\n".join(
        (
            "".join(_font_faces(file.fonts, (folder, folder / "fonts", shared / "fonts"), path)),
            _variables(chosen, file.schemes),
            _read(shared / "cards" / BASE_CSS),
            *map(_read, own_css),
        )
    )
    fit_script = _read(shared / "cards" / FIT_SCRIPT).strip()
    pieces = [css, fit_script, file.deck.model_dump_json()]
    pieces += [part for name in sorted(layouts) for part in (name, layouts[name].text)]
    return Theme(
        name=folder.name,
        tokens=chosen,
        schemes=file.schemes,
        deck=file.deck,
        layouts=layouts,
        css=css,
        fit_script=fit_script,
        coverage=_coverage(file.fonts, _read_yaml(shared / "fonts" / RANGES)),
        digest=_digest(pieces),
    )


def _find(name_or_folder: str | Path, search: Sequence[Path]) -> Path:
    roots = [root / below for root in search for below in ("", "themes")]
    for folder in [root / name_or_folder for root in roots]:
        if (folder / "theme.yaml").is_file():
            return folder
    known = {file.parent.name for root in roots for file in root.glob("*/theme.yaml")}
    message = f"there is no theme {str(name_or_folder)!r}{did_you_mean(str(name_or_folder), known)}"
    raise TemplateError(message)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path}: cannot be read ({error}); it must be a UTF-8 text file"
        raise TemplateError(message) from error


def _read_yaml(path: Path) -> Any:
    try:
        return yaml.safe_load(_read(path))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path}:{mark.line + 1}" if mark is not None else str(path)
        message = f"{place}: not valid YAML: {getattr(error, 'problem', None) or error}"
        raise TemplateError(message) from error


def _read_theme_file(path: Path) -> ThemeFile:
    try:
        return ThemeFile.model_validate(_read_yaml(path))
    except ValidationError as error:
        problems = (
            f"{path}: {'.'.join(str(step) for step in problem['loc']) or 'theme'}: {problem['msg']}"
            for problem in error.errors()
        )
        raise TemplateError("\n".join(problems)) from error


def _override(own: Mapping[str, str], overrides: Mapping[str, str], theme: str) -> dict[str, str]:
    problems = []
    for name, value in overrides.items():
        if name not in own:
            problems.append(f"theme {theme!r} has no token {name!r}{did_you_mean(name, own)}")
        elif COLOUR.fullmatch(own[name]) and not COLOUR.fullmatch(value):
            problems.append(f"token {name!r} is a colour: write it as #RRGGBB, not {value!r}")
        elif not PLAIN_VALUE.fullmatch(value) or "url(" in value.lower():
            problems.append(f"token {name!r}: {value!r} is not a plain value such as {own[name]!r}")
    if problems:
        raise TemplateError("\n".join(problems))
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


def _font_faces(fonts: Sequence[FontFile], places: Sequence[Path], path: Path) -> Iterable[str]:
    ranges = _read_yaml(places[-1] / RANGES)
    for number, font in enumerate(fonts):
        file = next((place / font.file for place in places if (place / font.file).is_file()), None)
        if file is None:
            known = (found.name for place in places for found in place.glob("*.woff2"))
            message = f"{path}: fonts.{number}: no file {font.file!r}{did_you_mean(font.file, known)}"
            raise TemplateError(message)
        if font.range not in ranges:
            message = f"{path}: fonts.{number}: no range {font.range!r}{did_you_mean(font.range, ranges)}"
            raise TemplateError(message)
        data = base64.b64encode(file.read_bytes()).decode("ascii")
        yield (
            f"@font-face{{font-family:'{font.family}';font-weight:{font.weight};font-style:normal;"
            f"font-display:block;size-adjust:{font.adjust};unicode-range:{ranges[font.range]};"
            f"src:url(data:font/woff2;base64,{data}) format('woff2')}}\n"
        )


def _coverage(fonts: Sequence[FontFile], ranges: Mapping[str, str]) -> tuple[tuple[int, int], ...]:
    spans = set()
    for name in {font.range for font in fonts}:
        for span in ranges[name].replace("U+", "").split(","):
            first, _, last = span.strip().partition("-")
            spans.add((int(first, 16), int(last or first, 16)))
    return tuple(sorted(spans))


def _variables(tokens: Mapping[str, str], schemes: Mapping[str, Mapping[str, str]]) -> str:
    # Tokens carry a prefix so that none can clash with a scheme's part of the same name.
    lines = [":root {", *(f"  --token-{name}: {value};" for name, value in tokens.items()), "}"]
    for scheme, parts in schemes.items():
        lines += [f'[data-scheme="{scheme}"] {{']
        lines += [f"  --{part}: var(--token-{token});" for part, token in parts.items()]
        lines += ["}"]
    return "\n".join(lines)


def _digest(pieces: Iterable[str]) -> str:
    total = hashlib.sha256()
    for piece in pieces:
        data = piece.encode()
        total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()
