"""The planner: the needs of all metrics -> the fewest rollups, each from one scan or from another rollup.

Needs of the same grain become one table whatever their conditions: a condition is a FILTER on an aggregate,
not a scan of its own. What can be merged from the daily rollup is not scanned for again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from recap.metrics.needs import Need
from recap.sources.sql import quote

EVENTS = "events"


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


def plan_rollups(needs: Iterable[Need], inexact: Collection[str] = ()) -> Plan:
    """Gather needs into rollups: one table for each grain.

    `inexact` names the fields of floating point. Their sums would depend on the order of addition, and so
    change from run to run; they are added as decimals with nine digits after the point.
    """
    wanted = list(dict.fromkeys(needs))
    conditions = {w: f"w{i}" for i, w in enumerate(dict.fromkeys(n.where for n in wanted if n.where), 1)}
    measures: dict[str, dict[str, Measure]] = {}
    keys: dict[str, tuple[str | None, bool]] = {}
    views: dict[Need, str] = {}
    for need in wanted:
        name, key = _grain(need)
        keys[name] = (key, need.by == "field")
        count, value, picked = _measures(need, conditions, inexact)
        table = measures.setdefault(name, {})
        for measure in (count, value, picked):
            if measure is not None:
                table.setdefault(measure.alias, measure)
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
    total, daily = rollups.get("rollup_customer"), rollups.get("rollup_day")
    if total and daily and all(m.merge for m in total.measures):
        more = [m for m in total.measures if m.alias not in {d.alias for d in daily.measures}]
        rollups["rollup_day"] = replace(daily, measures=(*daily.measures, *more))
        rollups["rollup_customer"] = replace(total, source="rollup_day")
    # What is merged comes after what it is merged from.
    return sorted(rollups.values(), key=lambda rollup: (rollup.source != EVENTS, rollup.name))


def _grain(need: Need) -> tuple[str, str | None]:
    match need.by:
        case "customer":
            return "rollup_customer", None
        case "day":
            return "rollup_day", "ts::DATE"
        case "hour":
            return "rollup_hour", "hour(ts)"
        case "field":
            return f"rollup_{need.field}", f"{quote(str(need.field))}::VARCHAR"


def _measures(
    need: Need, conditions: Mapping[str, str], inexact: Collection[str]
) -> tuple[Measure, Measure, Measure | None]:
    suffix = f"_{conditions[need.where]}" if need.where else ""
    filtered = f" FILTER (WHERE {need.where})" if need.where else ""
    of = quote(need.of) if need.of else None
    n = f"n_{need.of}{suffix}" if need.of else f"n{suffix}"
    count = Measure(n, f"count({of or '*'}){filtered}", f"sum({n})::BIGINT")
    total = f"sum_{need.of}{suffix}"
    added = f"{of}::DECIMAL(38, 9)" if need.of in inexact else of
    value = Measure(total, f"sum({added}){filtered}", f"sum({total})") if of else count
    if need.pick is None:
        return count, value, None
    label = f"{quote(need.label)}::VARCHAR" if need.label else "NULL::VARCHAR"
    alias = f"{need.pick}_{need.of or 'event'}_{need.label or 'unlabelled'}{suffix}"
    if need.pick == "largest":
        return count, value, Measure(alias, _largest(str(of), label, need.where), None)
    # Among events of the same moment the label that sorts first is taken, whichever end is asked for.
    if need.pick == "first":
        scan = f"min({{'ts': ts, 'label': {label}}}){filtered}"
        return count, value, Measure(alias, scan, f"min({alias})")
    scan = f"min({{'ago': -epoch_us(ts), 'ts': ts, 'label': {label}}}){filtered}"
    return count, value, Measure(alias, scan, f"min({alias})")


def _largest(of: str, label: str, where: str | None) -> str:
    known = f"{of} IS NOT NULL" + (f" AND ({where})" if where else "")
    return f"min({{'value': -{of}, 'ts': ts, 'label': {label}}}, 2) FILTER (WHERE {known})"
