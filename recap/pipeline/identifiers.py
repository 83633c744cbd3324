"""By what the team's tools know the customers: a column of the customers table that an export names."""

import tempfile
from pathlib import Path
from typing import get_args

import polars as pl

from recap.campaign.exports import ToolName
from recap.errors import CampaignError, Problem, SourceError
from recap.pipeline.prepare import CampaignFile
from recap.sources.identifiers import read_identifiers


def tool_identifiers(file: CampaignFile, tool: ToolName) -> pl.DataFrame | None:
    """Read `customer_id` and `identifier` for a tool, sorted by id; None where it knows people by their id.

    Raises CampaignError where there is no customers table, SourceError where it lacks the column.
    """
    wished, customers = file.campaign.exports.of(tool), file.campaign.customers
    if wished.identifier is None:
        return None
    key = f"exports.{tool}.identifier"
    if customers is None:
        message = "an identifier is a column of the customers table; add `customers:`, or leave it out"
        raise file.placed(CampaignError([Problem(message, key)]))
    with tempfile.TemporaryDirectory(prefix="recap-") as scratch:
        try:
            table = read_identifiers(
                customers, wished.identifier, key, base=file.folder, scratch=Path(scratch)
            )
        except SourceError as error:
            raise file.located(error) from error
    return pl.DataFrame(pl.from_arrow(table))


def check_identifiers(file: CampaignFile) -> None:
    """Raise CampaignError or SourceError where an export names an identifier that is not there."""
    for tool in get_args(ToolName):
        tool_identifiers(file, tool)
