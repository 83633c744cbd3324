"""What an output folder holds of people, removed when its time has come."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from recap.delivery.assets import ASSETS
from recap.delivery.disk import explaining, remove, sync_folder
from recap.delivery.erasure.erase import REJECTS, VALUES
from recap.delivery.exports import EXPORTS
from recap.delivery.folder import WORK
from recap.delivery.pictures import CARDS, SHARED
from recap.delivery.publishing.ledger import PUBLISHED
from recap.delivery.report.files import FOLDER as REPORT_PAGES
from recap.delivery.report.files import REPORT
from recap.delivery.tables import MANIFEST, OUTCOMES, read_run, write_run
from recap.errors import UsageError

PERSONAL = (
    *(CARDS, SHARED, ASSETS, EXPORTS, REPORT, REPORT_PAGES, WORK),
    *(VALUES, REJECTS, MANIFEST, OUTCOMES),
)
"""What goes, in this order; `published` is for whoever takes it down first, and goes last."""
COUNTS = (
    *("campaign", "period", "started", "seconds", "customers", "outcomes", "cards", "pictures", "rows"),
    *("forgotten", "selection", "policy", "base_url", "versions"),
)
"""What stays of `run.json`."""
_AGE = re.compile(r"([1-9]\d{0,4})([dwmy])")


def before(now: datetime, age: str) -> datetime:
    """Return the moment that is `age` before another: `90d`, `12w`, `6m` or `1y`, by the calendar.

    Raises UsageError where it is no such age.
    """
    found = _AGE.fullmatch(age.strip().lower())
    if found is None:
        raise UsageError(f"--older-than {age}: write a number and d, w, m or y, as in 90d, 12w, 6m or 1y")
    number = int(found[1])
    try:
        if found[2] in "dw":
            return now - timedelta(days=number * (7 if found[2] == "w" else 1))
        months = 12 * now.year + now.month - 1 - number * (12 if found[2] == "y" else 1)
        # The 31st of a month that has none is the last of it.
        first = date(months // 12, months % 12 + 1, 1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return now.replace(year=first.year, month=first.month, day=min(now.day, last.day))
    except (OverflowError, ValueError) as error:
        raise UsageError(f"--older-than {age}: that is before all calendars") from error


def last_used(output: Path) -> datetime | None:
    """Tell when the latest run in a folder began, interrupted ones too; None where there was none."""
    times = [path.stat().st_mtime for path in (output / WORK).glob("*/*")]
    moments = [datetime.fromtimestamp(time, UTC) for time in times]
    if started := read_run(output).get("started"):
        moments.append(datetime.fromisoformat(str(started)))
    return max(moments, default=None)


def personal_files(output: Path) -> Iterator[Path]:
    """Give every file that would go."""
    for name in (*PERSONAL, PUBLISHED):
        path = output / name
        if path.is_file():
            yield path
        for folder, _, names in os.walk(path):
            yield from (Path(folder, inner) for inner in names)


def purge_folder(output: Path, now: datetime) -> None:
    """Remove what is personal but for `published`, and all of `run.json` but its counts.

    May be done any number of times. Raises OutputError.
    """
    with explaining(output):
        for name in PERSONAL:
            remove(output / name)
        sync_folder(output)
    if run := read_run(output):
        kept = {name: run[name] for name in COUNTS if name in run}
        write_run(output, {**kept, "purged": run.get("purged") or now.isoformat(timespec="seconds")})
