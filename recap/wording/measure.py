"""What a metric's numbers are amounts of, and how such an amount is said: *41,208 minutes*, *£12.40*."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from recap.campaign import Campaign, Metric
from recap.metrics.facts import Number, Quantity
from recap.wording.lexicon import Lexicon
from recap.wording.locales import in_language
from recap.wording.numerals import currency_digits, round_down, write_money, write_number

_NOUN_OF_KIND: Mapping[str, str] = {"active_days": "day", "streak": "day", "distinct": "group"}


@dataclass(frozen=True, slots=True)
class Measure:
    """The unit of a card's numbers."""

    noun: Mapping[str, str]
    """By plural form; empty where nothing is known but the number itself."""
    currency: str | None = None
    divide_by: Decimal = Decimal(1)
    decimals: int = 0


NO_MEASURE = Measure({})
"""Of cards whose numbers all bring their own noun."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity in words."""

    full: str
    """As in a sentence: `41,208 minutes`, `less than 1 minute`, `£12.40`."""
    number: str
    """`41,208`, `<1`, `£12.40`."""
    noun: str
    """`minutes`; may be empty."""
    form: str
    """The plural category of the number as it is written."""
    is_zero: bool


def measure_of(metric: Metric, campaign: Campaign, lexicon: Lexicon) -> Measure:
    """Find a metric's unit. A standing is told in the unit of the metric it ranks."""
    ranked = _ranked(metric, campaign)
    noun = _own_noun(metric, campaign, lexicon) or _own_noun(ranked, campaign, lexicon)
    if noun is None:
        noun = {} if ranked.currency else _default_noun(ranked, lexicon)
    return Measure(noun, ranked.currency, ranked.divide_by, ranked.decimals)


def _ranked(metric: Metric, campaign: Campaign) -> Metric:
    of = getattr(metric, "of", None)
    if metric.kind != "standing":
        return metric
    return next((other for other in campaign.metrics if other.id == of), metric)


def _own_noun(metric: Metric, campaign: Campaign, lexicon: Lexicon) -> Mapping[str, str] | None:
    nouns = metric.noun or {}
    forms = in_language(nouns, lexicon.locale) or in_language(nouns, campaign.languages[0])
    return {str(form): text for form, text in forms.items()} if forms else None


def _default_noun(metric: Metric, lexicon: Lexicon) -> Mapping[str, str]:
    name = _NOUN_OF_KIND.get(metric.kind, "event")
    # A sum of some field is an amount of nobody-said-what: to call it events would be wrong.
    if name == "event" and getattr(metric, "of", None) is not None:
        return {}
    return shipped_noun(name, lexicon)


def shipped_noun(name: str, lexicon: Lexicon) -> Mapping[str, str]:
    """Give one of the nouns every language file knows, by plural form."""
    forms = lexicon.sentence(f"nouns.{name}").forms
    return {form: pattern.literals[0] for form, pattern in forms.items()}


def say_amount(quantity: Quantity, measure: Measure, lexicon: Lexicon) -> Amount:
    """Put a quantity into words, rounded down so that it never claims more than is true."""
    if quantity.of != "metric":
        measure = Measure(shipped_noun(quantity.of, lexicon))
    decimals = measure.decimals if measure.currency is None else currency_digits(measure.currency)
    value = round_down(quantity.value, divide_by=measure.divide_by, decimals=decimals)
    if value == 0 and quantity.value > 0:
        return _below(Decimal(1).scaleb(-decimals), measure, decimals, lexicon)
    return _exactly(value, measure, decimals, lexicon)


def _exactly(value: Decimal, measure: Measure, decimals: int, lexicon: Lexicon) -> Amount:
    form = str(lexicon.language.plural_form(value))
    noun = measure.noun.get(form) or measure.noun.get("other", "")
    if value == 0:
        noun = measure.noun.get("zero", noun)
    if measure.currency is not None:
        number = write_money(value, measure.currency, lexicon.language)
        return Amount(number, number, noun, form, value == 0)
    number = write_number(value, decimals, lexicon.language)
    full = lexicon.phrase("formats.quantity", number=number, noun=noun) if noun else number
    return Amount(full, number, noun, form, value == 0)


def _below(step: Decimal, measure: Measure, decimals: int, lexicon: Lexicon) -> Amount:
    least = _exactly(step, measure, decimals, lexicon)
    return Amount(
        full=lexicon.phrase("formats.below", amount=least.full),
        number=lexicon.phrase("formats.below_short", amount=least.number),
        noun=least.noun,
        form=least.form,
        is_zero=False,
    )


def say_number(value: Number, lexicon: Lexicon) -> str:
    """Write a plain whole number, such as a place in a list."""
    return write_number(round_down(value), 0, lexicon.language)
