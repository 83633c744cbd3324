"""Everything that can be known to be wrong before anything is rendered."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from recap.delivery.erasure.forgotten import recognise_forgotten
from recap.errors import CampaignError, Problem, RecapError, SourceError
from recap.metrics.check import check_metrics, find_unknown_values
from recap.metrics.compute import read_basis
from recap.metrics.plan import plan_computation
from recap.metrics.wanted import wanted_of
from recap.pipeline.doubts import find_doubts
from recap.pipeline.identifiers import check_identifiers
from recap.pipeline.prepare import CampaignFile, open_looks, tolerate
from recap.sources.connection import connect
from recap.sources.open import open_events
from recap.sources.rejects import summarise_rejects


@contextmanager
def _collected(problems: list[Problem]) -> Iterator[None]:
    try:
        yield
    except CampaignError as error:
        problems.extend(error.problems)
    except RecapError as error:
        problems.extend(Problem(line) for line in str(error).splitlines())


def check_campaign(file: CampaignFile) -> list[str]:
    """Check sources, conditions, theme, templates and wording of a campaign that could be loaded.

    Returns warnings. Raises CampaignError with every problem of all of them.
    """
    problems: list[Problem] = []
    warnings: list[str] = []
    with _collected(problems):
        warnings += find_doubts(file.campaign, open_looks(file), datetime.now(UTC).date())
    with TemporaryDirectory(prefix="recap-") as scratch, _collected(problems):
        connection = connect(None, Path(scratch))
        try:
            wanted = wanted_of(file.campaign)
            try:
                opened = open_events(
                    file.campaign,
                    connection,
                    base=file.folder,
                    wanted=wanted,
                    is_forgotten=recognise_forgotten(file.folder, os.environ, file.campaign.id),
                )
            except SourceError as error:
                raise file.located(error) from error
            warnings += opened.warnings
            reasons = summarise_rejects(connection)
            warnings += [f"rows that cannot be read: {reason}" for reason in reasons]
            with _collected(problems):
                tolerate(file, opened, reasons)
            with _collected(problems):
                plan_computation(file.campaign, read_basis(connection, opened.fields))
            check_metrics(file.campaign, connection, opened.declared)
            warnings += find_unknown_values(file.campaign, connection, opened.fields)
        finally:
            connection.close()
    if not problems:
        with _collected(problems):
            check_identifiers(file)
    if problems:
        raise file.placed(CampaignError(problems))
    return warnings
