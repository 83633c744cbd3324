"""The bars of a card as the course of a line, in a square of 100: its floor is zero, its top the most.

Templates do not reckon, so the paths are made here. They come without their first command: with `M` before it
a path is the line itself, and closed along the floor the field below it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from recap.wording.card import Bar

SIDE = 100
FLIGHT = 60
"""About so many stairs lead over the whole width."""


@dataclass(frozen=True, slots=True)
class Point:
    """Where a bar's top would be, in the middle of its part of the width; `y` counts downwards."""

    x: float
    y: float
    amount: str
    leads: bool


@dataclass(frozen=True, slots=True)
class Course:
    """A line over time, drawn in three ways, and its peak."""

    points: tuple[Point, ...]
    line: str
    """From point to point, straight."""
    curve: str
    """The same, rounded; between two points it is never above or below both."""
    stairs: str
    """The same in steps of one width, from edge to edge."""
    peak: Point | None
    """The first of the leading points; None where nothing leads."""


def course_of(bars: Sequence[Bar]) -> Course | None:
    """Return the course of a card's bars; None where it has none."""
    if not bars:
        return None
    each = SIDE / len(bars)
    points = tuple(
        Point(round((place + 0.5) * each, 3), round(SIDE * (1 - bar.share), 3), bar.amount, bar.leads)
        for place, bar in enumerate(bars)
    )
    return Course(
        points,
        line="L".join(_pair(point.x, point.y) for point in points),
        curve=_round(points),
        stairs=_climb(points),
        peak=next((point for point in points if point.leads), None),
    )


def _round(points: Sequence[Point]) -> str:
    """Lead a curve through the points that rises and falls only where they do (Steffen's slopes)."""
    rises = [(b.y - a.y) / (b.x - a.x) for a, b in pairwise(points)]
    slopes = [0.0, *(_slope(before, after) for before, after in pairwise(rises)), 0.0]
    path = _pair(points[0].x, points[0].y)
    for place, (a, b) in enumerate(pairwise(points)):
        third = (b.x - a.x) / 3
        first = _pair(a.x + third, a.y + third * slopes[place])
        second = _pair(b.x - third, b.y - third * slopes[place + 1])
        path += f"C{first} {second} {_pair(b.x, b.y)}"
    return path


def _slope(before: float, after: float) -> float:
    # Level at every top and in every hollow. The points are evenly apart, so the mean is not weighted.
    if before * after <= 0:
        return 0.0
    steepest = min(2 * abs(before), 2 * abs(after), abs(before + after) / 2)
    return steepest if before > 0 else -steepest


def _climb(points: Sequence[Point]) -> str:
    # An odd number of stairs for each point, so that the middle one is as high as the point.
    stairs = max(1, FLIGHT // len(points) // 2 * 2 + 1)
    wide = SIDE / (stairs * len(points))
    path = _pair(0, points[0].y)
    for number in range(stairs * len(points)):
        place = (number + 0.5) / stairs - 0.5
        at = min(max(place, 0.0), len(points) - 1.0)
        low = min(int(at), max(len(points) - 2, 0))
        part = at - low
        y = points[low].y + part * (points[min(low + 1, len(points) - 1)].y - points[low].y)
        path += f"V{_number(y)}H{_number((number + 1) * wide)}"
    return path


def _pair(x: float, y: float) -> str:
    return f"{_number(x)} {_number(y)}"


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
