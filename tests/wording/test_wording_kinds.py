"""What is particular to the words of the kinds beyond the first set."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wording_kind_scenes import MOON, OWL, calendar, kind_facts, plain
from wording_scenes import METRICS, Scene, make_campaign, make_deck

from recap.campaign import Campaign
from recap.errors import TemplateError
from recap.metrics.facts import Day, Facts, Forms, Quantity, Ratio, Term
from recap.wording import Card, Lexicon, load_lexicons, phrase_deck

FACTS = {name: (metric, facts) for name, metric, facts in kind_facts()}


def tell(metric: str, facts: Facts, campaign: Campaign, lexicon: Lexicon) -> Card:
    """Give the card of facts."""
    return phrase_deck(make_deck(Scene("", metric, facts)), [facts], campaign, lexicon)[1]


def tell_named(name: str, campaign: Campaign, lexicon: Lexicon) -> Card:
    """Give the card of a scene."""
    return tell(*FACTS[name], campaign, lexicon)


def tell_own(metric: dict[str, Any], facts: Facts, folder: Path, locale: str = "en", **changes: Any) -> Card:
    """Give the card of facts told by a metric of its own."""
    campaign = make_campaign(metrics=[*METRICS, {**metric, "id": "mine"}], **changes)
    return tell("mine", facts, campaign, load_lexicons(campaign, folder)[locale])


@pytest.mark.parametrize(
    ("change", "english", "german"),
    [
        (2.509, "250%", "250\u00a0%"),
        (1.0, "100%", "100\u00a0%"),
        (0.29, "29%", "29\u00a0%"),
        (0.0001, "Less than 1%", "Weniger als 1\u00a0%"),
        (123.456, "12,345%", "12.345\u00a0%"),
    ],
)
def test_growth_of_any_size_is_told_in_percent(
    change: float, english: str, german: str, campaign: Campaign, lexicons: dict[str, Lexicon]
) -> None:
    """More than double is more than 100 %; what is left of a percent is cut off, and never zero."""
    metric, facts = FACTS["growth"]
    grown = replace(facts, slots={**facts.slots, "change": Ratio(change)})
    assert tell(metric, grown, campaign, lexicons["en"]).hero == english
    assert tell(metric, grown, campaign, lexicons["de"]).hero == german


def test_a_day_of_another_year_says_so(campaign: Campaign, lexicons: dict[str, Lexicon]) -> None:
    """A run that began in December of last year must not seem to have begun in December to come."""
    told = tell_named("streak began before", campaign, lexicons["en"]).headline
    assert "from December 20, 2025 to January 28," in told


@pytest.mark.parametrize("case", ["part", "joined"])
def test_own_plain_words_never_hide_what_was_compared(case: str, wording_folder: Path) -> None:
    """Who overrides the plain sentences still gets the shipped ones for half a year, or a late start."""
    words = {"en": {"headline": "You grew in all of 2026.", "support": "Just like that."}}
    card = tell_own({"kind": "growth", "words": words}, FACTS[f"growth {case}"][1], wording_folder)
    assert ("September 30" in card.headline) == (case == "part")
    assert ("October 4, 2025" in card.support) == (case == "joined")


def test_own_plain_words_never_hide_the_group(wording_folder: Path) -> None:
    """The top five percent of a city are not those of everyone."""
    metric = {
        "kind": "standing", "of": "minutes", "within": "artist",
        "words": {"en": {"headline": "Top {top} of everyone!"}},
    }  # fmt: skip
    card = tell_own(metric, FACTS["standing grouped"][1], wording_folder)
    assert "in Berlin" in card.headline
    assert card.unit == "of 120 people in Berlin"


@pytest.mark.parametrize(
    ("noun", "unit"),
    [
        (MOON, "Reisen zum Mond und zurück"),
        ({"en": MOON["en"]}, "round trips to the Moon"),
        ({"fr": {"one": "aller-retour", "other": "allers-retours"}}, "allers-retours"),
    ],
)
def test_a_thing_s_noun_falls_back_as_a_metric_s_does(
    noun: dict[str, Forms], unit: str, campaign: Campaign, lexicons: dict[str, Lexicon]
) -> None:
    """Its own language, else the campaign's first, else whichever there is: never a bare number."""
    facts = plain("n", "number", n=Quantity(Decimal("12.9"), noun=noun), of=Quantity(2472480))
    card = tell("moon", facts, campaign, lexicons["de"])
    assert (card.hero, card.unit) == ("12", unit)
    assert card.headline.startswith("41.208 Minuten")


