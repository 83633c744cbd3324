"""A language's words: `templates/wording/<locale>.yaml`, checked whole, and what the campaign overrides."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import babel
from babel import Locale

from recap.campaign import Campaign, Metric, did_you_mean
from recap.campaign.document import parse_document
from recap.errors import Problem, TemplateError
from recap.wording.catalogue import Slot
from recap.wording.check import Checked, Checker, knows_kind, metric_slot
from recap.wording.locales import Direction, in_language, read_locale, text_direction, widening
from recap.wording.patterns import Sentence

_NOUN = Slot(by="number", quantities=frozenset({"number"}))


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """The words of one language, ready to use."""

    locale: str
    """As asked for, such as `en_GB`: numbers and dates are written its way, whoever's words are used."""
    language: Locale
    direction: Direction
    layers: tuple[Mapping[str, Sentence], ...]
    """Sentences by dotted path; the campaign's own come before the shipped ones."""
    digest: str
    """sha256 over everything here that can change a text."""

    def find(self, path: str) -> Sentence | None:
        """Give the sentence at a path of the file; None where there is none."""
        return next((layer[path] for layer in self.layers if path in layer), None)

    def phrase(self, path: str, **holes: str) -> str:
        """Fill a sentence that has no plural forms."""
        return self.sentence(path).forms["other"].fill(holes.__getitem__)

    def raw(self, path: str) -> str:
        """Give a text without holes as it is written, blanks at its ends included."""
        return self.sentence(path).forms["other"].literals[0]

    def sentence(self, path: str) -> Sentence:
        """Give a sentence that every file must have."""
        sentence = self.find(path)
        if sentence is None:
            message = f"the wording of {self.locale} has no {path!r}"
            raise TemplateError(message)
        return sentence


def load_lexicon(locale: str, folder: Path, *, overrides: Mapping[str, Any] | None = None) -> Lexicon:
    """Load the words of a language.

    `de_AT` is read from `de_AT.yaml`, else from `de.yaml`. `overrides` has the shape of the file and may
    leave out anything. TemplateError names every problem, with file and line.
    """
    lexicon, problems = _load(locale, folder, overrides or {})
    _refuse(problems)
    return lexicon


def load_lexicons(campaign: Campaign, folder: Path) -> dict[str, Lexicon]:
    """Load every language of a campaign with its own words, by locale.

    TemplateError names every problem of the files, of the campaign's `words` and of its metrics' words.
    """
    lexicons = {}
    problems: list[Problem] = []
    for locale in campaign.languages:
        lexicons[locale], found = _load(locale, folder, in_language(campaign.words, locale) or {})
        problems += [*found, *_metric_problems(campaign.metrics, locale, lexicons[locale].language)]
    _refuse(list(dict.fromkeys(problems)))
    return lexicons


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise TemplateError("\n".join(str(problem) for problem in problems))


def _load(locale: str, folder: Path, overrides: Mapping[str, Any]) -> tuple[Lexicon, Sequence[Problem]]:
    path = _find_file(locale, folder)
    language = read_locale(locale)
    if language is None:
        message = f"{locale!r} is no language; use a locale such as en, de or pt_BR"
        raise TemplateError(message)
    content = path.read_bytes()
    shipped = _check_file(path, content, language)

    def blame(at: str, message: str) -> Problem:
        return Problem(message, f"words.{locale}.{at}" if at else f"words.{locale}", "campaign")

    own = Checker(language, blame, whole=False).check(overrides)
    own_text = json.dumps(overrides, sort_keys=True, ensure_ascii=False, default=str)
    digest = hashlib.sha256()
    for part in (locale.encode(), babel.__version__.encode(), content, own_text.encode()):
        digest.update(len(part).to_bytes(8, "big") + part)
    lexicon = Lexicon(
        locale=locale,
        language=language,
        direction=text_direction(language),
        layers=(own.sentences, shipped.sentences),
        digest=digest.hexdigest(),
    )
    return lexicon, (*shipped.problems, *own.problems)


def _find_file(locale: str, folder: Path) -> Path:
    for name in widening(locale):
        path = folder / f"{name}.yaml"
        if path.is_file():
            return path
    there = sorted(path.stem for path in folder.glob("*.yaml"))
    message = (
        f"there is no wording for the language {locale!r}{did_you_mean(locale, there)}; "
        f"to add it, write {folder / f'{locale}.yaml'}"
    )
    raise TemplateError(message)


def _check_file(path: Path, content: bytes, language: Locale) -> Checked:
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Checked({}, (Problem("this is not UTF-8; save the file as UTF-8", "", str(path), line),))
    document = parse_document(text, str(path))

    def blame(at: str, message: str) -> Problem:
        return Problem(message, at, str(path), document.line(tuple(at.split(".")) if at else ()))

    if document.problems:
        return Checked({}, document.problems)
    return Checker(language, blame, whole=True).check(document.data)


def _metric_problems(metrics: Sequence[Metric], locale: str, language: Locale) -> Iterator[Problem]:
    for index, metric in enumerate(metrics):
        path = f"metrics.{index}"

        def blame(at: str, message: str) -> Problem:
            return Problem(message, at, "campaign")

        checker = Checker(language, blame, whole=False)
        if not knows_kind(metric.kind):
            yield blame(f"{path}.kind", f"the wording has no sentences for the kind {metric.kind!r}")
            continue
        for key, nouns in _nouns_of(metric):
            noun = in_language(nouns, locale)
            if noun is not None:
                yield from checker.check_slot(f"{path}.{key}.{locale}", _NOUN, noun)[1]
        for key, text in (in_language(metric.words, locale) or {}).items():
            at = f"{path}.words.{locale}.{key}"
            slot = metric_slot(metric.kind, key)
            if isinstance(slot, str):
                yield blame(at, slot)
            else:
                yield from checker.check_slot(at, slot, text)[1]


def _nouns_of(metric: Metric) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "noun", metric.noun or {}
    for index, thing in enumerate(getattr(metric, "things", ())):
        yield f"things.{index}.noun", thing.noun
