"""Boxes over metrics, and whether some of them leave anything of another: exact, open and closed ends apart.

An axis is one metric: the real numbers, and before all of them one more point that stands for "not known". A
condition on a metric needs it known; a box without one takes the whole axis.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

Cut = tuple[Decimal, int]
"""A place between two points of an axis: right before a number (0) or right after it (1)."""
Span = tuple[Cut, Cut]
"""The points of an axis between two cuts; none where they do not rise."""
Box = Mapping[str, Span]
"""A span for each metric that is asked about; every other metric may be anything, or not known."""

UNKNOWN = Decimal("-Infinity")
BEFORE_ALL: Cut = (UNKNOWN, 0)
BEFORE_NUMBERS: Cut = (UNKNOWN, 1)
AFTER_ALL: Cut = (Decimal("Infinity"), 0)
WHOLE: Span = (BEFORE_ALL, AFTER_ALL)


def is_empty(box: Box) -> bool:
    """Say whether no point is inside."""
    return any(low >= high for low, high in box.values())


def covering(box: Box, others: Sequence[Box]) -> frozenset[int] | None:
    """Find boxes that together hold every point of `box`: their places among `others`, or None.

    Looks depth first for a point outside all of them: what a box leaves of another is cut into pieces that do
    not overlap, and each is held against the rest. As long as boxes ask about few metrics this is quick; in
    the worst case the time grows exponentially with the number of metrics.
    """
    return _covering(box, [(place, other) for place, other in enumerate(others) if not is_empty(other)])


def _covering(box: Box, others: Sequence[tuple[int, Box]]) -> frozenset[int] | None:
    near = [(place, other) for place, other in others if not is_empty(_common(box, other))]
    if not near:
        return None
    # The box that cuts the fewest pieces off goes first; one that leaves none ends the search.
    place, first = min(near, key=lambda pair: sum(1 for _ in _left(box, pair[1])))
    used = {place}
    rest = [pair for pair in near if pair[0] != place]
    for piece in _left(box, first):
        found = _covering(piece, rest)
        if found is None:
            return None
        used |= found
    return frozenset(used)


def _common(one: Box, other: Box) -> Box:
    spans = {axis: (one.get(axis, WHOLE), other.get(axis, WHOLE)) for axis in (*one, *other)}
    return {axis: (max(a[0], b[0]), min(a[1], b[1])) for axis, (a, b) in spans.items()}


def _left(box: Box, taken: Box) -> Iterator[Box]:
    """Cut what `taken` leaves of `box` into boxes that do not overlap."""
    rest = dict(box)
    for axis, (low, high) in taken.items():
        start, stop = rest.get(axis, WHOLE)
        if start < low:
            yield {**rest, axis: (start, min(stop, low))}
        if high < stop:
            yield {**rest, axis: (max(start, high), stop)}
        rest[axis] = (max(start, low), min(stop, high))
