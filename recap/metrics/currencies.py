"""Amounts of several currencies are never added: found in the data, before it is computed with."""

from collections.abc import Iterator, Mapping

import duckdb

from recap.campaign import Campaign, Metric
from recap.errors import Problem
from recap.metrics.registry import kind_of
from recap.sources.events import EVENTS, HISTORY
from recap.sources.exchange import code
from recap.sources.sql import listed, quote

OF_NO_AMOUNT = {"distinct", "standing", "ratio", "comparison"}
"""Kinds whose `of` is another metric, or a field of which only the different values count."""
CODES_NAMED = 6


def currency_problems(
    campaign: Campaign, connection: duckdb.DuckDBPyConnection, fields: Mapping[str, str]
) -> list[Problem]:
    """Find metrics that add or compare amounts of several currencies, or print another than theirs.

    The connection holds `events` and `history`; `fields` are their columns, and must have the field of the
    currency wherever there is that of the amount, as `open_events` leaves them. The metrics' conditions must
    be known to be sound. Where the campaign converts amounts (`money`), only what is printed can be wrong.
    """
    problems = []
    for index, metric in enumerate(campaign.metrics):
        of = getattr(metric, "of", None)
        if metric.kind in OF_NO_AMOUNT or of not in campaign.currencies or of not in fields:
            continue
        codes = _codes(campaign, connection, metric, of)
        for key, message in _problems(metric, of, campaign.currencies[of], codes):
            problems.append(Problem(message, f"metrics.{index}.{key}"))
    return problems


def _codes(
    campaign: Campaign, connection: duckdb.DuckDBPyConnection, metric: Metric, of: str
) -> set[str | None]:
    """Find the currencies of the amounts a metric reads; None stands for those that have none."""
    if campaign.money is not None:
        return {campaign.money.currency}
    condition = f"{quote(of)} IS NOT NULL" + (f" AND ({metric.where}\n)" if metric.where else "")
    tables = (EVENTS, HISTORY) if kind_of(metric).reads_history(metric) else (EVENTS,)
    query = " UNION ".join(
        f"SELECT DISTINCT {code(quote(campaign.currencies[of]))} FROM {table} WHERE {condition}"
        for table in tables
    )
    return {name for (name,) in connection.execute(query).fetchall()}


def _problems(metric: Metric, of: str, by: str, codes: set[str | None]) -> Iterator[tuple[str, str]]:
    names = [*sorted(name for name in codes if name), *(["no currency at all"] if None in codes else [])]
    shown = listed(names, CODES_NAMED)
    apart = metric.kind == "top" and getattr(metric, "by", None) == by
    if len(codes) > 1 and not apart:
        message = (
            f"the amounts in {of!r} are in several currencies ({shown}), which cannot be added or compared; "
            f"give `money.rates`, keep to one with a `where` such as `{by} = {names[0]!r}`, "
            f"or tell them apart with `kind: top` and `by: {by}`"
        )
        yield "of", message
    elif metric.currency is not None and codes - {metric.currency}:
        yield "currency", f"the amounts in {of!r} are in {shown}, and not in {metric.currency}"
