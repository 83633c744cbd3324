"""From verdicts and values to a customer's deck."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from recap.metrics.value import Value
from recap.selection.arrange import Scene, best_first, keep_order, tell_story
from recap.selection.deck import Customer, Deck, Highlight
from recap.selection.rules import Rule


def make_deck(
    person: Mapping[str, Any],
    chosen: Iterable[Mapping[str, Any]],
    values: Mapping[str, Value],
    rules: Sequence[Rule],
    order: Literal["story", "file"],
) -> Deck:
    """Put a customer's highlights in order.

    `person` is a row of `Prepared.people` with a deck, `chosen` are the customer's chosen verdicts.
    """
    by_metric = {rule.metric: rule for rule in rules}
    scenes = [
        Scene(
            Highlight(values[v["metric"]], v["score"], claims_standing=v["claims"], neutral=v["neutral"]),
            by_metric[v["metric"]].layout,
            v["score"],
            by_metric[v["metric"]].part,
            v["place"],
        )
        for v in sorted(chosen, key=lambda verdict: verdict["order"])
    ]
    ordered = best_first if person["deck"] == "fallback" else tell_story if order == "story" else keep_order
    kind: Literal["full", "fallback"] = "full" if person["deck"] == "full" else "fallback"
    return Deck(
        customer=Customer(
            person["customer_id"], person["name"], person["locale"], person["joined"], person["avatar"]
        ),
        kind=kind,
        highlights=tuple(ordered(scenes)),
    )
