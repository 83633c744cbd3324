"""The machine's own fonts, which draw what a theme's do not."""

import hashlib
import shutil
import subprocess
from pathlib import Path

_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")


def digest_system_fonts() -> str:
    """Digest which fonts the machine has: their files and versions, or sizes where fontconfig is missing.

    Two machines with the same digest draw foreign scripts alike; a font installed later changes it.
    """
    return hashlib.sha256("\n".join(sorted(_fonts())).encode()).hexdigest()


def _fonts() -> list[str]:
    command = shutil.which("fc-list")
    if command is not None:
        done = subprocess.run(
            [command, "--format", "%{file}|%{index}|%{fontversion}\n"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode == 0:
            return done.stdout.splitlines()
    files = (path for folder in _FOLDERS for path in Path(folder).rglob("*") if path.is_file())
    return [f"{path}|{path.stat().st_size}" for path in files]
