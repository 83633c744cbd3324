"""Sensitive values take no part: the policy, written into the conditions of metrics that would name them."""

from collections.abc import Iterator

from recap.campaign.models import Campaign, Metric


def without_hidden(campaign: Campaign) -> Campaign:
    """Leave values that the policy hides out of every metric in which they would compete.

    Done once, when the campaign is built: computing, audit and receipt all have the same condition.
    """
    metrics = tuple(_without(metric, campaign) for metric in campaign.metrics)
    return campaign if metrics == campaign.metrics else campaign.model_copy(update={"metrics": metrics})


def _without(metric: Metric, campaign: Campaign) -> Metric:
    conditions = list(_conditions(str(getattr(metric, "by", None)), campaign))
    if not conditions:
        return metric
    # The line break ends a comment that the campaign's own condition may hold.
    own = [f"({metric.where}\n)"] if metric.where is not None else []
    return metric.model_copy(update={"where": " AND ".join([*own, *conditions])})


def _conditions(field: str, campaign: Campaign) -> Iterator[str]:
    for sensitive in campaign.policy.sensitive:
        if sensitive.field == field and sensitive.treat == "hide":
            values = ", ".join("'" + value.replace("'", "''") + "'" for value in sensitive.values)
            label = f'CAST("{field}" AS VARCHAR)'
            yield f"({label} IS NULL OR {label} NOT IN ({values}))"
