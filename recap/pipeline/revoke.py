"""The story of revoking a customer's links: they end now, and the next run makes new ones."""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from recap.delivery.erasure.erase import erase, read_tokens
from recap.delivery.erasure.lines import add_lines
from recap.delivery.erasure.traces import Traces
from recap.delivery.tokens import REVOKED, campaign_secret, read_revoked, tokens_of
from recap.errors import UsageError
from recap.pipeline.forget import PURPOSES, holding_outputs, rewrite_report
from recap.pipeline.prepare import CampaignFile


def revoke_customer(file: CampaignFile, customer_id: str, outs: Sequence[Path] = ()) -> Counter[str]:
    """Revoke a customer's link and nameless link, and take their pages out of the output folders.

    Returns how many `files` and `rows` went. The links are noted first, so that whatever interrupts this, no
    run uses them again, and asking again does the rest. Raises UsageError where no output folder has the
    customer and no link was ever revoked; else as `forget_customer`.
    """
    campaign = file.campaign
    secret = campaign_secret(file.folder, os.environ, create=False)
    revoked, gone = read_revoked(file.folder), Counter[str]()
    turns = [tokens_of(secret, campaign.id, customer_id, revoked, purpose=purpose) for purpose in PURPOSES]
    with holding_outputs(file, outs, secret, revoked) as folders:
        had = frozenset[str]().union(*(read_tokens(folder, customer_id) for folder in folders))
        tokens = had.union(*(earlier for *earlier, _ in turns))
        if not tokens:
            raise UsageError("no output folder has such a customer, so there is no link to revoke; see --out")
        valid = {latest for *_, latest in turns}
        if had & valid:
            # Of one link the other cannot be found, but whoever has the folder may have both.
            tokens |= valid
        add_lines(file.folder / REVOKED, sorted(tokens))
        for folder in folders:
            gone += erase(folder, Traces(tokens))
            rewrite_report(folder)
    return gone
