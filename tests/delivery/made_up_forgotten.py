"""A made-up run with everything in which a customer may have left a trace.

As a program: `die BASE` forgets a customer in copies of BASE/before, and dies some file system calls later
each time.
"""

import csv
import gzip
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from made_up_runs import CAMPAIGN, KILLED, SECRET, Person, _die_at, draw, in_order, run

from recap.delivery.folder import open_output
from recap.delivery.report import write_report
from recap.delivery.tables import write_run
from recap.pipeline.forget import Forgot, forget_customer
from recap.pipeline.prepare import open_campaign
from recap.shipped import shipped_folder

NAMES = {
    "anna@example.org": "Anna O'Neill & <Söhne>",
    "170023": "Maria",
    'b"o, b': "Maria",
    "顧客-四七一一": "王小明",
    "7": "Bo",
}
PEOPLE = in_order([Person(name, shares=True) for name in NAMES])
HALF = in_order([Person(name, cards=1, version=2, shares=True) for name in NAMES])
YAML = f"""\
id: {CAMPAIGN}
title: Your year
brand: {{name: Made Up}}
period: {{year: 2026}}
sources: {{path: events.csv, customer: customer, time: ts}}
customers: {{path: customers.csv, customer: customer, name: name}}
metrics: [{{id: visits, kind: count}}]
"""


def make_traces(folder: Path) -> None:
    """Write a campaign, and in `out` what a finished run, an interrupted one and exports have left."""
    out = folder / "out"
    folder.mkdir()
    (folder / "campaign.yaml").write_text(YAML)
    (folder / "events.csv").write_text("customer,ts\nsomebody,2026-01-01\n")
    with (folder / "customers.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("customer", "name"), *NAMES.items()])
    run(out, PEOPLE)
    write_run(out, described(len(PEOPLE)))
    ids = [person.id for person in PEOPLE]
    values = pl.DataFrame(
        {
            "customer_id": ids,
            "metric": "visits",
            "number": 7.0,
            "text": [f"for {NAMES[own]}" if own[0] in "a顧" else "Tea" for own in ids],
            "detail": [json.dumps({"of": own}) for own in ids],
        }
    )
    (out / "values.parquet").mkdir()
    for number in range(2):
        values[number::2].write_parquet(out / "values.parquet" / f"{number}.parquet")
    lines = [f'{json.dumps(own)},"{NAMES[own]}",soon' for own in ids]
    pl.DataFrame({"source": "e.csv", "line": 1, "reason": "no time", "raw": [*lines, "x,y"]}).write_parquet(
        out / "rejects.parquet"
    )
    links = [f"https://recap.example/cards/{person.token[:2]}/{person.token}/" for person in PEOPLE]
    export = pl.DataFrame({"external_id": ids, "card_url": links, "note": "two\nlines"})
    (out / "exports" / "braze").mkdir(parents=True)
    export.write_csv(out / "exports" / "braze" / "braze-001.csv", line_terminator="\r\n")
    with gzip.open(out / "exports" / "braze" / "braze-002.csv.gz", "wb") as file:
        export.write_csv(file)
    export.rename({"external_id": "who"}).write_parquet(out / "exports" / "parquet-001.parquet")
    with open_output(out) as output:
        draw(output, 0, HALF)
    write_report(out, described(len(PEOPLE)), shipped_folder("templates") / "report")


def described(customers: int) -> dict[str, object]:
    """What `run.json` says of so many customers with two cards each."""
    return {
        "campaign": CAMPAIGN,
        "started": "2027-01-01T00:00:00+00:00",
        "customers": customers,
        "outcomes": {"rendered": customers, "failed": 0},
        "cards": 2 * customers,
        "pictures": 2 * customers,
        "warnings": ["a card says anna@example.org", "all is well"],
    }


def forget(folder: Path, customer_id: str) -> Forgot:
    return forget_customer(open_campaign(folder), customer_id, [folder / "out"])


def read_all(folder: Path) -> Iterator[tuple[str, str]]:
    """Give each file's path and all it says, read by other means than recap's own search."""
    for path in sorted(folder.rglob("*")):
        said = ""
        if path.suffix == ".parquet" and path.is_file():
            frame = pl.read_parquet(path, glob=False)
            said = "\n".join(str(value) for row in frame.iter_rows() for value in row)
        elif path.is_file():
            data = path.read_bytes()
            said = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8", "replace")
        yield str(path.relative_to(folder)), said


def ways_to_write(text: str) -> set[str]:
    """How a text stands in tables, scripts, CSV and HTML."""
    as_html = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    as_html = as_html.replace("'", "&#39;").replace('"', "&#34;")
    return {text, as_html, json.dumps(text)[1:-1], text.replace('"', '""')}


def _die_here_and_there(base: Path) -> None:
    for call in range(1, 1000, 19):
        folder = base / f"{call:04d}"
        shutil.copytree(base / "before", folder)
        child = os.fork()
        if child == 0:
            _die_at(call)
            forget(folder, "anna@example.org")
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status == 0:
            return
        if status != KILLED:
            sys.exit(f"the child failed at call {call}")


if __name__ == "__main__":
    os.environ["RECAP_SECRET"] = SECRET.decode()
    _die_here_and_there(Path(sys.argv[2]))
