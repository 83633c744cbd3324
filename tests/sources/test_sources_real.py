"""Real files, compared with what others computed from them; skipped where the files are not at hand."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from sources_cases import opening

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"


def opening_example(business, name):
    """Open an example's sources as its campaign file declares them."""
    if not (DATA / business).is_dir():
        pytest.skip(f"the real data of {business} are not beside this checkout")
    folder = ROOT / "examples" / business
    document = yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))
    return opening(folder, document["sources"], period=document["period"])


def truth(business):
    return json.loads((DATA / business / "truth.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("business", "name"),
    [
        ("online_retail", "campaign"),
        ("online_retail", "truth"),
        ("coffee_vending", "campaign"),
        ("coffee_vending", "headless"),
        ("coffee_vending", "dates"),
        ("coffee_vending", "truth"),
    ],
)
def test_the_population_is_the_true_one(business, name):
    """Customers, events and the exact sum agree with the ground truth, whichever form the data have."""
    with opening_example(business, name) as result:
        expected = truth(business)["population"]["population"]
        ((customers, events, total),) = result.all(
            "SELECT count(DISTINCT customer_id), count(*), sum(amount) FROM events"
        )
        assert (customers, events) == (expected["customers"], expected["events"])
        assert total == Decimal(str(expected["metric_sum"]))
        assert result.opened.rows.rejected == 0


@pytest.mark.parametrize(
    ("business", "name", "read", "nobody"),
    [
        ("online_retail", "truth", 541_909, 135_080),
        ("coffee_vending", "headless", 3_636, 89),
        ("coffee_vending", "dates", 3_636, 89),
    ],
)
def test_every_row_is_accounted_for(business, name, read, nobody):
    """Rows read and rows of nobody are as the files' own documentation counts them."""
    with opening_example(business, name) as result:
        assert (result.opened.rows.read, result.opened.rows.no_customer) == (read, nobody)


@pytest.mark.parametrize("business", ["online_retail", "coffee_vending"])
def test_customers_have_their_true_events(business):
    """Single customers have the events, the first and last moment and the total the ground truth gives."""
    with opening_example(business, "truth") as result:
        for customer, facts in truth(business)["customers"].items():
            volume = facts["volume"]
            ((events, first, last, total),) = result.connection.execute(
                "SELECT count(*), CAST(min(ts) AS VARCHAR), CAST(max(ts) AS VARCHAR), sum(amount) "
                "FROM events WHERE customer_id = ?",
                [customer],
            ).fetchall()
            assert events == volume["events"]
            assert (first, last) == tuple(
                volume[key].rstrip("0") if "." in volume[key] else volume[key]
                for key in ("first_event", "last_event")
            )
            assert total == Decimal(str(volume["total_amount"]))


def test_the_sample_in_csv_equals_the_same_days_in_parquet():
    """Text and typed files of the same rows give the same events, with the same condition on both."""
    with opening_example("online_retail", "sample") as result:
        parquet = DATA / "online_retail" / "online_retail.parquet"
        query = (
            "SELECT CAST(CAST(CustomerID AS BIGINT) AS VARCHAR), InvoiceDate, StockCode, Quantity, "
            "CAST(Quantity * CAST(UnitPrice AS DECIMAL(12,3)) AS DECIMAL(28,3)), InvoiceNo "
            f"FROM '{parquet}' WHERE InvoiceDate >= '2011-12-05' AND CustomerID IS NOT NULL "
            "AND Quantity BETWEEN 1 AND 19999 AND InvoiceNo NOT LIKE 'C%' ORDER BY ALL"
        )
        mine = "SELECT customer_id, ts, item, quantity, amount, invoice FROM events ORDER BY ALL"
        assert result.all(mine) == result.all(query)
        assert result.opened.rows.read == 17_706