def test_a_comparison_rounds_by_its_own_decimals(wording_folder: Path) -> None:
    """Tenths of a trip are cut, not rounded; the minutes it rests on keep their own digits."""
    metric = {
        "kind": "comparison", "of": "minutes", "decimals": 1,
        "things": [{"id": "moon", "size": 60, "noun": MOON}],
    }  # fmt: skip
    card = tell_own(metric, FACTS["comparison 12"][1], wording_folder)
    assert (card.hero, card.unit) == ("12.9", "round trips to the Moon")
    assert card.headline.startswith("41,208 minutes")


def test_a_thing_s_noun_needs_every_plural_form(wording_folder: Path) -> None:
    """A missing form is found on loading, with its place."""
    things = [{"id": "moon", "size": 60, "noun": {"en": {"one": "trip"}}}]
    metric = {"id": "mine", "kind": "comparison", "of": "minutes", "things": things}
    with pytest.raises(TemplateError, match=r"things\.0\.noun\.en: English also needs the plural form 'oth"):
        load_lexicons(make_campaign(metrics=[*METRICS, metric]), wording_folder)


@pytest.mark.parametrize(
    ("of", "value", "said"),
    [
        ("loyalty", Decimal("0.333333333"), "Your 33% put you"),
        ("growth", Decimal("2.5"), "Your 250% put you"),
        ("long", 5459, "Your 90 minutes put you"),
        ("weeks", 10, "Your 10 weeks put you"),
        ("tenure", 2849, "Your 2,849 days put you"),
        ("sessions", 187, "Your 187 sessions put you"),
        ("range", Decimal("6.9"), "Your 6 songs put you"),
        ("moon", Decimal("12.9"), "Your 12 put you"),
        ("rate", Decimal("12.345678901"), "Your 12.34 minutes put you"),
    ],
)
def test_a_standing_is_told_in_the_unit_of_any_kind(
    of: str, value: int | Decimal, said: str, wording_folder: Path
) -> None:
    """Shares in percent, seconds in minutes, weeks in weeks; what no one can name is only a number."""
    facts = FACTS["standing grouped"][1]
    facts = replace(facts, slots={**facts.slots, "n": Quantity(value)}, cases=())
    assert said in tell_own({"kind": "standing", "of": of}, facts, wording_folder).headline


def test_where_less_is_more_nothing_is_rounded_down(wording_folder: Path) -> None:
    """Of the fastest run, 24.98 minutes, 24 would claim more than is true; of the slowest, 25 would."""
    facts = plain("n", "number", n=Quantity(1499))
    unit = {"of": "seconds", "divide_by": 60}
    assert tell_own({"kind": "minimum", **unit}, facts, wording_folder).hero == "25"
    assert tell_own({"kind": "maximum", **unit}, facts, wording_folder).hero == "24"
    little = plain("n", "number", n=Quantity(30))
    assert tell_own({"kind": "minimum", **unit}, little, wording_folder).hero == "<1"


@pytest.mark.parametrize(
    ("name", "english", "german"),
    [
        (OWL, "The night owl", "Die Nachteule"),
        (Term("night owl"), "Night owl", "Night owl"),
        (Term({"en": "night owl"}), "Night owl", "Night owl"),
    ],
)
def test_a_type_has_the_campaign_s_name_for_it(
    name: Term, english: str, german: str, campaign: Campaign, lexicons: dict[str, Lexicon]
) -> None:
    """In the customer's language, else in the campaign's first; it begins a line with a capital."""
    for locale, said in (("en", english), ("de", german)):
        card = tell("type", plain("type", "moment", type=name, share=Ratio(0.04)), campaign, lexicons[locale])
        assert card.hero == said
        assert card.headline.startswith(said)


@pytest.mark.parametrize(
    ("layout", "hero", "second"), [("pair", "Croissant", "Flat White"), ("number", "", "")]
)
def test_a_pair_has_a_place_for_each_where_the_layout_has_two(
    layout: str, hero: str, second: str, wording_folder: Path
) -> None:
    """In the layout `pair` the hero is the first of them, elsewhere it is both; both are always heard."""
    facts = replace(FACTS["pair 12"][1], layout="pair", second="second")
    pair = {"kind": "pair", "by": "song", "within": "seconds", "layout": layout}
    card = tell_own(pair, facts, wording_folder)
    assert (card.hero, card.second) == (hero or "Croissant + Flat White", second)
    assert "Croissant + Flat White, 12 times together" in card.alt_text


def test_a_type_is_never_made_rarer_than_it_is(campaign: Campaign, lexicons: dict[str, Lexicon]) -> None:
    """The share of those who have it is rounded up: 4.05 % are 5 %, and of thousands one is 1 %."""
    assert "5%" in tell_named("archetype", campaign, lexicons["en"]).support
    assert "1%" in tell_named("archetype of few", campaign, lexicons["en"]).support


def test_a_place_that_others_share_is_not_number_one(
    campaign: Campaign, lexicons: dict[str, Lexicon]
) -> None:
    """First at the same instant as another is among the first."""
    assert tell_named("early_adopter 1", campaign, lexicons["en"]).hero == "Among the first"
    assert tell_named("early_adopter first", campaign, lexicons["en"]).hero == "No. 1"


