"""Names inside a campaign that must mean something: fields, metrics, ids.

Looked up in the raw document, so that a wrong name is reported even while other keys are wrong too.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from recap.campaign.base import NamesField, NamesMetric
from recap.campaign.choice import Experiment, Policy
from recap.campaign.document import Path
from recap.campaign.models import Metric
from recap.campaign.suggest import did_you_mean

Finding = tuple[Path, str]


def check_references(data: Mapping[str, Any], kinds: Mapping[str, type[Metric]]) -> list[Finding]:
    """Find names that mean nothing, and ids and list entries given twice."""
    sources = data.get("sources")
    sources = [sources] if isinstance(sources, Mapping) else sources
    fields = {
        str(name)
        for source in _mappings(sources)
        if isinstance(source[1].get("fields"), Mapping)
        for name in source[1]["fields"]
    }
    metrics = list(_mappings(data.get("metrics")))
    findings = [*_twice(data), *_untitled(data)]
    findings += _deduplication(data.get("deduplicate_by"), fields)
    seen: set[str] = set()
    for index, metric in metrics:
        name = metric.get("id")
        if isinstance(name, str):
            if name in seen:
                findings.append((("metrics", index, "id"), f"two metrics are called {name!r}; rename one"))
            seen.add(name)
    rests: dict[str, dict[str, Path]] = {}
    for index, metric in metrics:
        model = kinds.get(str(metric.get("kind")))
        if model is not None:
            name = str(metric.get("id"))
            found = list(_model_references(("metrics", index), metric, model))
            findings += _meaningless(found, fields, seen - {name})
            rests.setdefault(name, {text: path for path, text, mark in found if mark is NamesMetric})
    for path, part, of in _parts(data):
        findings += _meaningless(list(_model_references(path, part, of)), fields, seen)
    return [*findings, *_circles(rests)]


def _parts(data: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any], type[BaseModel]]]:
    """Give the parts of a campaign besides its metrics that name fields or metrics."""
    if isinstance(policy := data.get("policy"), Mapping):
        yield ("policy",), policy, Policy
    for index, experiment in _mappings(data.get("experiments")):
        yield ("experiments", index), experiment, Experiment


Reference = tuple[Path, str, type[NamesField] | type[NamesMetric]]
"""Where a name stands, the name, and what it must be a name of."""


def _meaningless(found: list[Reference], fields: set[str], others: set[str]) -> Iterator[Finding]:
    for path, name, mark in found:
        if mark is NamesField and name not in fields:
            yield path, f"no source declares the field {name!r}{did_you_mean(name, fields)}"
        elif mark is NamesMetric and name not in others:
            yield path, f"there is no other metric {name!r}{did_you_mean(name, others)}"


def _model_references(path: Path, value: Mapping[str, Any], model: type[BaseModel]) -> Iterator[Reference]:
    for key, info in model.model_fields.items():
        if key in value:
            # The mark of a key that is a name and nothing else has moved into the field's metadata.
            yield from _marked((*path, key), value[key], info.metadata)
            yield from _references((*path, key), value[key], info.annotation)


def _references(path: Path, value: Any, annotation: Any) -> Iterator[Reference]:
    """Find the names in a value, however deep its annotation has them: in lists, keys and models."""
    inner = get_args(annotation)
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _marked(path, value, inner[1:])
        yield from _references(path, value, inner[0])
    elif origin in {Union, UnionType}:
        for member in inner:
            yield from _references(path, value, member)
    elif origin in {tuple, list} and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _references((*path, index), item, inner[0])
    elif origin is dict and isinstance(value, Mapping):
        for key, item in value.items():
            yield from _references((*path, key), key, inner[0])
            yield from _references((*path, key), item, inner[1])
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel) and isinstance(value, Mapping):
        yield from _model_references(path, value, annotation)


def _marked(path: Path, value: Any, marks: Iterable[object]) -> Iterator[Reference]:
    for mark in marks:
        if isinstance(mark, NamesField | NamesMetric) and isinstance(value, str):
            yield path, value, type(mark)


def _circles(rests: Mapping[str, Mapping[str, Path]]) -> Iterator[Finding]:
    """Find metrics that rest on each other in a circle; a circle is told once, where its first metric asks.

    `rests` has for every metric those it names, in the order of the file, and where.
    """
    told: set[str] = set()
    for name in rests:
        if name not in told and (circle := _way_back(name, rests)):
            told.update(circle)
            names = ", ".join(repr(other) for other in rests if other in circle)
            yield rests[name][circle[1]], f"these metrics rest on each other in a circle: {names}"


def _way_back(name: str, rests: Mapping[str, Mapping[str, Path]]) -> list[str]:
    """Find a shortest way from a metric over what it rests on back to it; empty where there is none.

    Naming itself is told as a metric that is not there, and is no way.
    """
    ways = [[name, other] for other in rests[name] if other != name]
    seen = {name}
    while ways:
        way = ways.pop(0)
        if way[-1] == name:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [[*way, other] for other in rests.get(way[-1], {}) if other != way[-1]]
    return []


def _deduplication(names: object, fields: set[str]) -> Iterator[Finding]:
    if isinstance(names, list):
        allowed = fields | {"customer", "time"}
        for index, name in enumerate(names):
            if isinstance(name, str) and name not in allowed:
                message = f"no source declares the field {name!r}{did_you_mean(name, allowed)}"
                yield ("deduplicate_by", index), message


def _twice(data: Mapping[str, Any]) -> Iterator[Finding]:
    for key in ("formats", "languages", "deduplicate_by"):
        values = data.get(key)
        if isinstance(values, list):
            for index, value in enumerate(values):
                if value in values[:index]:
                    yield (key, index), f"{value!r} is named twice; keep one"


def _untitled(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Find texts by language that lack the campaign's first language, which must be able to stand in."""
    languages = data.get("languages")
    first = languages[0] if isinstance(languages, list) and languages else "en"
    texts: list[tuple[Path, Any]] = [(("title",), data.get("title"))]
    for at, metric in _mappings(data.get("metrics")):
        texts.append((("metrics", at, "title"), metric.get("title")))
        for many, key in (("rules", "name"), ("things", "noun")):
            texts += [
                (("metrics", at, many, place, key), one.get(key))
                for place, one in _mappings(metric.get(many))
            ]
    for path, text in texts:
        if isinstance(text, Mapping) and first not in text:
            yield path, f"the {path[-1]} is missing in {first!r}, the campaign's first language"


def _mappings(values: object) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if isinstance(values, list):
        for index, value in enumerate(values):
            if isinstance(value, Mapping):
                yield index, value
