"""Both sides on the same made-up events: what SQL publishes, the audit recomputes."""

from collections.abc import Mapping
from typing import Any

import pytest
from audit_cases import EXAMPLES, MadeUp, at, audit_both, tell
from audit_metrics import METRICS, PERIODS, bases
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recap.metrics.audit.recompute import RECOMPUTATIONS
from recap.metrics.registry import KINDS

often = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("group", METRICS)
@often
@given(events=bases(), period=st.sampled_from(PERIODS), with_utc=st.booleans())
def test_the_audit_agrees_with_the_sql(
    group: str, events: list[MadeUp], period: Mapping[str, Any], with_utc: bool
) -> None:
    """Every number, text, detail, count of rows and rank of every kind is the same on both sides."""
    report = audit_both(METRICS[group], events, period, with_utc=with_utc)
    assert report.agrees, tell(report)
    assert not report.unaudited


@often
@given(events=bases(), sample=st.integers(1, 3))
def test_a_sample_agrees_too(events: list[MadeUp], sample: int) -> None:
    """What a sample compares is right whoever was drawn."""
    report = audit_both(METRICS["derived"], events, sample=sample)
    assert report.agrees, tell(report)
    assert report.customers <= sample


def test_every_kind_is_recomputed() -> None:
    """Every kind has its recomputation but `sql`, and the properties try every one of them."""
    assert KINDS.keys() - RECOMPUTATIONS.keys() == {"sql"}
    assert {metric["kind"] for metrics in METRICS.values() for metric in metrics} == RECOMPUTATIONS.keys()


def test_a_campaign_without_events_agrees() -> None:
    """Nothing is published of an empty period, and nothing missed; events after it are nobody's."""
    late = [at("c1", "2027-01-01T12:00"), at("c2", "2025-12-31T23:59", item="a")]
    for metrics in METRICS.values():
        report = audit_both(metrics, late)
        assert (report.agrees, report.values) == (True, 0), tell(report)
