"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

CampaignPath = Annotated[
    Path, typer.Argument(metavar="CAMPAIGN", help="A campaign file, or a folder with a campaign.yaml.")
]
Overrides = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a value of the file, as in period.year=2025."),
]
CustomerId = Annotated[str, typer.Option("--customer", metavar="ID", help="The customer.")]
OutputFolder = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Output folder; default build/<campaign id>.")
]
OutputFolders = Annotated[
    list[Path] | None,
    typer.Option("--out", metavar="DIR", help="Output folder, repeatable; default build/<campaign id>."),
]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, max=256, help="Processes; default one for each core.")
]
MemoryLimit = Annotated[
    str | None,
    typer.Option("--memory-limit", metavar="SIZE", help="For computing, such as 2GB; beyond it, disk."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout and nothing else.")]
