"""A card that asks which of some things comes first. What is drawn tells nothing; the page has the answer."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from recap.metrics.facts import Facts, Label, Several
from recap.wording.alt_text import list_items, name_option, sign, write_alt_text
from recap.wording.card import Card, Row
from recap.wording.foreign import clean, is_visible
from recap.wording.measure import say_number
from recap.wording.speaker import Speaker

QUESTION = "question"
"""The layout of a card that asks."""
_OPTIONS = 5


def find_options(facts: Facts) -> tuple[str, ...]:
    """List what may be chosen from, the answer first: two names to five.

    Nothing where there is no one answer: a list of one, a first place that is shared or is not shown.
    """
    leading = facts.slots.get("labels")
    alone = isinstance(leading, Several) and len(leading.values) + leading.more == 1
    if not alone or not facts.entries or not facts.entries[0].leads:
        return ()
    names = [clean(entry.name.value) for entry in facts.entries if isinstance(entry.name, Label)]
    # What cannot be told apart is offered once.
    options = tuple(dict.fromkeys(filter(is_visible, names)))[:_OPTIONS]
    return options if len(options) > 1 and options[0] == names[0] else ()


def ask(
    told: Card, options: Sequence[str], answer: str, title: str, small_print: str, silent: Speaker
) -> Card:
    """Turn the card that would tell into one that asks.

    `options` begin with the answer, `answer` says it with its amount. `silent` knows no facts, so no sentence
    of its can tell; `title` and `small_print` are its too.
    """
    lexicon = silent.setting.lexicon
    question = silent.say(QUESTION)
    letters = lexicon.raw("formats.letters").split()
    rows = tuple(
        Row(
            place=letters[place] if place < len(letters) else say_number(place + 1, lexicon),
            name=name,
            amount="",
            share=0.0,
            leads=False,
        )
        for place, name in enumerate(sorted(options, key=_by_letters))
    )
    names = [name_option(row.name, row.place, lexicon) for row in rows]
    listed = list_items(names, lexicon.raw("alt.options"), lexicon)
    signature = sign(told.customer, told.brand, told.period, lexicon)
    # Where the sentence does not name the answer, it is named before it.
    named = "" if options[0] in told.headline else answer
    return replace(
        told,
        layout=QUESTION,
        title=title,
        hero=question,
        unit="",
        headline=question,
        support="",
        badge="",
        small_print=small_print,
        alt_text=write_alt_text((title, question, listed, small_print, signature), lexicon),
        rows=rows,
        standing=None,
        answer=write_alt_text((named, told.headline, told.support), lexicon),
    )


def _by_letters(name: str) -> tuple[str, str]:
    """Sort by letters alone, then by their marks: *Élan* stands between *Echo* and *Ember*."""
    spread = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in spread if not unicodedata.combining(letter)), name
