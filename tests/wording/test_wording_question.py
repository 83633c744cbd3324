"""Cards of the layout `question`: what is drawn is the same whatever the answer is."""

from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from wording_scenes import TITLES, Scene, make_campaign, make_deck

from recap.errors import TemplateError
from recap.metrics.facts import Entry, Facts, Label, Quantity, Several
from recap.wording import Card, Lexicon, load_lexicons, phrase_deck

NAMES = ("Mira Sol", "Élan", "Ember")
PLAYS = {"en": {"one": "play", "other": "plays"}}
ASKS: dict[str, Any] = {"id": "guess", "kind": "top", "by": "song", "noun": PLAYS, "layout": "question"}


def listed(*names: str, leading: int = 1, more: int = 0) -> Facts:
    """Make facts of a list; the first `leading` share the first place with `more` that are not named."""
    amounts = [900 - 100 * max(0, place - leading + 1) for place in range(len(names))]
    slots = {
        "label": Label(names[0]),
        "labels": Several(tuple(Label(name) for name in names[:leading]), more),
        "n": Quantity(amounts[0]),
        "total": Quantity(sum(amounts)),
        "groups": Quantity(len(names), "group"),
    }
    entries = tuple(
        Entry(Label(name), Quantity(amount), amount / 900, amount == 900, 1 if amount == 900 else place)
        for place, (name, amount) in enumerate(zip(names, amounts, strict=True), 1)
    )
    return Facts(slots, "label", "top", ("tied",) if leading + more > 1 else (), entries)


def tell(facts: Facts, lexicons: dict[str, Lexicon], **changes: Any) -> Card:
    """Give the card of facts; `changes` are the metric's."""
    campaign = make_campaign(metrics=[{**ASKS, **changes}])
    deck = make_deck(Scene("", "guess", facts, claims_standing=True))
    return phrase_deck(deck, [facts], campaign, lexicons["en"])[1]


@pytest.mark.parametrize("locale", TITLES)
def test_a_card_that_asks_is_the_same_whatever_the_answer(locale: str, lexicons: dict[str, Lexicon]) -> None:
    """In every language: names in the order of their letters; only the answer differs, which is not drawn."""
    campaign = make_campaign(metrics=[ASKS])
    told = []
    for names in permutations(NAMES):
        facts = listed(*names)
        deck = make_deck(Scene("", "guess", facts, claims_standing=True))
        card = phrase_deck(deck, [facts], campaign, lexicons[locale])[1]
        assert names[0] in card.answer
        assert not [name for name in names[1:] if name in card.answer]
        told.append(replace(card, answer=""))
    assert all(card == told[0] for card in told)
    card = told[0]
    assert (card.layout, card.hero, card.unit, card.badge, card.standing) == (
        "question", card.headline, "", "", None,
    )  # fmt: skip
    assert card.headline[-1] in "?？؟"
    assert [row.name for row in card.rows] == ["Élan", "Ember", "Mira Sol"]
    assert len({row.place for row in card.rows}) == len(card.rows)
    assert {(row.amount, row.share, row.leads) for row in card.rows} == {("", 0.0, False)}
    assert all(part in card.alt_text for part in (card.headline, *NAMES))
    assert "900" not in card.alt_text


def test_the_answer_is_in_the_summary_and_on_the_page(lexicons: dict[str, Lexicon]) -> None:
    """The deck ends with it; the page says it in the metric's own sentence, with what it rests on."""
    campaign = make_campaign(metrics=[ASKS])
    facts = listed("Mira Sol", "Élan", "Ember")
    deck = make_deck(Scene("", "guess", facts))
    *_, card, summary = phrase_deck(deck, [facts], campaign, lexicons["en"])
    assert card.answer == "Mira Sol was your number one in 2026. That makes 900 plays."
    assert [line.value for line in summary.lines] == ["Mira Sol"]


