"""`recap check`, `plan`, `preview` and `explain`: to look before, and to understand after."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recap.cli.options import AsJson, CampaignPath, CustomerId, OutputFolder, Overrides, Workers

if TYPE_CHECKING:
    from recap.pipeline.prepare import CampaignFile


def check(
    campaign: CampaignPath,
    visual: Annotated[
        bool, typer.Option("--visual", help="Also draw some customers' cards, and look at each.")
    ] = False,
    overrides: Overrides = None,
) -> None:
    """Find everything wrong with a campaign, all at once.

    Looks at the file, the sources, the theme and the wording. With --visual some customers' cards are
    drawn in every format; each text must stand out from what is behind it, and the alternative text tell it.
    """
    from recap.pipeline.check import check_campaign
    from recap.pipeline.prepare import open_campaign

    file = open_campaign(campaign, overrides or [])
    for warning in check_campaign(file):
        typer.echo(f"warning: {warning}", err=True)
    if visual:
        _look(file)
    typer.echo(f"{campaign}: nothing to mend")


def _look(file: "CampaignFile") -> None:
    import os

    from recap.errors import CampaignError, Problem
    from recap.pipeline.prepare import open_looks, prepare
    from recap.pipeline.progress import Clock, Silence
    from recap.pipeline.visual import check_pictures
    from recap.render.browser import find_browser
    from recap.render.engine import FastEngine

    looks = open_looks(file)
    with (
        prepare(file, Clock(Silence()), Silence()) as prepared,
        FastEngine(find_browser(os.environ)) as engine,
    ):
        problems = check_pictures(prepared, looks, engine)
    if problems:
        raise file.placed(CampaignError([Problem(problem, "look.theme") for problem in problems]))


def plan(
    campaign: CampaignPath,
    out: OutputFolder = None,
    workers: Workers = None,
    as_json: AsJson = False,
    overrides: Overrides = None,
) -> None:
    """Tell what a run would make; writes nothing.

    Customers by deck, cards, pictures, time and disk.
    """
    from dataclasses import asdict

    from recap.pipeline.options import Options
    from recap.pipeline.plan import plan_run
    from recap.pipeline.prepare import open_campaign, prepare
    from recap.pipeline.progress import Clock, Silence

    file = open_campaign(campaign, overrides or [])
    with prepare(file, Clock(Silence()), Silence()) as prepared:
        planned = plan_run(prepared, Options(out=out, workers=workers))
    if as_json:
        typer.echo(json.dumps({**asdict(planned), "folder": str(planned.folder)}, indent=2))
        return
    typer.echo(f"{planned.customers} customers:")
    for name in ("full", "fallback", "suppressed", "opted_out"):
        typer.echo(f"  {getattr(planned, name):>9}  {name.replace('_', ' ')}")
    typer.echo(f"{planned.cards} cards, {planned.pictures} pictures in {planned.folder}")
    minutes = planned.seconds / 60
    basis = "as in the last run" if planned.measured else "as is usual"
    typer.echo(
        f"about {minutes:.1f} minutes with {planned.workers} workers, {planned.bytes / 1e6:.0f} MB ({basis})"
    )


def preview(
    campaign: CampaignPath,
    customer: CustomerId,
    card: Annotated[int, typer.Option("--card", min=0, metavar="N", help="Which card, from 0.")] = 0,
    format_name: Annotated[
        str, typer.Option("--format", metavar="NAME", help="story, portrait, ...")
    ] = "story",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to; default preview.png.")
    ] = None,
    overrides: Overrides = None,
) -> None:
    """Draw one card, at once."""
    import os

    from recap.delivery.disk import write_atomically
    from recap.pipeline.prepare import open_campaign, open_looks, prepare
    from recap.pipeline.preview import preview_card
    from recap.pipeline.progress import Clock, Silence
    from recap.render.browser import find_browser
    from recap.render.engine import FastEngine

    file = open_campaign(campaign, overrides or [])
    looks = open_looks(file)
    browser = find_browser(os.environ)
    with prepare(file, Clock(Silence()), Silence()) as prepared, FastEngine(browser) as engine:
        drawn = preview_card(prepared, looks, engine, customer, card, format_name, check=True)
    target = out or Path("preview.png")
    write_atomically(target, drawn.drawing.png)
    for problem in drawn.drawing.problems:
        typer.echo(f"warning: {problem}", err=True)
    names = ", ".join(f"{c.index} {c.name}" for c in drawn.deck)
    typer.echo(f"cards: {names}", err=True)
    typer.echo(str(target))


def explain(
    campaign: CampaignPath, customer: CustomerId, as_json: AsJson = False, overrides: Overrides = None
) -> None:
    """Tell why a customer gets what they get.

    Every value, what was chosen and why, what was not and why not.
    """
    from recap.pipeline.explain import explain_customer
    from recap.pipeline.prepare import open_campaign, open_looks, prepare
    from recap.pipeline.progress import Clock, Silence

    file = open_campaign(campaign, overrides or [])
    looks = open_looks(file)
    with prepare(file, Clock(Silence()), Silence()) as prepared:
        explained = explain_customer(prepared, looks, customer)
    if as_json:
        typer.echo(json.dumps(explained, ensure_ascii=False, indent=2))
    else:
        _print_explained(explained)


def _print_explained(explained: dict[str, Any]) -> None:
    reason = f" ({explained['reason']})" if explained["reason"] else ""
    typer.echo(f"customer {explained['customer_id']}: {explained['outcome']}{reason}")
    if explained["variant"]:
        typer.echo(f"variant: {explained['variant']}")
    for wish in explained["wishes"]:
        about = " ".join(str(wish[key]) for key in ("field", "value") if wish[key])
        typer.echo(f"wish: {wish['wish']} {about}")
    typer.echo("\nvalues")
    for value in explained["values"]:
        number = "-" if value["number"] is None else f"{value['number']:,.10g}"
        rank = (
            f"rank {value['rank']} of {value['cohort']}, top {value['top_percent']} %"
            if value["rank"]
            else ""
        )
        text = value["text"] or ""
        typer.echo(f"  {value['metric']:<20} {number:>16}  {text:<24} {value['rows']:>7} rows  {rank}")
    typer.echo("\ndeck")
    for card in explained["deck"]:
        typer.echo(f"  {card['card']}  {card['metric'] or '':<20} {card['headline']}")
        typer.echo(f"     {'':<20} {card['reason']}")
    typer.echo("\nnot chosen")
    for passed in explained["not_chosen"]:
        typer.echo(f"     {passed['metric']:<20} {passed['reason']}")
