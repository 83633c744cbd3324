"""What gives a customer away, and how it is told from what only looks like it."""

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

SHORTEST_WORD, SHORTEST_IDEOGRAPHS, SHORTEST_NUMBER = 4, 2, 6
"""Characters of a text that is worth looking for: of letters, of Chinese characters and the like, and digits
that cannot be mistaken for some number on a page."""
_IDEOGRAPHS = "\u2e80"
"""Where these begin; whatever is above says more with less."""
_LETTER = "0-9A-Za-zÀ-ɏ"
"""What a word of these ends at; scripts that part no words, or write articles to them, have no such end."""
_BETWEEN = re.compile(r"[,;|\t\r\n\"'`<>(){}\[\]:=]+")


@dataclass(frozen=True)
class Traces:
    """A customer's id, names and tokens."""

    tokens: frozenset[str]
    """Of the page and of the nameless one, also those that were revoked."""
    customer_id: str | None = None
    """None where only the links are to go."""
    aliases: frozenset[str] = frozenset()
    """By what else the team's tools know the customer, and nobody else: an e-mail address."""
    words: frozenset[str] = frozenset()
    """Names, and of the id and its aliases, those that can be told from other words: see `is_telling`."""

    def in_text(self, text: str) -> Iterator[str]:
        """Give what a text holds: `token`, `id`, `name`, each once."""
        if any(token in text for token in self.tokens):
            yield "token"
        for word in sorted(self.words):
            if any(part in text for part in self._spellings[word]) and self._patterns[word].search(text):
                yield "id" if word in self._ids else "name"

    def is_in_row(self, cells: Iterable[str]) -> bool:
        """Whether a row of any table is the customer's: a cell is the id, or a link of theirs is in one."""
        return any(cell in self._ids or any(token in cell for token in self.tokens) for cell in cells)

    def is_in_line(self, text: str) -> bool:
        """Whether a row's own text holds the id as one of its values, or anything that `in_text` finds."""
        pieces = {piece.strip() for piece in _BETWEEN.split(text)}
        pieces |= {piece.strip().removesuffix(".0") for piece in pieces}
        return bool(self._ids & pieces) or any(True for _ in self.in_text(text))

    @cached_property
    def needles(self) -> tuple[str, ...]:
        """Texts of which one is in whatever `in_text` finds something in; to tell quickly what to look at."""
        words = {text for spellings in self._spellings.values() for text in spellings}
        return tuple(sorted(words | self.tokens))

    @cached_property
    def _ids(self) -> frozenset[str]:
        return self.aliases if self.customer_id is None else self.aliases | {self.customer_id}

    @cached_property
    def _spellings(self) -> dict[str, tuple[str, ...]]:
        return {word: tuple(_spellings(word)) for word in self.words}

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {
            word: re.compile(rf"(?<![{_LETTER}])(?:{'|'.join(map(re.escape, spellings))})(?![{_LETTER}])")
            for word, spellings in self._spellings.items()
        }


def is_telling(word: str) -> bool:
    """Whether finding a text by itself says anything: short ones and small numbers stand everywhere."""
    if word.isdecimal() and not word.startswith("0"):
        return len(word) >= SHORTEST_NUMBER
    return len(word) >= (SHORTEST_IDEOGRAPHS if word > _IDEOGRAPHS else SHORTEST_WORD)


def _spellings(word: str) -> Iterator[str]:
    """Write a text as pages, scripts, JSON and links write it, each way once."""
    escaped = html.escape(word)
    ways = [word, escaped, escaped.replace("&quot;", "&#34;").replace("&#x27;", "&#39;"), quote(word)]
    ways += [json.dumps(word, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)]
    yield from dict.fromkeys(ways)
