"""What becomes of every row: one query that reads, converts and judges a source in a single pass."""

import duckdb

from recap.campaign.models import Campaign
from recap.errors import SourceError
from recap.sources.customers import Known
from recap.sources.mapping import Mapped
from recap.sources.sql import literal, quote, sentence

USED, REJECTED, NO_CUSTOMER, FILTERED, OUTSIDE_PERIOD = range(5)
"""The numbers in the column `recap fate`; of the last four, the first that holds counts."""


def fates_query(mapped: Mapped, campaign: Campaign, known: Known) -> str:
    """Write the query for `customer_id, ts`, the fields, `recap why`, `recap fate` and `recap at 0`, ...

    `recap why` is the reason of a rejected row, else NULL; the `recap at` columns put rows in file order.
    """
    values = f"SELECT {_values(mapped)} FROM {mapped.steps.wrap(mapped.table.placed())}"
    return _judged(values, mapped, campaign, known, mapped.table.places)


def rejects_query(mapped: Mapped, campaign: Campaign, known: Known) -> str:
    """Write the query for the rejected rows in the shape that `rejects.locate_rejects` wants."""
    relation = mapped.steps.wrap(mapped.table.placed(with_text=True))
    values = f'SELECT {_values(mapped)}, "recap label", "recap raw" FROM {relation}'
    kept = (*mapped.table.places, "recap label", "recap raw")
    names = ", ".join(map(quote, [*kept, "recap why"]))
    judged = _judged(values, mapped, campaign, known, kept)
    return f'SELECT {names} FROM ({judged}) WHERE "recap fate" = {REJECTED}'


def blame(
    connection: duckdb.DuckDBPyConnection, mapped: Mapped, error: duckdb.Error, key: str
) -> SourceError:
    """Say why a source's query failed, and name the author's expression that does, if one does."""
    relation = mapped.typed().wrap(mapped.table.placed())
    for at, sql in mapped.written.items():
        try:
            connection.execute(f"SELECT count(*) FROM {relation} WHERE ({sql}) IS NULL").fetchall()
        except duckdb.Error as own:
            return SourceError(f"{at}: {sentence(own)}")
    return SourceError(f"{key}: {sentence(error)}")


def _values(mapped: Mapped) -> str:
    """Write everything that is computed from the source's own columns."""
    moment, broken = mapped.moment, mapped.table.broken
    values = {
        "customer_id": mapped.customer,
        "recap given": moment.given,
        "recap wall": moment.wall,
        "recap instant": moment.instant,
        "recap wanted": mapped.wanted,
        "recap broken": f"coalesce({broken}, false)" if broken else "false",
    }
    for field in mapped.fields:
        values[field.name] = field.value
        if field.given is not None:
            values[f"recap given {field.name}"] = field.given
    for part, given in mapped.taken:
        values[part.name] = quote(part.name)
        values[f"recap given {part.name}"] = given
    values |= {place: quote(place) for place in mapped.table.places}
    return ", ".join(f"{sql} AS {quote(name)}" for name, sql in values.items())


def _judged(values: str, mapped: Mapped, campaign: Campaign, known: Known, kept: tuple[str, ...]) -> str:
    """Write local time, then why a row cannot be read, then its fate."""
    zone, zones = literal(campaign.time_zone), ""
    if mapped.moment.may_be_instant and campaign.local_time == "customer" and known.some_have_zones:
        zone = f"coalesce(z.time_zone, {zone})"
        zones = "LEFT JOIN customers z ON z.customer_id = v.customer_id"
    names = ["customer_id", *(field.name for field in mapped.fields)]
    columns = ", ".join(f"v.{quote(name)}" for name in [*names, "recap wanted", *kept])
    local = (
        f'SELECT {columns}, coalesce(v."recap wall", timezone({zone}, v."recap instant")) AS ts, '
        f'{_why(mapped)} AS "recap why" FROM ({values}) v {zones}'
    )
    opted_out = (
        " OR customer_id IN (SELECT customer_id FROM customers WHERE opt_out)" if known.some_opted_out else ""
    )
    start, stop = (f"TIMESTAMP '{day} 00:00:00'" for day in (campaign.period.start, campaign.period.stop))
    return (
        f"SELECT {', '.join(map(quote, [*names, 'ts', *kept, 'recap why']))}, "
        f'CASE WHEN "recap why" IS NOT NULL THEN {REJECTED} WHEN customer_id IS NULL THEN {NO_CUSTOMER} '
        f'WHEN NOT coalesce("recap wanted", false){opted_out} THEN {FILTERED} '
        f'WHEN ts < {start} OR ts >= {stop} THEN {OUTSIDE_PERIOD} ELSE {USED} END AS "recap fate" '
        f"FROM ({local})"
    )


def _why(mapped: Mapped) -> str:
    """Write the reason for which a row cannot be read, NULL where it can."""
    cases = {
        'v."recap broken"': mapped.table.broken_problem,
        'NOT v."recap given"': "there is no time",
        'v."recap wall" IS NULL AND v."recap instant" IS NULL': mapped.moment.problem,
    }
    failures = [(field.name, field.problem) for field in mapped.fields if field.given is not None]
    failures += [(part.name, part.problem) for part, _ in mapped.taken]
    for name, problem in failures:
        cases[f"v.{quote(f'recap given {name}')} AND v.{quote(name)} IS NULL"] = problem
    return f"CASE {' '.join(f'WHEN {case} THEN {literal(problem)}' for case, problem in cases.items())} END"
