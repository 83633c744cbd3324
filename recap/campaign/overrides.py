"""`--set KEY=VALUE`: another value in place of one of the file's."""

from typing import Any

import yaml

from recap.campaign.document import Path, parse_path, parse_value
from recap.errors import CampaignError, Problem


def override_path(text: str) -> Path:
    """Give the path that a `KEY=VALUE` sets. Raises CampaignError where it is not written so."""
    key, equals, _ = text.partition("=")
    path = parse_path(key)
    if not equals or not path or len(path) != len(key.split(".")):
        raise _refused(text, "an override is written KEY=VALUE, as in period.year=2025")
    return path


def apply_override(data: dict[str, Any], text: str) -> None:
    """Set one value inside `data`.

    Raises CampaignError where the text is not KEY=VALUE or `data` has no such place.
    """
    path, value = override_path(text), text.partition("=")[2]
    try:
        new = parse_value(value)
    except yaml.YAMLError as error:
        what = getattr(error, "problem", None) or error
        raise _refused(text, f"the value is not valid YAML: {what}") from error
    at: Any = data
    for part in path[:-1]:
        if part == 0 and isinstance(at, dict) and path[0] == "sources":
            continue  # the only source of a list that was not written as one
        if isinstance(at, dict):
            at = at.setdefault(part, {})
        else:
            at = at[part] if _has(at, part) else None
    last = path[-1]
    if not isinstance(at, dict) and not _has(at, last):
        raise _refused(text, "the campaign has nothing at this place that could be overridden")
    at[last] = new


def _has(at: object, part: str | int) -> bool:
    return isinstance(at, list) and isinstance(part, int) and part < len(at)


def _refused(text: str, message: str) -> CampaignError:
    return CampaignError([Problem(message, file=f"--set {text}")])
