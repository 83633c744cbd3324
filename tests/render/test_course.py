"""The course of a line: through every point, never beyond two neighbours, from zero."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from recap.render.course import course_of
from recap.wording.card import Bar

shares = st.lists(st.floats(0, 1), min_size=1, max_size=40)


def bars(shares: list[float], leads: tuple[int, ...] = ()) -> tuple[Bar, ...]:
    return tuple(Bar("Jan", str(n), share, leads=n in leads) for n, share in enumerate(shares))


def numbers(path: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?[\d.]+", path)]


def test_without_bars_there_is_no_course() -> None:
    """A metric without a chart has none, whatever layout a campaign asks for."""
    assert course_of(()) is None


@given(shares)
def test_a_line_goes_through_its_points(shares: list[float]) -> None:
    """Each in the middle of its part of the width, as far from the floor as its share."""
    course = course_of(bars(shares))
    assert course is not None
    line = numbers(course.line)
    for place, (x, y) in enumerate(zip(line[::2], line[1::2], strict=True)):
        assert abs(x - 100 * (place + 0.5) / len(shares)) < 0.001
        assert abs((100 - y) / 100 - shares[place]) < 0.0001


@given(shares)
def test_a_curve_stays_between_neighbours(shares: list[float]) -> None:
    """Its handles lie between the two points they join, so it never tells of more or less than there was."""
    course = course_of(bars(shares))
    assert course is not None
    first, *joints = course.curve.split("C")
    ends = [numbers(first), *(numbers(joint)[-2:] for joint in joints)]
    assert ends == [[point.x, point.y] for point in course.points]
    for (before, after), joint in zip(pairwise(course.points), joints, strict=True):
        low, high = sorted((before.y, after.y))
        _, one, _, other, _, _ = numbers(joint)
        assert low - 0.002 <= min(one, other)
        assert max(one, other) <= high + 0.002


@given(shares)
def test_stairs_are_as_high_as_the_points_where_these_are(shares: list[float]) -> None:
    """From edge to edge in steps of one width; the step on which a point stands has its height."""
    course = course_of(bars(shares))
    assert course is not None
    steps = re.findall(r"V([\d.]+)H([\d.]+)", course.stairs)
    assert float(steps[-1][1]) == 100
    for point in course.points:
        height = next(float(y) for y, end in steps if float(end) > point.x)
        assert abs(height - point.y) < 0.01


def test_the_first_of_the_highest_is_the_peak() -> None:
    """Of a tie one is told, all are marked; where nothing leads nothing is told."""
    tied = course_of(bars([0.2, 1.0, 0.4, 1.0], (1, 3)))
    assert tied is not None
    assert tied.peak == tied.points[1]
    assert [point.leads for point in tied.points] == [False, True, False, True]
    idle = course_of(bars([0.0, 0.0]))
    assert idle is not None
    assert idle.peak is None
