"""Names inside a campaign that must mean something: fields, metrics, ids.

Looked up in the raw document, so that a wrong name is reported even while other keys are wrong too.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from recap.campaign.document import Path
from recap.campaign.models import Metric, Slug
from recap.campaign.suggest import did_you_mean

Finding = tuple[Path, str]


class NamesField:
    """Marks a metric's key whose text must be one of the campaign's fields."""


class NamesMetric:
    """Marks a metric's key whose text must be the id of another metric."""


FieldRef = Annotated[str, NamesField()]
MetricRef = Annotated[Slug, NamesMetric()]


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
    for index, metric in metrics:
        model = kinds.get(str(metric.get("kind")))
        if model is not None:
            others = seen - {str(metric.get("id"))}
            findings += _metric_references(("metrics", index), metric, model, fields, others)
    return findings


def _metric_references(
    path: Path, metric: Mapping[str, Any], model: type[Metric], fields: set[str], others: set[str]
) -> Iterator[Finding]:
    for key, info in model.model_fields.items():
        value = metric.get(key)
        if not isinstance(value, str):
            continue
        # An optional reference carries its mark inside the union's first member.
        marks = [*info.metadata, *(m for a in getattr(info.annotation, "__args__", ()) for m in _marks(a))]
        if any(isinstance(mark, NamesField) for mark in marks) and value not in fields:
            yield (*path, key), f"no source declares the field {value!r}{did_you_mean(value, fields)}"
        if any(isinstance(mark, NamesMetric) for mark in marks) and value not in others:
            yield (*path, key), f"there is no other metric {value!r}{did_you_mean(value, others)}"


def _marks(annotation: object) -> Sequence[object]:
    return getattr(annotation, "__metadata__", ())


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
    titles: list[tuple[Path, Any]] = [(("title",), data.get("title"))]
    titles += [(("metrics", i, "title"), metric.get("title")) for i, metric in _mappings(data.get("metrics"))]
    for path, title in titles:
        if isinstance(title, Mapping) and first not in title:
            yield path, f"the title is missing in {first!r}, the campaign's first language"


def _mappings(values: object) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if isinstance(values, list):
        for index, value in enumerate(values):
            if isinstance(value, Mapping):
                yield index, value
