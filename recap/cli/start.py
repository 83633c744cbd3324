"""`recap init` and `recap schema`: to start from."""

from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    example: Annotated[
        str, typer.Option("--example", metavar="NAME", help="music, shop or running.")
    ] = "music",
) -> None:
    """Write a campaign to start from, with sample data.

    It runs as it is: `recap run DIR`.
    """
    from recap.pipeline.start import start_campaign

    campaign = start_campaign(folder, example)
    typer.echo(str(campaign))
    typer.echo(f"Next: recap run {campaign}", err=True)


def schema() -> None:
    """Print the JSON Schema of a campaign file, for editors."""
    import json

    from recap.campaign import campaign_schema
    from recap.metrics.registry import MODELS

    typer.echo(json.dumps(campaign_schema(MODELS), indent=2, ensure_ascii=False))
