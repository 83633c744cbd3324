"""The SQL of a computation as text, there to be read and reviewed."""

import os
import re
from datetime import date
from pathlib import Path

from made_up_events import FIELDS, make_campaign

from recap.metrics.plan import Basis, Step, plan_computation

GOLDEN = Path(__file__).parent / "golden" / "computation.sql"
METRICS = [
    {"id": "events", "kind": "count"},
    {"id": "spent", "kind": "sum", "of": "amount", "where": "amount > 0 -- no refunds"},
    {"id": "favourite", "kind": "top", "by": "item", "of": "amount"},
    {"id": "days", "kind": "active_days"},
    {"id": "streak", "kind": "streak"},
    {"id": "month", "kind": "busiest_month"},
    {"id": "first", "kind": "first_event", "label": "item", "direction": "none"},
    {"id": "new", "kind": "discoveries", "by": "item"},
    {"id": "visits", "kind": "sessions", "gap": 45},
    {"id": "together", "kind": "community"},
    {"id": "ahead", "kind": "standing", "of": "spent", "within": "favourite"},
]


def write_step(step: Step) -> str:
    """Write a step as a person would read it."""
    kept = ", the rows of all parts kept" if step.gathers else ""
    done = f"\n-- drop {', '.join(step.done)}" if step.done else ""
    return f"-- {step.table}{kept}\n{step.select};{done}\n"


def test_the_sql_is_as_reviewed() -> None:
    """Golden SQL of a campaign that needs every grain; UPDATE_GOLDEN=1 writes it anew."""
    basis = Basis(FIELDS, date(2024, 5, 1), date(2026, 12, 31), instant="_utc")
    computation = plan_computation(make_campaign(METRICS), basis)
    text = "\n".join(
        [
            "---- for each part of the customers\n",
            *map(write_step, computation.each_part),
            "---- over all customers\n",
            *map(write_step, computation.over_base),
            "---- ranks\n",
            *map(write_step, computation.ranks),
            "---- values\n",
            f"{computation.view};\n",
        ]
    )
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_rollups_go_as_soon_as_nobody_needs_them() -> None:
    """Every rollup is made before the first step that reads it and dropped after the last."""
    basis = Basis(FIELDS, date(2024, 5, 1), date(2026, 12, 31))
    there: set[str] = set()
    gathered: set[str] = set()
    made: list[str] = []
    for step in plan_computation(make_campaign(METRICS), basis).each_part:
        read = {name for name in made if re.search(rf"\b{name}\b", step.select)} - gathered
        assert read <= there
        there = (there | {step.table}) - set(step.done)
        made.append(step.table)
        gathered |= {step.table} if step.gathers else set()
    assert there == gathered
