"""Values of a field against each other: top, top_share, variety, discoveries, returning, pair."""

from collections import Counter
from collections.abc import Collection
from itertools import combinations
from typing import Any

from recap.metrics.audit.customers import Customer, Recomputed
from recap.metrics.audit.exact import quotient
from recap.metrics.audit.recompute.leading import TOP_TIES, amount_rests, lead


def top(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the leading values."""
    events, key = customer.events(metric), f"text:{metric.by}"
    rests = amount_rests(events, metric.of, key)
    return lead(events.groups(key, metric.of), rests, keep=metric.limit, ties=TOP_TIES)


def top_share(metric: Any, customer: Customer) -> Recomputed | None:
    """Divide the leading value's by the total of those above zero."""
    events, key = customer.events(metric), f"text:{metric.by}"
    groups = {name: group for name, group in events.groups(key, metric.of).items() if group[1] > 0}
    if not groups:
        return None
    keys = events.column(key)
    counted = set(amount_rests(events, metric.of, key))
    rests = [at for at, name in zip(events.at, keys, strict=True) if name in groups and at in counted]
    most = max(value for _, value in groups.values())
    total = sum(value for _, value in groups.values())
    tied = sorted(name for name, (_, value) in groups.items() if value == most)
    share = quotient(most, total)
    detail = {
        "exact": share,
        "most": most,
        "tied": tied[:TOP_TIES],
        "tied_count": len(tied),
        "groups": len(groups),
        "total": total,
    }
    return Recomputed(share, tied[0], detail, rests)


def variety(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the effective number of groups: the inverse of the sum of their squared shares."""
    events, key = customer.events(metric), f"text:{metric.by}"
    counts = [n for n, _ in events.groups(key).values()]
    if not counts:
        return None
    total, squares = sum(counts), sum(n * n for n in counts)
    effective = quotient(total * total, squares)
    detail = {
        "exact": effective,
        "groups": len(counts),
        "concentration": quotient(squares, total * total),
        "total": total,
    }
    return Recomputed(effective, None, detail, events.known(key))


def discoveries(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the values without an earlier event."""
    events, before = customer.events(metric), customer.events(metric, "before")
    now, earlier = (set(span.values(f"text:{metric.by}")) for span in (events, before))
    more = {"known": len(now & earlier), "newcomer": not before.at}
    return _lead_some(metric, customer, now - earlier, more)


def returning(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the values with an earlier event."""
    events, before = customer.events(metric), customer.events(metric, "before")
    now, earlier = (set(span.values(f"text:{metric.by}")) for span in (events, before))
    return _lead_some(metric, customer, now & earlier, {})


def _lead_some(
    metric: Any, customer: Customer, some: Collection[str], more: dict[str, Any]
) -> Recomputed | None:
    """Find the leading ones of some values; the number is how many they are."""
    events, key = customer.events(metric), f"text:{metric.by}"
    groups = {name: group for name, group in events.groups(key).items() if name in some}
    rests = [at for at, name in zip(events.at, events.column(key), strict=True) if name in some]
    found = lead(groups, rests, keep=metric.limit, ties=TOP_TIES)
    if found is None:
        return None
    return Recomputed(len(some), found.text, {"exact": len(some), **more, **found.detail}, rests)


def pair(metric: Any, customer: Customer) -> Recomputed | None:
    """Find the two values that most baskets hold both of."""
    events = customer.events(metric)
    baskets: dict[str, set[str]] = {}
    names, within = events.column(f"text:{metric.by}"), events.column(f"text:{metric.within}")
    for basket, name in zip(within, names, strict=True):
        if basket is not None and name is not None:
            baskets.setdefault(basket, set()).add(name)
    kept = {basket: held for basket, held in baskets.items() if 2 <= len(held) <= metric.at_most}
    pairs = Counter(two for held in kept.values() for two in combinations(sorted(held), 2))
    if not pairs:
        return None
    most = max(pairs.values())
    first = min(two for two, n in pairs.items() if n == most)
    detail = {
        "exact": most,
        "pair": list(first),
        "tied_count": sum(n == most for n in pairs.values()),
        "baskets": len(kept),
    }
    rests = [
        at
        for at, basket, name in zip(events.at, within, names, strict=True)
        if basket in kept and name is not None
    ]
    return Recomputed(most, " + ".join(first), detail, rests)
