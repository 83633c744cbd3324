"""Browsers that the tests of a process share: starting one costs a second."""

from collections.abc import Iterator

import pytest
from both_engines import Pair


@pytest.fixture(scope="session")
def pair() -> Iterator[Pair]:
    """Both engines."""
    with Pair() as pair:
        yield pair
