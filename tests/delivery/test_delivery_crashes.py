"""Whatever a run dies of, the next one finds a whole folder and ends with the files of an undisturbed run."""

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up_runs import AFTER, BEFORE, Person, delivered, draw, in_order, people, run, shards, start, tree

from recap.delivery.folder import open_output
from recap.errors import OutputError


@pytest.fixture
def memory() -> Iterator[Path]:
    """Give a folder in memory where there is one: these tests sync thousands of times."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=place) as folder:
        yield Path(folder)


def test_dying_at_every_single_step(memory: Path) -> None:
    """Death before any change to the disk leaves each shard as before or after, and costs nothing whole."""
    run(memory / "before", BEFORE, size=2)
    run(memory / "after", BEFORE, size=2)
    drawn_undisturbed = run(memory / "after", AFTER, size=2)
    child = start("crash", str(memory))
    cases, complaints = child.communicate()
    assert child.returncode == 0, complaints

    before, after = delivered(memory / "before"), delivered(memory / "after")
    seen = set()
    for case in cases.split():
        folder = memory / case
        open_output(folder).close()
        states = [_state(delivered(folder), before, after, shard) for shard in shards(AFTER, 2)]
        assert None not in states, f"a shard is half done after dying at call {case}"
        drawn = run(folder, AFTER, size=2)
        assert drawn <= drawn_undisturbed
        if "after" in states:
            assert drawn < drawn_undisturbed, f"something whole was drawn again after dying at call {case}"
        assert tree(folder) == tree(memory / "after")
        seen.add(tuple(states))
    # The deaths must have fallen before, between and after the commits, or this test proves little.
    assert seen >= {("before", "before"), ("after", "before"), ("after", "after")}


def _state(
    found: dict[str, bytes | None],
    before: dict[str, bytes | None],
    after: dict[str, bytes | None],
    shard: list[Person],
) -> str | None:
    def of_shard(tree: dict[str, bytes | None]) -> dict[str, bytes | None]:
        # Who loses the nameless rendition keeps it until the run is finished; then the trees are compared.
        tokens = [token for p in shard for token in (p.token, p.share_token) if token]
        return {path: data for path, data in tree.items() if any(token in path for token in tokens)}

    if of_shard(found) == of_shard(before):
        return "before"
    return "after" if of_shard(found) == of_shard(after) else None


@pytest.mark.parametrize("line", ["shard 0", "shard 4", "shard 11", "finishing"])
def test_sigkill(memory: Path, line: str) -> None:
    """A run killed by SIGKILL is finished by the next, which draws nothing that was committed."""
    child = start("draw", str(memory / "out"))
    assert child.stdout is not None
    done = 0
    for printed in child.stdout:
        if printed.strip() == line:
            child.send_signal(signal.SIGKILL)
            break
        done += 1
    child.communicate()
    assert child.returncode == -signal.SIGKILL

    drawn = run(memory / "out", people(60))
    assert drawn <= 120 - 6 * min(20, done)
    run(memory / "undisturbed", people(60))
    assert tree(memory / "out") == tree(memory / "undisturbed")


def test_a_failing_disk_in_the_middle_of_a_commit(memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk fails after the commit, the shard is still there for the next run."""
    run(memory / "out", people(3))
    real = os.replace

    def failing(source: str, target: str) -> None:
        if "01-total" in str(target):
            raise OSError(28, "No space left on device", str(target))
        real(source, target)

    with open_output(memory / "out") as output, monkeypatch.context() as patch:
        patch.setattr(os, "replace", failing)
        with pytest.raises(OutputError, match="the disk is full"):
            draw(output, 0, people(3, version=2))
    assert run(memory / "out", people(3, version=2)) == 0
    run(memory / "undisturbed", people(3, version=2))
    assert tree(memory / "out") == tree(memory / "undisturbed")


PEOPLE = st.lists(
    st.builds(
        Person,
        st.sampled_from([f"customer {n}" for n in range(9)]),
        st.integers(0, 3),
        st.integers(1, 3),
        st.booleans(),
    ),
    max_size=9,
    unique_by=lambda person: person.id,
)
RUNS = st.lists(st.tuples(PEOPLE, st.integers(1, 4), st.integers(0, 5)), max_size=4)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(interrupted=RUNS, last=PEOPLE, size=st.integers(1, 4))
def test_any_history_of_interrupted_runs(
    memory: Path,
    interrupted: list[tuple[list[Person], int, int]],
    last: list[Person],
    size: int,
) -> None:
    """However many runs, over whatever customers and shards, were broken off: the last one decides."""
    folder = Path(tempfile.mkdtemp(dir=memory))
    for persons, cut, stop_after in interrupted:
        with open_output(folder / "out") as output:
            pieces = shards(in_order(persons), cut)
            for number, piece in enumerate(pieces[:stop_after]):
                draw(output, number, piece)
            if stop_after > len(pieces):
                output.finish(range(len(pieces)))
    run(folder / "out", in_order(last), size)
    run(folder / "undisturbed", in_order(last), size)
    assert tree(folder / "out") == tree(folder / "undisturbed")
