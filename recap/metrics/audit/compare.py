"""Published values against recomputed ones."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from recap.metrics.audit.customers import Recomputed
from recap.metrics.audit.exact import Exact, plain

NUMBERS, LISTS = (int, Decimal), (list, tuple)
Finding = tuple[str, Any, Any]
"""What differs, as published and as recomputed."""


@dataclass(frozen=True, slots=True)
class Published:
    """A row of `values.parquet`, without its customer and metric."""

    number: float | None
    text: str | None
    detail: str
    rows: int
    rank: int | None
    cohort: int
    top_percent: int | None

    @property
    def told(self) -> float | str | None:
        """What the value says in short."""
        return self.text if self.number is None else self.number


def find_differences(published: Published | None, recomputed: Recomputed | None) -> Iterator[Finding]:
    """Compare everything of a value but its standing."""
    if published is None and recomputed is not None:
        yield "missing", None, recomputed.text if recomputed.number is None else plain(recomputed.number)
    if published is not None and recomputed is None:
        yield "unexpected", published.told, None
    if published is None or recomputed is None:
        return
    if not _same_number(published.number, recomputed.number):
        exact = None if recomputed.number is None else plain(recomputed.number)
        yield "number", published.number, exact
    if published.text != recomputed.text:
        yield "text", published.text, recomputed.text
    yield from _detail_differences(published.detail, recomputed)
    if published.rows != recomputed.rows:
        yield "rows", published.rows, recomputed.rows


def _same_number(published: float | None, exact: Exact | None) -> bool:
    """Compare with what the exact number is as a DOUBLE: `values.parquet` holds no other."""
    if published is None or exact is None:
        return published is None and exact is None
    return published == float(exact)


def _detail_differences(published: str, recomputed: Recomputed) -> Iterator[Finding]:
    try:
        detail = json.loads(published, parse_float=Decimal)
    except json.JSONDecodeError:
        detail = None
    if not isinstance(detail, dict):
        yield "detail", published, dict(recomputed.detail)
        return
    for key in dict.fromkeys([*recomputed.detail, *detail]):
        if key not in detail or key not in recomputed.detail:
            yield f"detail.{key}", detail.get(key), _in_decimals(recomputed.detail.get(key))
        elif not _same(detail[key], recomputed.detail[key]):
            yield f"detail.{key}", detail[key], _in_decimals(recomputed.detail[key])


def _same(published: Any, expected: Any) -> bool:
    """Compare JSON values, numbers by what they are worth."""
    kind = type(expected)
    if kind is float:
        kind, expected = Decimal, plain(expected)
    if kind in NUMBERS:
        return type(published) in NUMBERS and bool(published == expected)
    if kind is dict:
        return (
            isinstance(published, dict)
            and published.keys() == expected.keys()
            and all(_same(published[key], value) for key, value in expected.items())
        )
    if kind in LISTS:
        return (
            isinstance(published, list)
            and len(published) == len(expected)
            and all(map(_same, published, expected))
        )
    return type(published) is kind and bool(published == expected)


def _in_decimals(value: Any) -> Any:
    match value:
        case float():
            return plain(value)
        case dict():
            return {key: _in_decimals(part) for key, part in value.items()}
        case list() | tuple():
            return [_in_decimals(part) for part in value]
        case _:
            return value
