"""`recap gallery`: the themes, to look at."""

from pathlib import Path
from typing import Annotated

import typer


def gallery(
    themes: Annotated[
        list[str] | None, typer.Argument(metavar="THEME", help="A theme's name or folder; none: all shipped.")
    ] = None,
    layout: Annotated[
        list[str] | None, typer.Option("--layout", metavar="NAME", help="Only this layout; repeatable.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where to.")] = Path("gallery"),
) -> None:
    """Draw every layout, format and hard case of a theme, as one page and one picture."""
    import os

    from recap.cli.listeners import listen
    from recap.pipeline.gallery import make_gallery, shipped_themes
    from recap.render.browser import find_browser
    from recap.render.engine import FastEngine

    with listen(as_json=False) as listener, FastEngine(find_browser(os.environ)) as engine:
        made = make_gallery(
            engine,
            out,
            themes=themes or shipped_themes(),
            layouts=layout or (),
            search=Path(),
            report=listener.pictures,
        )
    troubled = sum(bool(exhibit.problems) for exhibit in made.exhibits)
    typer.echo(f"{len(made.exhibits)} pictures, {troubled} with problems", err=True)
    typer.echo(str(made.page))
