"""`recap audit`: whether the numbers are right."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recap.cli.options import AsJson, CampaignPath, MemoryLimit, Overrides

if TYPE_CHECKING:
    from recap.metrics.audit.report import AuditReport

SAMPLE = 1000


def audit(
    campaign: CampaignPath,
    sample: Annotated[
        int | None,
        typer.Option("--sample", min=1, metavar="N", help=f"So many customers; default {SAMPLE}."),
    ] = None,
    everyone: Annotated[bool, typer.Option("--all", help="Every customer.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Audit the values a run left in this output folder; else they are computed now.",
        ),
    ] = None,
    memory_limit: MemoryLimit = None,
    as_json: AsJson = False,
    overrides: Overrides = None,
) -> None:
    """Recompute the values by other means, from the raw sources, and tell every difference.

    Ends with exit code 1 where there is one.
    """
    from recap.cli.listeners import listen
    from recap.errors import UsageError
    from recap.pipeline.audit import audit_campaign
    from recap.pipeline.prepare import open_campaign
    from recap.pipeline.progress import Clock

    if everyone and sample is not None:
        raise UsageError("give --sample or --all, not both")
    file = open_campaign(campaign, overrides or [])
    size = None if everyone else sample or SAMPLE
    with listen(as_json=False) as listener:
        report = audit_campaign(
            file, Clock(listener), listener, sample=size, folder=out, memory_limit=memory_limit
        )
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False, indent=2, default=str))
    else:
        _print(report)
    if not report.agrees:
        raise typer.Exit(1)


def _print(report: "AuditReport") -> None:
    from recap.pipeline.audit import tell_difference

    for difference in report.differences:
        typer.echo(tell_difference(difference))
    for metric, reason in report.unaudited.items():
        typer.echo(f"not audited: {metric}: {reason}")
    count, told = report.difference_count, len(report.differences)
    found = "no difference" if report.agrees else f"{count} differences"
    found += f", the first {told} above" if count > told else ""
    checked = f"{report.customers:,} customers, {report.values:,} values"
    typer.echo(f"{checked} recomputed in {report.seconds:.1f} s: {found}")
