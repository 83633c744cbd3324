"""Fields, expressions and conditions over the source's columns."""

from decimal import Decimal
from pathlib import Path
from tempfile import gettempdir

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sources_cases import opening, source, write

from recap.errors import SourceError

LONG = Decimal("9999999999999999999.123456790")


def read(tmp_path, values, mapping, **keys):
    """The values of a field `f` made of a column `x`, in order; None where NULL, `reject` where rejected."""
    frame = pl.DataFrame(
        {"who": [str(n) for n in range(len(values))], "at": "2024-01-01", "x": values}, strict=False
    )
    spec = source("frame", format="frame", fields={"f": {"column": "x", **mapping}}, **keys)
    with opening(tmp_path, spec, frames={"frame": frame}) as result:
        found = dict(result.all("SELECT customer_id, f FROM events"))
        return [found.get(str(n), "reject") for n in range(len(values))]


@pytest.mark.parametrize(
    ("mapping", "text", "expected"),
    [
        ({"type": "integer"}, "12", 12),
        ({"type": "integer"}, " -3.0 ", -3),
        ({"type": "integer"}, "1.5", "reject"),
        ({"type": "integer"}, "1_000", "reject"),
        ({"type": "integer"}, "0x1F", "reject"),
        ({"type": "integer"}, "99999999999999999999", "reject"),
        ({"type": "integer"}, "1,234,567", 1234567),
        ({"type": "integer"}, "", None),
        ({"type": "number"}, "1e3", 1000.0),
        ({"type": "number"}, "abc", "reject"),
        ({"type": "number"}, "1e999", "reject"),
        ({"type": "number"}, "nan", "reject"),
        ({"type": "money", "scale": 2}, "1,234.50", Decimal("1234.50")),
        ({"type": "money", "scale": 2}, "1,234", "reject"),
        ({"type": "money", "scale": 2}, "12,50", "reject"),
        ({"type": "money", "scale": 2}, "0.125", Decimal("0.13")),
        ({"type": "money", "scale": 2}, "-0.125", Decimal("-0.13")),
        ({"type": "money", "scale": 2}, "9007199254740993.01", Decimal("9007199254740993.01")),
        ({"type": "decimal", "scale": 9}, "9999999999999999999.1234567895", LONG),
        ({"type": "money"}, "99999999999999999999999999999", "reject"),
        ({"type": "money"}, "£5", "reject"),
        ({"type": "money", "decimal_comma": True}, "1.234,50", Decimal("1234.500")),
        ({"type": "money", "decimal_comma": True}, "1.234", Decimal("1234.000")),
        ({"type": "money", "decimal_comma": True}, "-1 234 567,5", Decimal("-1234567.500")),
        ({"type": "money", "decimal_comma": True}, "1'234,5", Decimal("1234.500")),
        ({"type": "money", "decimal_comma": True}, "12.50", "reject"),
        ({"type": "boolean"}, "Yes", True),
        ({"type": "boolean"}, " f ", False),
        ({"type": "boolean"}, "perhaps", "reject"),
        ({"type": "text"}, "\t 00004 \u3000", "00004"),
        ({}, "  ", None),
        ({}, "商品 a", "商品 a"),
    ],
)  # fmt: skip
def test_text_becomes_what_is_declared(tmp_path, mapping, text, expected):
    """Text is converted exactly or not at all; nothing is NULL, and nonsense a reject."""
    assert read(tmp_path, [text, None], mapping) == [expected, None]


@pytest.mark.parametrize(
    ("mapping", "value", "expected"),
    [
        ({"type": "money", "scale": 2}, 38.7, Decimal("38.70")),
        ({"type": "money", "scale": 2}, 2.675, Decimal("2.68")),
        ({"type": "money"}, 3 * 0.1, Decimal("0.300")),
        ({"type": "money"}, float("inf"), "reject"),
        ({"type": "number"}, float("-inf"), "reject"),
        ({"type": "number"}, float("nan"), None),
        ({"type": "integer"}, 6.0, 6),
        ({"type": "integer"}, 6.5, "reject"),
        ({"type": "text"}, 22423.0, "22423"),
        ({"type": "boolean"}, 1.0, True),
        ({"type": "integer"}, True, 1),
        ({}, 1.5, 1.5),
    ],
)
def test_typed_values_become_what_is_declared(tmp_path, mapping, value, expected):
    """Numbers come out of binary floats clean; NaN is nothing; infinity is no number."""
    assert read(tmp_path, [value, None], mapping) == [expected, None]


@settings(deadline=None, max_examples=10)
@given(st.lists(st.decimals(-(10**12), 10**12, places=3), min_size=1, max_size=200))
def test_money_from_text_is_exact(numbers):
    """No digit is lost between a text and a DECIMAL, so sums are exact."""
    frame = pl.DataFrame({"who": "a", "at": "2024-01-01", "x": [f"{number:f}" for number in numbers]})
    spec = source("f", format="frame", fields={"x": {"column": "x", "type": "money"}})
    with opening(Path(gettempdir()), spec, frames={"f": frame}) as result:
        assert result.all("SELECT sum(x) FROM events")[0][0] == sum(numbers)


CSV = (
    "who,at,code,no,qty,price,kind,flag,blank\n"
    "a,2024-01-01 08:00:00,85123A,536365,6,2.55,sale,true,-\n"
    "a,2024-06-02 19:30:00,00004,C536379,-1,27.50,return,false, x y \n"
    "b,2024-03-01 10:00:00,22423,536381,10,0.1,sale,true,  \n"
)


def matching(tmp_path, where, text=CSV):
    with opening(tmp_path, source(write(tmp_path, "e.csv", text), where=where)) as result:
        assert result.opened.rows.rejected == 0
        assert result.opened.rows.filtered == 3 - result.opened.rows.used
        return result.all("SELECT strftime(ts, '%m') FROM events ORDER BY 1")


