"""`recap forget`: a customer who wants to be erased."""

from typing import Annotated

import typer

from recap.cli.options import CampaignPath, CustomerId, OutputFolders, Overrides

SHOWN = 20
"""Places in which something was found that are named."""
Targets = Annotated[
    list[str] | None,
    typer.Option(
        "--to",
        metavar="URL",
        help="Also take down what is published here, though the output folder does not know; repeatable.",
    ),
]


def forget(
    campaign: CampaignPath,
    customer: CustomerId,
    out: OutputFolders = None,
    to: Targets = None,
    overrides: Overrides = None,
) -> None:
    """Erase a customer from everything recap has made, and keep them out of later runs.

    Pictures, pages, values, rows of all tables, exports, the report, and what is published. Then everything
    is searched for the id, the name and the links; what is found is named, with exit code 1. All that stays
    is a keyed hash, by which later runs know whom to leave out. Asked again after an interruption, it does
    the rest.
    """
    from recap.errors import Interrupted
    from recap.pipeline.forget import forget_customer
    from recap.pipeline.prepare import open_campaign

    file = open_campaign(campaign, overrides or [])
    try:
        forgot = forget_customer(file, customer, out or (), to or ())
    except KeyboardInterrupt:
        raise Interrupted("stopped; the same command does the rest") from None
    for note in dict.fromkeys(forgot.notes):
        typer.echo(f"warning: {note}", err=True)
    kinds = {"files": "files", "rows": "rows of tables", "published": "published files"}
    told = ", ".join(f"{forgot.gone[kind]} {name}" for kind, name in kinds.items() if forgot.gone[kind])
    typer.echo(f"erased: {told or 'nothing is kept of this customer'}")
    typer.echo("later runs leave the customer out")
    for folder, found in forgot.left[:SHOWN]:
        typer.echo(f"recap: still there: the customer's {found.what} in {folder / found.path}", err=True)
    if len(forgot.left) > SHOWN:
        typer.echo(f"recap: and in {len(forgot.left) - SHOWN} more places", err=True)
    if forgot.left:
        typer.echo("recap: what recap did not make it does not change: remove these, and ask again", err=True)
        raise typer.Exit(1)
