"""Choosing a language and knowing its plurals."""

from decimal import Decimal

import pytest
from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st

from recap.wording.locales import (
    best_locale,
    capitalize,
    first_weekday,
    in_language,
    plural_form,
    plural_forms,
    read_locale,
    required_forms,
    text_direction,
)

OFFERED = ("en", "de", "pt_BR", "zh_Hans", "zh_Hant", "ar")


@pytest.mark.parametrize(
    ("wanted", "best"),
    [
        ("de", "de"),
        ("de_AT", "de"),
        ("de-CH", "de"),
        ("DE", "de"),
        ("de_DE.UTF-8", "de"),
        ("pt", "pt_BR"),
        ("pt_PT", "pt_BR"),
        ("zh_TW", "zh_Hant"),
        ("zh-Hant-HK", "zh_Hant"),
        ("zh", "zh_Hans"),
        ("zh_CN", "zh_Hans"),
        ("ar_EG", "ar"),
        ("fr", "en"),
        ("", "en"),
        (None, "en"),
        ("not a language", "en"),
        ("{0.__class__}", "en"),
        ("xx_YY", "en"),
    ],
)
def test_best_locale(wanted: str | None, best: str) -> None:
    """The same language and script win, then the language; anything else gets the first on offer."""
    assert best_locale(wanted, OFFERED) == best


def test_a_bare_language_is_nearer_than_another_country() -> None:
    """An Australian is offered plain English rather than American, and British rather than German."""
    assert best_locale("en_AU", ("de", "en_US", "en")) == "en"
    assert best_locale("en_AU", ("de", "en_GB")) == "en_GB"


@settings(deadline=None)
@given(st.text(max_size=30))
def test_whatever_is_wanted_something_offered_is_given(wanted: str) -> None:
    """No text a customers table may hold makes the choice fail."""
    assert best_locale(wanted, OFFERED) in OFFERED


@pytest.mark.parametrize("name", ["en", "de", "fr", "es", "pt_BR", "ja", "ar", "pl"])
@settings(deadline=None)
@given(number=st.integers(0, 10**10))
def test_every_number_has_a_form_that_a_file_must_give(name: str, number: int) -> None:
    """The category of every integer is a required one, or `many` where `other` stands in for it."""
    locale = read_locale(name)
    assert locale is not None
    form = locale.plural_form(number)
    assert form in plural_forms(locale)
    assert form in required_forms(locale) or form == "many"


def test_arabic_has_six_forms_and_runs_right_to_left() -> None:
    """What later languages need is already known: their forms, their direction."""
    arabic = read_locale("ar")
    assert arabic is not None
    assert required_forms(arabic) == {"zero", "one", "two", "few", "many", "other"}
    assert text_direction(arabic) == "rtl"


def test_texts_are_found_by_the_nearest_language() -> None:
    """A text for German serves an Austrian, one for Austria a German before nobody."""
    assert in_language({"de": "a", "en": "b"}, "de_AT") == "a"
    assert in_language({"de_AT": "c", "en": "b"}, "de") == "c"
    assert in_language({"en": "b"}, "de") is None


@pytest.mark.parametrize(
    ("name", "text", "capitalized"),
    [
        ("en", "less than 1", "Less than 1"),
        ("tr", "istanbul", "İstanbul"),
        ("ar", "أقل", "أقل"),
        ("de", "", ""),
    ],
)
def test_capitals_follow_the_script(name: str, text: str, capitalized: str) -> None:
    """A sentence begins with a capital where there are capitals, Turkish ones in Turkish."""
    locale = read_locale(name)
    assert locale is not None
    assert capitalize(text, locale) == capitalized


def test_the_week_begins_where_the_language_is_at_home() -> None:
    """Sunday in America, Monday in Britain and Germany, Saturday in Egypt."""
    firsts = [first_weekday(locale) for name in ("en", "en_GB", "de", "ar") if (locale := read_locale(name))]
    assert firsts == [7, 1, 1, 6]


def test_a_figure_behind_the_point_makes_a_plural() -> None:
    """The form is that of the number as it is written, whatever equal number was asked for before."""
    english = Locale.parse("en")
    forms = [plural_form(Decimal(text), english) for text in ("1", "1.0", "1", "2")]
    assert forms == ["one", "other", "one", "other"]
