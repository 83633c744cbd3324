"""Why a customer gets what they get: every value, what was chosen and why, what was not and why not."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from recap.campaign import Campaign, Metric
from recap.metrics.registry import family_of, kind_of
from recap.metrics.results import read_values
from recap.metrics.value import Value
from recap.pipeline.decks import make_deck
from recap.pipeline.look import Looks
from recap.pipeline.prepare import Prepared, find_customer
from recap.selection.deck import Highlight


def explain_customer(prepared: Prepared, looks: Looks, customer_id: str) -> dict[str, Any]:
    """Explain a customer's deck, in the shape of `recap explain --json`.

    Raises UsageError where there is no such customer.
    """
    campaign = prepared.file.campaign
    person = find_customer(prepared.people, customer_id)
    metrics = {metric.id: metric for metric in campaign.metrics}
    values = read_values(prepared.connection, customer_id)
    verdicts = prepared.choosing.explained(customer_id).to_dicts()
    reasons = {verdict["metric"]: verdict["reason"] for verdict in verdicts}
    look = looks.of(person["variant"])
    deck = []
    if person["deck"] is not None:
        chosen = [v for v in verdicts if v["chosen"]]
        made = make_deck(person, chosen, values, prepared.rules, campaign.selection.order)
        highlights = {h.value.metric: h for h in made.highlights}
        for card in look.cards(made):
            highlight = highlights.get(card.metric or "")
            why = reasons[card.metric or ""] if highlight else _frame_reason(card.name, person)
            deck.append(
                {
                    "card": card.index,
                    "metric": card.metric,
                    "headline": card.headline,
                    "score": highlight.score if highlight else 0.0,
                    "reason": why,
                    "receipt": write_receipt(highlight, why, campaign) if highlight else {},
                }
            )
    shown = {row["metric"] for row in deck}
    not_chosen = [
        {"metric": v["metric"], "reason": _not_shown(v, person)} for v in verdicts if v["metric"] not in shown
    ]
    without = [metric.id for metric in campaign.metrics if metric.id not in values]
    not_chosen += [{"metric": metric, "reason": "the customer has no value of it"} for metric in without]
    outcome = person["outcome"] or ("rendered" if person["deck"] == "full" else "fallback")
    return {
        "customer_id": customer_id,
        "outcome": outcome,
        "reason": person["reason"],
        "joined": None if person["joined"] is None else str(person["joined"]),
        "variant": person["variant"] or None,
        "wishes": _wishes(prepared, customer_id),
        "values": [_plain_value(values[m], metrics[m]) for m in metrics if m in values],
        "deck": deck,
        "not_chosen": not_chosen,
    }


def _wishes(prepared: Prepared, customer_id: str) -> list[dict[str, Any]]:
    own = prepared.choosing.wishes.filter(pl.col("customer_id") == customer_id)
    return own.select("wish", "field", "value").to_dicts()


def write_receipt(highlight: Highlight, why: str, campaign: Campaign) -> dict[str, Any]:
    """Say what stands behind a highlight: definition, period, clock, rows, cohort, why."""
    metric = next(m for m in campaign.metrics if m.id == highlight.value.metric)
    period = campaign.period
    whose = "each customer's own zone" if campaign.local_time == "customer" else campaign.time_zone
    return {
        "kind": metric.kind,
        "family": family_of(metric),
        "definition": kind_of(metric).definition,
        "where": metric.where,
        "first_day": str(period.start),
        "last_day": str(period.end),
        "time_zone": whose,
        "rows": highlight.value.rows,
        "rank": highlight.value.rank,
        "cohort": highlight.value.cohort,
        "ties": "equal numbers share the better rank; top x % is ceil(100 * rank / cohort)",
        "claims_standing": highlight.claims_standing,
        "score": highlight.score,
        "why": why,
    }


def _frame_reason(name: str, person: Mapping[str, Any]) -> str:
    if name == "fallback":
        return str(person["reason"])
    return "every full deck opens with a cover and ends with a summary"


def _not_shown(verdict: Mapping[str, Any], person: Mapping[str, Any]) -> str:
    if verdict["chosen"]:
        return f"chosen, but the customer gets no full deck: {person['reason']}"
    return str(verdict["reason"])


def _plain_value(value: Value, metric: Metric) -> dict[str, Any]:
    return {
        "metric": value.metric,
        "kind": metric.kind,
        "number": value.number,
        "text": value.text,
        "detail": _plain(value.detail),
        "rows": value.rows,
        "rank": value.rank,
        "cohort": value.cohort,
        "top_percent": value.top_percent,
    }


def _plain(value: Any) -> Any:
    """Make a value fit for JSON."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value
