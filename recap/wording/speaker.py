"""Says one card's sentences: chooses the one that fits, and fills its holes from typed facts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from recap.errors import TemplateError
from recap.metrics.facts import (
    Day,
    DayPart,
    Days,
    Fact,
    Hour,
    Label,
    Moment,
    Month,
    Quantity,
    Ratio,
    Several,
    Term,
    Weekday,
)
from recap.wording.catalogue import ESSENTIAL_CASES, ROUNDED_UP
from recap.wording.dates import write_day, write_hour, write_month, write_stretch, write_time, write_weekday
from recap.wording.foreign import clean, is_visible, isolate
from recap.wording.lists import join_list
from recap.wording.locales import capitalize, in_language
from recap.wording.measure import NO_MEASURE, Amount, Measure, say_amount
from recap.wording.numerals import ceil_percent, floor_percent, write_percent
from recap.wording.patterns import Pattern, Sentence, read_sentence
from recap.wording.setting import Setting

OwnWords = Mapping[str, str | Mapping[Any, str]]
_CAPITALIZED = frozenset({"title", "hero", "headline", "question", "support", "label", "value"})


@dataclass(slots=True)
class Speaker:
    """Speaks about one set of facts in one setting."""

    setting: Setting
    section: str
    """Where its sentences are in the wording file: `cover`, `kinds.top`."""
    facts: Mapping[str, Fact]
    cases: tuple[str, ...] = ()
    """Special cases that hold, the most fitting first."""
    measure: Measure = NO_MEASURE
    by: str | None = None
    """The quantity that chooses plural forms in `own` words."""
    own: OwnWords = field(default_factory=dict)
    """Sentences of this metric, which come before all others."""
    _texts: dict[str, str | None] = field(default_factory=dict)

    def say(self, slot: str, *, otherwise: str | None = None) -> str:
        """Give the text of a slot.

        Of the sentences for the slot the first is taken whose facts are all there. Without any, `otherwise`;
        TemplateError where even that is not given.
        """
        for sentence in self._candidates(slot):
            pattern = self._choose(sentence)
            if pattern is not None and all(self._text(name) is not None for name in pattern.names):
                return self._finish(slot, pattern)
        if otherwise is not None:
            return otherwise
        message = f"no sentence fits {self.section}.{slot} with the facts {', '.join(self.facts)}"
        raise TemplateError(message)

    def name_of(self, fact: Fact) -> str:
        """Write a fact as it stands alone: the name of a row or of a bar."""
        if isinstance(fact, Label):
            name = clean(fact.value)
            return name if is_visible(name) else self.setting.lexicon.phrase("formats.unnamed")
        if isinstance(fact, Term):
            return self._term(fact)
        return self._write(fact, "", "") or ""

    def amount_of(self, quantity: Quantity) -> Amount:
        """Say a quantity in the card's unit."""
        return say_amount(quantity, self.measure, self.setting.lexicon, self._first_language)

    @property
    def _first_language(self) -> str:
        return self.setting.campaign.languages[0]

    def _candidates(self, slot: str) -> Iterator[Sentence]:
        layers = self.setting.lexicon.layers
        essential = [case for case in self.cases if case in ESSENTIAL_CASES]
        for case in essential:
            yield from self._own(f"{case}.{slot}")
            yield from _at(layers, f"{self.section}.{case}.{slot}")
        yield from self._levels(layers, slot)

    def _levels(self, layers: Sequence[Mapping[str, Sentence]], slot: str) -> Iterator[Sentence]:
        # Whoever is nearer to the campaign is heard first, even if only on the plain case.
        paths = [*(f"{case}.{slot}" for case in self.cases), slot]
        for path in paths:
            yield from self._own(path)
        for layer in layers:
            for path in paths:
                yield from _at((layer,), f"{self.section}.{path}")

    def _own(self, key: str) -> Iterator[Sentence]:
        if key in self.own:
            yield read_sentence(self.own[key], self.by)

    def _choose(self, sentence: Sentence) -> Pattern | None:
        if sentence.by is None:
            return sentence.forms["other"]
        fact = self.facts.get(sentence.by)
        if not isinstance(fact, Quantity):
            return None
        amount = self.amount_of(fact)
        return sentence.choose(amount.form, is_zero=amount.is_zero)

    def _finish(self, slot: str, pattern: Pattern) -> str:
        if pattern.only is not None:
            fact = self._fact(pattern.only)
            # Alone on its line a foreign name needs no isolating; amid other words it does.
            text = self.name_of(fact) if isinstance(fact, Label | Term) else self._text(pattern.only) or ""
        else:
            text = pattern.fill(lambda name: self._text(name) or "")
        begins_foreign = pattern.opening is not None and _is_foreign(self._fact(pattern.opening))
        if slot in _CAPITALIZED and not begins_foreign:
            return capitalize(text, self.setting.lexicon.language)
        return text

    def _fact(self, name: str) -> Fact | None:
        return self.facts.get(name) or self.setting.foreign.get(name)

    def _text(self, hole: str) -> str | None:
        if hole not in self._texts:
            self._texts[hole] = self._resolve(hole)
        return self._texts[hole]

    def _resolve(self, hole: str) -> str | None:
        if hole == "period":
            return self.setting.period.label
        if hole == "in_period":
            return self.setting.in_period
        if hole == "nouns":
            return self._nouns()
        fact = self._fact(hole)
        if fact is not None:
            return self._write(fact, hole, "")
        name, _, aspect = hole.rpartition("_")
        fact = self._fact(name) if name else None
        return None if fact is None else self._write(fact, name, aspect)

    def _nouns(self) -> str:
        lexicon = self.setting.lexicon
        # In Arabic the form that other languages use for many is that of one.
        form = "few" if lexicon.language.language == "ar" else "other"
        noun = self.measure.noun.get(form) or self.measure.noun.get("other", "")
        return noun or lexicon.raw("nouns.amount")

    def _write(self, fact: Fact, name: str, aspect: str) -> str | None:  # noqa: PLR0911 - one a type of fact
        language = self.setting.lexicon.language
        match fact:
            case Quantity():
                amount = self.amount_of(fact)
                return {"": amount.full, "number": amount.number, "noun": amount.noun}.get(aspect)
            case Ratio():
                rounded_up = not ROUNDED_UP.isdisjoint((name, f"{self.section}.{name}"))
                return self._percent(fact, rounded_up=rounded_up)
            case Label():
                return isolate(self.name_of(fact), self.setting.lexicon.direction)
            case Several():
                names = [self._write(value, name, "") or "" for value in fact.values]
                return join_list(names, fact.more, self.setting.lexicon)
            case Moment():
                return self._moment(fact, aspect)
            case Day():
                weekday = write_weekday(fact.value.isoweekday(), language)
                return weekday if aspect == "weekday" else self._day(fact.value)
            case Days():
                return write_stretch(fact.first, fact.last, language)
            case Month():
                return write_month(fact.value, language, year=self.setting.period.years)
            case Weekday():
                return write_weekday(fact.value, language)
            case Hour():
                named = self.setting.lexicon.find(f"hours.{fact.value}")
                return named.forms["other"].literals[0] if named else write_hour(fact.value, language)
            case DayPart():
                return self.setting.lexicon.raw(f"day_parts.{fact.value}")
            case Term():
                return isolate(self._term(fact), self.setting.lexicon.direction)

    def _term(self, term: Term) -> str:
        texts = term.value
        if isinstance(texts, str):
            return clean(texts)
        wanted = (in_language(texts, name) for name in (self.setting.lexicon.locale, self._first_language))
        return clean(next(filter(None, wanted), None) or next(iter(texts.values())))

    def _day(self, day: date) -> str:
        # A day before the period may be of another year, which nobody could guess.
        period = self.setting.campaign.period
        year = self.setting.period.years or day.year != period.start.year
        return write_day(day, self.setting.lexicon.language, year=year)

    def _percent(self, ratio: Ratio, *, rounded_up: bool) -> str | None:
        lexicon = self.setting.lexicon
        if ratio.value <= 0:
            return None
        if rounded_up:
            return write_percent(ceil_percent(ratio.value), lexicon.language)
        percent = floor_percent(ratio.value)
        if percent == 0:
            return lexicon.phrase("formats.below", amount=write_percent(1, lexicon.language))
        return write_percent(percent, lexicon.language)

    def _moment(self, moment: Moment, aspect: str) -> str | None:
        lexicon = self.setting.lexicon
        day = self._day(moment.value.date())
        if aspect == "day":
            return day
        if aspect == "weekday":
            return write_weekday(moment.value.isoweekday(), lexicon.language)
        if not has_time(moment):
            return None if aspect == "time" else day
        clock = lexicon.phrase("formats.time", time=write_time(moment.value, lexicon.language))
        return clock if aspect == "time" else lexicon.phrase("formats.moment", day=day, time=clock)


def has_time(moment: Moment) -> bool:
    """Tell whether a time of day is known: midnight sharp is how days without a time look."""
    return moment.value.time() != time.min


def _at(layers: Sequence[Mapping[str, Sentence]], path: str) -> Iterator[Sentence]:
    return (layer[path] for layer in layers if path in layer)


def _is_foreign(fact: Fact | None) -> bool:
    first = fact.values[0] if isinstance(fact, Several) and fact.values else fact
    return isinstance(first, Label)
