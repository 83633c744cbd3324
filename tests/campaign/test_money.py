"""Currencies in the campaign file: which field holds them, and what they are worth."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from recap.campaign import Campaign, build_campaign
from recap.campaign.document import parse_document
from recap.campaign.models import Money
from recap.errors import CampaignError
from recap.metrics.registry import MODELS

PAID = {"column": "price", "type": "money", "currency": "code"}


def campaign(*fields, **keys):
    sources = [{"path": "x", "customer": "c", "time": "t", "fields": declared} for declared in fields]
    brand = {"name": "Test"}
    metrics = [{"id": "events", "kind": "count"}]
    return Campaign.model_validate(
        {"id": "t", "title": "T", "brand": brand, "period": {"year": 2024}, "metrics": metrics}
        | {"sources": sources, **keys}
    )


def test_a_campaign_knows_its_currencies() -> None:
    """Fields whose currency is in the data are known by name, over all sources."""
    made = campaign({"paid": PAID, "code": "iso"}, {"code": "iso", "item": "item"})
    assert made.currencies == {"paid": "code"}
    assert campaign({"code": "iso"}).currencies == {}


def test_rates_are_exact() -> None:
    """A rate is the decimal that the file says, and not the binary number nearest to it."""
    money = Money.model_validate({"currency": "EUR", "rates": {"USD": 0.1, "EUR": 1}})
    assert money.rates == {"USD": Decimal("0.1"), "EUR": Decimal(1)}
    assert Money.model_validate({"currency": "EUR", "rates": "rates.csv"}).rates == "rates.csv"


@pytest.mark.parametrize(
    ("fields", "keys", "message"),
    [
        ([{"paid": PAID}], {}, "the currency of 'paid' must be another field"),
        ([{"paid": PAID, "cod": "x"}], {}, "did you mean 'cod'"),
        ([{"paid": {**PAID, "currency": "paid"}}], {}, "the currency of 'paid' must be another field"),
        ([{"paid": {**PAID, "type": "decimal"}, "code": "x"}], {}, "for fields of `type: money`"),
        (
            [{"paid": PAID, "code": "x"}, {"paid": {"column": "p", "type": "money"}}],
            {},
            "'paid' has its currency in 'code' in one source, but not in sources.1",
        ),
        ([{"code": "x"}], {"money": {"currency": "EUR", "rates": {}}}, "`money` converts nothing"),
    ],
)
def test_what_makes_no_sense_is_refused(fields, keys, message) -> None:
    """A currency that is no field, that not every source knows, or that nothing uses, is a mistake."""
    with pytest.raises(ValidationError) as error:
        campaign(*fields, **keys)
    assert message in str(error.value)


@pytest.mark.parametrize(
    "money",
    [
        {"currency": "euro", "rates": {}},
        {"currency": "EUR"},
        {"currency": "EUR", "rates": {"USD": 0}},
        {"currency": "EUR", "rates": {"USD": -1}},
        {"currency": "EUR", "rates": {"usd": 1}},
        {"currency": "EUR", "rates": {"EUR": 2}},
        {"currency": "EUR", "rates": {"USD": "0.1234567890123456789"}},
    ],
)
def test_rates_that_are_none_are_refused(money) -> None:
    """Codes have three capitals, rates are above zero, and a currency is worth itself."""
    with pytest.raises(ValidationError):
        Money.model_validate(money)


def test_a_wrong_code_is_told_with_its_line() -> None:
    """A key that is no code is a problem of the file like any other."""
    text = """id: t
title: T
brand: {name: T}
period: {year: 2024}
sources:
  path: x
  customer: c
  time: t
  fields: {paid: {column: p, type: money, currency: code}, code: code}
money:
  currency: EUR
  rates:
    USD: 0.92
    gbp: 1.17
metrics:
  - {id: events, kind: count}
"""
    with pytest.raises(CampaignError) as error:
        build_campaign(parse_document(text, "c.yaml"), MODELS, file="c.yaml")
    (problem,) = error.value.problems
    assert (problem.line, problem.path) == (14, "money.rates.gbp")
    assert problem.message == "'gbp' must match ^[A-Z]{3}$"
