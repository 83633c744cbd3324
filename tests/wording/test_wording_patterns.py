"""Sentences with holes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recap.wording.foreign import clean, first_direction, isolate
from recap.wording.patterns import parse_pattern, read_sentence


@settings(deadline=None)
@given(st.text())
def test_what_fills_a_hole_comes_out_verbatim(text: str) -> None:
    """A filling is never read as a pattern, whatever braces it holds."""
    filled = parse_pattern("<{label}>").fill(lambda _name: text)
    assert filled.replace(" ", "") == f"<{text}>".replace(" ", "")


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters="{} ")))
def test_a_text_without_braces_says_itself(text: str) -> None:
    """Only braces are special."""
    pattern = parse_pattern(text)
    assert pattern.names == ()
    assert pattern.fill(lambda name: name) == text


@pytest.mark.parametrize(
    "text", ["{", "}", "{n", "n}", "{}", "{0}", "{n.real}", "{n[0]}", "{n!r}", "{n:>9}", "{{n}", "{N}"]
)
def test_anything_but_a_name_in_braces_is_refused(text: str) -> None:
    """Attributes, indexes, conversions and stray braces are mistakes, found when the file is read."""
    with pytest.raises(ValueError, match="brace is astray"):
        parse_pattern(text)


def test_braces_are_written_twice() -> None:
    """`{{` is a brace."""
    assert parse_pattern("{{{n}}}").fill(lambda _name: "5") == "{5}"


def test_an_empty_filling_leaves_no_gap_and_no_break_spaces_stay() -> None:
    """Two blanks become one; a no-break space is there on purpose."""
    assert parse_pattern("a {n} b\u00a0\u00a0c {n}").fill(lambda _name: "") == "a b\u00a0\u00a0c"


def test_zero_is_told_apart_only_where_the_text_does() -> None:
    """A `zero` form serves exactly 0, in languages too whose grammar has no such form."""
    with_zero = read_sentence({"zero": "none", "one": "one", "other": "many"}, "n")
    without = read_sentence({"one": "one", "other": "many"}, "n")
    assert with_zero.choose("other", is_zero=True).fill(str) == "none"
    assert without.choose("other", is_zero=True).fill(str) == "many"
    assert without.choose("few").fill(str) == "many"


@pytest.mark.parametrize(
    ("text", "direction"),
    [("Mira", "ltr"), ("أم كلثوم", "rtl"), ("שלום", "rtl"), ("1989", None), ("(«ab", "ltr"), ("日本", "ltr")],
)
def test_the_first_strong_letter_gives_the_direction(text: str, direction: str | None) -> None:
    """Digits and punctuation have no direction of their own."""
    assert first_direction(text) == direction


def test_a_name_is_isolated_only_where_it_runs_against_its_sentence() -> None:
    """Arabic inside English is wrapped in FSI and PDI, English inside English is not."""
    assert isolate("أم", "ltr") == "\u2068أم\u2069"
    assert isolate("Mira", "rtl") == "\u2068Mira\u2069"
    assert isolate("Mira", "ltr") == "Mira"


@settings(deadline=None)
@given(st.text())
def test_a_cleaned_name_disturbs_nothing_around_it(text: str) -> None:
    """No control character, no line break, no override survives; nor a lone surrogate."""
    cleaned = clean(text)
    assert not any(c < " " or "\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069" for c in cleaned)
    assert cleaned == clean(cleaned)
    cleaned.encode()
