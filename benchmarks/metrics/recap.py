"""recap's own way: every metric from shared rollups."""

import tempfile
from pathlib import Path
from typing import Any

from benchmarks.metrics.process import Steps, measure
from recap.campaign import build_campaign
from recap.campaign.document import parse_document
from recap.metrics.compute import compute_values
from recap.metrics.registry import MODELS
from recap.metrics.wanted import wanted_of
from recap.pipeline.progress import Clock, Silence
from recap.sources.connection import connect
from recap.sources.open import open_events

CAMPAIGN = Path(__file__).parent / "campaign.yaml"


def compute(folder: Path, memory_limit: str, steps: Steps) -> dict[str, Any]:
    """Read and compute; the values are there to be queried."""
    campaign = build_campaign(parse_document(CAMPAIGN.read_text(encoding="utf-8"), str(CAMPAIGN)), MODELS)
    clock = Clock(Silence())
    with tempfile.TemporaryDirectory(prefix="recap-bench-") as scratch:
        connection = connect(memory_limit, Path(scratch))
        with clock.step("reading"):
            opened = open_events(campaign, connection, base=folder, wanted=wanted_of(campaign))
        with clock.step("computing"):
            compute_values(campaign, connection, opened.fields)
        steps |= clock.seconds
        values = connection.execute('SELECT count(*) FROM "values"').fetchall()[0][0]
        connection.close()
    return {"metrics": len(campaign.metrics), "values": values}


if __name__ == "__main__":
    measure(compute)
