"""A campaign whose run and publishing are made up: tables and a ledger, without a single picture."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa

from recap.delivery.publishing.ledger import Entry, TargetLedger
from recap.delivery.tables import MANIFEST_SCHEMA, OUTCOMES_SCHEMA, write_run, write_table
from recap.delivery.tokens import token_of

SECRET = b"a secret only the tests know"
CAMPAIGN = """\
id: corner-2026
title: {en: Your year at the corner}
brand: {name: Corner}
period: {year: 2026}
base_url: https://recap.example/2026
sources: {path: events.csv, customer: card, time: bought_at, fields: {item: product}}
customers: {path: customers.csv, customer: card, opt_out: out}
metrics:
  - {id: visits, kind: count}
  - {id: favourite, kind: top, by: item}
  - {id: goodbye, kind: last_event}
formats: [story, link]
exports:
  klaviyo: {identifier: email}
  mailchimp: {identifier: email}
"""
DECK = (
    ("cover", None),
    ("visits", "visits"),
    ("favourite", "favourite"),
    ("goodbye", "goodbye"),
    ("summary", None),
)
PEOPLE = ("c1", "c2", "c3", "c4", "c5")


def token(customer_id: str) -> str:
    return token_of(SECRET, "corner-2026", customer_id)


def link(customer_id: str, name: str = "index.html") -> str:
    own = token(customer_id)
    return f"https://recap.example/2026/cards/{own[:2]}/{own}/{name}"


def make_campaign(folder: Path, text: str = CAMPAIGN, customers: Iterable[Mapping[str, str]] = ()) -> Path:
    """Write campaign and customers; each has an address unless told otherwise. Return the file."""
    folder.mkdir(exist_ok=True)
    (folder / ".recap-secret").write_bytes(SECRET)
    with (folder / "customers.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["card", "email", "out"])
        writer.writeheader()
        writer.writerows({"card": c, "email": f"{c}@corner.example", "out": ""} for c in PEOPLE)
        writer.writerows(customers)
    path = folder / "campaign.yaml"
    path.write_text(text, encoding="utf-8")
    return path


SCORES = {"visits": 1.5, "favourite": 2.5}
"""The strongest highlight is not the last: a goodbye closes the deck."""


def make_run(
    output: Path,
    people: Iterable[str] = PEOPLE,
    *,
    formats: tuple[str, ...] = ("story", "link"),
    headlines: Mapping[str, str] | None = None,
) -> None:
    """Write manifest and outcomes: of every card a row a format; some customers' headlines as given."""
    output.mkdir(parents=True, exist_ok=True)
    rows, outcomes = [], []
    for own, person in sorted((token(person), person) for person in people):
        outcomes.append({"customer_id": person, "token": own, "outcome": "rendered", "cards": len(DECK)})
        for card, (name, metric) in enumerate(DECK):
            rows += [
                {
                    "customer_id": person,
                    "token": own,
                    "card": card,
                    "metric": metric,
                    "score": SCORES.get(name),
                    "template": name,
                    "locale": "en",
                    "format": format_name,
                    "path": f"cards/{own[:2]}/{own}/{card:02d}-{name}.{format_name}.png",
                    "headline": (headlines or {}).get(person, f"{name} of {person}"),
                    "alt_text": f"A picture, {name}: {person}",
                }
                for format_name in sorted(formats)
            ]
    write_table(output / "manifest.parquet", pa.Table.from_pylist(rows, MANIFEST_SCHEMA))
    write_table(output / "outcomes.parquet", pa.Table.from_pylist(outcomes, OUTCOMES_SCHEMA))
    write_run(output, {"campaign": "corner-2026", "base_url": "https://recap.example/2026"})


def make_published(output: Path, people: Iterable[str] = PEOPLE) -> None:
    """Note in the ledger of a target that the pages of some customers are up."""
    paths = [f"cards/{token(person)[:2]}/{token(person)}/index.html" for person in people]
    TargetLedger(output, "file:///nowhere/").record(Entry(path, 1, "", "", 1, "up") for path in paths)
