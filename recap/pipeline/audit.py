"""Numbers checked before they are told: the values against an independent recomputation."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from recap.delivery.erasure.forgotten import recognise_forgotten
from recap.errors import AuditError, UsageError
from recap.metrics.audit.audit import audit_values
from recap.metrics.audit.read import read_activity
from recap.metrics.audit.report import AuditReport, Difference
from recap.metrics.results import write_values
from recap.pipeline.prepare import CampaignFile, compute
from recap.pipeline.progress import Clock, Listener

TOLD = 3
"""Differences named in one error."""


def audit_campaign(
    file: CampaignFile,
    clock: Clock,
    listener: Listener,
    *,
    sample: int | None,
    folder: Path | None = None,
    memory_limit: str | None = None,
) -> AuditReport:
    """Audit the values a run left in `folder`, or those that would be computed now.

    `sample` customers are checked, all of them without a number. Raises UsageError where the folder holds no
    values.
    """
    if folder is not None:
        values = folder / "values.parquet"
        if not values.is_file():
            raise UsageError(f"{folder} holds no values.parquet; `recap run` leaves one there")
        return _audit(file, values, clock, listener, sample, {})
    with compute(file, clock, listener, memory_limit=memory_limit) as computed:
        return audit_computed(file, computed.connection, clock, listener, sample=sample)


def audit_computed(
    file: CampaignFile,
    connection: Any,
    clock: Clock,
    listener: Listener,
    *,
    sample: int | None,
    scratch: Path | None = None,
    frames: Mapping[str, Any] | None = None,
) -> AuditReport:
    """Audit values that were just computed, in the connection of `prepare` or `compute`."""
    with tempfile.TemporaryDirectory(prefix="recap-", dir=scratch) as folder:
        values = Path(folder) / "values.parquet"
        write_values(connection, values)
        return _audit(file, values, clock, listener, sample, frames or {})


def refuse_differences(report: AuditReport) -> None:
    """Raise AuditError where the recomputation found other numbers, naming the first of them."""
    if report.agrees:
        return
    # Without the customers: what stops a run is told in logs.
    told = "\n".join(_tell(difference) for difference in report.differences[:TOLD])
    raise AuditError(
        f"the audit of {report.customers} customers found {report.difference_count} differences; nothing was "
        f"drawn. `recap audit` tells more of them; the first:\n{told}"
    )


def tell_difference(difference: Difference) -> str:
    """Name the customer, the metric, both values and the rows, in one line."""
    return f"customer {difference.customer_id}, {_tell(difference)}"


def _tell(difference: Difference) -> str:
    rows, places = difference.rows, ", ".join(difference.rows.first)
    more = f" and {rows.count - len(rows.first)} more" if rows.count > len(rows.first) else ""
    return (
        f"{difference.metric}, {difference.what}: "
        f"published {difference.published}, recomputed {difference.recomputed}; "
        f"{rows.count} rows{': ' if places else ''}{places}{more}"
    )


def _audit(
    file: CampaignFile,
    values: Path,
    clock: Clock,
    listener: Listener,
    sample: int | None,
    frames: Mapping[str, Any],
) -> AuditReport:
    with clock.step("auditing"):
        is_forgotten = recognise_forgotten(file.folder, os.environ, file.campaign.id)
        activity = read_activity(file.campaign, file.folder, frames, is_forgotten)
        for note in activity.notes:
            listener.warn(note)
        return audit_values(
            file.campaign,
            activity,
            pl.read_parquet(values),
            sample=sample,
            seed=file.campaign.id,
            progress=lambda done, total: listener.detail(f"{done} of {total} customers"),
        )
