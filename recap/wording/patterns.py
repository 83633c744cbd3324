"""Sentences with holes: `{label} was your number one {in_period}`.

What fills a hole is never read as a pattern itself, and a hole is a name and nothing more: no attributes, no
indexes, no format specifications. So a song called `{n}` stays a song called `{n}`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

FORMS = ("zero", "one", "two", "few", "many", "other")
_TOKEN = re.compile(r"\{\{|\}\}|\{([a-z][a-z0-9_]*)\}|[{}]")


@dataclass(frozen=True, slots=True)
class Pattern:
    """Text around holes: `literals` has one member more than `names`."""

    literals: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def only(self) -> str | None:
        """The hole's name, where the pattern is one hole and nothing else."""
        return self.names[0] if self.literals == ("", "") else None

    @property
    def opening(self) -> str | None:
        """The hole the text begins with, if it does."""
        return self.names[0] if self.names and not self.literals[0] else None

    def fill(self, text_of: Callable[[str], str]) -> str:
        """Put `text_of(name)` into every hole."""
        pieces = [self.literals[0]]
        for name, literal in zip(self.names, self.literals[1:], strict=True):
            pieces += (text_of(name), literal)
        # An empty filling must not leave two blanks; no-break spaces are there on purpose and stay.
        text = "".join(pieces).strip(" ")
        return re.sub(r" {2,}", " ", text) if "  " in text else text


@dataclass(frozen=True, slots=True)
class Sentence:
    """A pattern, or one for each plural form."""

    forms: Mapping[str, Pattern]
    """By CLDR category; `other` is always there. `zero` is used for exactly 0 in every language."""
    by: str | None = None
    """The hole whose quantity chooses the form; None where the text has but one."""

    def choose(self, form: str, *, is_zero: bool = False) -> Pattern:
        """Give the pattern for a plural category."""
        if is_zero and "zero" in self.forms:
            return self.forms["zero"]
        return self.forms.get(form) or self.forms["other"]


@lru_cache(maxsize=8192)
def parse_pattern(text: str) -> Pattern:
    """Read a text with `{holes}`; `{{` and `}}` stand for braces. ValueError where a brace is astray."""
    literals, names, at = [""], [], 0
    for token in _TOKEN.finditer(text):
        literals[-1] += text[at : token.start()]
        at = token.end()
        if token.group(1):
            names.append(token.group(1))
            literals.append("")
        elif token.group() in {"{{", "}}"}:
            literals[-1] += token.group()[0]
        else:
            message = (
                f"a brace is astray before {text[token.start() : token.start() + 12]!r}; "
                "a placeholder is {name}, and a brace itself is written twice"
            )
            raise ValueError(message)
    literals[-1] += text[at:]
    return Pattern(tuple(literals), tuple(names))


def read_sentence(text: str | Mapping[Any, str], by: str | None) -> Sentence:
    """Build a sentence from a text, or from a map of plural forms (and `by`, the quantity that chooses)."""
    if isinstance(text, str):
        return Sentence({"other": parse_pattern(text)})
    forms = {form: parse_pattern(text[form]) for form in FORMS if form in text}
    return Sentence(forms, text.get("by", by))
