"""`recap theme`: themes of one's own."""

from pathlib import Path
from typing import Annotated

import typer

theme = typer.Typer(help="Make a theme of your own.", no_args_is_help=True, rich_markup_mode=None)


@theme.callback()
def _theme() -> None:
    """Make a theme of your own."""


@theme.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as my-brand.")],
    base: Annotated[str, typer.Option("--from", metavar="THEME", help="The theme to build on.")] = "poster",
    logo: Annotated[
        Path | None, typer.Option("--logo", metavar="FILE", help="In place of the brand's name.")
    ] = None,
    campaign: Annotated[
        Path, typer.Option("--in", metavar="DIR", help="The campaign's folder; default here.")
    ] = Path(),
) -> None:
    """Write a theme that builds on another, with its colours to change.

    Use it with `look: {theme: NAME}`, look at it with `recap gallery NAME`.
    """
    from recap.pipeline.own_theme import new_theme

    path = new_theme(campaign, name, base, logo)
    typer.echo(str(path))
    typer.echo(f"Next: change the colours, then recap gallery {path.parent}", err=True)
