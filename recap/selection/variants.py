"""Experiments: which alternatives a customer is given, and the campaign as it is with them."""

import hashlib
from collections.abc import Mapping

from recap.campaign import Campaign
from recap.campaign.choice import Alternative, Experiment

_CHOICES = 2.0**64


def assign(campaign: Campaign, customer_id: str) -> str:
    """Name the alternatives of a customer, as in `opening=warm, colours=plain`; empty without experiments.

    By a hash of campaign, experiment and customer: the same in every run and on every machine, independent
    from one experiment to the next, and of who else is there.
    """
    return ", ".join(
        f"{experiment.id}={_alternative(campaign, experiment, customer_id).id}"
        for experiment in campaign.experiments
    )


def _alternative(campaign: Campaign, experiment: Experiment, customer_id: str) -> Alternative:
    key = "\0".join((campaign.id, experiment.id, customer_id)).encode()
    at = int.from_bytes(hashlib.sha256(key).digest()[:8]) / _CHOICES
    at *= sum(alternative.share for alternative in experiment.alternatives)
    for alternative in experiment.alternatives:
        at -= alternative.share
        if at < 0:
            return alternative
    return experiment.alternatives[-1]


def in_variant(campaign: Campaign, variant: str) -> Campaign:
    """Give the campaign as customers of a variant meet it: its words, and its theme."""
    for alternative in alternatives_of(campaign, variant):
        campaign = with_alternative(campaign, alternative)
    return campaign


def with_alternative(campaign: Campaign, alternative: Alternative) -> Campaign:
    """Lay an alternative's words and theme over the campaign's."""
    words = {locale: dict(own) for locale, own in campaign.words.items()}
    for locale, own in alternative.words.items():
        words[locale] = merge(words.get(locale, {}), own)
    theme = alternative.theme or campaign.look.theme
    look = campaign.look.model_copy(update={"theme": theme})
    return campaign.model_copy(update={"words": words, "look": look})


def alternatives_of(campaign: Campaign, variant: str) -> list[Alternative]:
    """Give the alternatives that make a variant."""
    chosen = set(variant.split(", "))
    return [
        alternative
        for experiment in campaign.experiments
        for alternative in experiment.alternatives
        if f"{experiment.id}={alternative.id}" in chosen
    ]


def merge(under: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    """Lay one document over another, section by section."""
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        both = isinstance(below, Mapping) and isinstance(value, Mapping)
        merged[key] = merge(below, value) if both else value  # type: ignore[arg-type]
    return merged
