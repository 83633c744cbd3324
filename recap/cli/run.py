"""`recap run`: the batch."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from recap.cli.options import CampaignPath, MemoryLimit, OutputFolder, Overrides, Workers


class Engine(StrEnum):
    """How cards are drawn."""

    FAST = "fast"
    EXACT = "exact"


class LogFormat(StrEnum):
    """How progress is told where there is no terminal."""

    TEXT = "text"
    JSON = "json"


def run(
    campaign: CampaignPath,
    out: OutputFolder = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help="Only the first N customers by id.")
    ] = None,
    customer: Annotated[
        list[str] | None, typer.Option("--customer", metavar="ID", help="Only this customer; repeatable.")
    ] = None,
    workers: Workers = None,
    engine: Annotated[
        Engine, typer.Option("--engine", help="fast, or exact: slower, by screenshot.")
    ] = Engine.FAST,
    fresh: Annotated[bool, typer.Option("--fresh", help="Draw everything anew.")] = False,
    fail_fast: Annotated[
        bool, typer.Option("--fail-fast", help="Stop at the first customer who fails.")
    ] = False,
    memory_limit: MemoryLimit = None,
    audit: Annotated[
        int | None,
        typer.Option(
            "--audit",
            min=1,
            metavar="N",
            help="First recompute N customers by other means; stop on a difference.",
        ),
    ] = None,
    log_format: Annotated[LogFormat, typer.Option("--log-format", help="text or json.")] = LogFormat.TEXT,
    overrides: Overrides = None,
) -> None:
    """Draw the cards of every customer. A second run resumes, and redoes only what changed."""
    from recap.cli.listeners import listen
    from recap.errors import Interrupted
    from recap.pipeline.options import Options
    from recap.pipeline.prepare import open_campaign
    from recap.pipeline.run import run_campaign

    file = open_campaign(campaign, overrides or [])
    options = Options(
        out=out,
        limit=limit,
        customers=tuple(customer or ()),
        workers=workers,
        engine=engine.value,
        fresh=fresh,
        fail_fast=fail_fast,
        memory_limit=memory_limit,
        audit=audit,
    )
    try:
        with listen(as_json=log_format is LogFormat.JSON) as listener:
            report = run_campaign(file, options, listener)
    except KeyboardInterrupt:
        raise Interrupted(
            "stopped; what is finished stays, and the same command goes on from there"
        ) from None
    _print_report(report.folder, report.run, report.page)
    if not report.tolerated:
        failed, customers = report.run["outcomes"]["failed"], report.run["customers"]
        limit_share = file.campaign.tolerance.failures
        typer.echo(
            f"recap: {failed} of {customers} customers failed, more than the campaign tolerates "
            f"({limit_share:.2%}); the report says why",
            err=True,
        )
        raise typer.Exit(3)


def _print_report(folder: Path, run: Mapping[str, Any], page: Path | None) -> None:
    outcomes = ", ".join(f"{count} {name}" for name, count in run["outcomes"].items() if count)
    typer.echo(f"{run['customers']} customer{'' if run['customers'] == 1 else 's'}: {outcomes}")
    typer.echo(f"{run['pictures']} pictures in {folder / 'cards'}")
    if page is not None:
        typer.echo(f"a customer's page: {page}")
    typer.echo(f"report: {folder / 'report.html'}")
