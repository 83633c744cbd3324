"""The planner: the needs of all metrics -> the fewest rollups, each from one scan or from another rollup.

Needs of the same grain become one table whatever their conditions: a condition is a FILTER on an aggregate,
not a scan of its own. What can be merged from the daily rollup is not scanned for again, and what is asked
of all time is merged from the rollups of the period and of the time before it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from recap.metrics.measures import Measure, MeasureWriter, text_of
from recap.metrics.needs import Need

PART_EVENTS, PART_HISTORY = "part_events", "part_history"
BY_CUSTOMER, BY_DAY = "rollup_by_customer", "rollup_by_day"
EDGES, MOMENTS = "rollup_edges", "rollup_moments"
_MERGED = {"sum": "sum", "least": "min", "most": "max"}


@dataclass(frozen=True, slots=True)
class Rollup:
    """A table to be made: `customer_id`, `key` where it has one, and its measures."""

    name: str
    source: str
    """What stands behind FROM."""
    key: str | None = None
    """SQL over the source that makes the groups of a customer."""
    measures: tuple[Measure, ...] = ()
    keyed: str = "key"
    """The name the key's column gets; a session's `key` is a measure."""
    where: tuple[str, ...] = ()
    """Only rows of the source that meet any of these."""
    made_of: str | None = None
    """The rollup that must be there before."""

    @property
    def sql(self) -> str:
        """The SELECT that makes it."""
        columns = ["customer_id", *([f"{self.key} AS {self.keyed}"] if self.key else [])]
        columns += [f"{measure.scan} AS {measure.alias}" for measure in self.measures]
        body = ",\n  ".join(columns)
        where = "\nWHERE " + "\n  OR ".join(self.where) if self.where else ""
        return f"SELECT\n  {body}\nFROM {self.source}{where}\nGROUP BY ALL"


@dataclass(frozen=True, slots=True)
class Plan:
    """The rollups in the order they are to be made, and how each need reads its own."""

    rollups: tuple[Rollup, ...]
    views: Mapping[Need, str]
    tables: Mapping[Need, tuple[str, ...]]
    """The rollups that a need reads."""

    def view(self, need: Need) -> str:
        """Give the subquery that reads `need`, in parentheses."""
        return self.views[need]


def plan_rollups(
    needs: Iterable[Need], types: Mapping[str, str] | None = None, *, instant: str = "ts"
) -> Plan:
    """Gather needs into rollups: one table for each grain.

    `types` maps fields to their DuckDB types; `instant` is the column that orders events in time.
    """
    planner = _Planner(types or {}, instant)
    views: dict[Need, str] = {}
    tables: dict[Need, tuple[str, ...]] = {}
    for need in dict.fromkeys(needs):
        views[need], tables[need] = planner.read(need)
    return Plan(planner.rollups(), views, tables)


class _Planner:
    def __init__(self, types: Mapping[str, str], instant: str) -> None:
        self._writer = MeasureWriter(types, instant)
        self._types = types
        self._instant = instant
        self._rollups: dict[str, Rollup] = {}
        self._sessions: dict[tuple[int, str | None], str] = {}

    def read(self, need: Need) -> tuple[str, tuple[str, ...]]:
        """Add what a need asks for; the subquery that reads it, and the rollups behind that."""
        if need.span != "ever":
            return self._read_one(need)
        parts = [self._read_one(replace(need, span=span)) for span in ("before", "period")]
        names = tuple(name for _, tables in parts for name in tables)
        union = "\nUNION ALL ".join(f"SELECT * FROM {view}" for view, _ in parts)
        if need.by == "day":  # no day is in both
            return f"({union})", names
        columns = [*_keys(need), "sum(n)::BIGINT AS n", f"{_MERGED[need.fold]}(value) AS value"]
        columns += ["min(picked) AS picked"] if need.pick else []
        return f"(SELECT {', '.join(columns)} FROM ({union}) GROUP BY ALL)", names

    def _read_one(self, need: Need) -> tuple[str, tuple[str, ...]]:
        if need.by == "customer" and need.pick is not None:
            return self._read_moments(need)
        name = self._grain(need)
        if need.by == "session":
            need = replace(need, where=None)  # the sessions are made of the right events already
        count, value, picked = self._writer.measures(need)
        self._add(name, count, value, picked)
        columns = [*_keys(need), f"{count.alias} AS n", f"{value.alias} AS value"]
        columns += [f"{picked.alias} AS picked"] if picked else []
        columns += ["seconds"] if need.by == "session" else []
        return f"(SELECT {', '.join(columns)} FROM {name} WHERE {count.alias} > 0)", (name,)

    def _read_moments(self, need: Need) -> tuple[str, tuple[str, ...]]:
        """Find where a customer's edge is, then look at the events there only.

        The least of a struct over all events would be several times dearer.
        """
        suffix, source = _time_of(need)
        edges = self._begin(Rollup(EDGES + suffix, source))
        count, value, _ = self._writer.measures(replace(need, pick=None))
        edge = self._writer.edge(need)
        self._add(edges, count, value, edge)
        # No field's name begins like the edges': they alone are joined.
        beside = f"{source} JOIN (SELECT customer_id, COLUMNS('^_') FROM {edges}) USING (customer_id)"
        moments = self._begin(Rollup(MOMENTS + suffix, beside, made_of=edges))
        where, picked = self._writer.at_edge(need, edge)
        self._add(moments, picked, where=where)
        columns = f"customer_id, {count.alias} AS n, {value.alias} AS value, {picked.alias} AS picked"
        both = f"{edges} JOIN {moments} USING (customer_id)"
        return f"(SELECT {columns} FROM {both} WHERE {picked.alias} IS NOT NULL)", (edges, moments)

    def _grain(self, need: Need) -> str:
        """Find the rollup of a need's grain, or begin it."""
        suffix, source = _time_of(need)
        match need.by:
            case "session":
                return self._begin(self._session(need, source))
            case "day":
                return self._begin(Rollup(BY_DAY + suffix, source, "ts::DATE"))
            case "hour":
                return self._begin(Rollup("rollup_by_hour" + suffix, source, "hour(ts)"))
            case "field":
                key = text_of(str(need.field), self._types)
                name = f"rollup_field_{need.field}{suffix}"
                return self._begin(Rollup(name, source, key, where=(f"{key} IS NOT NULL",)))
            case _:
                return self._begin(Rollup(BY_CUSTOMER + suffix, source))

    def _begin(self, rollup: Rollup) -> str:
        return self._rollups.setdefault(rollup.name, rollup).name

    def _add(self, name: str, *measures: Measure | None, where: str | None = None) -> None:
        rollup = self._rollups[name]
        known = {measure.alias: measure for measure in rollup.measures}
        known |= {measure.alias: measure for measure in measures if measure is not None}
        wheres = rollup.where if where is None else tuple(dict.fromkeys((*rollup.where, where)))
        self._rollups[name] = replace(rollup, measures=tuple(known.values()), where=wheres)

    def _session(self, need: Need, source: str) -> Rollup:
        assert need.gap is not None  # noqa: S101 - sessions have one; this is for the type checker
        name = self._sessions.setdefault(
            (need.gap, need.where), f"rollup_session_{need.gap}_{len(self._sessions) + 1}"
        )
        at, condition = self._instant, f"\n    WHERE {need.where}" if need.where else ""
        # By range, for events of one instant: any of them may be the one that begins.
        numbered = f"""(
  SELECT *, count(*) FILTER (WHERE _begins) OVER (PARTITION BY customer_id ORDER BY {at}
    RANGE UNBOUNDED PRECEDING) AS _session
  FROM (
    SELECT *, coalesce({at} - lag({at}) OVER (PARTITION BY customer_id ORDER BY {at})
      > INTERVAL {need.gap} MINUTE, false) AS _begins
    FROM {source}{condition}
  )
)"""
        key = Measure("key", f"arg_min(ts, {at})", None)
        seconds = Measure("seconds", f"(epoch_us(max({at})) - epoch_us(min({at}))) // 1000000", None)
        return Rollup(name, numbered, "_session", (key, seconds), keyed="_session")

    def rollups(self) -> tuple[Rollup, ...]:
        """Give the rollups, what is made of another after that other."""
        made = dict(self._rollups)
        for suffix in ("", "_before"):
            total, daily = made.get(BY_CUSTOMER + suffix), made.get(BY_DAY + suffix)
            if total and daily:
                known = {measure.alias for measure in daily.measures}
                more = tuple(measure for measure in total.measures if measure.alias not in known)
                made[daily.name] = replace(daily, measures=(*daily.measures, *more))
                merging = tuple(measure.merging() for measure in total.measures)
                made[total.name] = replace(total, source=daily.name, measures=merging, made_of=daily.name)
        return tuple(sorted(made.values(), key=lambda r: (r.made_of or r.name, r.made_of is not None)))


def _keys(need: Need) -> list[str]:
    return ["customer_id"] if need.by == "customer" else ["customer_id", "key"]


def _time_of(need: Need) -> tuple[str, str]:
    return ("_before", PART_HISTORY) if need.span == "before" else ("", PART_EVENTS)
