"""Whose pages may be seen, by the tables a run left, and whether all that they show is there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from recap.delivery.assets import ASSETS
from recap.delivery.ledger import is_whole
from recap.delivery.pictures import customer_folder, files_of
from recap.delivery.publishing.site import INDEX
from recap.delivery.tables import MANIFEST, MANIFEST_SCHEMA, OUTCOMES, OUTCOMES_SCHEMA, read_batches
from recap.errors import OutputError

WITH_CARDS = frozenset({"rendered", "fallback"})


@dataclass(frozen=True, slots=True)
class People:
    """The customers of a run, by their tokens and those of their nameless renditions."""

    admitted: Mapping[str, str]
    """The language of everyone whose page may be seen, by token."""
    known: frozenset[str]
    """Every token there is, also of those without a page."""
    customers: int
    """How many have a page that may be seen."""
    left_out: int
    """How many have cards, and asked to be left out since."""
    revoked: int
    """How many have cards whose link was revoked since."""


def read_people(output: Path, left_out: Collection[str], revoked: Collection[str]) -> People:
    """Read the outcomes: customers with cards who are not left out, by id, and whose token is not revoked.

    Raises OutputError where the table cannot be read.
    """
    admitted: dict[str, str] = {}
    known: set[str] = set()
    customers = out = lost = 0
    columns = ["customer_id", "token", "share_token", "outcome", "locale"]
    for batch in read_batches([output / OUTCOMES], OUTCOMES_SCHEMA, columns):
        for customer, token, shared, outcome, locale in zip(
            *(batch[name].to_pylist() for name in columns), strict=True
        ):
            tokens = [one for one in (token, shared) if one is not None]
            known.update(tokens)
            if outcome not in WITH_CARDS:
                continue
            if customer in left_out:
                out += 1
                continue
            lost += token in revoked
            customers += token not in revoked
            admitted |= {one: locale for one in tokens if one not in revoked}
    return People(admitted, frozenset(known), customers, out, lost)


def check_whole(output: Path, people: People) -> None:
    """Raise OutputError unless every admitted customer's page, every picture of it and assets are there."""
    if people.admitted and not any((output / ASSETS).glob("*/*")):
        raise _lacking(output, ASSETS)
    for batch in read_batches([output / MANIFEST], MANIFEST_SCHEMA, ["token", "path", "bytes", "files"]):
        for row in batch.to_pylist():
            for path, size in files_of(row):
                if path.split("/")[2] in people.admitted and not is_whole(output / path, size):
                    raise _lacking(output, path)
    for batch in read_batches([output / OUTCOMES], OUTCOMES_SCHEMA, ["token", "share_token"]):
        for row in batch.to_pylist():
            folders = {row["token"]: customer_folder(row["token"])}
            if row["share_token"] is not None:
                folders[row["share_token"]] = customer_folder(row["share_token"], "shared")
            for token, folder in folders.items():
                if token in people.admitted and not (output / folder / INDEX).is_file():
                    raise _lacking(output, f"{folder}/{INDEX}")


def _lacking(output: Path, path: str) -> OutputError:
    return OutputError(f"{output / path} is missing, or not what the run drew: run again, then publish again")
