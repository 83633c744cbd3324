"""Numbers that never claim more than is true."""

import functools
import operator
from decimal import Context, Decimal, localcontext
from fractions import Fraction

import pytest
from babel import Locale
from babel.numbers import parse_decimal
from hypothesis import given, settings
from hypothesis import strategies as st
from wording_kind_scenes import MINUTES

from recap.campaign import Campaign
from recap.errors import RecapError
from recap.metrics.facts import Quantity
from recap.wording import Lexicon
from recap.wording.measure import LONG, Measure, say_amount
from recap.wording.numerals import (
    ceil_percent,
    floor_percent,
    round_down,
    write_money,
    write_number,
    write_percent,
)

EN, DE = Locale.parse("en"), Locale.parse("de")
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)


@settings(deadline=None)
@given(DECIMALS, st.sampled_from([1, 60, 1000, 3]), st.integers(0, 6), st.sampled_from([EN, DE]))
def test_no_number_claims_more_than_is_true(
    value: Decimal, divisor: int, decimals: int, locale: Locale
) -> None:
    """Read back from the card, an exact number is at most the true one, and less than one step below it."""
    shown = round_down(value, divide_by=Decimal(divisor), decimals=decimals)
    text = write_number(shown, decimals, locale)
    parsed = Fraction(parse_decimal(text, locale=locale))
    missing = abs(Fraction(value) / divisor) - abs(parsed)
    assert 0 <= missing < Fraction(1, 10**decimals)
    assert parsed == 0 or (parsed < 0) == (value < 0)


@settings(deadline=None)
@given(st.floats(0, 1e18), st.integers(0, 6))
def test_a_double_claims_at_most_its_own_inaccuracy(value: float, decimals: int) -> None:
    """A double is read with a slack of one part in 10^12 or a thousandth of a step, whichever is less."""
    shown, step = round_down(value, decimals=decimals), Decimal(1).scaleb(-decimals)
    slack = min(Decimal(value) * Decimal("1e-12"), step / 1000)
    assert shown <= Decimal(repr(value)) + slack
    assert shown > Decimal(repr(value)) - step


@settings(deadline=None)
@given(st.integers(0, 2**53))
def test_a_whole_double_is_itself(value: int) -> None:
    """Whatever its size, a count that went through a double comes out unchanged."""
    assert round_down(float(value)) == value


def test_a_sum_of_doubles_that_missed_its_whole_number_is_told_as_it() -> None:
    """Ten times 0.1 is 1, though doubles add up to a little less."""
    added = functools.reduce(operator.add, [0.1] * 10)
    assert added < 1
    assert round_down(added) == 1


def test_there_is_no_minus_zero() -> None:
    """What is cut to nothing has no sign."""
    assert str(round_down(Decimal("-0.4"))) == "0"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_what_is_not_finite_is_refused(value: float | Decimal) -> None:
    """No card says NaN."""
    with pytest.raises(RecapError, match="no card can say"):
        round_down(value)


@settings(deadline=None)
@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_percent_are_honest_both_ways(part: int, whole: int) -> None:
    """A share is rounded down, a standing up; 100 % only the whole."""
    part = min(part, whole)
    share = part / whole
    assert Fraction(floor_percent(share), 100) <= Fraction(part, whole) + Fraction(1, 10**9)
    assert Fraction(ceil_percent(share), 100) >= Fraction(part, whole) - Fraction(1, 10**9)
    assert (floor_percent(share) == 100) == (part == whole)


@pytest.mark.parametrize("percent", range(1, 101))
def test_a_standing_says_its_own_percent(percent: int) -> None:
    """The way through a double and back changes no percentage."""
    assert ceil_percent(percent / 100) == floor_percent(percent / 100) == percent


def test_the_widest_decimals_are_written_to_the_last_digit() -> None:
    """38 digits, in whatever context the caller works."""
    value = Decimal("123456789012345678901234567890123456.78")
    assert write_money(value, "EUR", DE) == "123.456.789.012.345.678.901.234.567.890.123.456,78\u00a0€"


def test_languages_write_numbers_their_own_way() -> None:
    """Grouping, signs and digits are the language's and the currency's."""
    assert write_number(Decimal("41208.5"), 1, DE) == "41.208,5"
    assert write_number(Decimal(12345678), 0, Locale.parse("hi")) == "1,23,45,678"
    assert write_number(Decimal(12345), 0, Locale.parse("fr")) == "12\u00a0345"
    assert write_money(Decimal(1234), "JPY", EN) == "¥1,234"
    assert write_money(Decimal("-3.50"), "GBP", EN) == "-£3.50"
    assert (write_percent(2, EN), write_percent(2, DE)) == ("2%", "2\u00a0%")


