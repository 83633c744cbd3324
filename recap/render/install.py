"""Sees to it that there is a browser to draw with, and fonts: `python -m recap.render.install`.

Where a browser is found nothing is done. Else Playwright's download is tried, then the system's package
manager; each has its time, and what it says is shown only when all have failed. The fonts of Chinese,
Japanese and Korean are too large to ship; where they are missing the package manager is asked, and if that
fails too, the rest can still be drawn.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from recap.errors import BrowserError
from recap.render.discovery import BrowserPath, find_browser
from recap.render.processes import descendants, end

_DOWNLOAD_SECONDS = 300
_PACKAGE_SECONDS = 600
_PACKAGES = ("chromium-headless-shell", "chromium")
_CJK_FONTS = "fonts-noto-cjk"
_FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))

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
    ways += _package_ways(_PACKAGES, environ, is_root=is_root)
    return ways


def _package_ways(
    packages: Sequence[str], environ: Mapping[str, str], *, is_root: bool
) -> list[tuple[list[str], float]]:
    """List the commands that install packages one after another; none where there is no apt we may use."""
    path = environ.get("PATH", os.defpath)
    apt = shutil.which("apt-get", path=path)
    if not apt or not (is_root or shutil.which("sudo", path=path)):
        return []
    # -n: a password asked for in the middle of a build is a build that hangs.
    sudo = [] if is_root else ["sudo", "-n"]
    install = [*sudo, apt, "install", "--yes", "--no-install-recommends"]
    commands = [[*sudo, apt, "update"], *([*install, package] for package in packages)]
    return [(command, _PACKAGE_SECONDS) for command in commands]


def install_fonts(environ: Mapping[str, str], run: Run, folders: Sequence[Path], *, is_root: bool) -> str:
    """Install the CJK fonts where `folders` hold none; return what to say of it."""
    if any(found for folder in folders for found in folder.rglob("*CJK*")):
        return ""
    for command, seconds in _package_ways((_CJK_FONTS,), environ, is_root=is_root):
        run(command, _quiet(environ), seconds)
    if any(found for folder in folders for found in folder.rglob("*CJK*")):
        return f"fonts: {_CJK_FONTS} was installed"
    return f"fonts: Chinese, Japanese and Korean will be drawn as boxes; install the package {_CJK_FONTS}"


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
    """Install what is missing, and say in one line each what is used or what to do; return the exit code."""
    is_root = os.geteuid() == 0
    try:
        browser = install_browser(os.environ, run_command, is_root=is_root)
    except BrowserError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.write(f"browser: {browser.path} {browser.version} (from {browser.origin})\n")
    if said := install_fonts(os.environ, run_command, _FONT_FOLDERS, is_root=is_root):
        sys.stdout.write(f"{said}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
