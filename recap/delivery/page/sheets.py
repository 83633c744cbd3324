"""The page's style sheet and script, put together from the shared parts and the theme's, without comments."""

import re
from pathlib import Path

from recap.render.theme import Theme
from recap.render.theme_file import read_text

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SCRIPTS = ("zip.js", "deck.js", "pictures.js", "keep.js", "share.js", "start.js")
"""In the order they are read; the last one begins."""


def page_style(folder: Path, theme: Theme) -> str:
    """Return the style sheet: fonts, tokens and schemes, what all pages share, then the theme's own.

    Raises TemplateError where a file cannot be read.
    """
    # The shared rules come first, so that at equal weight the theme has the last word.
    return "\n".join(_squeeze(css) for css in (read_text(folder / "page.css"), theme.dress.css))


def page_script(folder: Path) -> str:
    """Return the one classic script, which leaves no names behind. Raises TemplateError."""
    body = "\n".join(_squeeze(read_text(folder / name)) for name in SCRIPTS)
    return f'(() => {{\n"use strict";\n{body}\n}})();\n'


def gone_style(theme: Theme) -> str:
    """Return the style of a page that stands alone, in the colours of the theme's cover."""
    parts = theme.schemes[theme.deck.cover]
    field, ink = (theme.tokens.get(parts.get(part, ""), "inherit") for part in ("field", "ink"))
    return (
        f"html{{background:{field};color:{ink};font:1.125rem/1.5 system-ui,sans-serif}}"
        "body{margin:0;min-height:100vh;display:grid;place-items:center}"
        "main{max-width:32rem;padding:2rem;box-sizing:border-box}"
        "h1{font-size:1.9rem;line-height:1.15;margin:0 0 1rem}"
    )


def _squeeze(text: str) -> str:
    """Leave out comments and what stands at the ends of lines: nobody reads them on the way."""
    lines = (line.strip() for line in _COMMENT.sub("", text).splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))
