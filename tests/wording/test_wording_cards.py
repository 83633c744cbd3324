"""Decks in words."""

import os
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wording_scenes import (
    METRICS,
    TITLES,
    Scene,
    all_scenes,
    make_campaign,
    make_deck,
    moment,
    number,
    top,
)

from recap.campaign import Campaign
from recap.errors import RecapError
from recap.wording import Card, Lexicon, load_lexicons, phrase_deck

LOCALES = list(TITLES)
GOLDEN = Path(__file__).parent / "golden"
SCENES = list(all_scenes())
BY_NAME = {scene.name: scene for scene in SCENES}


def tell(scene: Scene, campaign: Campaign, lexicon: Lexicon, name: str | None = "Lina") -> Card:
    """Give the card of one scene."""
    return phrase_deck(make_deck(scene, name=name), [scene.facts], campaign, lexicon)[1]


def tell_one(metric: dict[str, Any], scene: Scene, folder: Path, locale: str = "en", **changes: Any) -> Card:
    """Give the card of a scene told by a metric of its own."""
    campaign = make_campaign(metrics=[*METRICS, {**metric, "id": "own"}], **changes)
    own = replace(scene, metric="own")
    return tell(own, campaign, load_lexicons(campaign, folder)[locale])


def write_card(card: Card) -> str:
    """Write a card so that a person can read it through."""
    fields = ("title", "hero", "unit", "headline", "support", "badge", "small_print", "alt_text")
    lines = [f"  {name:12}{getattr(card, name)}" for name in fields if getattr(card, name)]
    lines += [
        f"  row         {row.place}. {row.name} | {row.amount}{' *' if row.leads else ''}"
        for row in card.rows
    ]
    if card.bars:
        bars = ", ".join(f"{bar.name} {bar.amount}{'*' if bar.leads else ''}" for bar in card.bars)
        lines.append(f"  bars        {bars}")
    lines += [f"  line        {line.label} | {line.value}" for line in card.lines]
    return "\n".join(lines)


def write_golden(campaign: Campaign, lexicon: Lexicon) -> str:
    """Write every scene's card, and the cards around them, in one language."""
    parts = [f"[{scene.name}]\n{write_card(tell(scene, campaign, lexicon))}" for scene in SCENES]
    chosen = [BY_NAME[name] for name in ("sum many", "top", "streak running", "busiest_hour", "first_event")]
    for name in ("Lina", None):
        facts = [scene.facts for scene in chosen]
        cards = phrase_deck(make_deck(*chosen, name=name), facts, campaign, lexicon)
        parts += [f"[{card.name}, {name or 'no name'}]\n{write_card(card)}" for card in (cards[0], cards[-1])]
        for scene in (None, BY_NAME["count 1"], BY_NAME["count 2"], BY_NAME["top"]):
            given_scenes = [scene] if scene else []
            deck = make_deck(*given_scenes, name=name, kind="fallback")
            (card,) = phrase_deck(deck, [s.facts for s in given_scenes], campaign, lexicon)
            title = f"fallback of {scene.name if scene else 'nothing'}, {name or 'no name'}"
            parts.append(f"[{title}]\n{write_card(card)}")
    for what, made in (
        ("neutral", make_deck(BY_NAME["top"], neutral=True)),
        ("since October", make_deck(BY_NAME["sum many"], joined=date(2026, 10, 9))),
    ):
        card = phrase_deck(
            made, [BY_NAME["top" if what == "neutral" else "sum many"].facts], campaign, lexicon
        )[1]
        parts.append(f"[{what}]\n{write_card(card)}")
    return "\n\n".join(parts) + "\n"


@pytest.mark.parametrize("locale", LOCALES)
def test_cards_read_as_they_were_read_aloud(
    locale: str, campaign: Campaign, lexicons: dict[str, Lexicon]
) -> None:
    """Every kind and case says what `golden/<locale>.txt` says; UPDATE_GOLDEN=1 writes it anew."""
    path = GOLDEN / f"{locale}.txt"
    text = write_golden(campaign, lexicons[locale])
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_the_alternative_text_says_what_the_picture_says(
    scene: Scene, locale: str, campaign: Campaign, lexicons: dict[str, Lexicon]
) -> None:
    """Title, hero, unit, sentences, rows, bars, badge, names and small print are all in it."""
    card = tell(replace(scene, claims_standing=True), campaign, lexicons[locale])
    said = [card.title, card.hero, card.unit, card.headline, card.support, card.badge, card.small_print]
    said += [text for row in card.rows for text in (row.place, row.name, row.amount)]
    said += [bar.amount for bar in card.bars]
    said += [card.customer, card.brand, card.period]
    heard = card.alt_text.replace("\u2068", "").replace("\u2069", "")
    assert [text for text in said if text.replace("\u2068", "").replace("\u2069", "") not in heard] == []
    assert card.hero
    assert card.headline.endswith((".", "。"))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_no_text_is_left_unfinished(
    scene: Scene, locale: str, campaign: Campaign, lexicons: dict[str, Lexicon]
) -> None:
    """No hole stays open, no blank is doubled, no line ends in one."""
    card = tell(scene, campaign, lexicons[locale])
    for text in (
        card.title,
        card.hero,
        card.unit,
        card.headline,
        card.support,
        card.small_print,
        card.alt_text,
    ):
        assert text == text.strip()
        assert not any(trace in text for trace in ("{", "}", "  ", " .", " ,", ".."))


