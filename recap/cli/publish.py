"""`recap publish`: the pages, where customers can see them."""

from typing import TYPE_CHECKING, Annotated

import typer

from recap.cli.options import CampaignPath, OutputFolder, Overrides
from recap.cli.run import LogFormat

if TYPE_CHECKING:
    from recap.pipeline.publish import Published


def publish(
    campaign: CampaignPath,
    to: Annotated[
        str, typer.Option("--to", metavar="URL", help="A folder, or s3://bucket/prefix, gs://... or az://...")
    ],
    out: OutputFolder = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would go up and what would be taken down.")
    ] = False,
    workers: Annotated[int, typer.Option("--workers", min=1, max=256, help="Transfers at a time.")] = 16,
    strangers: Annotated[
        bool,
        typer.Option(
            "--strangers", help="Also take down pages there that are not of this campaign's customers."
        ),
    ] = False,
    log_format: Annotated[LogFormat, typer.Option("--log-format", help="text or json.")] = LogFormat.TEXT,
    overrides: Overrides = None,
) -> None:
    """Bring pages and pictures to where customers can see them. A second time only what changed goes up.

    A page goes up after its pictures. Who opted out, was forgotten or is gone is taken down, and so is
    everyone once the pages have expired. In the end the target is asked what it holds.
    """
    from datetime import UTC, datetime

    from recap.cli.listeners import listen
    from recap.errors import Interrupted
    from recap.pipeline.prepare import open_campaign
    from recap.pipeline.publish import PublishOptions, publish_campaign

    file = open_campaign(campaign, overrides or [])
    options = PublishOptions(to, out, workers, dry_run, strangers)
    try:
        with listen(as_json=log_format is LogFormat.JSON, counted="files") as listener:
            published = publish_campaign(file, options, listener, datetime.now(UTC))
    except KeyboardInterrupt:
        raise Interrupted("stopped; what is up stays, and the same command goes on from there") from None
    _print(published, dry_run=dry_run)


def _print(published: "Published", *, dry_run: bool) -> None:
    if dry_run:
        typer.echo("dry run, nothing was changed; what would be:")
    size = published.sent_bytes / 10**6
    typer.echo(f"sent: {published.sent:,} files, {size:,.1f} MB; unchanged: {published.kept:,}")
    typer.echo(f"taken down: {published.removed:,} files")
    if published.notices:
        typer.echo(f"pages that now say that there is none any more: {published.notices:,}")
    customers = f"{published.customers:,} customer{'' if published.customers == 1 else 's'}"
    typer.echo(f"{customers} at {published.url}")
