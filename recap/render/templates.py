"""From cards to HTML: the shell of a document once, then the body of every card.

Everything a card shows comes from its `Card`; autoescaping is on and the shell forbids scripts and the
network, because names and labels are foreign text.
"""

import math
import re
import traceback
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import unescape
from typing import Literal

import jinja2
from markupsafe import escape

from recap.campaign import did_you_mean
from recap.errors import TemplateError
from recap.render.course import course_of
from recap.render.faces import Face
from recap.render.layout_check import layout_problems
from recap.render.sandbox import MAX_CALLS, CardEnvironment
from recap.render.stage import Document
from recap.render.style_check import style_problems
from recap.render.theme import Layout, Theme
from recap.wording.card import Card

CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:"
ABOVE = 230
"""Unicode's canonical combining class of marks above."""
CROWD = 100
"""Dots in a picture of the crowd: one for each percent."""
_ENTITY = re.compile(r"&#?\w+;")
_ESCAPE = re.compile(r"\\0?([0-9a-fA-F]{1,5})")


class CardTemplates:
    """A theme's templates, compiled. Not to be shared between threads."""

    def __init__(self, theme: Theme) -> None:
        """Read and check every template and style sheet of the theme.

        Raises TemplateError with everything that is wrong with them, a line each, with file and line.
        """
        self.theme = theme
        self._shells: dict[tuple[str, tuple[Face, ...]], str] = {}
        self._waiting = tuple(face for face in theme.faces if face.can_wait)
        self._characters = frozenset(_ESCAPE.sub(lambda found: chr(int(found[1], 16)), theme.css))
        self._environment = CardEnvironment(theme.layouts)
        problems = [*check_layouts(self._environment), *style_problems(theme)]
        if problems:
            raise TemplateError("\n".join(problems))

    @property
    def layouts(self) -> tuple[str, ...]:
        """The layouts a card may ask for."""
        return tuple(sorted(n.removesuffix(".html") for n in self.theme.layouts if not n.startswith("_")))

    def shell(self, direction: Literal["ltr", "rtl"] = "ltr", body: str | None = None) -> str:
        """Return a whole HTML document with an empty `<main id="stage">` for one body after another.

        It has all fonts of the theme; for a `body` it lacks those that can wait and are not asked for there.
        Emoji are four fifths of what a page has to load, and few cards have one.
        """
        left_out: tuple[Face, ...] = ()
        if body is not None:
            used = self._characters | characters_of(body)
            left_out = tuple(face for face in self._waiting if not any(map(face.is_asked, used)))
        # The same text each time, not an equal one: with its fonts it is a megabyte, and pages go by it.
        if (direction, left_out) not in self._shells:
            faces = [face for face in self.theme.faces if face not in left_out]
            self._shells[direction, left_out] = self._make_shell(direction, faces)
        return self._shells[direction, left_out]

    def _make_shell(self, direction: str, faces: Sequence[Face]) -> str:
        css = "".join(face.css for face in faces) + self.theme.css
        return (
            f'<!doctype html>\n<html dir="{direction}">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{CONTENT_SECURITY_POLICY}">\n'
            f"<title>{escape(self.theme.name)}</title>\n<style>\n{_style_text(css)}\n</style>\n</head>\n"
            '<body><main id="stage"></main></body>\n</html>\n'
        )

    def body(self, card: Card) -> str:
        """Return the card's HTML, the same for every format. Raises TemplateError."""
        name = f"{card.layout}.html"
        if card.layout not in self.layouts:
            message = f"theme {self.theme.name!r} has no layout {card.layout!r}"
            raise TemplateError(message + did_you_mean(card.layout, self.layouts))
        self._environment.calls_left = MAX_CALLS
        with _named_errors(self.theme.layouts, name):
            return self._environment.get_template(name).render(
                card=card,
                lang=card.locale.replace("_", "-"),
                scheme=scheme_of(card, self.theme),
                turn=turn_of(card),
                marks=marks_of(card.hero),
                crowd=crowd_of(card.standing),
                course=course_of(card.bars),
                logo=self.theme.has_logo,
            )

    def document(self, card: Card) -> Document:
        """Make the page of a card. Raises TemplateError."""
        body = self.body(card)
        return Document(self.shell(card.direction, body), body, self.fit_script(), card.layout)

    def fit_script(self) -> str:
        """Return the JavaScript function that fits the texts of a laid-out card; it returns its problems."""
        return self.theme.fit_script


def check_layouts(environment: CardEnvironment) -> list[str]:
    """Return everything that can be known to be wrong with layouts, a sentence each, with file and line."""
    problems, sound = [], set()
    for name in sorted(environment.layouts):
        try:
            with _named_errors(environment.layouts, name):
                environment.check(name)
            sound.add(name)
        except TemplateError as error:
            problems.append(str(error))
    return [*problems, *layout_problems(environment, sound)]


@contextmanager
def _named_errors(layouts: Mapping[str, Layout], name: str) -> Iterator[None]:
    try:
        yield
    except jinja2.TemplateSyntaxError as error:
        message = f"{error.filename or layouts[name].path}:{error.lineno}: {error.message}"
        raise TemplateError(message) from error
    except (jinja2.TemplateError, TypeError, ValueError, LookupError, RecursionError) as error:
        path, line = _place(error, layouts, name)
        message = f"{path}:{line}: {error}" if line else f"{path}: {error}"
        raise TemplateError(message) from error


def _place(error: Exception, layouts: Mapping[str, Layout], name: str) -> tuple[str, int | None]:
    # Jinja rewrites tracebacks so that frames of templates carry the template's own file and line.
    paths = {layout.path for layout in layouts.values()}
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in paths]
    return (frames[-1].filename, frames[-1].lineno) if frames else (layouts[name].path, None)


def scheme_of(card: Card, theme: Theme) -> str:
    """Return the scheme a card wears: cover, summary and fallback their own, highlights by turns."""
    fixed = {"cover": theme.deck.cover, "summary": theme.deck.summary, "fallback": theme.deck.fallback}
    turns = theme.deck.highlights
    return fixed.get(card.layout) or turns[(card.index - 1) % len(turns)]


def turn_of(card: Card) -> Literal["a", "b"]:
    """Return which of a layout's two compositions a card takes: neighbours never the same."""
    return "a" if card.index % 2 else "b"


def characters_of(html: str) -> frozenset[str]:
    """Return which characters a piece of HTML shows, but for some or all of the ASCII ones."""
    # Pictures in it may be long, and are ASCII: then only what is written with an ampersand is looked at.
    return frozenset(unescape("".join(_ENTITY.findall(html)) if html.isascii() else html))


def marks_of(text: str) -> int:
    """Return how many marks stand on one capital at most, 0 to 2: shouted lines need room for them."""
    most = above = 0
    for character in unicodedata.normalize("NFD", text.upper()):
        above = above + 1 if unicodedata.combining(character) == ABOVE else 0
        most = max(most, above)
    return min(most, 2)


def crowd_of(standing: float | None) -> tuple[bool, ...]:
    """Return the crowd as a hundred places, those at the top lit; empty without a standing.

    Rounded up as the claim itself is: of *top 2 %* two are lit, and never none.
    """
    if standing is None:
        return ()
    lit = min(CROWD, max(1, math.ceil(round(standing * CROWD, 6))))
    return tuple(place < lit for place in range(CROWD))


def _style_text(css: str) -> str:
    # Inside <style> nothing is escaped; only an end tag could close it early.
    return css.replace("</", "<\\/")
