"""Numbers, dates, plurals, sentences: what a deck says, in a language."""

from recap.wording.card import Bar, Card, Line, Row
from recap.wording.lexicon import Lexicon, load_lexicon, load_lexicons
from recap.wording.locales import best_locale
from recap.wording.phrase import phrase_deck

__all__ = [
    "Bar",
    "Card",
    "Lexicon",
    "Line",
    "Row",
    "best_locale",
    "load_lexicon",
    "load_lexicons",
    "phrase_deck",
]
