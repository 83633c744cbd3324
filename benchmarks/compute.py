"""Everything but drawing: read, compute, choose, phrase, for about a million events of 20,000 customers."""

import time
from typing import Any

import polars as pl

from benchmarks.activity import made_up, on_data
from benchmarks.peak import peak_mib
from recap.metrics.results import stream_chosen
from recap.pipeline.cut import chosen_of, make_people
from recap.pipeline.look import load_look
from recap.pipeline.prepare import open_campaign, prepare
from recap.pipeline.progress import Clock, Silence

CUSTOMERS = 20_000


def bench_compute() -> dict[str, Any]:
    """Measure the steps; phrasing as one process does it, though a run spreads it over all workers."""
    folder, events = made_up("shop", CUSTOMERS)
    path, overrides = on_data("shop", folder)
    file = open_campaign(path, overrides)
    look = load_look(file.campaign, file.folder)
    clock = Clock(Silence())
    began = time.perf_counter()
    cards = 0
    with prepare(file, clock, Silence()) as prepared:
        people = prepared.people.with_columns(pl.col("customer_id").alias("token")).sort("token")
        with clock.step("phrasing"):
            values = stream_chosen(prepared.connection, chosen_of(prepared, people))
            for person in make_people(prepared, people, values):
                if person.deck is not None:
                    cards += len(look.cards(person.deck))
    seconds = time.perf_counter() - began
    return {
        "events": events,
        "customers": CUSTOMERS,
        "metrics": len(file.campaign.metrics),
        "cards": cards,
        "seconds": round(seconds, 2),
        "steps": clock.seconds,
        "peak_mib": peak_mib(),
        "aim_seconds": 10,
    }
