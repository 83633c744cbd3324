"""The commands, and how each of them ends: exit codes and messages.

Commands import what they need when they run, so that `recap --help` answers at once.
"""

import signal
import sys
from types import FrameType
from typing import Annotated, NoReturn

import typer

from recap import __version__
from recap.cli.audit import audit
from recap.cli.doctor import doctor
from recap.cli.examine import check, explain, plan, preview
from recap.cli.export import export
from recap.cli.forget import forget
from recap.cli.gallery import gallery
from recap.cli.publish import publish
from recap.cli.purge import purge
from recap.cli.revoke import revoke
from recap.cli.run import run
from recap.cli.start import init, schema
from recap.cli.theme import theme
from recap.errors import CampaignError, RecapError

app = typer.Typer(
    name="recap",
    help="Turn a table of customer activity into personal, shareable picture cards, for every customer.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"recap {__version__}")
        raise typer.Exit


@app.callback()
def _recap(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Turn a table of customer activity into personal, shareable picture cards, for every customer."""


for command in (
    init,
    check,
    plan,
    run,
    preview,
    explain,
    audit,
    publish,
    export,
    forget,
    revoke,
    purge,
    gallery,
    doctor,
    schema,
):
    app.command()(command)
app.add_typer(theme, name="theme")


def run_app() -> NoReturn:
    """Run the command line and exit.

    0 done, 1 failed, 2 usage or campaign error, 3 too many customers failed, 130 stopped.
    """
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        app()
    except CampaignError as error:
        for problem in error.problems:
            _complain(str(problem))
        sys.exit(error.exit_code)
    except RecapError as error:
        for line in str(error).splitlines():
            _complain(line)
        sys.exit(error.exit_code)
    except OSError as error:
        _complain(": ".join(str(part) for part in (error.filename, error.strerror or error) if part))
        sys.exit(RecapError.exit_code)
    sys.exit(0)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _complain(text: str) -> None:
    typer.echo(f"recap: {text}", err=True)
