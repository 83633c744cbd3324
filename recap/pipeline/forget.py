"""The story of forgetting a customer: remembered first, erased then, and looked for in the end."""

import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

import polars as pl

from recap.campaign.exports import ToolName
from recap.delivery.erasure.erase import erase, read_tokens
from recap.delivery.erasure.forgotten import FORGOTTEN, remember_forgotten
from recap.delivery.erasure.lines import drop_lines
from recap.delivery.erasure.search import Found, search_folder, telling_words
from recap.delivery.erasure.traces import Traces
from recap.delivery.folder import WORK, open_output
from recap.delivery.publishing.ledger import forget_tokens
from recap.delivery.report import write_report
from recap.delivery.tables import OUTCOMES, RUN, read_run
from recap.delivery.tokens import REVOKED, campaign_secret, read_revoked, tokens_of
from recap.errors import CampaignError, SourceError, UsageError
from recap.pipeline.identifiers import tool_identifiers
from recap.pipeline.options import output_folder
from recap.pipeline.prepare import CampaignFile
from recap.shipped import shipped_folder
from recap.sources.connection import connect
from recap.sources.people import read_names

PURPOSES: tuple[Literal["recap-token", "recap-share"], ...] = ("recap-token", "recap-share")
UNTOLD = "a name was not looked for: others have it too, or it is too short to tell by"
UNKNOWN = "the customers table has no name for this customer, so none was looked for"
TURNS = 8
"""So many of a customer's tokens are looked for at least, should the list of revoked ones have been lost."""


@dataclass(slots=True)
class Forgot:
    """What became of it."""

    gone: Counter[str] = field(default_factory=Counter)
    """`files` and `rows` of the output folders, `published` files."""
    left: list[tuple[Path, Found]] = field(default_factory=list)
    """What was found after all, and in which output folder."""
    notes: list[str] = field(default_factory=list)
    """What the search could not go by, and other things to know."""


def forget_customer(
    file: CampaignFile, customer_id: str, outs: Sequence[Path] = (), targets: Sequence[str] = ()
) -> Forgot:
    """Erase a customer from output folders and from where these were published; keep a keyed hash only.

    `outs` are the output folders; none means the campaign's own. `targets` are looked through beside those
    that the folders know. The hash is kept before anything is erased, so that whatever interrupts this, no
    run brings the customer back, and asking again does the rest. Raises UsageError where nobody is named,
    OutputError where a folder is in use or cannot be written, or a target cannot be reached.
    """
    campaign, customer_id = file.campaign, customer_id.strip()
    if not customer_id:
        # Every table has empty cells: by these, rows of all others would be taken for the customer's.
        raise UsageError("--customer is empty: name the customer by the id")
    # A secret that is missing where something rests on it is to be given back, and not made anew.
    resting = [file.folder / FORGOTTEN, file.folder / REVOKED]
    resting += [folder / OUTCOMES for folder in output_folders(file, outs)]
    secret = campaign_secret(file.folder, os.environ, create=not any(path.exists() for path in resting))
    revoked, forgot = read_revoked(file.folder), Forgot()
    names, aliases = _known_as(file, customer_id, forgot)
    with holding_outputs(file, outs, secret, revoked) as folders:
        tokens = all_tokens(secret, campaign.id, customer_id, revoked).union(
            *(read_tokens(folder, customer_id) for folder in folders)
        )
        remember_forgotten(file.folder, secret, campaign.id, customer_id)
        words = names | aliases | {customer_id}
        traces = {
            folder: Traces(tokens, customer_id, aliases, telling_words(folder, words, customer_id))
            for folder in folders
        }
        for folder in folders:
            forgot.gone += erase(folder, traces[folder])
            rewrite_report(folder)
        for folder in folders or output_folders(file, outs):
            forgot.gone["published"] += forget_tokens(folder, tokens)
            if targets:
                forgot.gone["published"] += forget_tokens(folder, tokens, targets)
        drop_lines(file.folder / REVOKED, tokens)
        for folder in folders:
            forgot.left += [(folder, found) for found in search_folder(folder, traces[folder])]
    if any(not traces[folder].words >= names for folder in folders):
        forgot.notes.append(UNTOLD)
    return forgot


