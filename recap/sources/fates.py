"""What becomes of every row: the conditions under which it counts, as SQL over what was read of it."""

from dataclasses import dataclass
from datetime import timedelta

import duckdb

from recap.campaign.models import Campaign
from recap.errors import SourceError
from recap.sources.customers import Known
from recap.sources.exchange import code, code_column, converted, joined, unconverted
from recap.sources.forgotten import is_one
from recap.sources.mapping import Mapped
from recap.sources.opt_outs import TABLE as OPTED_OUT
from recap.sources.sql import literal, quote, sentence

USED, REJECTED, NO_CUSTOMER, FILTERED, BEFORE, AFTER, FORGOTTEN = range(7)
"""The fates of rows but for duplicates; of FORGOTTEN and then those from REJECTED to FILTERED the first that
holds counts. What is FORGOTTEN is counted nowhere."""
FARTHEST = timedelta(days=1)
"""No local time is as far as that from UTC."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A source's rows and their fates, as SQL over `relation`."""

    relation: str
    """What stands behind FROM."""
    values: dict[str, str]
    """The columns of an event: `customer_id`, `ts`, the fields, and `recap at 0`, ... for file order."""
    instant: str
    """The instant in UTC as TIMESTAMP, or the local time where no instant is known."""
    unreadable: tuple[tuple[str, str], ...]
    """When a row cannot be read, and why: two expressions each."""
    unwanted: tuple[str, ...]
    """When a row is not wanted."""
    before: str
    within: str
    """When a row is of the period."""
    forgotten: str | None
    """When a row's customer was forgotten; None where nobody was."""

    @property
    def fate(self) -> str:
        """The number of the row's fate."""
        cases = [(self.forgotten, FORGOTTEN)] if self.forgotten else []
        cases += [(f"({condition})", REJECTED) for condition, _ in self.unreadable]
        cases += [("v.customer_id IS NULL", NO_CUSTOMER)]
        cases += [(f"({condition})", FILTERED) for condition in self.unwanted]
        cases += [(f"({self.within})", USED), (f"({self.before})", BEFORE)]
        return f"CASE {' '.join(f'WHEN {case} THEN {fate}' for case, fate in cases)} ELSE {AFTER} END"

    @property
    def why(self) -> str:
        """The reason for which a row is rejected, NULL where it is not."""
        cases = [f"WHEN {self.forgotten} THEN NULL"] if self.forgotten else []
        cases += [f"WHEN {condition} THEN {problem}" for condition, problem in self.unreadable]
        return f"CASE {' '.join(cases)} END"

    def among(self, fate: int) -> str:
        """Write the condition for rows that are USED or BEFORE.

        It says what `fate` says; but DuckDB sorts rows out by conditions long before it computes a number.
        """
        conditions = [f"NOT ({condition})" for condition, _ in self.unreadable]
        if self.forgotten:
            conditions.append(f"NOT ({self.forgotten})")
        conditions += ["v.customer_id IS NOT NULL", *(f"NOT ({condition})" for condition in self.unwanted)]
        return " AND ".join([*conditions, f"({self.within if fate == USED else self.before})"])


def judge(mapped: Mapped, campaign: Campaign, known: Known, relation: str) -> Judged:
    """Write local times, converted money and the conditions for fates over what `values_query` gives."""
    start, stop = campaign.period.start, campaign.period.stop
    zone, joins = literal(campaign.time_zone), ""
    if mapped.moment.may_be_instant and campaign.local_time == "customer" and known.some_have_zones:
        zone = f"coalesce(z.time_zone, {zone})"
        joins = " LEFT JOIN customers z ON z.customer_id = v.customer_id"
    ts = instant = f"v.{quote('recap wall' if mapped.moment.local is None else 'recap local')}"
    within = f"{ts} >= {_midnight(start)} AND {ts} < {_midnight(stop)}"
    before = f"{ts} < {_midnight(start)}"
    if mapped.moment.may_be_instant:
        # Local time takes DuckDB longer than all the rest, and is needed near the period's ends only.
        utc = 'make_timestamp(epoch_us(v."recap instant"))'
        instant = f"coalesce({ts}, {utc})"
        ts = instant if zone == literal("UTC") else f'coalesce({ts}, timezone({zone}, v."recap instant"))'
        within = (
            f"{instant} >= {_midnight(start - FARTHEST)} AND {instant} < {_midnight(stop + FARTHEST)} AND "
            f"({instant} >= {_midnight(start + FARTHEST)} AND {instant} < {_midnight(stop - FARTHEST)} "
            f"OR {ts} >= {_midnight(start)} AND {ts} < {_midnight(stop)})"
        )
        before = (
            f"{instant} < {_midnight(start - FARTHEST)} OR "
            f"({instant} < {_midnight(start + FARTHEST)} AND {ts} < {_midnight(start)})"
        )
    fields = {field.name: f"v.{quote(field.name)}" for field in mapped.fields}
    if campaign.money is not None:
        fields |= {field.name: converted(field) for field in mapped.fields if field.currency is not None}
        joins += "".join(joined(field) for field in mapped.fields if field.currency is not None)
    unwanted = [] if mapped.wanted == "true" else ['NOT coalesce(v."recap wanted", false)']
    if known.some_opted_out:
        unwanted.append(f"v.customer_id IN (SELECT customer_id FROM {OPTED_OUT})")
    unwanted += [_not_me(name, sql) for name, sql in fields.items() if name in known.not_me]
    return Judged(
        relation=f"{relation} v{joins}",
        values={"customer_id": "v.customer_id", "ts": ts}
        | fields
        | {place: f"v.{quote(place)}" for place in mapped.table.places},
        instant=instant,
        unreadable=tuple(_unreadable(mapped, with_rates=campaign.money is not None)),
        unwanted=tuple(unwanted),
        before=before,
        within=within,
        forgotten=is_one("v.customer_id") if known.some_forgotten else None,
    )


