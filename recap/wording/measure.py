"""What a metric's numbers are amounts of, and how such an amount is said: *41,208 minutes*, *£12.40*."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal

from recap.campaign import Campaign, Metric
from recap.metrics.facts import Forms, Number, Quantity
from recap.wording.lexicon import Lexicon
from recap.wording.locales import in_language, plural_form
from recap.wording.numerals import (
    currency_digits,
    round_down,
    write_compact,
    write_money,
    write_number,
    write_percent,
)

_NOUN_OF_KIND: Mapping[str, str | None] = {
    "active_days": "day",
    "streak": "day",
    "longest_gap": "day",
    "comeback": "day",
    "tenure": "day",
    "weekly_streak": "week",
    "sessions": "session",
    "distinct": "group",
    "variety": "group",
    "discoveries": "group",
    "returning": "group",
    "early_adopter": None,
    "pair": None,
    "archetype": None,
    "sql": None,
}
"""What a kind's number counts where it is not events; None where nobody can know."""
_SHARES = frozenset({"top_share", "weekday_profile", "growth", "archetype"})
"""Kinds whose number is a share of a whole."""
_SECONDS_A_MINUTE = Decimal(60)
_PERCENT = Decimal("0.01")
LONG = Decimal(10_000_000)
"""Where a number stands alone and large, from here on its first figures say more than all of them."""


@dataclass(frozen=True, slots=True)
class Measure:
    """The unit of a card's numbers."""

    noun: Forms
    """By plural form; empty where nothing is known but the number itself."""
    currency: str | None = None
    divide_by: Decimal = Decimal(1)
    decimals: int = 0
    is_share: bool = False
    """A share of a whole, which is said in percent."""
    estimated: bool = False
    """There may be more of it than the data knows, so amounts are told as *at least*."""
    less_is_more: bool = False
    """Less would claim more, so amounts are rounded up."""
    own_decimals: int = 0
    """Digits after the point of amounts that bring a noun of the campaign's own."""


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
    """Find the unit a metric's card speaks in.

    A standing speaks in the unit of the metric it ranks, and so does a comparison, but of the thing that was
    compared with.
    """
    if metric.kind not in {"standing", "comparison"}:
        return _unit(metric, campaign, lexicon)
    rests_on = _rests_on(metric, campaign)
    measure = _unit_of_number(rests_on, campaign, lexicon) if rests_on else NO_MEASURE
    noun = _own_noun(metric, campaign, lexicon) if metric.kind == "standing" else None
    # What is ranked is what is known, and of that it is the whole.
    return replace(measure, noun=noun or measure.noun, own_decimals=metric.decimals, estimated=False)


def _rests_on(metric: Metric, campaign: Campaign) -> Metric | None:
    of = getattr(metric, "of", None)
    return next((other for other in campaign.metrics if other.id == of), None)


def _unit_of_number(metric: Metric, campaign: Campaign, lexicon: Lexicon) -> Measure:
    """Find the unit of a metric's number as other metrics see it, which the card itself may never tell."""
    if metric.kind == "standing":
        return measure_of(metric, campaign, lexicon)
    if metric.kind == "comparison":  # so many of a thing that only the value knows
        return Measure({}, decimals=metric.decimals)
    if metric.kind in _SHARES:
        return Measure({}, is_share=True)
    return _unit(metric, campaign, lexicon)


def _unit(metric: Metric, campaign: Campaign, lexicon: Lexicon) -> Measure:
    noun = _own_noun(metric, campaign, lexicon)
    less = metric.direction == "less"
    if metric.kind == "longest_session" and noun is None and metric.divide_by == 1:
        return Measure(shipped_noun("minute", lexicon), divide_by=_SECONDS_A_MINUTE, less_is_more=less)
    if noun is None:
        noun = {} if metric.currency else _default_noun(metric, lexicon)
    return Measure(
        noun,
        metric.currency,
        metric.divide_by,
        metric.decimals,
        less_is_more=less,
        estimated=metric.estimated,
    )


def _own_noun(metric: Metric, campaign: Campaign, lexicon: Lexicon) -> Forms | None:
    nouns = metric.noun or {}
    forms = in_language(nouns, lexicon.locale) or in_language(nouns, campaign.languages[0])
    return {str(form): text for form, text in forms.items()} if forms else None


