"""Everything a run has left of a customer, taken out of an output folder.

Each file changes as one step, and each step may be done any number of times: who is interrupted asks again,
and the rest is done.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from recap.delivery.disk import PARTIAL, explaining, remove, remove_if_empty, sync_folder
from recap.delivery.erasure.rows import drop_csv_rows, drop_lines_with, drop_parquet_rows
from recap.delivery.erasure.traces import Traces
from recap.delivery.exports import EXPORTS
from recap.delivery.folder import WORK
from recap.delivery.pictures import CARDS, SHARED
from recap.delivery.publishing.ledger import PUBLISHED
from recap.delivery.tables import (
    MANIFEST,
    MANIFEST_SCHEMA,
    OUTCOMES,
    OUTCOMES_SCHEMA,
    read_batches,
    read_run,
    write_run,
)

VALUES, REJECTS = "values.parquet", "rejects.parquet"


def read_tokens(output: Path, customer_id: str) -> set[str]:
    """Read the tokens under which an output folder has a customer, in finished and interrupted runs."""
    found: set[str] = set()
    for path in (output / OUTCOMES, *sorted((output / WORK).glob(f"*/*/{OUTCOMES}"))):
        if not path.exists():
            continue
        for rows in read_batches([path], OUTCOMES_SCHEMA, ["customer_id", "token", "share_token"]):
            own = rows.filter(pc.equal(rows["customer_id"], customer_id)).to_pylist()
            found.update(row[name] for row in own for name in ("token", "share_token") if row[name])
    return found


def erase(output: Path, traces: Traces) -> Counter[str]:
    """Take a customer out of a locked and repaired output folder; how many files and rows went, by what.

    Keys: `files`, those of the customer's folders, and `rows`, those of all tables and lists. What is
    published and the pages of the report are for others. Raises OutputError where a file cannot be read or
    written.
    """
    gone: Counter[str] = Counter()
    with explaining(output):
        _correct_run(output, traces)
        gone["files"] = _drop_folders(output, traces)
        # A ledger that a publishing was writing when it was killed; the one before it is whole.
        for leftover in sorted((output / PUBLISHED).rglob(f"{PARTIAL}*")):
            remove(leftover)
        for path in _tables(output):
            if path.name.startswith(PARTIAL):
                remove(path)
            elif path.suffix == ".parquet":
                gone["rows"] += drop_parquet_rows(path, traces)
            elif path.name.removesuffix(".gz").endswith(".csv"):
                gone["rows"] += drop_csv_rows(path, traces)
            elif path.suffix == ".txt":
                gone["rows"] += drop_lines_with(path, traces)
    return +gone


def _tables(output: Path) -> Iterator[Path]:
    """Give every file of recap's own that holds rows; what else lies in the folder is not ours to change."""
    for name in (WORK, EXPORTS, VALUES, REJECTS, MANIFEST, OUTCOMES):
        if (output / name).is_file():
            yield output / name
        for folder, _, inner in os.walk(output / name):
            yield from (Path(folder, one) for one in sorted(inner))


def _drop_folders(output: Path, traces: Traces) -> int:
    gone = 0
    for room in (CARDS, SHARED):
        for token in sorted(traces.tokens):
            folder = output / room / token[:2] / token
            if folder.is_dir():
                gone += sum(path.is_file() for path in folder.rglob("*"))
                remove(folder)
                if not remove_if_empty(folder.parent):
                    sync_folder(folder.parent)
                elif not remove_if_empty(folder.parent.parent):
                    sync_folder(folder.parent.parent)
    return gone


def _correct_run(output: Path, traces: Traces) -> None:
    """Take the customer out of the counts of `run.json`, and warnings that tell of them out of its text.

    Only where it counts what the tables hold, the customer included: after a run over some of the customers
    it does not, and where this was interrupted before it no longer does.
    """
    run = read_run(output)
    if not run:
        return
    changed = dict(run)
    counted, own = _count(output, traces)
    if own and all(run.get(name) == number for name, number in counted.items()):
        rest = {name: number - own.get(name, 0) for name, number in counted.items() if name != "outcomes"}
        outcomes = {name: number - own["outcomes"].get(name, 0) for name, number in run["outcomes"].items()}
        changed |= {**rest, "outcomes": outcomes}
    changed["warnings"] = [text for text in run.get("warnings", ()) if not any(traces.in_text(str(text)))]
    if changed != run:
        write_run(output, changed)


def _count(output: Path, traces: Traces) -> tuple[dict[str, Any], dict[str, Any]]:
    """Count what `run.json` counts: of everyone in the tables, and of the customer."""
    if not (output / OUTCOMES).exists() or not (output / MANIFEST).exists():
        return {}, {}
    everyone: Counter[str] = Counter()
    own: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    columns = ["customer_id", "token", "outcome", "cards"]
    for rows in read_batches([output / OUTCOMES], OUTCOMES_SCHEMA, columns):
        for row in rows.to_pylist():
            is_own = row["customer_id"] == traces.customer_id or row["token"] in traces.tokens
            for counts in (everyone, own) if is_own else (everyone,):
                counts["customers"] += 1
                counts["cards"] += row["cards"] or 0
            ended[row["outcome"]] += is_own
    for rows in read_batches([output / MANIFEST], MANIFEST_SCHEMA, ["customer_id", "token"]):
        everyone["pictures"] += rows.num_rows
        own["pictures"] += sum(
            row["customer_id"] == traces.customer_id or row["token"] in traces.tokens
            for row in rows.to_pylist()
        )
    if not own["customers"]:
        return dict(everyone), {}
    return {name: everyone[name] for name in ("customers", "cards", "pictures")}, {**own, "outcomes": ended}
