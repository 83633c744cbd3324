"""A page's own words in one language, and the parts of the page that are the same for all who speak it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import jinja2
from babel import Locale
from babel.core import get_global
from babel.units import format_unit
from markupsafe import Markup, escape

from recap.wording import Lexicon
from recap.wording.catalogue import PAGE
from recap.wording.dates import write_day
from recap.wording.measure import say_number


@dataclass(frozen=True, slots=True)
class FileKind:
    """What all pictures of a format have in common, as HTML."""

    attributes: Markup
    """For the script: format, its name, width and height."""
    text: Markup
    """The format's name."""
    measures: Markup
    """Width and height."""


@dataclass(frozen=True, slots=True)
class PageWords:
    """What is said on every page of a language."""

    lexicon: Lexicon
    lang: str
    """As HTML wants it: `pt-BR`."""
    og_locale: str
    """As Open Graph wants it, with a country: `en_US`; empty where none is likely."""
    texts: Mapping[str, str]
    """Of the section `page`, by path below it; holes are left as they are written."""
    tools: Markup
    """The bar with everything one can do."""

    def place(self, number: int, count: int) -> str:
        """Say which card of how many."""
        said = (say_number(each, self.lexicon) for each in (number, count))
        return self.lexicon.phrase("page.place", **dict(zip(("n", "count"), said, strict=True)))

    def until(self, name: str, day: date) -> str:
        """Fill a sentence about the page's last day."""
        return self.lexicon.phrase(f"page.{name}", date=write_day(day, self.lexicon.language, year=True))

    def kind(self, name: str, width: int, height: int) -> FileKind:
        """Describe a format; one without words is called what the campaign calls it."""
        return _describe(name, self.texts.get(f"formats.{name}", name), width, height)

    def size(self, count: int) -> str:
        """Write a file's size to two figures, as people tell it: `240 kB`."""
        return _write_size(_round(count), self.lexicon.language)


def speak(lexicon: Lexicon, tools: jinja2.Template) -> PageWords:
    """Read a language's words for pages. Raises TemplateError where the wording lacks one."""
    texts = {
        name: lexicon.phrase(f"page.{name}", **{hole: f"{{{hole}}}" for hole in holes})
        for name, holes in PAGE.items()
    }
    said = {name.removeprefix("said."): text for name, text in texts.items() if name.startswith("said.")}
    return PageWords(
        lexicon=lexicon,
        lang=lexicon.locale.replace("_", "-"),
        og_locale=_with_country(lexicon.language),
        texts=texts,
        tools=Markup(tools.render(words=texts, said=said)),  # noqa: S704 - autoescaped when it was made
    )


@lru_cache(maxsize=512)
def _describe(name: str, label: str, width: int, height: int) -> FileKind:
    attributes = Markup('data-format="{}" data-label="{}" data-width="{}" data-height="{}"')
    return FileKind(
        attributes.format(name, label, width, height),
        escape(label),
        Markup("{}&nbsp;×&nbsp;{}").format(width, height),
    )


def _with_country(language: Locale) -> str:
    likely = str(get_global("likely_subtags").get(language.language, ""))
    country = language.territory or likely.rpartition("_")[2]
    return f"{language.language}_{country}" if len(country) == 2 and country.isupper() else ""


def _round(count: int) -> int:
    step = int(10 ** max(3, len(str(count)) - 2))
    return max(step, round(count / step) * step)


@lru_cache(maxsize=4096)
def _write_size(count: int, language: Locale) -> str:
    unit, each = ("megabyte", 1_000_000) if count >= 1_000_000 else ("kilobyte", 1_000)
    return format_unit(count / each, f"digital-{unit}", length="short", locale=language)
