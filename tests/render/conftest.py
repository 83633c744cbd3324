"""Browsers that the tests of a process share: starting one costs a second."""

from collections.abc import Iterator

import pytest
from both_engines import Pair
from browsing import Family, browsing


@pytest.fixture(scope="session")
def pair() -> Iterator[Pair]:
    """Both engines."""
    with Pair() as pair:
        yield pair


@pytest.fixture(scope="module")
def family() -> Family:
    """Return a function that lists the browsers started since, whoever keeps others open."""
    before = browsing()
    return lambda: browsing() - before
