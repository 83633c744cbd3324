"""A disk that really runs full, at any point of a run."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from made_up_runs import people, run, tree

from recap.delivery.disk import write_atomically
from recap.errors import OutputError


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a file system of 1 MiB of our own."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", tmp_path], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"cannot mount a small file system here: {mounted.stderr.decode().strip()}")
    yield tmp_path
    subprocess.run(["umount", "-l", tmp_path], check=True)


def test_full_at_any_point(small_disk: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """With too little room the run says so; with more, the next one ends as if undisturbed."""
    undisturbed = tmp_path_factory.mktemp("undisturbed")
    run(undisturbed, people(12))
    ballast, complaints = small_disk / "ballast", []
    for room in range(4096, 600_000, 36_864):
        _fill(ballast, small_disk, room)
        try:
            run(small_disk / "out", people(12))
        except OutputError as error:
            complaints.append(str(error))
        else:
            break
    assert len(complaints) >= 3
    assert all("the disk is full" in complaint and "run again" in complaint for complaint in complaints)
    ballast.unlink()
    assert tree(small_disk / "out") == tree(undisturbed)


def test_a_file_is_replaced_whole_or_not_at_all(small_disk: Path) -> None:
    """A file that does not fit leaves the old one as it was, and no half of the new."""
    write_atomically(small_disk / "run.json", b"old")
    with pytest.raises(OutputError, match="the disk is full"):
        write_atomically(small_disk / "run.json", b"n" * 2_000_000)
    assert tree(small_disk) == {"run.json": b"old"}


def _fill(ballast: Path, disk: Path, room: int) -> None:
    """Leave about so many bytes free."""
    with suppress(FileNotFoundError):
        ballast.unlink()
    state = os.statvfs(disk)
    ballast.write_bytes(bytes(max(0, state.f_bavail * state.f_frsize - room)))
