"""The tree of errors. Bottom layer: this module imports nothing of recap.

An error is a sentence for the person who can mend it: where, what, how. `RecapError` and its children are
printed as they are by the command line; anything else that escapes is a defect of recap itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class RecapError(Exception):
    """Base of every error recap raises on purpose; `exit_code` is what the command line ends with."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a campaign: where it is, what it is, how to mend it."""

    message: str
    path: str = ""
    """Dotted path inside the document, as in `metrics.3.by`; empty for the document as a whole."""
    file: str = ""
    line: int | None = None
    """1-based line in `file`, where it is known."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line is not None else self.file
        return ": ".join(
            part for part in (" ".join(p for p in (place, self.path) if p), self.message) if part
        )


class CampaignError(RecapError):
    """The campaign cannot be used; holds every problem found, not the first only."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UsageError(RecapError):
    """A command was given something it cannot work with, such as a customer that does not exist."""

    exit_code = 2


class SourceError(RecapError):
    """The activity or the customers cannot be read: a missing file or column, an empty source."""

    exit_code = 2


class TemplateError(RecapError):
    """A theme or template is broken; the message names its file and line."""

    exit_code = 2


class BrowserError(RecapError):
    """No browser can be found or started, or it failed for good while drawing."""


class OutputError(RecapError):
    """The output folder cannot be used: unwritable, full, in use, or made with another secret."""


class ToleranceError(RecapError):
    """More rows were unreadable than the campaign tolerates; nothing was rendered."""


class AuditError(RecapError):
    """The independent recomputation found other numbers; nothing was rendered."""


class Interrupted(RecapError):  # noqa: N818 - it is an end, not a fault
    """The run was stopped by a signal; what is finished stays, the next run goes on."""

    exit_code = 130
