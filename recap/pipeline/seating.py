"""Who takes part in a run, and under which tokens."""

from collections.abc import Collection

import polars as pl

from recap.delivery.tokens import share_token_of, token_of
from recap.pipeline.options import Options
from recap.pipeline.prepare import Prepared, find_customer


def seat_people(
    prepared: Prepared, options: Options, secret: bytes, revoked: Collection[str]
) -> pl.DataFrame:
    """Give every customer of the run a token, and put them in its order.

    Returns rows of `Prepared.people` with `token`, by which they are sorted, and `share_token`, which names
    the nameless rendition of who has a name and gets pages that are to be published. Raises UsageError where
    a customer who was asked for is not there.
    """
    campaign, people = prepared.file.campaign, prepared.people
    if options.customers:
        for customer_id in options.customers:
            find_customer(people, customer_id)
        people = people.filter(pl.col("customer_id").is_in(list(options.customers)))
    elif options.limit is not None:
        people = people.filter(pl.col("deck").is_not_null()).sort("customer_id").head(options.limit)
    tokens = [token_of(secret, campaign.id, customer_id, revoked) for customer_id in people["customer_id"]]
    shares = campaign.base_url is not None and campaign.page.nameless
    shared = [
        share_token_of(secret, campaign.id, customer_id, revoked) if shares and name and deck else None
        for customer_id, name, deck in people.select("customer_id", "name", "deck").iter_rows()
    ]
    return people.with_columns(
        pl.Series("token", tokens, dtype=pl.String), pl.Series("share_token", shared, dtype=pl.String)
    ).sort("token")


def find_dropped(
    prepared: Prepared, people: pl.DataFrame, secret: bytes, revoked: Collection[str]
) -> frozenset[str]:
    """Return the tokens a run over a few customers does not keep: revoked, or of who has opted out since.

    `people` are those of the run; what it says of them holds in any case.
    """
    opted_out = prepared.people.filter(pl.col("outcome") == "opted_out").join(
        people, on="customer_id", how="anti"
    )
    campaign_id = prepared.file.campaign.id
    tokens = {token_of(secret, campaign_id, customer_id, revoked) for customer_id in opted_out["customer_id"]}
    return frozenset({*revoked, *tokens})
