"""What the campaign file alone cannot tell of its metrics: checked against the real fields and events."""

from collections.abc import Iterator, Mapping

import duckdb

from recap.campaign import Campaign, Metric, did_you_mean
from recap.errors import CampaignError, Problem
from recap.metrics.currencies import currency_problems
from recap.metrics.kinds.read_only import condition_faults
from recap.metrics.registry import kind_of
from recap.sources.events import EVENTS
from recap.sources.sql import first_line, missing_column, quote

NUMERIC = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL")
OF_ANY_TYPE = {"standing", "distinct", "ratio", "comparison"}


def check_metrics(
    campaign: Campaign, connection: duckdb.DuckDBPyConnection, fields: Mapping[str, str]
) -> None:
    """Check the metrics against the data; `fields` maps names to DuckDB types.

    Raises CampaignError with every problem: a field that is added up but holds no numbers, a condition that
    is no condition, and what the kinds find.
    """
    problems = [
        Problem(message, f"metrics.{index}.{key}")
        for index, metric in enumerate(campaign.metrics)
        for key, message in _problems(metric, connection, fields)
    ]
    problems += _ranked_ranks(campaign)
    # Conditions that are none would fail here again.
    problems = problems or currency_problems(campaign, connection, fields)
    if problems:
        raise CampaignError(problems)


def find_unknown_values(
    campaign: Campaign, connection: duckdb.DuckDBPyConnection, fields: Mapping[str, str]
) -> list[str]:
    """Warn of sensitive values that no event has, which are more likely to be misspelt than to be missing."""
    warnings = []
    for sensitive in campaign.policy.sensitive:
        if sensitive.field is None or sensitive.field not in fields:
            continue
        label = f"CAST({quote(sensitive.field)} AS VARCHAR)"
        found = connection.execute(f"SELECT DISTINCT {label} FROM {EVENTS} WHERE {label} IS NOT NULL")
        known = {value for (value,) in found.fetchall()}
        warnings += [
            f"policy: no event has the {sensitive.field} {value!r}{did_you_mean(value, known)}"
            for value in sensitive.values
            if value not in known
        ]
    return warnings


def _ranked_ranks(campaign: Campaign) -> list[Problem]:
    kinds = {metric.id: metric.kind for metric in campaign.metrics}
    return [
        Problem(
            f"{of!r} is a standing itself; rank the metric it ranks, with another `direction` or `within`",
            f"metrics.{index}.of",
        )
        for index, metric in enumerate(campaign.metrics)
        if metric.kind == "standing" and kinds.get(of := str(getattr(metric, "of", None))) == "standing"
    ]


def _problems(
    metric: Metric, connection: duckdb.DuckDBPyConnection, fields: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    of = str(getattr(metric, "of", None))
    if metric.kind not in OF_ANY_TYPE and of in fields:
        type_ = fields[of].upper()
        if not type_.removeprefix("U").startswith(NUMERIC):
            yield "of", f"the field {of!r} holds {type_}, not numbers; give it `type: number` or `money`"
    if metric.where is not None and (wrong := _wrong_condition(connection, metric.where, fields)):
        yield "where", wrong
    else:
        yield from kind_of(metric).problems(metric, connection, fields)


def _wrong_condition(
    connection: duckdb.DuckDBPyConnection, where: str, fields: Mapping[str, str]
) -> str | None:
    """Try a condition on all events, for what it means and for what only some value makes go wrong."""
    for fault in condition_faults(connection, where):
        return fault
    try:
        tried = f"SELECT count(*) FILTER (WHERE ({where}\n)), any_value(typeof(({where}\n))) FROM {EVENTS}"
        row = connection.execute(tried).fetchone()
    except duckdb.Error as error:
        missing = missing_column(error)
        hint = did_you_mean(missing, fields) if missing else ""
        return f"DuckDB does not understand it: {first_line(error)}{hint}"
    if row is not None and row[1] not in {None, "BOOLEAN"}:
        return f"this is no condition, but {row[1]}: compare it with something"
    return None
