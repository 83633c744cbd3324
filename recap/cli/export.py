"""`recap export`: a table with everyone's link, for the tool that sends the mails."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from recap.cli.options import CampaignPath, OutputFolder, Overrides


class ToolChoice(StrEnum):
    """The tools there is a table for."""

    CSV = "csv"
    BRAZE = "braze"
    KLAVIYO = "klaviyo"
    MAILCHIMP = "mailchimp"
    PARQUET = "parquet"


def export(
    campaign: CampaignPath,
    tool: Annotated[ToolChoice, typer.Option("--for", help="What the table is for.")],
    out: OutputFolder = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help="Where to; default exports/ in the output folder."),
    ] = None,
    utm: Annotated[
        list[str] | None,
        typer.Option("--utm", metavar="KEY=VALUE", help="source, medium, campaign or content; repeatable."),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option("--column", metavar="NAME=FIELD", help="Add or change a column; NAME= drops it."),
    ] = None,
    part_size: Annotated[
        str | None, typer.Option("--part-size", metavar="SIZE", help="Of a file, such as 100MB.")
    ] = None,
    overrides: Overrides = None,
) -> None:
    """Write a table with a row for every customer whose page is published.

    Whose it is, link, picture, alternative text, headline, language. Nobody who opted out or was forgotten
    is in it.
    """
    from datetime import UTC, datetime

    from recap.pipeline.export import ExportOptions, export_campaign
    from recap.pipeline.prepare import open_campaign

    file = open_campaign(campaign, overrides or [])
    options = ExportOptions(tool.value, out, to, utm or (), column or (), part_size)
    exported = export_campaign(file, options, datetime.now(UTC).date())
    for warning in exported.warnings:
        typer.echo(f"warning: {warning}", err=True)
    for reason, count in exported.missing.items():
        typer.echo(f"not in it: {count:,} {reason}", err=True)
    typer.echo(f"{exported.customers:,} customer{'' if exported.customers == 1 else 's'}", err=True)
    for path in exported.files:
        typer.echo(str(path))