def test_a_full_deck_is_cover_highlights_and_summary(
    campaign: Campaign, lexicons: dict[str, Lexicon]
) -> None:
    """The cards are numbered in order; the summary has five lines at most."""
    chosen = [BY_NAME[n] for n in ("count 2", "sum many", "top", "streak many", "busiest_hour", "monthly")]
    cards = phrase_deck(make_deck(*chosen), [scene.facts for scene in chosen], campaign, lexicons["en"])
    assert [card.index for card in cards] == list(range(8))
    assert [card.name for card in cards] == ["cover", *(scene.metric for scene in chosen), "summary"]
    assert [card.layout for card in cards] == [
        "cover", "number", "number", "top", "streak", "chart", "chart", "summary",
    ]  # fmt: skip
    assert [line.label for line in cards[-1].lines] == [
        "All in all", "Minutes of music", "Your number one", "Longest streak", "Busiest hour",
    ]  # fmt: skip
    assert all(line.value in cards[-1].alt_text for line in cards[-1].lines)
    assert cards[0].support.startswith("6 things")


@pytest.mark.parametrize(("kind", "scenes"), [("fallback", 0), ("full", 0), ("fallback", 2)])
def test_little_to_tell_is_told_on_one_card(
    kind: str, scenes: int, campaign: Campaign, lexicons: dict[str, Lexicon]
) -> None:
    """A fallback deck, and one without highlights, is a single card called `fallback`."""
    chosen = SCENES[1 : 1 + scenes]
    deck = make_deck(*chosen, kind=kind)
    (card,) = phrase_deck(deck, [scene.facts for scene in chosen], campaign, lexicons["en"])
    assert (card.name, card.layout, card.index) == ("fallback", "fallback", 0)
    assert card.metric == ("plays" if scenes else None)


@pytest.mark.parametrize("amount", [0, -3])
def test_nothing_at_all_is_not_thanked_for(
    amount: int, campaign: Campaign, lexicons: dict[str, Lexicon]
) -> None:
    """Zero, or less, makes the kind line of those who did nothing, without a number."""
    scene = Scene("", "plays", number(amount))
    (card,) = phrase_deck(make_deck(scene, kind="fallback"), [scene.facts], campaign, lexicons["en"])
    assert (card.hero, card.headline) == ("Lina", "Thank you for being with Soundwave.")
    assert card.metric is None


def test_standing_is_claimed_only_where_it_may_be(campaign: Campaign, lexicons: dict[str, Lexicon]) -> None:
    """Without leave there is no badge and no crowd; a standing says it in its hero and not twice."""
    plain, claiming = BY_NAME["count 2"], replace(BY_NAME["count 2"], claims_standing=True)
    assert (tell(plain, campaign, lexicons["en"]).badge, tell(plain, campaign, lexicons["en"]).standing) == (
        "",
        None,
    )
    card = tell(claiming, campaign, lexicons["de"])
    assert (card.badge, card.standing) == ("Top 2\u00a0%", 0.02)
    standing = tell(BY_NAME["standing"], campaign, lexicons["en"])
    assert (standing.hero, standing.badge, standing.standing) == ("Top 2%", "", 0.02)


@pytest.mark.parametrize("label", ["{n}", "{0.__class__}", "{{label}}", "%s", "<b>&amp;</b>", "{brand} }{"])
def test_hostile_names_come_out_verbatim(
    label: str, campaign: Campaign, lexicons: dict[str, Lexicon]
) -> None:
    """Names that look like placeholders or markup are just names, on the card and in its alternative text."""
    for scene in (Scene("", "artist", top(label)), Scene("", "artist", top(label, label)),
                  Scene("", "first", moment(datetime(2026, 3, 14, 9), label))):  # fmt: skip
        card = tell(scene, campaign, lexicons["en"], name=label)
        assert label in card.headline
        assert label in card.alt_text
        assert card.customer == label


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(label=st.text(max_size=40), name=st.none() | st.text(max_size=20))
def test_any_name_can_be_told(
    label: str, name: str | None, campaign: Campaign, lexicons: dict[str, Lexicon]
) -> None:
    """No name makes a card fail, leaves its hero empty or breaks a line."""
    for card in phrase_deck(
        make_deck(Scene("", "artist", top(label)), name=name), [top(label)], campaign, lexicons["de"]
    ):
        assert card.hero
        assert card.headline
        assert "\n" not in card.alt_text + card.hero


