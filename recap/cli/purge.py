"""`recap purge`: what has been kept long enough."""

from typing import Annotated

import typer

from recap.cli.options import CampaignPath, OutputFolders, Overrides


def purge(
    campaign: CampaignPath,
    older_than: Annotated[str, typer.Option("--older-than", metavar="AGE", help="As in 90d, 12w, 6m or 1y.")],
    out: OutputFolders = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would go.")] = False,
    overrides: Overrides = None,
) -> None:
    """Remove everything personal of a run that is older than this.

    Pictures, pages, tables, exports and reports go, and what is published is taken down. What stays is
    run.json with its counts.
    """
    from datetime import UTC, datetime

    from recap.errors import Interrupted
    from recap.pipeline.prepare import open_campaign
    from recap.pipeline.purge import purge_campaign

    file = open_campaign(campaign, overrides or [])
    try:
        purged = purge_campaign(file, older_than, datetime.now(UTC), out or (), dry_run=dry_run)
    except KeyboardInterrupt:
        raise Interrupted("stopped; the same command does the rest") from None
    if not purged:
        typer.echo("there is no output folder, so nothing to purge")
    for one in purged:
        if one.used is None or not one.is_due:
            begun = f"its latest run began on {one.used:%Y-%m-%d}" if one.used else "it holds no run"
            typer.echo(f"{one.folder}: {begun}; nothing is due")
            continue
        up = f" and {one.published} published files" if one.published else ""
        gone = f"{one.files} files ({one.bytes / 1e6:.1f} MB){up}"
        done = "would go" if dry_run else "removed; run.json keeps the counts"
        typer.echo(f"{one.folder}: run of {one.used:%Y-%m-%d}: {gone} {done}")
