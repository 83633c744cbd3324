"""From verdicts and values to a customer's deck."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from recap.metrics.value import Value
from recap.selection.arrange import arrange
from recap.selection.deck import Customer, Deck, Highlight
from recap.selection.rules import Rule


def make_deck(
    person: Mapping[str, Any],
    chosen: Iterable[Mapping[str, Any]],
    values: Mapping[str, Value],
    rules: Sequence[Rule],
) -> Deck:
    """Put a customer's highlights in order.

    `person` is a row of `Prepared.people` with a deck, `chosen` are the customer's chosen verdicts.
    """
    layouts = {rule.metric: rule.layout for rule in rules}
    in_order = sorted(chosen, key=lambda verdict: verdict["order"])
    highlights = [
        Highlight(values[v["metric"]], v["score"], v["reason"], claims_standing=v["claims"]) for v in in_order
    ]
    kind: Literal["full", "fallback"] = "full" if person["deck"] == "full" else "fallback"
    return Deck(
        customer=Customer(person["customer_id"], person["name"], person["locale"]),
        kind=kind,
        highlights=tuple(arrange([(h, layouts[h.value.metric]) for h in highlights])),
    )