def test_a_sentence_without_the_name_is_answered_with_it(lexicons: dict[str, Lexicon]) -> None:
    """How many were new is no answer to which of them was there most."""
    facts = replace(listed("Mira Sol", "Élan"), main="n")
    card = tell(facts, lexicons, kind="discoveries")
    assert card.headline == "Which discovery was with you most in 2026?"
    assert card.answer.startswith("Mira Sol: 900 plays. You met 900 plays")


@pytest.mark.parametrize(
    "facts",
    [
        listed("Mira Sol"),
        listed("Mira Sol", "Élan", leading=2),
        listed("Mira Sol", "Élan", more=1),
        # The first was held back by the policy.
        replace(listed("Mira Sol", "Élan", "Ember"), entries=listed("Mira Sol", "Élan", "Ember").entries[1:]),
        # Nothing can be seen of the first, or the others are like it.
        listed("\u200b", "Élan", "Ember"),
        listed("Mira Sol", " Mira  Sol "),
    ],
    ids=["alone", "tied", "tied with one held back", "held back", "unseen", "alike"],
)
def test_without_one_answer_nothing_is_asked(facts: Facts, lexicons: dict[str, Lexicon]) -> None:
    """Then the card is what it is in the ordinary layout."""
    told = tell(facts, lexicons)
    assert told == tell(facts, lexicons, layout=None)
    assert (told.layout, told.answer) == ("top", "")


def test_what_is_told_plainly_or_alone_is_not_asked(lexicons: dict[str, Lexicon]) -> None:
    """A sensitive metric makes no riddle, and a deck of one card has none that would answer."""
    facts = listed(*NAMES)
    campaign = make_campaign(metrics=[ASKS])
    scene = Scene("", "guess", facts)
    assert phrase_deck(make_deck(scene, neutral=True), [facts], campaign, lexicons["en"])[1].layout == "top"
    (fallback,) = phrase_deck(make_deck(scene, kind="fallback"), [facts], campaign, lexicons["en"])
    assert (fallback.hero, fallback.answer) == ("Mira Sol", "")


def test_at_most_five_may_be_chosen_from(lexicons: dict[str, Lexicon]) -> None:
    """The first five of a longer list, the answer among them; what looks alike or is not seen is left out."""
    names = ["Zoe", "y", "y ", "\u200b", "x", "w", "v", "u", "t"]
    card = tell(listed(*names), lexicons)
    assert [(row.place, row.name) for row in card.rows] == [
        ("A", "v"), ("B", "w"), ("C", "x"), ("D", "y"), ("E", "Zoe"),
    ]  # fmt: skip


def test_own_words_ask_and_cannot_tell(lexicons: dict[str, Lexicon]) -> None:
    """An own question is used; an own title or small print that would name the answer gives way."""
    own = {
        "question": "{name}, who sang for you most?",
        "title": "{label} above all",
        "counted": "{nouns} of {label}",
        "headline": "Nobody sang more for you than {label}.",
    }
    card = tell(listed(*NAMES), lexicons, words={"en": own})
    assert (card.title, card.headline) == ("Your number one", "Lina, who sang for you most?")
    assert "Mira Sol" not in card.small_print
    assert card.answer.startswith("Nobody sang more for you than Mira Sol. ")


@pytest.mark.parametrize(
    ("kind", "words", "says"),
    [
        ("top", {"question": "Was it {label}?"}, "there is no placeholder {label} here"),
        ("top", {"qestion": "Who?"}, "did you mean 'question'"),
        ("count", {"question": "How many?"}, "a metric of kind 'count' has no text 'question'"),
    ],
)
def test_a_question_that_tells_is_refused(
    kind: str, words: dict[str, str], says: str, wording_folder: Path
) -> None:
    """So is one where there is nothing to ask for."""
    by = {"by": "song"} if kind == "top" else {}
    campaign = make_campaign(
        languages=["en"], metrics=[{"id": "guess", "kind": kind, "words": {"en": words}, **by}]
    )
    with pytest.raises(TemplateError) as caught:
        load_lexicons(campaign, wording_folder)
    assert says in str(caught.value)
    assert "metrics.0.words.en" in str(caught.value)