def _default_noun(metric: Metric, lexicon: Lexicon) -> Forms:
    name = _NOUN_OF_KIND.get(metric.kind, "event")
    if name is None:
        return {}
    # A sum of some field is an amount of nobody-said-what: to call it events would be wrong.
    if name == "event" and getattr(metric, "of", None) is not None:
        return {}
    return shipped_noun(name, lexicon)


def shipped_noun(name: str, lexicon: Lexicon) -> Forms:
    """Give one of the nouns every language file knows, by plural form."""
    forms = lexicon.sentence(f"nouns.{name}").forms
    return {form: pattern.literals[0] for form, pattern in forms.items()}


def say_amount(quantity: Quantity, measure: Measure, lexicon: Lexicon, first_language: str = "") -> Amount:
    """Put a quantity into words, rounded so that it never claims more than is true.

    A noun of the quantity's own is taken in the lexicon's language, else in the campaign's first.
    """
    measure = _measure_for(quantity, measure, lexicon, first_language)
    if measure.is_share:
        return _as_percent(quantity, lexicon)
    decimals = measure.decimals if measure.currency is None else currency_digits(measure.currency)
    value = round_down(quantity.value, divide_by=measure.divide_by, decimals=decimals)
    if value == 0 and quantity.value > 0:
        return _below(Decimal(1).scaleb(-decimals), measure, decimals, lexicon)
    if measure.less_is_more:
        value = round_down(
            quantity.value, divide_by=measure.divide_by, decimals=decimals, rounding=ROUND_CEILING
        )
    amount = _exactly(value, measure, decimals, lexicon)
    return _at_least(amount, lexicon) if measure.estimated and value > 0 else amount


def _at_least(amount: Amount, lexicon: Lexicon) -> Amount:
    full, number = (
        lexicon.phrase("formats.at_least", amount=amount.full),
        lexicon.phrase("formats.at_least_short", amount=amount.number),
    )
    return replace(amount, full=full, number=number)


def _as_percent(quantity: Quantity, lexicon: Lexicon) -> Amount:
    percent = round_down(quantity.value, divide_by=_PERCENT)
    is_below = percent == 0 and quantity.value > 0
    text = write_percent(1 if is_below else int(percent), lexicon.language)
    form = str(lexicon.language.plural_form(percent))
    if is_below:
        full, number = (lexicon.phrase(f"formats.{name}", amount=text) for name in ("below", "below_short"))
        return Amount(full, number, "", form, is_zero=False)
    return Amount(text, text, "", form, percent == 0)


def _measure_for(quantity: Quantity, measure: Measure, lexicon: Lexicon, first_language: str) -> Measure:
    if quantity.noun is not None:
        nouns = quantity.noun
        forms = in_language(nouns, lexicon.locale) or in_language(nouns, first_language)
        # Whatever its language, a noun must be told: the number is of nothing without it.
        return Measure(forms or next(iter(nouns.values()), {}), decimals=measure.own_decimals)
    return measure if quantity.of == "metric" else Measure(shipped_noun(quantity.of, lexicon))


def _exactly(value: Decimal, measure: Measure, decimals: int, lexicon: Lexicon) -> Amount:
    form = plural_form(value, lexicon.language)
    noun = measure.noun.get(form) or measure.noun.get("other", "")
    if value == 0:
        noun = measure.noun.get("zero", noun)
    if measure.currency is not None:
        number = write_money(value, measure.currency, lexicon.language)
        return Amount(number, number, noun, form, value == 0)
    number = write_number(value, decimals, lexicon.language)
    # Arabic and its like have a word for two of a thing, and put no figure beside it: where it is just two,
    # and the word is there.
    said = form if value > 0 and decimals == 0 and form in measure.noun else "other"
    pattern = lexicon.sentence("formats.quantity").choose(said, is_zero=value == 0)
    full = pattern.fill({"number": number, "noun": noun}.__getitem__) if noun else number
    return Amount(full, shorten(value, number, lexicon), noun, form, value == 0)


def shorten(value: Decimal, number: str, lexicon: Lexicon) -> str:
    """Write a number of ten millions or more with three figures that are true: *12.3 million+*."""
    if value < LONG:
        return number
    rounded, text = write_compact(value, lexicon.language)
    return text if rounded == value else lexicon.phrase("formats.at_least_short", amount=text)


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
