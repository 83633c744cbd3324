"""What a value is worth: bits, credibility, shares and impact."""

from math import log2
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selection_cases import rule, value, weigh


def worth(entry: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Weigh one value."""
    (row,) = weigh([entry], [rule("a", **changes)]).to_dicts()
    return row


def test_the_rarer_the_more() -> None:
    """Evidence is the bits of the mid-p-value, held back by how few events it rests on."""
    row = worth(value("a", rank=1, cohort=100))
    assert row["evidence"] == pytest.approx(100 / 110 * -log2(0.5 / 100))
    assert row["significance"] == pytest.approx(row["evidence"] / (row["evidence"] + 3))
    assert row["score"] == pytest.approx(row["significance"])


def test_three_events_are_never_remarkable() -> None:
    """The best of ten thousand by three events is worth less than one in six by three hundred."""
    few = worth(value("a", rank=1, cohort=10_000, rows=3))
    many = worth(value("a", rank=1600, cohort=10_000, rows=300))
    assert few["evidence"] < 3.5
    assert few["score"] < many["score"] * 1.3
    assert few["impact"] < many["impact"]


def test_where_all_are_alike_no_one_stands_out() -> None:
    """Ties count by half: of a hundred with the same number each is the middle one."""
    row = worth(value("a", holders=100, rows=10**6))
    assert row["evidence"] == pytest.approx(1, abs=0.001)
    assert row["below"] == 0


def test_what_is_compared_with_nobody_is_ordinary() -> None:
    """A moment, or a value over a small cohort, has the one bit of the middle customer."""
    for entry in (value("a", rank=None), value("a", cohort=49)):
        row = worth(entry)
        assert (row["known"], row["evidence"], row["claims"]) == (False, 1.0, False)


def test_who_does_much_of_everything_is_not_remarkable_in_everything() -> None:
    """A kind with a share is judged by it: the heaviest customer's ordinary habit stays ordinary."""
    habits = [
        value("hour", rank=i + 1, customer_id=f"c{i}", share=0.2 if i else 0.21, rows=1000 - i)
        for i in range(60)
    ]
    habits[40] |= {"share": 0.9}
    rows = {
        row["customer_id"]: row
        for row in weigh(habits, [rule("hour", by_share=True, may_claim=False)]).to_dicts()
    }
    assert rows["c40"]["evidence"] == max(row["evidence"] for row in rows.values())
    assert rows["c40"]["below"] == pytest.approx(59 / 60)
    assert rows["c0"]["evidence"] < rows["c40"]["evidence"]


def test_the_more_unusual_of_number_and_share_decides() -> None:
    """The heaviest listener's favourite is told for its plays, the most faithful one's for its share."""
    tops = [
        value("top", rank=i + 1, cohort=60, customer_id=f"c{i}", share=0.2 + i / 100, rows=1000 - i)
        for i in range(60)
    ]
    rows = {row["customer_id"]: row for row in weigh(tops, [rule("top", by_share=True)]).to_dicts()}
    assert (rows["c0"]["by_share"], rows["c59"]["by_share"]) == (False, True)
    assert min(rows["c0"]["evidence"], rows["c59"]["evidence"]) > rows["c30"]["evidence"]


def test_a_share_of_few_events_is_pulled_to_the_middle() -> None:
    """All of three events on one day say less than half of three hundred."""
    others = [value("day", customer_id=f"o{i}", share=0.2, rows=100) for i in range(60)]
    light, heavy = (
        value("day", customer_id="light", share=1.0, rows=3),
        value("day", customer_id="heavy", share=0.5, rows=300),
    )
    rows = {
        r["customer_id"]: r
        for r in weigh([*others, light, heavy], [rule("day", by_share=True, may_claim=False)]).to_dicts()
    }
    assert rows["light"]["evidence"] < rows["heavy"]["evidence"]


def test_impact_is_the_part_of_the_activity() -> None:
    """All of it counts whole, nothing of it by half; a moment is credible by all the customer did."""
    assert worth(value("a", rows=100))["impact"] == 1
    assert worth(value("a", rows=50))["impact"] == 0.75
    moment = worth(value("a", rows=1), layout="moment")
    assert moment["impact"] == pytest.approx(0.505)
    assert moment["evidence"] == pytest.approx(100 / 110 * -log2(0.5 / 100))


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 500), st.integers(1, 500), st.integers(0, 1000), st.floats(0.1, 10))
def test_better_ranks_are_never_worth_less(better: int, worse: int, rows: int, weight: float) -> None:
    """Within a metric the score follows the rank, and lies between nothing and the weight."""
    better, worse = sorted((better, worse))
    one, other = (worth(value("a", rank=r, cohort=500, rows=rows), weight=weight) for r in (better, worse))
    assert one["score"] >= other["score"]
    assert 0 <= one["score"] < weight