def all_tokens(secret: bytes, campaign_id: str, customer_id: str, revoked: frozenset[str]) -> frozenset[str]:
    """Return all tokens a customer has had or may have had, of the page and of the nameless one."""
    found: set[str] = set()
    for purpose in PURPOSES:
        turns = tokens_of(secret, campaign_id, customer_id, revoked, purpose=purpose)
        while len(turns) < TURNS:
            turns = tokens_of(secret, campaign_id, customer_id, {*revoked, *turns}, purpose=purpose)
        found.update(turns)
    return frozenset(found)


def output_folders(file: CampaignFile, outs: Sequence[Path]) -> list[Path]:
    """Return the output folders that are meant: the named ones, else the campaign's own."""
    return list(dict.fromkeys(output_folder(file, out) for out in outs or (None,)))


@contextmanager
def holding_outputs(
    file: CampaignFile,
    outs: Sequence[Path],
    secret: bytes | None = None,
    revoked: frozenset[str] = frozenset(),
) -> Iterator[list[Path]]:
    """Lock and repair the output folders there are, all before anything is done to one.

    Raises UsageError where a named one is none of recap's or one is of another campaign, OutputError where a
    run is at work in one, or it was made with another secret than `secret`.
    """
    with ExitStack() as stack:
        folders = []
        for folder in output_folders(file, outs):
            if not any((folder / name).exists() for name in (RUN, OUTCOMES, WORK)):
                if outs:
                    raise UsageError(f"{folder} is no output folder of recap; see --out")
                continue
            made_for = read_run(folder).get("campaign", file.campaign.id)
            if made_for != file.campaign.id:
                raise UsageError(f"{folder} is of the campaign {made_for}, not of {file.campaign.id}")
            output = stack.enter_context(open_output(folder))
            if secret is not None:
                output.verify_secret(secret, file.campaign.id, revoked)
            folders.append(folder)
        yield folders


def rewrite_report(folder: Path) -> None:
    """Write the report again, of what the tables now hold; nothing where there is no finished run."""
    if run := read_run(folder):
        write_report(folder, run, shipped_folder("templates") / "report")


def _known_as(file: CampaignFile, customer_id: str, forgot: Forgot) -> tuple[frozenset[str], frozenset[str]]:
    """Read the customer's names, and other ids of theirs, that nobody else has."""
    # A source that is gone must not stand in the way of being forgotten.
    names, aliases = frozenset[str](), frozenset[str]()
    try:
        names = _names(file, customer_id, forgot)
    except SourceError:
        forgot.notes.append("the customers table cannot be read, so no name was looked for")
    try:
        aliases = aliases.union(*(_identifiers(file, tool, customer_id) for tool in get_args(ToolName)))
    except (CampaignError, SourceError):
        forgot.notes.append("what exports know the customer by cannot be read, so it was not looked for")
    return names, aliases


def _names(file: CampaignFile, customer_id: str, forgot: Forgot) -> frozenset[str]:
    with tempfile.TemporaryDirectory(prefix="recap-") as scratch:
        connection = connect(None, Path(scratch))
        try:
            names, shared = read_names(file.campaign, connection, customer_id, base=file.folder)
        finally:
            connection.close()
    if names & shared:
        forgot.notes.append(UNTOLD)
    if not names and file.campaign.customers is not None and file.campaign.customers.name:
        forgot.notes.append(UNKNOWN)
    return names - shared


def _identifiers(file: CampaignFile, tool: ToolName, customer_id: str) -> set[str]:
    known = tool_identifiers(file, tool)
    if known is None:
        return set()
    own = set(known.filter(customer_id=customer_id)["identifier"])
    others = known.filter(pl.col("customer_id") != customer_id, pl.col("identifier").is_in(list(own)))
    return own - set(others["identifier"])
