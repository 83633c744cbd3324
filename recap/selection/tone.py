"""The tone: what is not said to a customer, and what is said plainly.

Three things decide: the campaign's policy, the words of `templates/policy/topics.yaml`, and the wishes of the
customer. Whatever is held back has a reason in English, for `explain` and the report.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

import yaml

from recap.campaign.choice import Policy
from recap.errors import TemplateError
from recap.metrics.facts import Entry, Facts, Label, Several

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Topics:
    """The words that a label about a delicate topic holds, in all languages that recap speaks."""

    version: int
    words: Mapping[str, tuple[str, ...]]


def load_topics(folder: Path) -> Topics:
    """Read `topics.yaml`. TemplateError where it is none."""
    path = folder / "topics.yaml"
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        words = {str(topic): tuple(map(str, words)) for topic, words in data["topics"].items()}
        return Topics(int(data["version"]), words)
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise TemplateError(f"{path}: this is no list of topics: {error}") from error


def is_unspaced(text: str) -> bool:
    """Tell whether a text is of a script that puts no blanks between its words."""
    return _UNSPACED.search(text) is not None


def fold(text: str) -> str:
    """Make texts comparable that a person reads as the same; what cannot be seen does not count."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return "".join(character for character in plain if unicodedata.category(character) not in {"Cf", "Cc"})


def _any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    """Match any of some words where they stand for themselves; with `*` at an end they may go on there.

    Scripts that put no blanks between words are matched anywhere.
    """
    parts = []
    for word in map(fold, words):
        stem = re.escape(word.strip("*"))
        before, after = "" if word.startswith("*") else r"(?<!\w)", "" if word.endswith("*") else r"(?!\w)"
        parts.append(stem if is_unspaced(word) else before + stem + after)
    return re.compile("|".join(parts)) if parts else None


def _numbered(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Give a list its places anew, so that none shows that something was left out; ties stay ties."""
    places = sorted({entry.place for entry in entries if entry.place is not None})
    before = {place: 1 + sum((e.place or place) < place for e in entries) for place in places}
    return tuple(
        entry if entry.place is None else replace(entry, place=before[entry.place]) for entry in entries
    )


@dataclass(frozen=True)
class Tone:
    """A campaign's policy, ready to be asked."""

    policy: Policy
    topics: Topics

    @cached_property
    def _topics(self) -> Sequence[tuple[str, re.Pattern[str]]]:
        delicate = ((topic, _any_of(words)) for topic, words in self.topics.words.items())
        return [(topic, found) for topic, found in delicate if found and topic not in self.policy.allow]

    @cached_property
    def _blocked(self) -> re.Pattern[str] | None:
        return _any_of(self.policy.blocked_words)

    def allows_name(self, name: str) -> bool:
        """Say whether a customer's name may be printed."""
        return self._blocked is None or not self._blocked.search(fold(name))

    def why_silent(self, label: str, fields: frozenset[str]) -> str | None:
        """Say why a label, a value of one of `fields`, is not shown; None where it may be."""
        return self._judged(label, fields)

    @cached_property
    def _judged(self) -> Callable[[str, frozenset[str]], str | None]:
        # The same few thousand labels come back on card after card.
        return lru_cache(maxsize=65_536)(self._judge)

    def _judge(self, label: str, fields: frozenset[str]) -> str | None:
        text = fold(label)
        if self._blocked is not None and self._blocked.search(text):
            return "policy: its label holds a blocked word"
        if self._is_one(label, fields, "hide"):
            return "policy: its label is one of the sensitive values"
        for topic, found in self._topics:
            if found.search(text):
                return f"policy: its label speaks of {topic}, which the campaign does not allow"
        return None

    def is_neutral(self, label: str, fields: Iterable[str]) -> bool:
        """Say whether a label is told in plain words only."""
        return self._is_one(label, fields, "neutral")

    def is_uncompared(self, label: str, fields: Iterable[str]) -> bool:
        """Say whether a label is never set beside other customers'."""
        return self._is_one(label, fields, "uncompared")

    def treatment(self, metrics: Iterable[str]) -> str | None:
        """Say how what rests on some metrics is treated: as the most careful of them, or None."""
        among = set(metrics)
        found = {one.treat for one in self.policy.sensitive if one.metric in among}
        return next((treat for treat in ("hide", "neutral", "uncompared") if treat in found), None)

    def quiet_days(self) -> list[tuple[date, date]]:
        """List the stretches of days that are not named, by their ends."""
        return [(quiet.first_day, quiet.last_day or quiet.first_day) for quiet in self.policy.quiet_dates]

    def _is_one(self, label: str, fields: Iterable[str], treat: str) -> bool:
        return any((field, treat, label) in self._values for field in fields)

    @cached_property
    def _values(self) -> frozenset[tuple[str, str, str]]:
        # Exactly as the data have them: so does the condition that keeps hidden ones from competing.
        return frozenset(
            (one.field, one.treat, value)
            for one in self.policy.sensitive
            if one.field is not None
            for value in one.values
        )

    def redact(self, facts: Facts, fields: frozenset[str]) -> Facts:
        """Take labels that are not shown out of a value's lists.

        Those who tie with the leader are counted instead; a list of which nothing is left is not told, nor is
        the case that would tell it.
        """
        entries = _numbered([entry for entry in facts.entries if not self._is_silent(entry.name, fields)])
        slots = {name: self._without(fact, fields) for name, fact in facts.slots.items()}
        gone = {name for name, fact in slots.items() if isinstance(fact, Several) and not fact.values}
        return replace(
            facts,
            entries=entries,
            slots={name: fact for name, fact in slots.items() if name not in gone},
            cases=tuple(case for case in facts.cases if case not in gone),
        )

    def _without(self, fact: S, fields: frozenset[str]) -> S | Several:
        if not isinstance(fact, Several):
            return fact
        kept = tuple(value for value in fact.values if not self._is_silent(value, fields))
        return Several(kept, fact.more + len(fact.values) - len(kept))

    def _is_silent(self, value: object, fields: frozenset[str]) -> bool:
        return isinstance(value, Label) and self.why_silent(value.value, fields) is not None
