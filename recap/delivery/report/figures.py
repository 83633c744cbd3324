"""Numbers and other values, printed for the report; in English, by no machine's locale."""

import re
from collections.abc import Mapping, Sequence
from typing import Any


def count(number: float) -> str:
    """Print a whole number with its thousands apart."""
    return f"{int(number):,}"


def duration(seconds: float) -> str:
    """Print a length of time with the two units that matter."""
    if seconds < 10:
        return f"{seconds:.2f} s" if seconds < 1 else f"{seconds:.1f} s"
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def percent(part: float, whole: float) -> str:
    """Print a share, never as nothing or all where it is not."""
    if not whole:
        return ""
    share = 100 * part / whole
    if 0 < share < 0.1:
        return "< 0.1 %"
    if 99.9 < share < 100:
        return "> 99.9 %"
    return f"{share:.0f} %" if share in (0, 100) else f"{share:.1f} %"


def period(value: Any) -> str:
    """Print the run's period; days `from` and `to` as such, anything else as it is."""
    days = [str(day) for day in value.values()] if isinstance(value, Mapping) else []
    if len(days) == 2 and all(re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) for day in days):
        return " to ".join(sorted(days))
    return text(value)


def text(value: Any) -> str:
    """Print whatever `run.json` holds at a place as one line."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {text(inner)}" for key, inner in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(text(inner) for inner in value)
    return "" if value is None else str(value)