@pytest.mark.parametrize("locale", ["en", "de"])
def test_every_number_to_ten_thousand_millions_finds_its_noun(
    locale: str, lexicons: dict[str, Lexicon]
) -> None:
    """Whatever the number, the noun has a form for it, and the plural only where it is due."""
    lexicon = lexicons[locale]
    measure = Measure({"one": "play", "other": "plays"})

    @settings(deadline=None)
    @given(st.integers(0, 10**10))
    def check(number: int) -> None:
        amount = say_amount(Quantity(number), measure, lexicon)
        assert amount.noun == ("play" if number == 1 else "plays")
        full, shown = amount.full.removesuffix(f" {amount.noun}"), amount.number
        assert read_digits(full) == number
        # A long number that stands alone is cut to three figures, which never say more than is true.
        assert (shown == full) if number < LONG else len(shown) < len("12.3 Milliarden+ ")

    check()


def read_digits(text: str) -> int:
    return int("".join(character for character in text if character.isdigit()))


@pytest.mark.parametrize(
    ("locale", "number", "said"),
    [
        ("en", 9_999_999, "9,999,999"),
        ("en", 10_000_000, "10 million"),
        ("en", 12_399_999, "12.3 million+"),
        ("en", 9_999_999_999, "9.99 billion+"),
        ("de", 12_345_678, "12,3 Millionen+"),
        ("ja", 12_345_678, "1230万+"),
    ],
)
def test_a_long_number_is_cut_and_never_rounded_up(
    locale: str, number: int, said: str, lexicons: dict[str, Lexicon]
) -> None:
    """Three figures and a plus where more follows; the sentence keeps the whole number."""
    amount = say_amount(Quantity(number), Measure({"other": "plays"}), lexicons[locale])
    assert amount.number == said
    assert read_digits(amount.full) == number


def test_an_estimate_is_at_least(lexicons: dict[str, Lexicon]) -> None:
    """What the data holds in part only is told as such; nothing stays nothing."""
    measure = Measure({"one": "play", "other": "plays"}, estimated=True)
    some, none = (say_amount(Quantity(number), measure, lexicons["en"]) for number in (3, 0))
    assert (some.full, some.number) == ("at least 3 plays", "3+")
    assert none.full == "0 plays"


@pytest.mark.parametrize(("number", "said"), [(2, "دقيقتان"), (-2, "-2 دقيقتان"), (3, "3 دقائق")])
def test_a_word_for_two_stands_for_two_only(number: int, said: str, lexicons: dict[str, Lexicon]) -> None:
    """Arabic has a word for two of a thing; minus two is not two."""
    amount = say_amount(Quantity(number), Measure(MINUTES["ar"]), lexicons["ar"])
    assert amount.full.replace("\u200e", "").replace("\u061c", "") == said
    foreign = say_amount(Quantity(2), Measure({"one": "trip", "other": "trips"}), lexicons["ar"])
    assert foreign.full == "2 trips"


def test_a_little_is_less_than_the_least_and_not_nothing(lexicons: dict[str, Lexicon]) -> None:
    """59 seconds are less than 1 minute, not 0 minutes; nothing is nothing."""
    minutes = Measure({"one": "minute", "other": "minutes"}, divide_by=Decimal(60))
    some, none = (say_amount(Quantity(seconds), minutes, lexicons["en"]) for seconds in (59, 0))
    assert (some.full, some.number) == ("less than 1 minute", "<1")
    assert none.full == "0 minutes"
    money = Measure({}, currency="EUR")
    assert say_amount(Quantity(Decimal("0.004")), money, lexicons["de"]).full == "weniger als 0,01\u00a0€"


def test_decimals_decide_on_the_form(lexicons: dict[str, Lexicon]) -> None:
    """It is 1 kilometer, but 1.0 kilometers."""
    kilometers = Measure({"one": "kilometer", "other": "kilometers"}, divide_by=Decimal(1000), decimals=1)
    assert say_amount(Quantity(1049), kilometers, lexicons["en"]).full == "1.0 kilometers"


def test_the_caller_s_decimal_context_changes_nothing(
    lexicons: dict[str, Lexicon], campaign: Campaign
) -> None:
    """A narrow context around the call does not round."""
    with localcontext(Context(prec=3)):
        amount = say_amount(Quantity(Decimal("98765.999")), Measure({}), lexicons["en"])
    assert amount.number == "98,765"
