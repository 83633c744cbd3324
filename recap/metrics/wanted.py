"""What the metrics of a campaign want of the sources: nothing else is kept."""

from recap.campaign import Campaign
from recap.metrics.registry import kind_of
from recap.sources.open import Wanted
from recap.sources.sql import words_of


def wanted_of(campaign: Campaign) -> Wanted:
    """Say whether events before the period are read, and which fields are.

    A field is wanted where a metric's key names it or the text of a condition or of own SQL holds its name:
    rather one too many than one too few.
    """
    texts = (metric.model_dump_json(exclude={"words", "title", "noun"}) for metric in campaign.metrics)
    words = words_of(" ".join(texts))
    return Wanted(
        instants=True,
        history=any(kind_of(metric).reads_history(metric) for metric in campaign.metrics),
        fields=frozenset(name for name in campaign.fields if name in words),
    )
