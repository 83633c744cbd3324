"""The audit of the corner shop: every customer, every metric, in one process."""

from typing import Any

from benchmarks.activity import made_up, on_data
from benchmarks.peak import peak_mib
from recap.pipeline.audit import audit_campaign
from recap.pipeline.prepare import open_campaign
from recap.pipeline.progress import Clock, Silence

CUSTOMERS = 20_000


def bench_audit() -> dict[str, Any]:
    """Measure the second reading and the recomputation of everyone."""
    folder, events = made_up("shop", CUSTOMERS)
    path, overrides = on_data("shop", folder)
    file = open_campaign(path, overrides)
    clock = Clock(Silence())
    report = audit_campaign(file, clock, Silence(), sample=None)
    return {
        "events": events,
        "customers": report.customers,
        "values": report.values,
        "differences": report.difference_count,
        "steps": clock.seconds,
        "customers_a_minute": round(60 * report.customers / clock.seconds["auditing"]),
        "recomputing_only": round(60 * report.customers / report.seconds),
        "peak_mib": peak_mib(),
        "aim": 20_000,
    }