def test_a_name_against_the_sentence_is_isolated_in_it_and_bare_alone(
    campaign: Campaign, lexicons: dict[str, Lexicon]
) -> None:
    """Isolates stand around the name amid words, not around the hero or a row."""
    card = tell(BY_NAME["top right to left"], campaign, lexicons["en"])
    assert card.hero == card.rows[0].name == "أم كلثوم"
    assert card.headline.startswith("\u2068أم كلثوم\u2069 was")


def test_a_metric_s_own_words_and_title_come_first(wording_folder: Path) -> None:
    """A metric speaks in the marketer's words in the languages that have them, else in the wording's."""
    metric = {
        "kind": "count",
        "title": {"en": "plays {of} all"},
        "noun": {"en": {"one": "play", "other": "plays"}},
        "words": {"en": {"headline": {"one": "One play!", "other": "You pressed play {n_number} times."}}},
    }
    scene = BY_NAME["count 41208"]
    card = tell_one(metric, scene, wording_folder)
    assert (card.title, card.headline) == ("Plays {of} all", "You pressed play 41,208 times.")
    german = tell_one(metric, scene, wording_folder, "de")
    assert (german.title, german.unit) == ("Alles in allem", "plays")
    assert tell_one(metric, BY_NAME["count 1"], wording_folder).headline == "One play!"


def test_a_plain_sentence_of_the_marketer_never_hides_a_tie(wording_folder: Path) -> None:
    """Who overrides only the plain headline still gets the shipped one for ties; a tie's own is used."""
    metric = {"kind": "top", "by": "song", "words": {"en": {"headline": "{label} above all."}}}
    assert tell_one(metric, BY_NAME["top"], wording_folder).headline == "Mira Sol above all."
    tied = tell_one(metric, BY_NAME["top tied"], wording_folder).headline
    assert tied == "Mira Sol and Paper Tigers shared first place with you in 2026."
    own = {**metric, "words": {"en": {"tied.headline": "A tie: {labels}."}}}
    assert tell_one(own, BY_NAME["top tied"], wording_folder).headline == "A tie: Mira Sol and Paper Tigers."


def test_a_sentence_whose_facts_are_missing_is_passed_over(wording_folder: Path) -> None:
    """Words with {name} serve customers with a name; the others get the next sentence that fits."""
    metric = {"kind": "count", "words": {"en": {"headline": "{name}, you had {n}."}}}
    campaign = make_campaign(metrics=[*METRICS, {**metric, "id": "own"}])
    lexicon = load_lexicons(campaign, wording_folder)["en"]
    own = replace(BY_NAME["count 2"], metric="own")
    assert tell(own, campaign, lexicon).headline == "Lina, you had 2 moments."
    assert tell(own, campaign, lexicon, name=" ").headline.startswith("Your total with Soundwave")


def test_a_campaign_overrides_any_sentence(wording_folder: Path) -> None:
    """The campaign's words replace the shipped ones, the rest stays."""
    words = {"en": {"kinds": {"count": {"support": "Encore?"}}, "cover": {"named": {"headline": "Ta-da."}}}}
    campaign = make_campaign(words=words)
    lexicons = load_lexicons(campaign, wording_folder)
    scene = BY_NAME["count 2"]
    cover, card, _ = phrase_deck(make_deck(scene), [scene.facts], campaign, lexicons["en"])
    assert (cover.headline, card.support) == ("Ta-da.", "Encore?")
    assert card.headline.startswith("Your total with")
    assert tell(scene, campaign, lexicons["de"]).support == ""


@pytest.mark.parametrize(
    ("metric", "unit"),
    [
        ({"kind": "count"}, "moments"),
        ({"kind": "sum", "of": "steps"}, ""),
        ({"kind": "distinct", "of": "song"}, "different things"),
        ({"kind": "standing", "of": "streak"}, "of 12,345 people"),
    ],
)
def test_without_a_noun_nothing_false_is_counted(
    metric: dict[str, Any], unit: str, wording_folder: Path
) -> None:
    """Events are moments and different values things; the sum of some field is only a number."""
    scene = BY_NAME["standing"] if metric["kind"] == "standing" else BY_NAME["count 2"]
    assert tell_one(metric, scene, wording_folder).unit == unit


def test_a_standing_is_told_in_the_unit_it_ranks(wording_folder: Path) -> None:
    """The rank in a streak speaks of days, the rank in minutes of minutes, divided as they are."""
    scene = replace(BY_NAME["standing"])
    assert "Your 2,472,480 days put you" in tell_one(
        {"kind": "standing", "of": "streak"}, scene, wording_folder
    ).headline  # fmt: skip
    assert "41,208 minutes" in tell_one({"kind": "standing", "of": "minutes"}, scene, wording_folder).headline


