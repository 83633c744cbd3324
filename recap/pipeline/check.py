"""Everything that can be known to be wrong before anything is rendered."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from recap.errors import CampaignError, Problem, RecapError
from recap.metrics.compute import check_metrics
from recap.pipeline.look import load_look
from recap.pipeline.prepare import CampaignFile
from recap.sources.connection import connect
from recap.sources.open import open_events


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
        load_look(file.campaign, file.folder)
    with TemporaryDirectory(prefix="recap-") as scratch, _collected(problems):
        connection = connect(None, Path(scratch))
        try:
            opened = open_events(file.campaign, connection, base=file.folder)
            warnings += opened.warnings
            rows = opened.rows
            if rows.used == 0:
                problems.append(Problem(f"no row of {rows.read} is an event of the period", "period"))
            elif rows.rejected:
                warnings.append(f"{rows.rejected} of {rows.read} rows cannot be read")
            check_metrics(file.campaign, connection, opened.fields, str(file.path))
        finally:
            connection.close()
    if problems:
        raise CampaignError(problems)
    return warnings
