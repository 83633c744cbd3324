"""The wheel: installed into a fresh environment, it brings all it needs to run a campaign."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WHEELS = ROOT / ".wheels"


@pytest.mark.browser
def test_the_wheel_runs_the_demo_campaign(tmp_path: Path) -> None:
    """Built, installed offline beside nothing, `init` and `run` work away from the checkout."""
    if not WHEELS.is_dir():
        pytest.skip("the wheels of the dependencies are not here; `make install` puts them into .wheels")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("recap-*.whl")
    venv.create(tmp_path / "fresh", with_pip=True)
    python = tmp_path / "fresh" / "bin" / "python"
    install = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--find-links",
        str(WHEELS),
        str(wheel),
    ]
    subprocess.run(install, check=True, capture_output=True)
    # Nothing of the checkout may be found by accident.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    recap = tmp_path / "fresh" / "bin" / "recap"

    def call(*arguments: str) -> str:
        done = subprocess.run(
            [recap, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    call("init", "mine")
    call("check", "mine")
    assert "2 customers" in call("run", "mine", "--limit", "2", "--out", "out", "--set", "formats=[link]")
    assert len(list((tmp_path / "out").glob("cards/*/*/*.png"))) >= 2
    assert (tmp_path / "out" / "report.html").stat().st_size > 1000
