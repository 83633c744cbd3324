"""Themes: colours, type and layouts, read once from a folder into one frozen value.

A theme is a folder `themes/<name>/` with `theme.yaml` (tokens, schemes, fonts), its style sheets and any
layouts of its own, or with only what it changes of the theme it `extends`. What all themes share lies in
`cards/` and `fonts/` beside `themes/`. A loaded theme holds everything it needs: drawing reads no files,
and a theme can be sent to a worker.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from recap.campaign import did_you_mean
from recap.errors import TemplateError
from recap.render.theme_file import FILE, DeckSchemes, FontFile, override, read_text, read_theme, read_yaml

BASE_CSS = "base.css"
FIT_SCRIPT = "fit.js"
RANGES = "ranges.yaml"


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
    has_logo: bool
    """Whether a picture stands in place of the brand's name."""
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
    read, shared = read_theme(name_or_folder, search), search[-1]
    file, path = read.file, read.folder / FILE
    chosen = override(file.tokens, tokens or {}, read.folder.name)
    layouts = {
        html.name: Layout(str(html), read_text(html))
        for place in (shared / "cards", *read.folders)
        for html in sorted(place.glob("*.html"))
    }
    # theme.css sets the tone; further files beside it refine it.
    own_css = [
        css
        for folder in read.folders
        for css in sorted(folder.glob("*.css"), key=lambda css: (css.name != "theme.css", css.name))
    ]
    places = (
        *(place for folder in read.folders[::-1] for place in (folder, folder / "fonts")),
        shared / "fonts",
    )
    css = "\n".join(
        (
            "".join(_font_faces(file.fonts, places, path)),
            _variables(chosen, file.schemes, read.logo()),
            read_text(shared / "cards" / BASE_CSS),
            *map(read_text, own_css),
        )
    )
    fit_script = read_text(shared / "cards" / FIT_SCRIPT).strip()
    pieces = [css, fit_script, file.deck.model_dump_json()]
    pieces += [part for name in sorted(layouts) for part in (name, layouts[name].text)]
    return Theme(
        name=read.folder.name,
        tokens=chosen,
        schemes=file.schemes,
        deck=file.deck,
        layouts=layouts,
        css=css,
        fit_script=fit_script,
        has_logo=bool(file.logo),
        coverage=_coverage(file.fonts, read_yaml(shared / "fonts" / RANGES)),
        digest=_digest(pieces),
    )


def _font_faces(fonts: Sequence[FontFile], places: Sequence[Path], path: Path) -> Iterable[str]:
    ranges = read_yaml(places[-1] / RANGES)
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


def _variables(tokens: Mapping[str, str], schemes: Mapping[str, Mapping[str, str]], logo: str) -> str:
    # Tokens carry a prefix so that none can clash with a scheme's part of the same name.
    lines = [":root {", *(f"  --token-{name}: {value};" for name, value in tokens.items())]
    lines += [f'  --logo: url("{logo}");', "}"] if logo else ["}"]
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
