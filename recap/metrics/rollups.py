"""The planner: the needs of all metrics -> the fewest rollups, each from one scan or from another rollup.

Needs of the same grain become one table whatever their conditions: a condition is a FILTER on an aggregate,
not a scan of its own. What can be merged from the daily rollup is not scanned for again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from recap.metrics.needs import Need
from recap.sources.sql import quote

EVENTS = "events"
BY_CUSTOMER, BY_DAY, BY_HOUR = "rollup_by_customer", "rollup_by_day", "rollup_by_hour"


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of a rollup: how it is made from events, and how from finer groups of the same rollup."""

    alias: str
    scan: str
    merge: str | None


@dataclass(frozen=True, slots=True)
class Rollup:
    """A table to be made: `customer_id`, `key` (but for `customer`) and its measures."""

    name: str
    key: str | None
    nullable: bool
    source: str
    measures: tuple[Measure, ...]

    @property
    def sql(self) -> str:
        """The statement that makes it."""
        columns = ["customer_id", *([f"{self.key} AS key"] if self.key else [])]
        merged = self.source != EVENTS
        columns += [f"{m.merge if merged else m.scan} AS {m.alias}" for m in self.measures]
        condition = f"\nWHERE {self.key} IS NOT NULL" if self.nullable and not merged else ""
        body = ",\n  ".join(columns)
        select = f"SELECT\n  {body}\nFROM {self.source}{condition}\nGROUP BY ALL"
        return f"CREATE OR REPLACE TABLE {self.name} AS\n{select}"


@dataclass(frozen=True, slots=True)
class Plan:
    """The rollups in the order they are to be made, and how each need reads its own."""

    rollups: tuple[Rollup, ...]
    views: Mapping[Need, str]

    def view(self, need: Need) -> str:
        """Give the subquery that reads `need`, in parentheses."""
        return self.views[need]


def plan_rollups(needs: Iterable[Need], types: Mapping[str, str] | None = None) -> Plan:
    """Gather needs into rollups: one table for each grain.

    `types` maps fields to their DuckDB types. Sums of floating point would depend on the order of addition,
    and so change from run to run: they are made as decimals with nine digits after the point.
    """
    wanted = list(dict.fromkeys(needs))
    writer = _Writer(types or {})
    measures: dict[str, dict[str, Measure]] = {}
    keys: dict[str, tuple[str | None, bool]] = {}
    views: dict[Need, str] = {}
    for need in wanted:
        name, key = _grain(need)
        keys[name] = (key, need.by == "field")
        count, value, picked = writer.measures(need)
        table = measures.setdefault(name, {})
        for measure in (count, value, picked):
            if measure is not None:
                table[measure.alias] = measure
        columns = ["customer_id", *(["key"] if key else []), f"{count.alias} AS n", f"{value.alias} AS value"]
        columns += [f"{picked.alias} AS picked"] if picked else []
        views[need] = f"(SELECT {', '.join(columns)} FROM {name} WHERE {count.alias} > 0)"
    return Plan(tuple(_order(measures, keys)), views)


def _order(
    measures: Mapping[str, dict[str, Measure]], keys: Mapping[str, tuple[str | None, bool]]
) -> Sequence[Rollup]:
    rollups = {
        name: Rollup(name, *keys[name], EVENTS, tuple(table.values())) for name, table in measures.items()
    }
    total, daily = rollups.get(BY_CUSTOMER), rollups.get(BY_DAY)
    if total and daily and all(m.merge for m in total.measures):
        more = [m for m in total.measures if m.alias not in {d.alias for d in daily.measures}]
        rollups[BY_DAY] = replace(daily, measures=(*daily.measures, *more))
        rollups[BY_CUSTOMER] = replace(total, source=BY_DAY)
    # What is merged comes after what it is merged from.
    return sorted(rollups.values(), key=lambda rollup: (rollup.source != EVENTS, rollup.name))


def _grain(need: Need) -> tuple[str, str | None]:
    match need.by:
        case "customer":
            return BY_CUSTOMER, None
        case "day":
            return BY_DAY, "ts::DATE"
        case "hour":
            return BY_HOUR, "hour(ts)"
        case "field":
            return f"rollup_field_{need.field}", f"{quote(str(need.field))}::VARCHAR"


class _Writer:
    """Writes measures; the same aggregate has the same alias wherever it is needed."""

    def __init__(self, types: Mapping[str, str]) -> None:
        self._types = {name: type_.upper() for name, type_ in types.items()}
        self._aliases: dict[str, str] = {}

    def measures(self, need: Need) -> tuple[Measure, Measure, Measure | None]:
        """Write how many, how much, and which one."""
        filtered = f" FILTER (WHERE {need.where})" if need.where else ""
        of = quote(need.of) if need.of else None
        count = self._measure("n", f"count({of or '*'}){filtered}", "sum({})::BIGINT")
        value = count
        if need.of is not None:
            value = self._measure("sum", f"sum({self._addable(need.of)}){filtered}", "sum({})")
        return count, value, self._picked(need, filtered) if need.pick else None

    def _picked(self, need: Need, filtered: str) -> Measure:
        label = f"{quote(need.label)}::VARCHAR" if need.label else "NULL::VARCHAR"
        if need.pick == "largest":
            known = f"{quote(str(need.of))} IS NOT NULL" + (f" AND {need.where}" if need.where else "")
            event = f"{{'value': -{self._signed(str(need.of))}, 'ts': ts, 'label': {label}}}"
            return self._measure("largest", f"min({event}, 2) FILTER (WHERE {known})", None)
        # Among events of the same moment the label that sorts first is taken, whichever end is asked for.
        order = "" if need.pick == "first" else "'ago': -epoch_us(ts), "
        return self._measure(
            str(need.pick), f"min({{{order}'ts': ts, 'label': {label}}}){filtered}", "min({})"
        )

    def _measure(self, name: str, scan: str, merge: str | None) -> Measure:
        alias = self._aliases.setdefault(scan, f"{name}_{len(self._aliases) + 1}")
        return Measure(alias, scan, merge.format(alias) if merge else None)

    def _addable(self, field: str) -> str:
        exact = self._types.get(field) not in {"FLOAT", "DOUBLE"}
        return quote(field) if exact else f"{quote(field)}::DECIMAL(38, 9)"

    def _signed(self, field: str) -> str:
        """Write a field so that it can be negated: unsigned integers, and the least of others, cannot."""
        whole = self._types.get(field, "").endswith(("INT", "INTEGER"))
        return f"{quote(field)}::HUGEINT" if whole else quote(field)
