"""Each kind's example, computed on the sample shop: what the catalogue shows is what comes out."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from recap.campaign import Document, build_campaign
from recap.metrics.registry import KINDS, MODELS
from recap.metrics.results import read_values
from recap.metrics.value import Value
from recap.pipeline.look import load_look
from recap.pipeline.prepare import CampaignFile, compute, open_campaign
from recap.pipeline.progress import Clock, Silence
from recap.selection.deck import Customer, Deck, Highlight

SHOP = Path(__file__).resolve().parent.parent / "examples" / "shop"
VISITS = {"id": "visits", "kind": "distinct", "of": "receipt", "where": "quantity > 0"}
LONGEST = 300
"""Characters of a detail that are shown."""


@dataclass(frozen=True, slots=True)
class Example:
    """A kind's example and what it gives one customer."""

    yaml: str
    customer_id: str
    value: Value
    headline: str

    @property
    def detail(self) -> str:
        """The detail as JSON, cut where it is long."""
        text = json.dumps(self.value.detail, ensure_ascii=False, default=_plain)
        return text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."


def compute_examples() -> Mapping[str, Example]:
    """Compute the example of every kind; by kind."""
    shop = open_campaign(SHOP)
    metrics = {name: yaml.safe_load(kind.example) for name, kind in KINDS.items()}
    data = deepcopy(shop.document.data)
    data["metrics"] = [VISITS, *metrics.values()]
    data["languages"] = ["en"]
    document = Document(data, {})
    campaign = build_campaign(document, MODELS)
    file = CampaignFile(campaign, shop.path, document)
    look = load_look(campaign, shop.folder)
    with compute(file, Clock(Silence()), Silence()) as computed:
        return {
            kind: Example(KINDS[kind].example.rstrip(), customer_id, value, headline)
            for kind, customer_id, value in _values(computed.connection, metrics)
            for headline in [_headline(look, customer_id, value)]
        }


def _values(connection: Any, metrics: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str, Value]]:
    """Give each metric's value of the first customer for whom it is a story."""
    for kind, metric in metrics.items():
        (customer_id,) = connection.execute(
            """SELECT customer_id FROM "values" WHERE metric = ? AND NOT alone
ORDER BY coalesce(number, 1) >= ? DESC, customer_id > '00020' DESC,
  "rows" BETWEEN 12 AND 120 DESC, customer_id LIMIT 1""",
            [metric["id"], max(KINDS[kind].least_number, 1e-9)],
        ).fetchall()[0]
        yield kind, customer_id, read_values(connection, customer_id)[metric["id"]]


def _headline(look: Any, customer_id: str, value: Value) -> str:
    highlight = Highlight(value, score=1, claims_standing=False)
    deck = Deck(Customer(customer_id, None, "en"), "full", (highlight,))
    return str(look.cards(deck)[1].headline)


def _plain(value: object) -> int | float:
    assert isinstance(value, Decimal)  # noqa: S101 - details hold nothing else that JSON does not know
    return int(value) if value == value.to_integral_value() else float(value)
