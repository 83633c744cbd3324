"""Where the folders that ship with recap are: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

from recap.errors import RecapError

PACKAGE = Path(__file__).resolve().parent


def shipped_folder(name: str) -> Path:
    """Return the shipped folder `name` (`templates`, `sample_data`, `examples`).

    Raises RecapError where it is in neither place, as after a broken installation.
    """
    places = (PACKAGE / "_shipped" / name, PACKAGE.parent / name)
    for place in places:
        if place.is_dir():
            return place
    message = (
        f"recap's own folder {name!r} is missing (looked for {places[0]} and {places[1]}); reinstall recap"
    )
    raise RecapError(message)
