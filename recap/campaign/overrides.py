"""`--set KEY=VALUE`: another value in place of one of the file's."""

from typing import Any

from recap.campaign.document import Path, parse_value
from recap.errors import CampaignError, Problem


def apply_override(data: dict[str, Any], text: str) -> Path:
    """Set one value inside `data`; give its path.

    Raises CampaignError where the text is not KEY=VALUE or `data` has no such place.
    """
    key, equals, value = text.partition("=")
    path: Path = tuple(int(part) if part.isdigit() else part for part in key.split("."))
    if not equals or not all(str(part) for part in path):
        raise _refused(text, "an override is written KEY=VALUE, as in period.year=2025")
    at: Any = data
    for part in path[:-1]:
        if isinstance(at, dict):
            at = at.setdefault(part, {})
        else:
            at = at[part] if _has(at, part) else None
    last = path[-1]
    if not isinstance(at, dict) and not _has(at, last):
        raise _refused(text, "the campaign has nothing at this place that could be overridden")
    at[last] = parse_value(value)
    return path


def _has(at: object, part: str | int) -> bool:
    return isinstance(at, list) and isinstance(part, int) and part < len(at)


def _refused(text: str, message: str) -> CampaignError:
    return CampaignError([Problem(message, file=f"--set {text}")])