@pytest.mark.parametrize(
    ("changes", "clock"),
    [
        ({}, "Berlin time"),
        ({"time_zone": "UTC"}, "UTC time"),
        ({"local_time": "customer"}, "Berlin time"),
        (
            {"local_time": "customer", "customers": {"path": "c", "customer": "c", "time_zone": "z"}},
            "your local time",
        ),
    ],
)
def test_the_small_print_says_what_when_and_by_whose_clock(
    changes: dict[str, Any], clock: str, wording_folder: Path
) -> None:
    """A customer's own clock is named only where customers have one."""
    card = tell_one({"kind": "count"}, BY_NAME["count 2"], wording_folder, **changes)
    assert card.small_print.replace("\u00a0", " ") == f"Counted: moments · Jan 1 – Dec 31, 2026 · {clock}"


def test_no_clock_is_named_that_nobody_gave(wording_folder: Path) -> None:
    """Where a campaign leaves out the time zone, the times are told as recorded."""
    campaign = make_campaign()
    data = campaign.model_dump(exclude={"time_zone", "metrics"}, exclude_unset=True)
    plain = Campaign.model_validate({**data, "metrics": campaign.metrics})
    lexicon = load_lexicons(plain, wording_folder)["en"]
    assert tell(BY_NAME["count 2"], plain, lexicon).small_print.endswith("times as recorded")


@pytest.mark.parametrize(
    ("period", "english", "german"),
    [
        ({"year": 2026, "month": 3}, "in March 2026", "im März 2026"),
        ({"year": 2026, "quarter": 1}, "from January to March 2026", "von Januar bis März 2026"),
        (
            {"first_day": "2026-02-15", "last_day": "2026-03-03"},
            "from February 15 to March 3, 2026",
            "vom 15. Februar bis zum 3. März 2026",
        ),
        (
            {"first_day": "2026-02-15", "last_day": "2026-02-15"},
            "on February 15, 2026",
            "am 15. Februar 2026",
        ),
    ],
)
def test_sentences_name_any_period(
    period: dict[str, Any], english: str, german: str, wording_folder: Path
) -> None:
    """A month, a quarter, some days and a single day fit into the same sentences as a year."""
    for locale, expected in (("en", english), ("de", german)):
        card = tell_one({"kind": "count"}, BY_NAME["count 2"], wording_folder, locale, period=period)
        assert expected in card.headline


def test_days_of_several_years_carry_their_year(wording_folder: Path) -> None:
    """March 14 is not enough in a period that holds two of them."""
    period = {"first_day": date(2025, 3, 1), "last_day": date(2026, 3, 31)}
    campaign = make_campaign(period=period)
    lexicon = load_lexicons(campaign, wording_folder)["en"]
    assert tell(BY_NAME["busiest_day"], campaign, lexicon).hero == "March 14, 2026"
    assert tell(BY_NAME["monthly"], campaign, lexicon).headline.count("July 2026") == 1


def test_the_week_is_turned_to_where_it_begins(campaign: Campaign, lexicons: dict[str, Lexicon]) -> None:
    """The chart begins on Sunday in America and on Monday in Germany, with the same leading day."""
    english, german = (tell(BY_NAME["busiest_weekday"], campaign, lexicons[name]) for name in ("en", "de"))
    assert [bar.name for bar in english.bars] == ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    assert [bar.name for bar in german.bars] == ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"]
    assert [bar.name for card in (english, german) for bar in card.bars if bar.leads] == ["Fri", "Fr"]


def test_a_value_that_cannot_be_said_fails_this_customer_with_a_reason(
    campaign: Campaign, lexicons: dict[str, Lexicon]
) -> None:
    """NaN is an error with a sentence, not a card."""
    with pytest.raises(RecapError, match="no card can say"):
        tell(Scene("", "plays", number(float("nan"))), campaign, lexicons["en"])


def test_facts_and_highlights_must_belong_together(campaign: Campaign, lexicons: dict[str, Lexicon]) -> None:
    """A deck with facts for another number of highlights is a defect, and stops."""
    with pytest.raises(ValueError, match="shorter"):
        phrase_deck(make_deck(SCENES[0]), [], campaign, lexicons["en"])


@pytest.mark.parametrize("label", ["", " ", "\u202e\n", "\u200b\u200d"])
def test_an_unnamed_thing_is_called_so(label: str, campaign: Campaign, lexicons: dict[str, Lexicon]) -> None:
    """A name without anything to see leaves something to show; a customer without one goes unnamed."""
    card = tell(Scene("", "artist", top(label)), campaign, lexicons["de"], name=label)
    assert (card.hero, card.customer) == ("(ohne Namen)", "")
