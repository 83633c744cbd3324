"""`recap doctor`: whether this machine is ready."""

import typer


def doctor() -> None:
    """Tell whether this machine can draw.

    Browser, fonts, scripts that cannot be drawn, disk and versions.
    """
    import os

    from recap.pipeline.doctor import examine_machine

    healthy = True
    for finding in examine_machine(os.environ):
        mark = "ok  " if finding.good else "MEND"
        typer.echo(f"{mark} {finding.what}: {finding.text}")
        healthy = healthy and (finding.good or not finding.vital)
    if not healthy:
        raise typer.Exit(1)