def _not_me(name: str, value: str) -> str:
    """Write whether a row's customer said that its value of a field is not theirs; never NULL."""
    return (
        f"coalesce((v.customer_id, CAST({value} AS VARCHAR)) IN (SELECT customer_id, value FROM wishes "
        f"WHERE wish = 'not_me' AND field = {literal(name)}), false)"
    )


def _midnight(day: object) -> str:
    return f"TIMESTAMP '{day} 00:00:00'"


def _unreadable(mapped: Mapped, *, with_rates: bool) -> list[tuple[str, str]]:
    cases = []
    if mapped.table.broken:
        cases.append(('v."recap broken"', literal(mapped.table.broken_problem)))
    cases.append(('NOT v."recap given"', literal("there is no time")))
    nothing = 'v."recap wall" IS NULL AND v."recap instant" IS NULL'
    cases.append((nothing, literal(mapped.moment.problem)))
    failures = [(field.name, field.problem) for field in mapped.fields if field.given is not None]
    failures += [(part.name, part.problem) for part, _ in mapped.taken]
    for name, problem in failures:
        condition = f"v.{quote(f'recap given {name}')} AND v.{quote(name)} IS NULL"
        cases.append((condition, literal(problem)))
    if with_rates:
        cases += [case for field in mapped.fields if field.currency for case in unconverted(field)]
    return cases


def values_query(mapped: Mapped, *, with_text: bool = False) -> str:
    """Write the query for everything that is computed from the source's own columns."""
    moment, broken = mapped.moment, mapped.table.broken
    values = {
        "customer_id": mapped.customer,
        "recap given": moment.given,
        "recap wall": moment.wall,
        "recap instant": moment.instant,
        "recap wanted": mapped.wanted,
        "recap broken": f"coalesce({broken}, false)" if broken else "false",
    }
    if moment.local is not None:
        values["recap local"] = moment.local
    for field in mapped.fields:
        values[field.name] = field.value
        if field.given is not None:
            values[f"recap given {field.name}"] = field.given
        if field.currency is not None:
            codes = next(other.value for other in mapped.fields if other.name == field.currency)
            values[code_column(field)] = code(codes)
    for part, given in mapped.taken:
        values[part.name] = quote(part.name)
        values[f"recap given {part.name}"] = given
    kept = [*mapped.table.places, *(("recap label", "recap raw") if with_text else ())]
    values |= {name: quote(name) for name in kept}
    columns = ", ".join(f"{sql} AS {quote(name)}" for name, sql in values.items())
    return f"SELECT {columns} FROM {mapped.steps.wrap(mapped.table.placed(with_text=with_text))}"


def rejects_query(mapped: Mapped, campaign: Campaign, known: Known) -> str:
    """Write the query for the rejected rows in the shape that `rejects.locate_rejects` wants."""
    judged = judge(mapped, campaign, known, f"({values_query(mapped, with_text=True)})")
    names = ", ".join(f"v.{quote(name)}" for name in [*mapped.table.places, "recap label", "recap raw"])
    rows = f'SELECT {names}, {judged.why} AS "recap why" FROM {judged.relation}'
    return f'SELECT * FROM ({rows}) WHERE "recap why" IS NOT NULL'


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
