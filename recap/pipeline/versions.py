"""The versions a run was made with."""

import platform
from importlib.metadata import version

from recap import __version__

LIBRARIES = (
    "babel",
    "duckdb",
    "jinja2",
    "numpy",
    "pillow",
    "playwright",
    "polars",
    "pyarrow",
    "pydantic",
    "zlib-ng",
)


def versions() -> dict[str, str]:
    """Return the versions of recap, Python and the libraries that have a part in the result."""
    return {
        "recap": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
    }
