"""Sees to it that there is a browser to draw with: `python -m recap.render.install`.

Where one is found nothing is done. Else Playwright's download is tried, then the system's package manager;
each has its time, and what it says is shown only when all have failed.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

from recap.errors import BrowserError
from recap.render.discovery import BrowserPath, find_browser
from recap.render.processes import descendants, end

_DOWNLOAD_SECONDS = 300
_PACKAGE_SECONDS = 600
_PACKAGES = ("chromium-headless-shell", "chromium")

Run = Callable[[Sequence[str], Mapping[str, str], float], str]
"""Runs a command with an environment and a time limit; returns what went wrong, or nothing."""


def install_browser(environ: Mapping[str, str], run: Run, *, is_root: bool) -> BrowserPath:
    """Return a browser that works, installing one first where there is none.

    Raises BrowserError, with one sentence on what to do, where RECAP_CHROMIUM names none that runs or nothing
    could be installed.
    """
    try:
        return find_browser(environ)
    except BrowserError:
        if environ.get("RECAP_CHROMIUM"):
            raise
    failures = []
    for command, seconds in _ways(environ, is_root=is_root):
        if failure := run(command, _quiet(environ), seconds):
            failures.append(f"`{' '.join(command)}`: {failure}")
        # Looked for whatever the command says: a package may be there though another one's set-up failed.
        try:
            return find_browser(environ)
        except BrowserError:
            continue
    raise BrowserError(
        "no Chromium was found and none could be installed: install the package chromium-headless-shell or "
        f"chromium by hand, or set RECAP_CHROMIUM to the path of one (tried {'; '.join(failures)})"
    )


def _ways(environ: Mapping[str, str], *, is_root: bool) -> list[tuple[list[str], float]]:
    """List the commands that may bring a browser, each with its time limit, the best first."""
    download = [sys.executable, "-m", "playwright", "install", "chromium-headless-shell"]
    ways: list[tuple[list[str], float]] = [(download, _DOWNLOAD_SECONDS)]
    path = environ.get("PATH", os.defpath)
    apt = shutil.which("apt-get", path=path)
    # -n: a password asked for in the middle of a build is a build that hangs.
    sudo = [] if is_root else ["sudo", "-n"]
    if apt and (is_root or shutil.which("sudo", path=path)):
        ways.append(([*sudo, apt, "update"], _PACKAGE_SECONDS))
        ways += [
            ([*sudo, apt, "install", "--yes", "--no-install-recommends", package], _PACKAGE_SECONDS)
            for package in _PACKAGES
        ]
    return ways


def _quiet(environ: Mapping[str, str]) -> dict[str, str]:
    return {**environ, "DEBIAN_FRONTEND": "noninteractive"}


def run_command(command: Sequence[str], environ: Mapping[str, str], seconds: float) -> str:
    """Run a command to its end or for `seconds`; return what went wrong, or nothing."""
    try:
        process = subprocess.Popen(
            command,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        return str(error)
    with process:
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            # What it started goes first, or it would keep the pipe open and us waiting.
            end(descendants(process.pid))
            process.kill()
            return f"not finished within {seconds:g} s"
    return "" if process.returncode == 0 else _complaint(said, process.returncode)


def _complaint(said: bytes, code: int) -> str:
    """Pick the line that tells most: the first that speaks of an error, else the last."""
    lines = [line.strip() for line in said.decode(errors="replace").splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith("E: ") or "error" in line.lower()]
    return next(iter(telling or lines[-1:]), f"ended with code {code}")


def main() -> int:
    """Install a browser if need be, and say in one line which is used or what to do; return the exit code."""
    try:
        browser = install_browser(os.environ, run_command, is_root=os.geteuid() == 0)
    except BrowserError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.write(f"browser: {browser.path} {browser.version} (from {browser.origin})\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
