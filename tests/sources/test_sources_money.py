"""Amounts in several currencies become one, exactly, or their rows are refused."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path
from tempfile import gettempdir

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sources_cases import opening, source, write

from recap.errors import SourceError
from recap.sources.open import Wanted

RATES = {"USD": "0.92", "JPY": "0.006125"}
TEXT = (
    "who,at,price,code\n"
    "a,2024-01-01,10.00,EUR\n"
    "b,2024-01-02,10.00, usd \n"
    "c,2024-01-03,-100,JPY\n"
    "d,2024-01-04,,GBP\n"
    "e,2024-01-05,,\n"
    "f,2024-01-06,5,\n"
    "g,2024-01-07,5,GBP\n"
    "h,2023-01-07,1,USD\n"
)


def fields(**keys):
    return {"paid": {"column": "price", "type": "money", "scale": 2, "currency": "in", **keys}, "in": "code"}


def test_every_amount_is_converted_by_its_own_rate(tmp_path):
    """The product is rounded to the field's digits; what has no rate is refused; no amount needs no rate."""
    spec = source(write(tmp_path, "e.csv", TEXT), fields=fields())
    money = {"currency": "EUR", "rates": RATES}
    with opening(tmp_path, spec, money=money, wanted=Wanted(history=True)) as result:
        assert result.all('SELECT customer_id, paid, "in" FROM events ORDER BY 1') == [
            ("a", Decimal("10.00"), "EUR"),
            ("b", Decimal("9.20"), "usd"),
            ("c", Decimal("-0.61"), "JPY"),
            ("d", None, "GBP"),
            ("e", None, None),
        ]
        assert result.all("SELECT paid FROM history") == [(Decimal("0.92"),)]
        assert [(line, reason) for _, line, reason, _ in result.rejects()] == [
            (7, "`paid` has no currency in `in`"),
            (8, "`money.rates` has no rate for the currency of `paid`, GBP"),
        ]


def test_without_rates_amounts_stay_as_they_are(tmp_path):
    """Nothing is converted, no code is refused, and the codes are kept wherever the amounts are."""
    spec = source(write(tmp_path, "e.csv", TEXT), fields=fields())
    with opening(tmp_path, spec, wanted=Wanted(fields=frozenset({"paid"}))) as result:
        assert result.opened.rows.rejected == 0
        assert set(result.opened.fields) == {"paid", "in"}
        assert result.all("SELECT DISTINCT paid FROM events WHERE \"in\" = 'usd'") == [(Decimal("10.00"),)]


def test_converted_amounts_need_no_codes(tmp_path):
    """Once converted, the field of the codes is kept only where it is wanted itself."""
    text = "\n".join(TEXT.splitlines()[:4])
    spec = source(write(tmp_path, "e.csv", text), fields=fields())
    money = {"currency": "EUR", "rates": RATES}
    wanted = Wanted(fields=frozenset({"paid"}))
    with opening(tmp_path, spec, money=money, wanted=wanted) as result:
        assert result.opened.fields == {"paid": "DECIMAL(18,2)"}


AMOUNTS = st.decimals(-(10**9), 10**9, places=3)
RATE = st.decimals("0.000000000000000001", 10**6, places=18)


@settings(deadline=None, max_examples=25)
@given(st.lists(AMOUNTS, min_size=1, max_size=20), RATE, st.integers(0, 9))
def test_conversion_is_exact(amounts, rate, scale):
    """The amount is rounded to the field's digits, then the exact product is, halves away from zero.

    A product of more than 38 digits, with all its decimals, is told and not counted.
    """
    frame = pl.DataFrame(
        {"who": [str(n) for n in range(len(amounts))], "at": "2024-01-01", "code": "USD"}
    ).with_columns(price=pl.Series([f"{amount:f}" for amount in amounts]))
    spec = source("f", format="frame", fields=fields(scale=scale))
    money = {"currency": "EUR", "rates": {"USD": f"{rate:f}"}}
    digit = Decimal(1).scaleb(-scale)
    with localcontext(prec=80):
        largest = Decimal(10) ** (38 - scale - max(0, -rate.normalize().as_tuple().exponent))
        rounded = [amount.quantize(digit, ROUND_HALF_UP) for amount in amounts]
        products = {str(n): x * rate for n, x in enumerate(rounded)}
        expected = {n: x.quantize(digit, ROUND_HALF_UP) for n, x in products.items() if abs(x) < largest}
    with opening(Path(gettempdir()), spec, frames={"f": frame}, money=money) as result:
        assert dict(result.all("SELECT customer_id, paid FROM events")) == expected
        assert result.opened.rows.rejected == len(products) - len(expected)


