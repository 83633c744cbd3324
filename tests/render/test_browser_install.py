"""Installing a browser where there is none."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from recap.errors import BrowserError
from recap.render.install import install_browser, install_fonts, run_command


class _Machine:
    """Takes the commands, and grows a browser at the one that holds `cure`."""

    def __init__(self, folder: Path, cure: str = "") -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.cure = cure
        self.commands: list[str] = []
        self.environ = {"PATH": str(self.bin), "HOME": str(folder)}
        for tool in ("apt-get", "sudo"):
            self.add(tool, "exit 1")

    def add(self, name: str, script: str) -> None:
        program = self.bin / name
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)

    def run(self, command: Sequence[str], environ: Mapping[str, str], seconds: float) -> str:
        assert 0 < seconds < 3600
        assert environ["DEBIAN_FRONTEND"] == "noninteractive"
        self.commands.append(" ".join(command).replace(f"{self.bin}/", ""))
        if self.cure and self.cure in self.commands[-1]:
            self.add("chromium", "echo Chromium 1.2.3.4")
            return ""
        return "it did not work"


def test_nothing_is_run_where_a_browser_is_found(tmp_path: Path) -> None:
    """A machine that has a browser is left alone."""
    machine = _Machine(tmp_path)
    machine.add("chromium", "echo Chromium 1.2.3.4")
    assert install_browser(machine.environ, machine.run, is_root=True).version == "1.2.3.4"
    assert machine.commands == []


def test_the_download_is_tried_first(tmp_path: Path) -> None:
    """Where Playwright's download works the package manager is not asked."""
    machine = _Machine(tmp_path, cure="playwright install")
    install_browser(machine.environ, machine.run, is_root=True)
    assert machine.commands == [f"{sys.executable} -m playwright install chromium-headless-shell"]


def test_packages_are_tried_when_the_download_fails(tmp_path: Path) -> None:
    """The system's packages follow, the small one first, and the search ends with the first success."""
    machine = _Machine(tmp_path, cure="recommends chromium-headless-shell")
    install_browser(machine.environ, machine.run, is_root=True)
    assert machine.commands[1:] == [
        "apt-get update",
        "apt-get install --yes --no-install-recommends chromium-headless-shell",
    ]


def test_sudo_never_asks_for_a_password(tmp_path: Path) -> None:
    """Who is not root uses sudo in the way that fails rather than asks."""
    machine = _Machine(tmp_path, cure="recommends chromium")
    install_browser(machine.environ, machine.run, is_root=False)
    assert machine.commands[1] == "sudo -n apt-get update"


def test_a_machine_that_cannot_install_hears_what_to_do(tmp_path: Path) -> None:
    """When all ways have failed the message is one line that names the package and what was tried."""
    machine = _Machine(tmp_path)
    with pytest.raises(BrowserError) as caught:
        install_browser(machine.environ, machine.run, is_root=True)
    assert "\n" not in str(caught.value)
    assert "install the package chromium-headless-shell" in str(caught.value)
    assert "it did not work" in str(caught.value)
    assert len(machine.commands) == 4


def test_a_wrongly_named_browser_is_not_replaced(tmp_path: Path) -> None:
    """RECAP_CHROMIUM that names no browser is an error, not a reason to install another."""
    machine = _Machine(tmp_path, cure="install")
    with pytest.raises(BrowserError, match="RECAP_CHROMIUM"):
        install_browser({**machine.environ, "RECAP_CHROMIUM": "/no/such"}, machine.run, is_root=True)
    assert machine.commands == []


@pytest.mark.parametrize(
    ("script", "failure"),
    [
        ("exit 0", ""),
        ("echo fine; echo 'E: Unable to locate package'; echo bye; exit 100", "E: Unable to locate package"),
        ("echo last; exit 3", "last"),
        ("exit 3", "ended with code 3"),
        # The child keeps the pipe open; waiting for it would be waiting for ever.
        ("sleep 600 & sleep 600", "not finished within 0.2 s"),
    ],
)
def test_a_command_says_what_went_wrong(script: str, failure: str) -> None:
    """A command's failure is its most telling line, and its time is limited with that of its children."""
    seconds = 0.2 if "sleep" in script else 30
    assert run_command(["/bin/sh", "-c", script], {"PATH": "/bin:/usr/bin"}, seconds) == failure


def test_a_command_that_is_not_there_is_a_failure() -> None:
    """A missing program is reported like a failing one."""
    assert "No such file" in run_command(["/no/such/program"], {}, 1)


def test_fonts_are_installed_where_they_are_missing(tmp_path: Path) -> None:
    """The package manager is asked once; where it cannot help, the line says which package to install."""
    machine = _Machine(tmp_path)
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    said = install_fonts(machine.environ, machine.run, [fonts], is_root=True)
    assert "install the package fonts-noto-cjk" in said
    assert machine.commands[-1].endswith("install --yes --no-install-recommends fonts-noto-cjk")
    asked = len(machine.commands)
    (fonts / "NotoSansCJK-Regular.ttc").write_bytes(b"")
    assert install_fonts(machine.environ, machine.run, [fonts], is_root=True) == ""
    assert len(machine.commands) == asked
