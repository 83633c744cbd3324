"""The columns of rollups: aggregates over events, and how they are merged from finer groups."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from recap.metrics.needs import Need
from recap.sources.sql import quote


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of a rollup: how it is made from events, and how from finer groups of the same rollup."""

    alias: str
    scan: str
    merge: str | None

    def merging(self) -> "Measure":
        """Give the same column, made from finer groups."""
        assert self.merge is not None  # noqa: S101 - only counts and folds are merged
        return replace(self, scan=self.merge)


def text_of(field: str, types: Mapping[str, str]) -> str:
    """Write a field as text; coded as ENUM it is read as text and compared as text already."""
    return quote(field) if types.get(field) == "ENUM" else f"{quote(field)}::VARCHAR"


class MeasureWriter:
    """Writes measures; the same aggregate has the same alias wherever it is needed.

    `types` maps fields to their DuckDB types. Sums of floating point would depend on the order of addition,
    and so change from run to run: they are made as decimals with nine digits after the point.
    """

    def __init__(self, types: Mapping[str, str], instant: str) -> None:
        self._types = {name: type_.upper() for name, type_ in types.items()}
        self._instant = instant
        self._aliases: dict[str, str] = {}

    def measures(self, need: Need) -> tuple[Measure, Measure, Measure | None]:
        """Write how many, how much, and which one."""
        filtered = _filter(need.where)
        of = quote(need.of) if need.of else None
        count = self._measure("n", f"count({of or '*'}){filtered}", "sum({})::BIGINT")
        value = count
        if of is not None:
            match need.fold:
                case "sum":
                    value = self._measure("sum", f"sum({self._addable(str(need.of))}){filtered}", "sum({})")
                case "least":
                    value = self._measure("least", f"min({of}){filtered}", "min({})")
                case "most":
                    value = self._measure("most", f"max({of}){filtered}", "max({})")
        return count, value, self._picked(need, need.where) if need.pick else None

    def edge(self, need: Need) -> Measure:
        """Write where the event to be picked is: the first or last instant, or the largest amount."""
        least_or_most = "min" if need.pick == "first" else "max"
        # In parentheses, so that it is never taken for the fold of the same text, which has another name.
        scan = f"({least_or_most}({self._edged(need)}){_filter(need.where)})"
        return self._measure(f"_{need.pick}", scan)

    def at_edge(self, need: Need, edge: Measure) -> tuple[str, Measure]:
        """Write the condition under which an event is at the edge, and the one that is picked of these."""
        condition = f"{self._edged(need)} = {edge.alias}" + (f" AND {need.where}" if need.where else "")
        return condition, self._picked(need, condition)

    def _edged(self, need: Need) -> str:
        return quote(str(need.of)) if need.pick == "largest" else self._instant

    def _picked(self, need: Need, where: str | None) -> Measure:
        several = ", 2" if need.pick == "largest" else ""
        return self._measure(str(need.pick), f"min({self._event(need)}{several}){_filter(where)}")

    def _event(self, need: Need) -> str:
        """Write an event as a struct whose least is the one to be picked.

        Of events of one moment it is the one whose label sorts first, whichever end is asked for.
        """
        label = text_of(need.label, self._types) if need.label else "NULL::VARCHAR"
        event = f"'at': {self._instant}, 'ts': ts, 'label': {label}"
        match need.pick:
            case "first":
                return f"{{{event}}}"
            case "last":
                return f"{{'ago': -epoch_us({self._instant}), {event}}}"
            case _:
                return f"{{'value': -{self._signed(str(need.of))}, {event}}}"

    def _measure(self, name: str, scan: str, merge: str | None = None) -> Measure:
        alias = self._aliases.setdefault(scan, f"{name}_{len(self._aliases) + 1}")
        return Measure(alias, scan, merge.format(alias) if merge else None)

    def _addable(self, field: str) -> str:
        exact = self._types.get(field) not in {"FLOAT", "DOUBLE"}
        return quote(field) if exact else f"{quote(field)}::DECIMAL(38, 9)"

    def _signed(self, field: str) -> str:
        """Write a field so that it can be negated: unsigned integers, and the least of others, cannot."""
        whole = self._types.get(field, "").endswith(("INT", "INTEGER"))
        return f"{quote(field)}::HUGEINT" if whole else quote(field)


def _filter(where: str | None) -> str:
    return f" FILTER (WHERE {where})" if where else ""
