"""Whole businesses, made up and real: the audit reads the same events as the SQL, by other means."""

import ast
from pathlib import Path

import pytest
from audit_read_cases import read_both

from recap.campaign.load import load_campaign
from recap.metrics.registry import MODELS

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"


@pytest.mark.parametrize("business", ["music", "running", "shop"])
def test_made_up_businesses_are_read_alike(business):
    """Every row of the sample data is the same on both sides, with its fields, instant and conditions."""
    folder = ROOT / "examples" / business
    activity = read_both(load_campaign(folder / "campaign.yaml", MODELS), folder)
    assert activity.frame["in_period"].any()
    assert not activity.frame["in_period"].all()


@pytest.mark.parametrize(
    ("business", "name"),
    [
        ("online_retail", "campaign"),
        ("online_retail", "sample"),
        ("online_retail", "truth"),
        ("coffee_vending", "campaign"),
        ("coffee_vending", "headless"),
        ("coffee_vending", "dates"),
        ("coffee_vending", "truth"),
    ],
)
def test_real_businesses_are_read_alike(business, name):
    """Every row of the real data is the same on both sides, whichever form they have."""
    if not (DATA / business).is_dir():
        pytest.skip(f"the real data of {business} are not beside this checkout")
    folder = ROOT / "examples" / business
    activity = read_both(load_campaign(folder / f"{name}.yaml", MODELS), folder)
    assert activity.frame.height > 2_000


def test_the_reading_shares_no_code_with_the_sql():
    """Two readings that were one would agree on every fault: only the campaign and errors are shared."""
    allowed = ("recap.campaign", "recap.errors", "recap.metrics.audit.")
    audit = ROOT / "recap" / "metrics" / "audit"
    for path in [audit / "read.py", *(audit / "raw").glob("*.py"), *(audit / "expressions").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("recap"):
                assert str(node.module).startswith(allowed), f"{path.name} imports {node.module}"
