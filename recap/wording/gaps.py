"""What a campaign says in some of its languages only: told by `check` and by the run, never passed over."""

from collections.abc import Iterator, Mapping
from typing import Any

from recap.campaign import Campaign
from recap.wording.locales import in_language

_NAMED = 3


def find_gaps(campaign: Campaign) -> list[str]:
    """List the campaign's own texts that lack one of its languages, and what is used instead."""
    gaps: dict[tuple[str, str, str], list[str]] = {}
    for owner, what, texts, instead in _texts(campaign):
        missing = ", ".join(name for name in campaign.languages if in_language(texts, name) is None)
        if missing:
            gaps.setdefault((what, missing, instead), []).append(owner)
    return [f"{what}{_of(owners)} lacks {missing}; {used}" for (what, missing, used), owners in gaps.items()]


def _of(owners: list[str]) -> str:
    named = ", ".join(owner for owner in owners[:_NAMED] if owner)
    more = f" and {len(owners) - _NAMED} more" if len(owners) > _NAMED else ""
    return f" of {named}{more}" if named else ""


def _texts(campaign: Campaign) -> Iterator[tuple[str, str, Mapping[str, Any], str]]:
    first = f"the text in {campaign.languages[0]} is used, or any there is"
    own = "recap's own words are used"
    if isinstance(campaign.title, Mapping):
        yield "", "`title`", campaign.title, first
    if campaign.words:
        yield "", "`words`", campaign.words, own
    for metric in campaign.metrics:
        if isinstance(metric.title, Mapping):
            yield metric.id, "`title`", metric.title, own
        if metric.noun:
            yield metric.id, "`noun`", metric.noun, first
        if metric.words:
            yield metric.id, "`words`", metric.words, own
        for thing in getattr(metric, "things", ()):
            yield f"{metric.id}.{thing.id}", "`noun`", thing.noun, first
        for rule in getattr(metric, "rules", ()):
            if isinstance(rule.name, Mapping):
                yield f"{metric.id}.{rule.id}", "`name`", rule.name, first
