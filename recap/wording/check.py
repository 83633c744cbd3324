"""Checks a wording file, or a campaign's own words, against the catalogue: every problem, with its place."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from babel import Locale

from recap.campaign import did_you_mean
from recap.errors import Problem
from recap.wording.catalogue import KINDS, SCHEMA, SECTIONS, SLOTS, Slot
from recap.wording.locales import required_forms
from recap.wording.patterns import FORMS, Sentence, parse_pattern, read_sentence

Blame = Callable[[str, str], Problem]
"""Makes a problem of a dotted path and a message."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a document says, as far as it is right, and what is wrong with it."""

    sentences: Mapping[str, Sentence]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks texts of one language; `whole` where a document must say everything, as the shipped ones do."""

    locale: Locale
    blame: Blame
    whole: bool

    def check(self, data: object) -> Checked:
        """Check a document in the shape of `templates/wording/<locale>.yaml`."""
        sentences: dict[str, Sentence] = {}
        problems = list(self._section("", data, sentences))
        if self.whole and not problems:
            problems += [
                self.blame(path, "this text is missing")
                for path, slot in SCHEMA.items()
                if slot.required and path not in sentences
            ]
        return Checked(sentences, tuple(problems))

    def check_slot(self, path: str, slot: Slot, value: object) -> tuple[Sentence | None, tuple[Problem, ...]]:
        """Check one text, a string or a map of plural forms."""
        problems = [self.blame(path, message) for message in self._faults(slot, value)]
        if problems or not isinstance(value, str | Mapping):
            return None, tuple(problems)
        return read_sentence(value, slot.by), ()

    def _section(self, path: str, data: object, sentences: dict[str, Sentence]) -> Iterator[Problem]:
        if not isinstance(data, Mapping):
            yield self.blame(path, f"here must be a section with {', '.join(sorted(SECTIONS[path]))}")
            return
        for key, value in data.items():
            name = str(key)
            below = f"{path}.{name}" if path else name
            if below in SCHEMA:
                sentence, problems = self.check_slot(below, SCHEMA[below], value)
                yield from problems
                if sentence is not None:
                    sentences[below] = sentence
            elif below in SECTIONS:
                yield from self._section(below, value, sentences)
            else:
                yield self.blame(
                    below, f"the wording knows no {name!r} here{did_you_mean(name, SECTIONS[path])}"
                )

    def _faults(self, slot: Slot, value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield from self._text_faults(slot, value)
        elif not isinstance(value, Mapping):
            yield "here must be a text; put it in quotes"
        elif slot.by is None:
            yield "here must be one text: there is no quantity that could choose among plural forms"
        else:
            yield from self._plural_faults(slot, value)

    def _plural_faults(self, slot: Slot, forms: Mapping[Any, Any]) -> Iterator[str]:
        for key, text in forms.items():
            if key == "by":
                if text not in slot.quantities:
                    yield f"`by` names no quantity of this text{did_you_mean(str(text), slot.quantities)}"
            elif key not in FORMS:
                yield f"there is no plural form {key!r}{did_you_mean(str(key), (*FORMS, 'by'))}"
            elif not isinstance(text, str):
                yield f"the form {key!r} must be a text; put it in quotes"
            else:
                yield from self._text_faults(slot, text)
        missing = [form for form in FORMS if form in required_forms(self.locale) and form not in forms]
        if missing:
            names = ", ".join(repr(form) for form in missing)
            yield f"{self.locale.english_name} also needs the plural form {names}"

    def _text_faults(self, slot: Slot, text: str) -> Iterator[str]:
        try:
            names = parse_pattern(text).names
        except ValueError as error:
            yield str(error)
            return
        for name in names:
            if name in slot.always or (name in slot.sometimes and not self.whole):
                continue
            if name in slot.sometimes:
                yield f"{{{name}}} is not known of everyone; use it in one of the special cases"
            else:
                known = slot.always if self.whole else slot.always | slot.sometimes
                yield f"there is no placeholder {{{name}}} here{did_you_mean(name, known)}"


def metric_slot(kind: str, key: str) -> Slot | str:
    """Find what a key of a metric's own `words` (`headline`, `tied.headline`) stands for, or say why not."""
    path = f"kinds.{kind}.{key}"
    if path in SCHEMA:
        return SCHEMA[path]
    prefix = f"kinds.{kind}."
    known = [name.removeprefix(prefix) for name in SCHEMA if name.startswith(prefix)]
    plain = {*SLOTS, *(name for name in known if "." not in name)}
    return f"a metric of kind {kind!r} has no text {key!r}{did_you_mean(key, known if '.' in key else plain)}"


def knows_kind(kind: str) -> bool:
    """Tell whether there are sentences for a metric kind."""
    return kind in KINDS
