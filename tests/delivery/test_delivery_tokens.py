"""Secrets and tokens: who may read them, who makes them, what they give away."""

import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recap.delivery.tokens import FILE, TOKEN, VARIABLE, campaign_secret, token_of
from recap.errors import OutputError

SECRET = b"0123456789abcdef"


def test_first_run_makes_a_private_secret(tmp_path: Path) -> None:
    """The file is made once, for its owner only, and read back the same."""
    secret = campaign_secret(tmp_path, {}, create=True)
    assert len(secret) == 64
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert campaign_secret(tmp_path, {}, create=False) == secret
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_racing_creators_agree(tmp_path: Path) -> None:
    """Runs that start together end up with the same secret."""
    barrier, found = threading.Barrier(8), []

    def create() -> None:
        barrier.wait()
        found.append(campaign_secret(tmp_path, {}, create=True))

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_creator_that_died_half_way_is_no_obstacle(tmp_path: Path) -> None:
    """A half-written file left by a killed run is never taken for the secret."""
    (tmp_path / ".partial-recap-secret").write_bytes(b"half")
    assert len(campaign_secret(tmp_path, {}, create=True)) == 64
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_environment_goes_first(tmp_path: Path) -> None:
    """RECAP_SECRET is used where it is set, and no file is made."""
    assert (
        campaign_secret(tmp_path, {VARIABLE: " a long enough secret \n"}, create=True)
        == b"a long enough secret"
    )
    assert not list(tmp_path.iterdir())


def test_missing_secret_without_leave_to_create(tmp_path: Path) -> None:
    """A command that only looks makes nothing, and says who does."""
    with pytest.raises(OutputError, match="made by the first `recap run`"):
        campaign_secret(tmp_path, {}, create=False)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("content", "complaint"), [(b"", "is empty"), (b"  \n", "is empty"), (b"abc", "is too short")]
)
def test_damaged_secret(tmp_path: Path, content: bytes, complaint: str) -> None:
    """A secret that is no secret stops the run and is left alone."""
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(OutputError, match=complaint):
        campaign_secret(tmp_path, {}, create=True)
    assert (tmp_path / FILE).read_bytes() == content


def test_unreadable_secret(tmp_path: Path) -> None:
    """What cannot be read is said with the reason."""
    (tmp_path / FILE).mkdir()
    with pytest.raises(OutputError, match="cannot be read"):
        campaign_secret(tmp_path, {}, create=False)


@pytest.mark.parametrize("value", ["", "short"])
def test_weak_environment(tmp_path: Path, value: str) -> None:
    """An empty or short RECAP_SECRET is refused, not quietly replaced by the file's."""
    with pytest.raises(OutputError, match="RECAP_SECRET is too short"):
        campaign_secret(tmp_path, {VARIABLE: value}, create=True)


@given(st.text(max_size=40))
def test_tokens_are_safe_names(customer: str) -> None:
    """Whatever a customer is called, the token is 26 letters and digits, the same every time."""
    token = token_of(SECRET, "campaign", customer)
    assert TOKEN.fullmatch(token)
    assert token == token_of(SECRET, "campaign", customer)


@given(
    st.lists(
        st.tuples(
            st.binary(min_size=16, max_size=20), st.sampled_from(["a", "ab", "b"]), st.text(max_size=4)
        ),
        unique=True,
        max_size=20,
    )
)
def test_tokens_differ(cases: list[tuple[bytes, str, str]]) -> None:
    """Another secret, campaign or customer makes another token."""
    assert len({token_of(*case) for case in cases}) == len(cases)


def test_token_is_pinned() -> None:
    """Links that are out in the world must survive an update: this value may never change."""
    assert token_of(SECRET, "soundwave-2026", "00042") == "3eeiqigtogxitwyhfdapmlhuou"
