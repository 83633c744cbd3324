"""What the tests of the audit's reading share: a campaign read by both sides, and their rows compared."""

import atexit
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from recap.campaign.models import Campaign
from recap.metrics.audit.read import Activity, read_activity
from recap.sources.connection import connect
from recap.sources.open import Wanted, open_events

_FOLDER = TemporaryDirectory(prefix="recap-tests-")
atexit.register(_FOLDER.cleanup)
CONNECTION = connect("1GB", Path(_FOLDER.name), threads=2)
OWN = ("customer_id", "local", "instant", "in_period")


def campaign(*sources: Mapping[str, Any], **keys: Any) -> Campaign:
    """A campaign over the given sources; the year 2024 unless told otherwise."""
    return Campaign.model_validate(
        {
            "id": "test",
            "title": "Test",
            "brand": {"name": "Test"},
            "period": {"year": 2024},
            "sources": list(sources),
            "metrics": [{"id": "events", "kind": "count"}],
            **keys,
        }
    )


def source(path: str, **keys: Any) -> dict[str, Any]:
    """A source with the columns `who` and `at`."""
    return {"path": path, "customer": "who", "time": "at", **keys}


def read_both(
    campaign: Campaign,
    folder: Path,
    frames: Mapping[str, Any] | None = None,
    is_forgotten: Callable[[str], bool] | None = None,
) -> Activity:
    """Read a campaign with SQL and with the audit; all rows must be alike, also those before the period."""
    wanted = Wanted(history=True, instants=True)
    opened = open_events(
        campaign, CONNECTION, base=folder, frames=frames or {}, wanted=wanted, is_forgotten=is_forgotten
    )
    activity = read_activity(campaign, folder, frames, is_forgotten)
    assert not activity.unread
    assert not activity.notes
    described = CONNECTION.execute("DESCRIBE events").fetchall()
    instant = "_utc" if "_utc" in {name for name, *_ in described} else "ts"
    fields = [f'"{name}"' for name in opened.fields]
    theirs = " UNION ALL ".join(
        f"SELECT {', '.join(['customer_id', 'ts', f'{instant} AS moment', is_in, *fields])} FROM {table}"
        for table, is_in in (("events", "true"), ("history", "false"))
    )
    ours = f"SELECT {', '.join([*OWN, *fields])} FROM audited"
    CONNECTION.register("audited", activity.frame.to_arrow())
    try:
        for more, less in ((theirs, ours), (ours, theirs)):
            rows = CONNECTION.execute(f"SELECT * FROM ({more} EXCEPT ALL ({less})) LIMIT 5").fetchall()
            assert rows == [], "only SQL has" if more == theirs else "only the audit has"
        for metric in campaign.metrics:
            if metric.where is not None:
                ((met,),) = CONNECTION.execute(
                    f"SELECT count(*) FROM ({theirs}) WHERE ({metric.where}\n)"
                ).fetchall()
                assert activity.frame[f"where:{metric.id}"].sum() == met, metric.id
    finally:
        CONNECTION.unregister("audited")
    return activity
