"""The tone: what is not said to a customer, and what is said plainly.

Three things decide: the campaign's policy, the words of `templates/policy/topics.yaml`, and the wishes of the
customer. Whatever is held back has a reason in English, for `explain` and the report.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import yaml

from recap.campaign.choice import Policy
from recap.errors import TemplateError
from recap.metrics.facts import Facts, Label, Several

_WITHOUT_BLANKS = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
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


def fold(text: str) -> str:
    """Make texts comparable that a person reads as the same."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    """Match any of some words where they stand for themselves; `*` at a word's end lets it go on.

    Scripts that put no blanks between words are matched anywhere.
    """
    parts = []
    for word in map(fold, words):
        stem = re.escape(word.removesuffix("*"))
        end = "" if word.endswith("*") else r"(?!\w)"
        parts.append(stem if _WITHOUT_BLANKS.search(word) else rf"(?<!\w){stem}{end}")
    return re.compile("|".join(parts)) if parts else None


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

    def why_silent(self, label: str, fields: Iterable[str]) -> str | None:
        """Say why a label, a value of one of `fields`, is not shown; None where it may be."""
        text = fold(label)
        if self._blocked is not None and self._blocked.search(text):
            return "policy: its label holds a blocked word"
        if any(text in self._values(field, "hide") for field in fields):
            return "policy: its label is one of the sensitive values"
        for topic, found in self._topics:
            if found.search(text):
                return f"policy: its label speaks of {topic}, which the campaign does not allow"
        return None

    def is_neutral(self, label: str, fields: Iterable[str]) -> bool:
        """Say whether a label is told in plain words only."""
        return any(fold(label) in self._values(field, "neutral") for field in fields)

    def is_uncompared(self, label: str, fields: Iterable[str]) -> bool:
        """Say whether a label is never set beside other customers'."""
        return any(fold(label) in self._values(field, "uncompared") for field in fields)

    def treatment(self, metric: str) -> str | None:
        """Say how a metric is to be treated: hide, neutral, uncompared, or as usual."""
        return next((one.treat for one in self.policy.sensitive if one.metric == metric), None)

    def quiet_days(self) -> list[date]:
        """List the days that are not named."""
        days: set[date] = set()
        for quiet in self.policy.quiet_dates:
            last = quiet.last_day or quiet.first_day
            days |= {quiet.first_day + timedelta(n) for n in range((last - quiet.first_day).days + 1)}
        return sorted(days)

    def _values(self, field: str, treat: str) -> frozenset[str]:
        return frozenset(
            fold(value)
            for one in self.policy.sensitive
            if one.field == field and one.treat == treat
            for value in one.values
        )

    def redact(self, facts: Facts, fields: frozenset[str]) -> Facts:
        """Take labels that are not shown out of a value's list; what ties with the leader is then counted."""
        if not fields:
            return facts
        entries = tuple(
            entry
            for entry in facts.entries
            if not (isinstance(entry.name, Label) and self.why_silent(entry.name.value, fields))
        )
        slots = {name: self._without(fact, fields) for name, fact in facts.slots.items()}
        return replace(facts, entries=entries, slots=slots)

    def _without(self, fact: S, fields: frozenset[str]) -> S | Several:
        if not isinstance(fact, Several):
            return fact
        kept = tuple(
            value
            for value in fact.values
            if not (isinstance(value, Label) and self.why_silent(value.value, fields))
        )
        return Several(kept, fact.more + len(fact.values) - len(kept)) if kept else fact
