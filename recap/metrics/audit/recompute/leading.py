"""Groups and their leaders: what top items and busiest times share."""

from collections.abc import Callable, Sequence
from typing import Any

from recap.metrics.audit.customers import Events, Groups, Recomputed

TOP_TIES = 20
TIME_TIES = 24


def lead(
    groups: Groups,
    rests: Sequence[int],
    *,
    ties: int,
    keep: int = 1,
    has_series: bool = False,
    by_total: bool = False,
    told: Callable[[Any], Any] = lambda key: key,
) -> Recomputed | None:
    """Find the leading groups: those with the most, equal ones in the order of their keys.

    `keep` of them go into `items`, at most `ties` tied keys into `tied`; `has_series` lists all in the order
    of their keys. The number is the most, or the total; `told` turns keys into what is published.
    """
    if not groups:
        return None
    in_order = sorted(groups)
    ranked = sorted(in_order, key=lambda key: -groups[key][1])
    most = groups[ranked[0]][1]
    tied = [told(key) for key in in_order if groups[key][1] == most]
    total = sum(value for _, value in groups.values())
    detail: dict[str, Any] = {
        "items": [
            {"label": told(key), "value": groups[key][1], "rows": groups[key][0]} for key in ranked[:keep]
        ],
        "tied": tied[:ties],
        "tied_count": len(tied),
        "groups": len(groups),
        "total": total,
    }
    if has_series:
        detail["series"] = [{"key": told(key), "value": groups[key][1]} for key in in_order]
    return Recomputed(total if by_total else most, str(tied[0]), detail, rests)


def regroup(groups: Groups, key_of: Callable[[Any], Any]) -> Groups:
    """Put groups together whose keys become the same."""
    joined: Groups = {}
    for key, (n, value) in groups.items():
        other, more = joined.get(key_of(key), (0, 0))
        joined[key_of(key)] = (other + n, more + value)
    return joined


def amount_rests(events: Events, of: str | None, key: str | None = None) -> Sequence[int]:
    """Give the events that are in a group and, with `of`, have an amount."""
    return events.known(key, None if of is None else f"sum:{of}")
