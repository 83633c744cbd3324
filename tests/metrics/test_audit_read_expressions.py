"""An author's SQL, understood twice: what the audit makes of an expression is what DuckDB makes of it."""

import json
from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest
from audit_read_cases import campaign, read_both, source
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recap.campaign.load import load_campaign
from recap.metrics.audit.read import read_activity
from recap.metrics.registry import MODELS

ROWS = 60
TEXTS = ["abc", "", "ÄB ß", "x%y_z", None, "5", "ΑΣ", "İi", "it's"]
FRAME = pl.DataFrame(
    {
        "who": ["a"] * ROWS,
        "at": [datetime(2024, 1, 1)] * ROWS,
        "n": list(range(ROWS)),
        "i": pl.Series([[5, -3, 0, None, 12, 7][k % 6] for k in range(ROWS)], dtype=pl.Int32),
        "d": pl.Series([["2.50", "-0.01", None, "1.25", "999.99"][k % 5] for k in range(ROWS)]).cast(
            pl.Decimal(6, 2)
        ),
        "s": [TEXTS[k % 9] for k in range(ROWS)],
        "f": [[1.5, -2.5, None, 0.1, 1e10, 2.675, 1.005][k % 7] for k in range(ROWS)],
        "ts": [
            [datetime(2024, 2, 3, 4, 5, 6), datetime(2023, 12, 31, 23, 59, 59, 999_999), None][k % 3]
            for k in range(ROWS)
        ],
        "da": [[date(2024, 2, 3), None, date(2021, 1, 1), date(2020, 12, 31)][k % 4] for k in range(ROWS)],
        "b": [[True, False, None][k // 3 % 3] for k in range(ROWS)],
    }
)
EXPRESSIONS = """
i || 'x' ; d || 'x' ; f || 'x' ; i = '5' ; d = '2.5' ; f = '1.5' ; i in ('5', '6') ; i / 2 ; d / i ; d / 3
i // 2 ; i % 4 ; -7 % 3 ; d * d ; d * f ; i * d ; i + d ; d - 1 ; d * 1.005 ; d * d * d ; i * i - d
concat(s, i, d, b) ; s || 'x' ; i between 1 and 6 ; ts > '2024-01-01' ; da = '2024-02-03' ; da < ts
ts >= date '2024-01-01' ; b ; not b ; b and i > 3 ; b or i > 3 ; not b or i > 3 and b ; (i > 3) = b
coalesce(i, 0) ; coalesce(d, 0) ; coalesce(i, 0.5) ; coalesce(s, '-') ; coalesce(d, f) ; ifnull(i, 0)
if(i > 3, 'a', 'b') ; if(i > 3, 1, 2.5) ; case when i > 3 then d else f end ; case i when 5 then 'a' end
case when i > 3 then d when b then i end ; round(d) ; round(d, 1) ; round(f) ; round(f, 2) ; round(d * f, 2)
abs(d) ; abs(f) ; floor(d) ; ceil(d) ; floor(f) ; s like 'a%' ; s like '_b%' ; s not like 'a%' ; s ilike 'äb%'
left(s, 2) ; left(s, -1) ; right(s, 2) ; substr(s, 2) ; substring(s, 2, 1) ; replace(s, 'a', 'b')
contains(s, 'b') ; starts_with(s, 'a') ; ends_with(s, 'c') ; length(s) ; lower(s) ; upper(s)
nullif(i, 5) ; nullif(d, 2.5) ; i::varchar ; f::varchar ; ts::varchar ; cast(d as integer)
d::double ; 1e3 * d ; 0.1 + 0.2 ; i is null ; i is not null ; i is not distinct from 5 ; b is not false
i != 5 or b ; s < 'b' ; s > 'Z' ; mod(i, 3) ; greatest(i, d) ; least(f, d) ; extract(hour from ts)
date_part('month', ts) ; hour(ts) ; dayofweek(ts) ; isodow(da) ; week(da) ; quarter(ts) ; ts::date
s in ('abc', null) ; s not in ('x', null) ; i in (1.5, 5) ; d > 0.5 ; d > f ; i > 2.5 ; s = 'it''s'
upper(left(s, 1)) || lower(substr(s, 2)) ; i == 5 -- a note ; /* so */ "I" <> 5 ; coalesce(null, i) ; 2.50
d * 2 - 1 ; trim(s, 'a') ; try_cast(s as int) ; b is true ; dayofyear(da) ; f = 2.675 ; 'abc' ; b = 'true'
NOT starts_with(s, 'a') AND d > 0 AND i BETWEEN 1 AND 20000 AND s NOT IN ('POST', 'm')
"""
ALL = [text.strip() for line in EXPRESSIONS.strip().splitlines() for text in line.split(" ; ")]


@pytest.mark.parametrize("at", range(0, len(ALL), 12))
def test_expressions_mean_the_same(tmp_path, at):
    """Types, null, precedence, rounding and letters of every script are DuckDB's."""
    fields = {f"x{number}": {"expression": text} for number, text in enumerate(ALL[at : at + 12])}
    made = campaign(source("given", format="frame", fields=fields))
    assert read_both(made, tmp_path, {"given": FRAME}).frame.height > ROWS / 2


def test_columns_of_text_are_taken_for_what_they_hold(tmp_path):
    """Numbers, codes, times and truths in CSV work as in typed files; what is none costs its row."""
    (tmp_path / "rows.csv").write_text(
        "who,at,code,count,price,moment,yes,comma\n"
        'a,2024-01-01,00004,2,"1,234.50",2024-05-05 10:00,Yes,"1.234,50"\n'
        'b,2024-01-01,85123A, 3 ,0.10,2024-06-06,no,"0,5"\n'
        "c,2024-01-01,7,,x,,,7\n"
        "d,2024-01-01,8,4,5,31.12.2024,y,5\n"
    )
    fields = {
        "amount": {"expression": "count * price", "type": "money", "scale": 2},
        "short": {"expression": "left(code, 2)"},
        "hour": {"expression": "hour(moment)"},
        "agreed": {"expression": "yes = true"},
        "half": {"expression": "comma / 2", "type": "number", "decimal_comma": True},
        "label": {"expression": "code || '-' || count"},
    }
    for name, mapping in fields.items():
        read_both(campaign(source("rows.csv", fields={name: mapping})), tmp_path)
    read_both(campaign(source("rows.csv", where="count > 1 AND NOT starts_with(code, '8')")), tmp_path)
    read_both(campaign(source("rows.csv", where="code = '4' OR price > 1000")), tmp_path)


LEAVES = st.sampled_from(["i", "d", "n", "0", "5", "2.5", "-1"])
SUMS = st.recursive(
    LEAVES,
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda p: f"({' '.join(p)})"),
    max_leaves=4,
)
TESTS = st.recursive(
    st.one_of(
        st.tuples(SUMS, st.sampled_from(["=", "<>", "<", ">="]), SUMS).map(" ".join),
        st.sampled_from(
            ["b", "s = 'abc'", "s LIKE '%b%'", "i IS NULL", "s IN ('5', 'abc')", "i NOT BETWEEN 0 AND 6"]
        ),
    ),
    lambda inner: st.one_of(
        inner.map("NOT {}".format),
        inner.map("({})".format),
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(" ".join),
    ),
    max_leaves=5,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TESTS)
def test_conditions_hold_for_the_same_rows(tmp_path, text):
    """Any condition over exact numbers, truths and texts holds where DuckDB says, null being no yes."""
    fields = {name: name for name in "idsbn"}
    made = campaign(
        source("given", format="frame", fields=fields, where=text),
        metrics=[{"id": "those", "kind": "count", "where": text}],
    )
    activity = read_both(made, tmp_path, {"given": FRAME})
    assert activity.frame["where:those"].all()


def test_what_is_not_understood_is_said(tmp_path):
    """A metric whose condition or field this reading does not know is unread, with all that rest on it."""
    document = {
        "id": "test",
        "title": "Test",
        "brand": {"name": "Test"},
        "period": {"year": 2024},
        "sources": {
            **source("given", format="frame"),
            "fields": {"item": "s", "odd": {"expression": "reverse(s)"}, "local": "i"},
        },
        "metrics": [
            {"id": "plain", "kind": "distinct", "of": "item"},
            {"id": "strange", "kind": "count", "where": "md5(item) > 'a'"},
            {"id": "on_field", "kind": "top", "by": "odd"},
            {"id": "on_metric", "kind": "standing", "of": "strange"},
            {"id": "on_name", "kind": "sum", "of": "local"},
        ],
    }
    (tmp_path / "campaign.yaml").write_text(json.dumps(document))
    made = load_campaign(tmp_path / "campaign.yaml", MODELS)
    activity = read_activity(made, tmp_path, {"given": FRAME})
    assert activity.unread.keys() == {"strange", "on_field", "on_metric", "on_name"}
    assert "md5" in activity.unread["strange"]
    assert "reverse" in activity.unread["on_field"]
    assert "strange" in activity.unread["on_metric"]
    assert activity.frame["item"].n_unique() == len({text or None for text in TEXTS})
    assert len(activity.notes) == 6


def test_a_source_that_is_not_understood_leaves_nothing_to_audit(tmp_path):
    """Where not even the rows can be told, every metric is unread and no row is given."""
    made = campaign(source("given", format="frame", where="md5(s) > 'a'"))
    activity = read_activity(made, tmp_path, {"given": FRAME})
    assert activity.unread.keys() == {"events"}
    assert activity.frame.is_empty()
    assert {"customer_id", "local", "instant", "in_period"} <= set(activity.frame.columns)


def test_products_keep_all_their_digits(tmp_path):
    """A price of many digits times a weight of many digits is cut nowhere on its way to the field."""
    prices = pl.Series(["1.23456789", "0.00000001"]).cast(pl.Decimal(18, 8))
    frame = pl.DataFrame({"who": ["a", "b"], "at": [datetime(2024, 1, 1)] * 2, "p": prices, "w": prices})
    fields = {"cost": {"expression": "p * w", "type": "decimal", "scale": 9}}
    activity = read_both(campaign(source("given", format="frame", fields=fields)), tmp_path, {"given": frame})
    assert activity.frame["cost"].to_list() == [Decimal("1.524157875"), Decimal(0)]