def test_ordinary_rates_leave_room_for_great_amounts(tmp_path):
    """A rate of few decimals costs few digits, also where amounts have many."""
    frame = pl.DataFrame({"who": ["a"], "at": ["2024-01-01"], "code": ["USD"], "price": ["786960.197000001"]})
    spec = source("f", format="frame", fields=fields(scale=9))
    money = {"currency": "EUR", "rates": {"USD": "127071000.25"}}
    with opening(tmp_path, spec, frames={"f": frame}, money=money) as result:
        ((paid,),) = result.all("SELECT paid FROM events")
    assert paid == Decimal("99999819389727.176321000")


def test_an_amount_that_grows_too_large_is_refused(tmp_path):
    """A product that no amount could hold rejects its row and no other."""
    frame = pl.DataFrame(
        {"who": ["a", "b"], "at": "2024-01-01", "price": ["99999999999999999999999999", "2"], "code": "USD"}
    )
    spec = source("f", format="frame", fields=fields())
    money = {"currency": "EUR", "rates": {"USD": 1000}}
    with opening(tmp_path, spec, frames={"f": frame}, money=money) as result:
        assert result.all("SELECT customer_id, paid FROM events") == [("b", Decimal("2000.00"))]
        assert [reason for _, _, reason, _ in result.rejects()] == [
            "`paid` is too large a number when converted"
        ]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_rates_may_be_a_table(tmp_path, form):
    """A CSV or Parquet file has a rate a row; a code that comes twice must say the same, the target 1."""
    table = pl.DataFrame({"rate": [0.92, 0.006125, 0.92, 1.0], "Currency": [" usd", "JPY", "USD", "EUR"]})
    write(tmp_path, "e.csv", "\n".join(TEXT.splitlines()[:4]))
    path = tmp_path / f"rates.{form}"
    table.write_csv(path) if form == "csv" else table.write_parquet(path)
    money = {"currency": "EUR", "rates": path.name}
    with opening(tmp_path, source("e.csv", fields=fields()), money=money) as result:
        assert result.column("paid", "customer_id") == [Decimal("10.00"), Decimal("9.20"), Decimal("-0.61")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "there is no file"),
        ("currency,value\nUSD,1\n", "has no column 'rate'"),
        ("currency,rate\n", "has no rates"),
        ("currency,rate\nUSD,one\n", "one USD is one;"),
        ("currency,rate\nUSD,\n", "one USD is None;"),
        ("currency,rate\nUSD,-1\n", "one USD is -1;"),
        ("currency,rate\nUSD,NaN\n", "one USD is NaN;"),
        ("currency,rate\nUS Dollar,1\n", "one US DOLLAR is 1;"),
        ("currency,rate\nUSD,1\nusd,2\n", "two rates for USD"),
        ("currency,rate\nEUR,2\n", "a rate for EUR itself"),
        ("currency,rate\nUSD,1,2,3\nGBP,1\n", "1 lines that cannot be read"),
    ],
)
def test_bad_tables_of_rates_are_named(tmp_path, text, message):
    """Whatever is wrong with the rates stops everything: no amount is converted by a guess."""
    if text is not None:
        write(tmp_path, "rates.csv", text)
    spec = source(write(tmp_path, "e.csv", TEXT), fields=fields())
    with (
        pytest.raises(SourceError, match=message) as error,
        opening(tmp_path, spec, money={"currency": "EUR", "rates": "rates.csv"}),
    ):
        pass
    assert str(error.value).startswith("money.rates")
