"""`recap revoke`: a link that has come into wrong hands."""

import typer

from recap.cli.options import CampaignPath, CustomerId, OutputFolders, Overrides


def revoke(
    campaign: CampaignPath,
    customer: CustomerId,
    out: OutputFolders = None,
    overrides: Overrides = None,
) -> None:
    """End a customer's links; the next run gives them new ones.

    Their pages go from the output folder now. Those that are published go with the next publishing, which
    leaves a page in their place that says so.
    """
    from recap.errors import Interrupted
    from recap.pipeline.prepare import open_campaign
    from recap.pipeline.revoke import revoke_customer

    file = open_campaign(campaign, overrides or [])
    try:
        gone = revoke_customer(file, customer, out or ())
    except KeyboardInterrupt:
        raise Interrupted("stopped; the same command does the rest") from None
    typer.echo(f"the customer's links are revoked: {gone['files']} files removed")
    typer.echo(
        "Next: recap run, for new links, then recap publish, to end those that are published", err=True
    )
