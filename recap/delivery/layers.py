"""Runs laid over one another: one sorted stream of rows out of finished and interrupted runs.

A layer is what one run knows: its tables, in the order of tokens. A customer's rows come from the uppermost
layer that has an outcome for them. Everything is a stream; only the tokens of the upper layers are held.
"""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from recap.delivery.tables import (
    MANIFEST,
    MANIFEST_ORDER,
    MANIFEST_SCHEMA,
    OUTCOMES,
    OUTCOMES_ORDER,
    OUTCOMES_SCHEMA,
    TableBatches,
    read_batches,
)


@dataclass(frozen=True, slots=True)
class Layer:
    """One run's folders, each with a manifest and outcomes; together sorted by token."""

    folders: tuple[Path, ...]

    def tokens(self) -> pa.Array:
        """Every token with an outcome."""
        batches = read_batches((folder / OUTCOMES for folder in self.folders), OUTCOMES_SCHEMA, ["token"])
        chunks = [chunk for batch in batches for chunk in batch["token"].chunks]
        return pa.chunked_array(chunks, pa.string()).combine_chunks()


def manifest_rows(layers: list[Layer], dropped: pa.Array) -> TableBatches:
    """Stream the pictures of all layers, the lowest first in `layers`; sorted by token, card, format.

    `dropped` are tokens whose rows are left out.
    """
    return _without(_overlay(layers, MANIFEST, MANIFEST_SCHEMA, MANIFEST_ORDER), dropped)


def outcome_rows(layers: list[Layer], dropped: pa.Array) -> TableBatches:
    """Stream the customers of all layers, but for the `dropped` tokens; sorted by token."""
    return _without(_overlay(layers, OUTCOMES, OUTCOMES_SCHEMA, OUTCOMES_ORDER), dropped)


def _overlay(layers: list[Layer], name: str, schema: pa.Schema, order: tuple[str, ...]) -> TableBatches:
    result: TableBatches = iter(())
    for layer in layers:
        rows = read_batches((folder / name for folder in layer.folders), schema)
        result = _merge(_without(result, layer.tokens()), rows, order) if layer is not layers[0] else rows
    return result


def _without(batches: TableBatches, tokens: pa.Array) -> TableBatches:
    for batch in batches:
        rest = batch.filter(pc.invert(pc.is_in(batch["token"], value_set=tokens)))
        if rest.num_rows:
            yield rest


def _merge(lower: TableBatches, upper: TableBatches, order: tuple[str, ...]) -> TableBatches:
    """Merge two streams sorted by token that have no token in common."""
    left, right = next(lower, None), next(upper, None)
    while left is not None and right is not None:
        cut = min(left["token"][-1].as_py(), right["token"][-1].as_py())
        ready = pa.concat_tables([_upto(left, cut), _upto(right, cut)])
        yield ready.sort_by([(column, "ascending") for column in order])
        left, right = _after(left, cut) or next(lower, None), _after(right, cut) or next(upper, None)
    for rest, more in ((left, lower), (right, upper)):
        if rest is not None:
            yield rest
        yield from more


def _upto(table: pa.Table, token: str) -> pa.Table:
    return table.filter(pc.less_equal(table["token"], token))


def _after(table: pa.Table, token: str) -> pa.Table | None:
    rest = table.filter(pc.greater(table["token"], token))
    return rest if rest.num_rows else None
