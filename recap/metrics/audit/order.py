"""Which metrics rest on which: the order of recomputing them, and what cannot be recomputed."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from recap.campaign import Metric

NOT_AUDITED = {"sql": "the campaign's own SQL can only be computed by the database it is written for"}
"""By kind."""


def rests_on(metric: Any) -> tuple[str, ...]:
    """Name the metrics whose values a metric is made of."""
    match metric.kind:
        case "standing":
            return (metric.of,) if metric.within is None else (metric.of, metric.within)
        case "ratio":
            return metric.of, metric.to
        case "comparison":
            return (metric.of,)
        case "archetype":
            return tuple(dict.fromkeys(name for rule in metric.rules for name in rule.when or {}))
        case _:
            return ()


def order_metrics(metrics: Sequence[Metric]) -> list[Metric]:
    """Put metrics in an order in which each comes after those it rests on; there are no circles."""
    known = {metric.id: metric for metric in metrics}
    placed: dict[str, Metric] = {}

    def place(metric: Metric) -> None:
        for name in rests_on(metric):
            place(known[name])
        placed.setdefault(metric.id, metric)

    for metric in metrics:
        place(metric)
    return list(placed.values())


def needed_for(metric: Metric, metrics: Sequence[Metric]) -> list[Metric]:
    """Give the metrics that a metric rests on, directly or not, in the order of `metrics`."""
    known = {other.id: other for other in metrics}
    names: set[str] = set()

    def gather(one: Metric) -> None:
        for name in rests_on(one):
            names.add(name)
            gather(known[name])

    gather(metric)
    return [other for other in metrics if other.id in names]


def find_unaudited(
    metrics: Sequence[Metric], unread: Mapping[str, str], kinds: Collection[str]
) -> dict[str, str]:
    """Say which of the metrics, in the order of `order_metrics`, cannot be recomputed, and why.

    `unread` are metrics whose events could not be read by other means, `kinds` those that can be recomputed.
    """
    reasons: dict[str, str] = {}
    for metric in metrics:
        lost = next((name for name in rests_on(metric) if name in reasons), None)
        if metric.id in unread:
            reasons[metric.id] = unread[metric.id]
        elif metric.kind not in kinds:
            reasons[metric.id] = NOT_AUDITED.get(metric.kind, f"the kind {metric.kind} is not recomputed")
        elif lost is not None:
            reasons[metric.id] = f"it rests on {lost!r}, which is not audited"
    return reasons


def direction_of(metric: Any, metrics: Sequence[Metric]) -> str:
    """Tell which end is better: a standing that does not say goes by the metric it ranks."""
    if metric.kind != "standing" or "direction" in metric.model_fields_set:
        return str(metric.direction)
    return next(direction_of(other, metrics) for other in metrics if other.id == metric.of)