def test_a_calendar_begins_its_weeks_where_the_language_does(
    campaign: Campaign, lexicons: dict[str, Lexicon]
) -> None:
    """January 1, 2026 is a Thursday: the fifth day of an American week, the fourth of a German one."""
    english, german = (tell_named("calendar", campaign, lexicons[name]) for name in ("en", "de"))
    assert (english.weeks[0].first, german.weeks[0].first) == (5, 4)
    for card in (english, german):
        assert [week.name for week in card.weeks if week.name] == [bar.name for bar in card.bars]
        lit = [(at, len(week.days)) for at, week in enumerate(card.weeks) for day in week.days if day.leads]
        assert len(lit) == 1


def test_the_alternative_text_of_a_calendar_is_heard_in_a_minute(
    campaign: Campaign, lexicons: dict[str, Lexicon]
) -> None:
    """It tells twelve months and the leading day, not 365 days."""
    card = tell_named("calendar", campaign, lexicons["en"])
    assert "Month by month: January: " in card.alt_text
    assert card.alt_text.count(" plays; ") == 11
    assert "December 19" in card.alt_text
    assert len(card.alt_text) < 800


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(start=st.dates(date(2023, 1, 1), date(2027, 1, 1)), days=st.integers(1, 800), step=st.integers(1, 9))
def test_a_calendar_holds_every_day_of_any_period(
    start: date, days: int, step: int, campaign: Campaign, lexicons: dict[str, Lexicon]
) -> None:
    """Weeks follow without gaps, at most seven days each; months add up to the total; names have room."""
    end = start + timedelta(days=days - 1)
    amounts = {start + timedelta(days=offset): 1 + offset % 5 for offset in range(0, days, step)}
    card = tell("calendar", calendar(amounts, start, end), campaign, lexicons["de"])
    assert sum(len(week.days) for week in card.weeks) == days
    assert card.weeks[0].first == start.isoweekday()
    assert all(week.first == 1 for week in card.weeks[1:])
    assert all(week.first - 1 + len(week.days) == 7 for week in card.weeks[:-1])
    assert sum(int(bar.amount.replace(".", "")) for bar in card.bars) == sum(amounts.values())
    named = [at for at, week in enumerate(card.weeks) if week.name]
    assert all(after - before >= 3 for before, after in pairwise(named))
    assert named


def test_a_calendar_of_several_years_names_them(wording_folder: Path) -> None:
    """The first month and every January carry their year where the period holds more than one."""
    period = {"first_day": date(2025, 11, 1), "last_day": date(2026, 2, 28)}
    facts = calendar({date(2026, 1, 3): 4}, date(2025, 11, 1), date(2026, 2, 28))
    card = tell_own({"kind": "calendar"}, facts, wording_folder, period=period)
    assert [week.name for week in card.weeks if week.name] == ["Nov 2025", "Dec", "Jan 2026", "Feb"]


def test_losses_and_money_make_a_calendar_too(wording_folder: Path) -> None:
    """Months are added exactly, and one that came to less than nothing has no column."""
    amounts = {
        date(2026, 1, 5): Decimal("-3.10"),
        date(2026, 2, 5): Decimal("0.10"),
        date(2026, 2, 6): Decimal("0.20"),
    }
    facts = calendar(amounts)
    entries = tuple(replace(entry, share=max(0.0, entry.share)) for entry in facts.entries)
    metric = {"kind": "calendar", "of": "amount", "currency": "EUR"}
    card = tell_own(metric, replace(facts, entries=entries), wording_folder)
    assert [(bar.amount, bar.share, bar.leads) for bar in card.bars[:3]] == [
        ("-€3.10", 0.0, False), ("€0.30", 1.0, True), ("€0.00", 0.0, False),
    ]  # fmt: skip


def test_as_another_layout_a_calendar_is_a_chart_of_months(wording_folder: Path) -> None:
    """A campaign that asks for columns gets twelve, not 365; the fallback card has neither."""
    card = tell_own({"kind": "calendar", "layout": "chart"}, FACTS["calendar"][1], wording_folder)
    assert (card.layout, len(card.bars)) == ("chart", 12)
    campaign = make_campaign()
    scene = Scene("", "year", replace(FACTS["calendar"][1], main="day"))
    lexicon = load_lexicons(campaign, wording_folder)["en"]
    slots = {**scene.facts.slots, "month": Day(date(2026, 3, 1))}
    facts = replace(scene.facts, slots=slots)
    (fallback,) = phrase_deck(make_deck(scene, kind="fallback"), [facts], campaign, lexicon)
    assert (fallback.bars, fallback.weeks) == ((), ())
