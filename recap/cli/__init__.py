"""The command line: the only place that prints, asks or exits."""


def main() -> None:
    """Run the `recap` command."""
    from recap.cli.app import run_app

    run_app()
