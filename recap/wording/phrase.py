"""From a deck to its cards: every word a customer reads, in their language."""

from collections.abc import Sequence

from recap.campaign import Campaign
from recap.metrics.facts import Facts
from recap.selection.deck import Deck
from recap.wording.card import Card
from recap.wording.frame_cards import tell_cover, tell_fallback, tell_summary
from recap.wording.highlight_card import tell_highlight
from recap.wording.lexicon import Lexicon
from recap.wording.setting import make_setting


def phrase_deck(
    deck: Deck, facts: Sequence[Facts], campaign: Campaign, lexicon: Lexicon, *, asking: bool = True
) -> tuple[Card, ...]:
    """Put a deck into words; `facts[i]` is what `deck.highlights[i]` says.

    A full deck gives cover, highlights and summary; a fallback deck, or one without highlights, one card.
    Without `asking`, cards of the layout `question` tell instead.
    RecapError where a value cannot be said: it is not finite, or of a kind the wording does not know.
    """
    setting = make_setting(campaign, lexicon, deck.customer.name, deck.customer.joined)
    metrics = {metric.id: metric for metric in campaign.metrics}
    # A deck of one card has none that would answer.
    asking = asking and deck.kind == "full"
    told = [
        tell_highlight(index, metrics[highlight.value.metric], highlight, what, setting, asking=asking)
        for index, (highlight, what) in enumerate(zip(deck.highlights, facts, strict=True), 1)
    ]
    if deck.kind == "fallback" or not told:
        # What is told plainly is nothing to thank for: then it is a greeting and no more.
        praised = [
            (one, what)
            for one, what, highlight in zip(told, facts, deck.highlights, strict=True)
            if not highlight.neutral
        ]
        return (tell_fallback(setting, praised[0] if praised else None),)
    summary = tell_summary(setting, len(told) + 1, told)
    return (tell_cover(setting, len(told)), *(one.card for one in told), summary)
