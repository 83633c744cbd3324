"""Every kind on real activity: what SQL publishes, the audit recomputes from the raw files."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from recap.campaign import build_campaign
from recap.campaign.document import Document
from recap.metrics.registry import KINDS, MODELS
from recap.pipeline.audit import audit_campaign, tell_difference
from recap.pipeline.prepare import CampaignFile
from recap.pipeline.progress import Clock, Silence

DATA = Path(__file__).parents[3] / "shared" / "data"
VISITS = {"id": "visits", "kind": "distinct", "of": "receipt", "where": "quantity > 0"}
# The kinds' examples are written on these five fields.
RETAIL = {
    "path": "online_retail/online_retail.parquet",
    "customer": "CustomerID",
    "time": "InvoiceDate",
    "fields": {
        "receipt": "InvoiceNo",
        "product": "StockCode",
        "category": "Country",
        "quantity": {"column": "Quantity", "type": "integer"},
        "amount": {"expression": "Quantity * UnitPrice", "type": "money", "scale": 3},
    },
}
COFFEE = {
    "path": "coffee_vending/coffee_sales.csv",
    "customer": "card",
    "time": "datetime",
    "fields": {
        "receipt": "date",
        "product": "coffee_name",
        "category": "cash_type",
        "quantity": {"expression": "1", "type": "integer"},
        "amount": {"column": "money", "type": "money", "scale": 2},
    },
}
CASES = {
    "retail, the year": (RETAIL, {"year": 2011}, "Europe/London", 500),
    "retail, 90 days": (RETAIL, {"last_day": "2011-11-15", "days": 90}, "Europe/London", 200),
    "coffee, the year": (COFFEE, {"year": 2024}, "UTC", None),
    "coffee, a quarter of the next": (COFFEE, {"year": 2025, "quarter": 1}, "UTC", None),
}


@pytest.mark.parametrize("case", CASES)
def test_every_kind_agrees_on_real_activity(case: str) -> None:
    """Forty kinds, cancellations, repeated rows, cash without a card: no value differs."""
    source, period, zone, sample = CASES[case]
    if not (DATA / str(source["path"])).is_file():
        pytest.skip("the real data are not beside this checkout")
    data: dict[str, Any] = {
        "id": "real",
        "title": "Real",
        "brand": {"name": "Real"},
        "period": period,
        "time_zone": zone,
        "sources": source,
        "metrics": [VISITS, *(yaml.safe_load(kind.example) for kind in KINDS.values())],
    }
    document = Document(data, {})
    file = CampaignFile(build_campaign(document, MODELS), DATA / "campaign.yaml", document)
    report = audit_campaign(file, Clock(Silence()), Silence(), sample=sample)
    assert [tell_difference(difference) for difference in report.differences] == []
    assert set(report.unaudited) == {"largest_receipt"}
    assert report.values > 5 * report.customers
