"""Themes: colours, type and layouts, read once from a folder into one frozen value.

A theme is a folder `themes/<name>/` with `theme.yaml` (tokens, schemes, fonts), its style sheets and any
layouts of its own, or with only what it changes of the theme it `extends`. What all themes share lies in
`cards/` and `fonts/` beside `themes/`. A loaded theme holds everything it needs: drawing reads no files,
and a theme can be sent to a worker.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from recap.errors import TemplateError
from recap.render.dress import PAGE_CSS, Dress, read_dress
from recap.render.faces import Face, read_faces
from recap.render.theme_file import (
    DeckSchemes,
    override,
    read_text,
    read_theme,
)

BASE_CSS = "base.css"
FIT_SCRIPT = "fit.js"


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
    """Tokens, schemes, shared and own styles, ready to inline after the faces."""
    faces: tuple[Face, ...]
    styles: Mapping[str, str]
    """The shared and own styles among them, by the file they were read from."""
    fit_script: str
    has_logo: bool
    """Whether a picture stands in place of the brand's name."""
    digest: str
    """SHA-256 over everything above: changes when a picture could."""
    dress: Dress
    """What the customer's page wears; no picture depends on it."""

    def covers(self, text: str) -> bool:
        """Tell whether the theme's own fonts draw all of `text`, so that the machine's do not matter."""
        return all(any(face.is_asked(c) for face in self.faces) for c in set(text))


def load_theme(
    name_or_folder: str | Path, *, search: Sequence[Path], tokens: Mapping[str, str | float] | None = None
) -> Theme:
    """Load a theme by name or folder.

    `search` are folders that may hold `<name>/` or `themes/<name>/`; the last is the shipped `templates`,
    whose `cards/` and `fonts/` every theme shares. `tokens` override the theme's own. Raises TemplateError
    with everything that is wrong with its file, a line each.
    """
    read, shared = read_theme(name_or_folder, search), search[-1]
    file, chosen = read.file, read.file.tokens
    layouts = read_layouts(read.folders, shared)
    # theme.css sets the tone; further files beside it refine it.
    own_css = [
        css
        for folder in read.folders
        for css in sorted(folder.glob("*.css"), key=lambda css: (css.name != "theme.css", css.name))
        if css.name != PAGE_CSS
    ]
    places = (
        *(place for folder in read.folders[::-1] for place in (folder, folder / "fonts")),
        shared / "fonts",
    )
    problems: list[str] = []
    logo = ""
    faces: tuple[Face, ...] = ()
    with _collecting(problems):
        chosen = override(file.tokens, tokens or {}, read.folder.name)
    with _collecting(problems):
        logo = read.logo()
    with _collecting(problems):
        faces = read_faces(read, places)
    if problems:
        raise TemplateError("\n".join(problems))
    variables = _variables(chosen, file.schemes, logo)
    styles = {str(css): read_text(css) for css in (shared / "cards" / BASE_CSS, *own_css)}
    css = "\n".join((variables, *styles.values()))
    fit_script = read_text(shared / "cards" / FIT_SCRIPT).strip()
    pieces = [*(face.css for face in faces), css, fit_script, file.deck.model_dump_json()]
    pieces += [part for name in sorted(layouts) for part in (name, layouts[name].text)]
    return Theme(
        name=read.folder.name,
        tokens=chosen,
        schemes=file.schemes,
        deck=file.deck,
        layouts=layouts,
        css=css,
        faces=faces,
        styles=styles,
        fit_script=fit_script,
        has_logo=bool(file.logo),
        digest=_digest(pieces),
        dress=read_dress(read, variables, places),
    )


def read_layouts(folders: Sequence[Path], shared: Path) -> Mapping[str, Layout]:
    """Read the layouts of a theme's folders on top of the shared ones. Raises TemplateError."""
    return {
        html.name: Layout(str(html), read_text(html))
        for place in (shared / "cards", *folders)
        for html in sorted(place.glob("*.html"))
    }


@contextmanager
def _collecting(problems: list[str]) -> Iterator[None]:
    try:
        yield
    except TemplateError as error:
        problems.append(str(error))


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
