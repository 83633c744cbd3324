"""Pydantic's errors in the words of the campaign: the path as the file has it, and a sentence that helps."""

import re
from collections.abc import Iterable, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from recap.campaign.base import FIELD, LOCALE, SLUG
from recap.campaign.document import Path
from recap.campaign.models import Metric
from recap.campaign.suggest import did_you_mean

_TEXT = re.compile(r"(?:function-[a-z]+\[[^,]*, )?(?:constrained-)?str\]?")
"""How pydantic calls the member of a union that is a text."""


def explain(
    details: ErrorDetails, data: Any, model: type[BaseModel], kinds: Mapping[str, type[Metric]]
) -> tuple[Path, str] | None:
    """Turn one of pydantic's errors into a path in the document and a sentence.

    Pydantic names the member of a union it tried inside the path; those parts are not in the document.
    Members that do not fit the shape of what was given are no news: None.
    """
    if details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"]:
        return None  # pydantic counts only the members that are right
    path: list[str | int] = []
    at: Any = data
    location = details["loc"]
    for index, part in enumerate(location):
        inside = isinstance(at, dict) and part in at
        inside = inside or (isinstance(at, list) and isinstance(part, int) and part < len(at))
        if inside:
            path.append(part)
            at = at[part]
        elif part == "[key]" or (isinstance(at, dict) and part == at.get("kind")):
            continue
        elif index < len(location) - 1 or details["type"] not in {"missing", "extra_forbidden"}:
            tried_text = _TEXT.fullmatch(str(part)) is not None
            if isinstance(at, dict | list) == tried_text:
                return None
            if not tried_text and not isinstance(at, dict | list):
                return None
        else:
            path.append(part)
    return tuple(path), _sentence(details, model, path, kinds)


def _sentence(
    details: ErrorDetails, model: type[BaseModel], path: list[str | int], kinds: Mapping[str, type[Metric]]
) -> str:
    given = details.get("input")
    context = details.get("ctx", {})
    match details["type"]:
        case "extra_forbidden":
            hint = did_you_mean(str(path[-1]), _keys(model, details, kinds))
            sentence = f"there is no key {path[-1]!r} here{hint}"
        case "missing":
            sentence = "this key is missing"
        case "literal_error":
            choices = [choice.strip("'") for choice in context["expected"].replace(" or ", ", ").split(", ")]
            sentence = f"{given!r} is not possible here{did_you_mean(str(given), choices)}"
        case "union_tag_invalid":
            sentence = f"there is no metric kind {context['tag']!r}{did_you_mean(str(context['tag']), kinds)}"
        case "union_tag_not_found":
            sentence = f"a metric needs a `kind`{did_you_mean('', kinds)}"
        case "value_error":
            sentence = str(context["error"])
        case "string_pattern_mismatch":
            sentence = f"{given!r} {_written(context['pattern'])}"
        case _:
            sentence = _wrong_type(details)
    return sentence


def _wrong_type(details: ErrorDetails) -> str:
    """Say what should stand where something of another type does."""
    given, message = details.get("input"), details["msg"]
    match details["type"]:
        case "tuple_type" | "list_type":
            return f"this must be a list, as in [{given}]"
        case "string_type":
            return f'this must be a text; put it in quotes: "{given}"'
        case "model_type" | "dict_type":
            return f"this needs keys of its own, one a line; {given!r} is a single value"
        case "too_short":
            return f"give at least {details['ctx']['min_length']}"
        case "date_from_datetime_parsing" | "date_type" | "date_parsing":
            return f"a date is written 2026-12-31, not {given!r}"
        case _:
            return f"{message[0].lower()}{message[1:]} (given {given!r})"


def _written(pattern: str) -> str:
    """Say how a text must be written that does not match."""
    return {
        SLUG: "may hold lower-case letters, digits, - and _ only, as in top_song",
        FIELD: "may hold lower-case letters, digits and _ only, as in play_seconds",
        LOCALE: "is no language; write it as in en, de_AT or pt_BR",
    }.get(pattern, f"must match {pattern}")


def _keys(model: type[BaseModel], details: ErrorDetails, kinds: Mapping[str, type[Metric]]) -> list[str]:
    """List the keys that would have been right at the place of an unknown one."""
    at: type[BaseModel] = model
    for part in details["loc"][:-1]:
        if isinstance(part, str) and part in kinds:
            at = kinds[part]
        elif isinstance(part, str) and part in at.model_fields:
            inner = list(_models(at.model_fields[part].annotation))
            at = inner[0] if inner else at
    return [info.alias or name for name, info in at.model_fields.items()]


def _models(annotation: Any) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in {Union, UnionType, tuple, dict, list, Annotated}:
        for argument in get_args(annotation):
            yield from _models(argument)
