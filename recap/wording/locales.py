"""Languages: which of those on offer suits a customer best, and what CLDR knows of each."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Literal, TypeVar

from babel import Locale, UnknownLocaleError
from babel.core import get_global

Direction = Literal["ltr", "rtl"]
Found = TypeVar("Found")

# CLDR gives these `many` for compact and whole millions only; `other` reads well enough in its place.
_MANY_IS_MILLIONS = frozenset({"ca", "es", "fr", "it", "lld", "pt", "scn", "vec"})


@lru_cache(maxsize=512)
def read_locale(name: str) -> Locale | None:
    """Parse `de_AT`, `de-at` or `zh-Hant-TW.UTF-8`; None where it is no language CLDR knows."""
    plain = re.split(r"[.@]", name.strip(), maxsplit=1)[0].replace("-", "_")
    if not re.fullmatch(r"[A-Za-z]{2,3}(?:_[A-Za-z0-9]{2,8})*", plain):
        return None
    language, *rest = plain.split("_")
    alias = get_global("language_aliases").get(language.lower(), language.lower())
    try:
        return Locale.parse("_".join((alias, *rest)))
    except (UnknownLocaleError, ValueError):
        return None


@lru_cache(maxsize=4096)
def _best(wanted: str, offered: tuple[str, ...]) -> str:
    if wanted in offered:
        return wanted
    wish = read_locale(wanted)
    if wish is None:
        return offered[0]

    def closeness(candidate: str) -> tuple[bool, bool, bool, bool]:
        locale = read_locale(candidate)
        if locale is None or locale.language != wish.language:
            return False, False, False, False
        # The language without a country is nearer to a foreign country than another country is.
        return (
            True,
            _script(locale) == _script(wish),
            locale.territory == wish.territory,
            not locale.territory,
        )

    best = max(offered, key=closeness)
    return best if closeness(best)[0] else offered[0]


@lru_cache(maxsize=512)
def _script(locale: Locale) -> str | None:
    if locale.script:
        return locale.script
    likely = get_global("likely_subtags")
    full = likely.get(f"{locale.language}_{locale.territory}") or likely.get(locale.language, "")
    return next((part for part in full.split("_")[1:] if len(part) == 4), None)


def best_locale(wanted: str | None, offered: Sequence[str]) -> str:
    """Choose of `offered` (never empty) what a customer who asks for `wanted` reads best.

    The same language and script win, then the same language; without any, the first that is offered.
    """
    return _best(wanted, tuple(offered)) if wanted else offered[0]


def widening(locale: str) -> Iterator[str]:
    """Go from the narrowest to the widest: `zh_Hant_TW`, `zh_Hant`, `zh`."""
    parts = locale.split("_")
    for length in range(len(parts), 0, -1):
        yield "_".join(parts[:length])


def in_language(texts: Mapping[str, Found], locale: str) -> Found | None:
    """Find what `texts` has for a locale: its own, a wider one's, or another country's of that language."""
    for name in widening(locale):
        if name in texts:
            return texts[name]
    language = locale.split("_", maxsplit=1)[0]
    return next((text for name, text in texts.items() if name.split("_")[0] == language), None)


def text_direction(locale: Locale) -> Direction:
    """Tell which way the language is written."""
    return "rtl" if locale.text_direction == "rtl" else "ltr"


def plural_forms(locale: Locale) -> frozenset[str]:
    """Name the CLDR plural categories of cardinals, `other` included."""
    return frozenset(locale.plural_form.tags) | {"other"}


def plural_form(value: Decimal, locale: Locale) -> str:
    """Name the CLDR plural category of a number as it is written: 1.0 is not 1."""
    return _plural_form(str(value), locale)


@lru_cache(maxsize=65_536)
def _plural_form(written: str, locale: Locale) -> str:
    return str(locale.plural_form(Decimal(written)))


def required_forms(locale: Locale) -> frozenset[str]:
    """Name the plural forms a text must give in this language."""
    forms = plural_forms(locale)
    return forms - {"many"} if locale.language in _MANY_IS_MILLIONS else forms


def capitalize(text: str, locale: Locale) -> str:
    """Begin a sentence with a capital, where the script has capitals."""
    first = text[:1]
    if first == "i" and locale.language in {"az", "tr"}:
        return "İ" + text[1:]
    upper = first.upper()
    return (upper if len(upper) == 1 else first) + text[1:]


@lru_cache(maxsize=512)
def first_weekday(locale: Locale) -> int:
    """Tell with which ISO weekday the week begins, in a bare language where it is mostly spoken."""
    if locale.territory is None:
        likely = get_global("likely_subtags").get(str(locale))
        locale = (read_locale(likely) if likely else None) or locale
    return locale.first_week_day + 1