@pytest.mark.parametrize(
    ("where", "months"),
    [
        ("Quantity > 0", None),
        ("qty > 0", ["01", "03"]),
        ("QTY > 0 AND price BETWEEN 0.1 AND 3", ["01", "03"]),
        ("qty > price", ["01", "03"]),
        ("qty IN (6, -1)", ["01", "06"]),
        ("no NOT LIKE 'C%'", ["01", "03"]),
        ("NOT starts_with(no, 'C') -- purchases\n", ["01", "03"]),
        ("left(qty, 1) = '-'", ["06"]),
        ("code = '00004'", ["06"]),
        ("code IN ('85123A', '22423')", ["01", "03"]),
        ("kind = 'sale' OR price >= 20", ["01", "03", "06"]),
        ('hour("at") >= 12', ["06"]),
        ("\"at\" >= '2024-03'", ["03", "06"]),
        ("flag = 'true'", ["01", "03"]),
        ("flag = true", ["01", "03"]),
        ("NOT flag", ["06"]),
        ("kind = 'sale' AND NOT flag", []),
        ("code = '85123A' OR blank = 'x y'", ["01", "06"]),
        ("blank IS NULL", ["03"]),
        ("qty / 4 > 2", ["03"]),
        ("CASE WHEN kind = 'sale' THEN qty * price ELSE 0 END > 10", ["01"]),
        ("list_contains(['sale'], kind)", ["01", "03"]),
        ("NULL", None),
    ],
)
def test_conditions_work_on_text_as_on_numbers(tmp_path, where, months):
    """What a marketer writes works on a CSV's text: numbers count, codes stay text, times tell the hour."""
    if months is None:
        with pytest.raises(SourceError, match=r"sources\.0\.where"):
            matching(tmp_path, where)
    else:
        assert [month for (month,) in matching(tmp_path, where)] == months


def test_expressions_are_exact_on_text(tmp_path):
    """Calculating with a CSV's columns goes through decimals, never through floats."""
    mapping = {"amount": {"expression": "qty * price", "type": "money", "scale": 3}}
    with opening(tmp_path, source(write(tmp_path, "e.csv", CSV), fields=mapping)) as result:
        assert result.column("amount", "ts") == [Decimal("15.300"), Decimal("1.000"), Decimal("-27.500")]


def test_numbers_that_are_none_reject_their_row(tmp_path):
    """In a column the expression takes as numbers, nonsense makes the row unreadable; a gap does not."""
    text = CSV + "c,2024-05-05,1,2,many,1,sale,true,\nd,2024-05-06,1,2,,1,sale,true,\n"
    mapping = {"amount": {"expression": "qty * price", "type": "money"}}
    with opening(tmp_path, source(write(tmp_path, "e.csv", text), fields=mapping)) as result:
        assert [(line, reason) for _, line, reason, _ in result.rejects()] == [(5, "`qty` is no number")]
        assert result.all("SELECT amount FROM events WHERE customer_id = 'd'") == [(None,)]


def test_decimal_commas_in_expressions(tmp_path):
    """A decimal comma declared for a field holds for the columns it uses, wherever they are used."""
    text = "who;at;qty;price\na;2024-01-01;3;1.000,50\nb;2024-01-02;2;0,5\n"
    mapping = {"amount": {"expression": "qty * price", "type": "money", "scale": 2, "decimal_comma": True}}
    spec = source(write(tmp_path, "e.csv", text), fields=mapping, where="price > 0.6")
    with opening(tmp_path, spec) as result:
        assert result.column("amount") == [Decimal("3001.50")]


def test_text_columns_of_typed_files_can_be_calculated_with(tmp_path):
    """Typed files may hold numbers as text too; codes in them are still compared as text."""
    frame = pl.DataFrame({"who": ["a", "b"], "at": "2024-01-01", "n": ["10", "9"], "code": ["10", "9"]})
    mapping = {"double": {"expression": "n * 2", "type": "integer"}, "code": "code"}
    spec = source("f", format="frame", fields=mapping, where="code > '5'")
    with opening(tmp_path, spec, frames={"f": frame}) as result:
        assert result.all("SELECT double, code FROM events") == [(18, "9")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("qty > 0; DROP TABLE events", "syntax error"),
        ("1) FROM read_csv('/etc/passwd') WHERE (true", "one expression"),
        ("true) UNION SELECT (true", "one expression"),
        ("(SELECT true)", "a query inside"),
        ("count(*) > 1", "cannot contain aggregates"),
        ("row_number() OVER () > 1", "a window"),
        ("qyt > 0", r'"qyt" not found.*Did you mean \'qty\''),
        ("qty >", "syntax error"),
        ("nonsense(qty)", "nonsense"),
        ("hour(at) > 3", 'put "at" in double quotes'),
        ("qty + 1", "is no condition, but gives"),
        ("kind", "is no condition, but gives VARCHAR"),
        ("CAST(kind AS INTEGER) > 0", "Could not convert string 'sale'"),
        ("*", "may not hold"),
        ("random() < 0.5", r"random\(\) gives another value every time"),
        ("qty\n  > ", "`qty >`"),
    ],
)
def test_bad_expressions_are_named(tmp_path, text, message):
    """One expression and nothing else is accepted; what is wrong is said in a line that names the key."""
    with (
        pytest.raises(SourceError, match=message) as error,
        opening(tmp_path, source(write(tmp_path, "e.csv", CSV), where=text)),
    ):
        pass
    assert str(error.value).startswith("sources.0.where: ")
    assert "\n" not in str(error.value)
