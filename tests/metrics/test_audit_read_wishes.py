"""Events that customers disown: the audit leaves out the same ones as the SQL, by other means."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import polars as pl
import pytest
from audit_read_cases import campaign, read_both, source
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recap.metrics.audit.read import read_activity

WISHES = {"path": "wishes.csv", "customer": "id", "field": "field"}
FIELDS = {
    "item": "item",
    "units": {"column": "units", "type": "integer"},
    "price": {"column": "price", "type": "decimal", "scale": 2},
    "size": {"column": "price", "type": "number"},
    "gift": {"column": "gift", "type": "boolean"},
}
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["1", "2.0", " 3", "b", ""]),
        st.sampled_from(["2024-01-01", "2023-05-05", "2024-06-06T07:08Z"]),
        st.sampled_from(["tea", " tea", "Tea", "5", ""]),
        st.sampled_from(["5", "-5", "5.0", "1,234,567", ""]),
        st.sampled_from(["5", "5.00", "0.1", "-0.005", "1234567.5", "1e16", ""]),
        st.sampled_from(["true", "No", ""]),
    ),
    min_size=1,
    max_size=12,
)
ASKED = st.lists(
    st.tuples(
        st.sampled_from(["1", "1.0", "2.0", "3", "b", ""]),
        st.sampled_from(["not_me", " NOT_ME ", "hide", ""]),
        st.sampled_from([*FIELDS, *FIELDS, "nothing", ""]),
        st.sampled_from(
            ["tea", " tea ", "5", "-5", "5.00", "5.0", "0.10", "-0.01", "1234567", "1e+16", "true", ""]
        ),
    ),
    max_size=12,
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS, ASKED)
def test_the_same_events_are_left_out(tmp_path, rows, asked):
    """Whatever customers wrote about fields of any type, both readings obey it alike."""
    columns = ["who", "at", "item", "units", "price", "gift"]
    rows = [*rows, ("9", "2024-05-05", "tea", "5", "5", "true")]
    pl.DataFrame(rows, schema=columns, orient="row").write_csv(tmp_path / "rows.csv", quote_style="always")
    wishes = pl.DataFrame(
        asked, schema=dict.fromkeys(["id", "wish", "field", "value"], pl.String), orient="row"
    )
    wishes.write_csv(tmp_path / "wishes.csv", quote_style="always")
    made = campaign(source("rows.csv", fields=FIELDS), wishes=WISHES)
    assert "9" in read_both(made, tmp_path).frame["customer_id"]


FRAME = pl.DataFrame(
    {
        "who": [1, 1, 2, None],
        "at": [datetime(2024, 1, 1), datetime(2023, 1, 1), datetime(2024, 1, 1), datetime(2024, 1, 1)],
        "text": ["05", "05", "05", "05"],
        "small": pl.Series([-5, 5, -5, -5], dtype=pl.Int16),
        "huge": pl.Series([2**70, 5, 2**70, 0]).cast(pl.Decimal(38, 0)),
        "exact": pl.Series(["-0.050", "1.500", "-0.050", "0"]).cast(pl.Decimal(9, 3)),
        "float": [5.0, 1e16, 5.0, 5.0],
        "single": pl.Series([0.1, 2.5, 0.1, 0.1], dtype=pl.Float32),
        "yes": [True, False, True, True],
        "day": [date(2024, 5, 6)] * 4,
        "hour": [time(7, 8), time(7, 8, 9, 500_000), time(7, 8), time(7, 8)],
        "moment": [datetime(2024, 5, 6, 7, 8), datetime(2024, 5, 6, 7, 8, 9, 500_000)] * 2,
        "instant": [datetime(2024, 5, 6, 7, 8, tzinfo=UTC)] * 4,
    }
)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("text", "05"),
        ("small", "-5"),
        ("huge", "1180591620717411303424"),
        ("exact", "-0.050"),
        ("float", "5.0"),
        ("single", "0.1"),
        ("yes", "true"),
        ("day", "2024-05-06"),
        ("hour", "07:08:00"),
        ("moment", "2024-05-06 07:08:00"),
        ("instant", "2024-05-06 09:08:00"),
    ],
)
def test_typed_values_are_written_alike(tmp_path, column, value):
    """Of a field with its source's own type, the same value is disowned on both sides, by one customer."""
    wishes = pl.DataFrame({"id": [1.0], "wish": ["not_me"], "field": ["x"], "value": [value]})
    made = campaign(
        source("given", format="frame", fields={"x": column}),
        wishes={**WISHES, "path": "wishes", "format": "frame"},
        time_zone="Europe/Berlin",
    )
    activity = read_both(made, tmp_path, {"given": FRAME, "wishes": wishes})
    left = activity.frame.filter(pl.col("in_period"))
    assert left["customer_id"].to_list() == ["2"]


@pytest.mark.parametrize(
    ("wish", "left"), [("not_me", 1), (" Not_Me ", 1), ("not me", 2), ("hide", 2), ("", 2)]
)
def test_only_one_wish_is_about_events(tmp_path, wish, left):
    """`not_me` in any case leaves events out, and nothing else does."""
    (tmp_path / "wishes.csv").write_text(f'id,wish,field,value\n1,"{wish}",item,tea\n')
    (tmp_path / "rows.csv").write_text("who,at,item\n1,2024-01-01,tea\n2,2024-01-01,tea\n")
    made = campaign(source("rows.csv", fields={"item": "item"}), wishes=WISHES)
    assert read_both(made, tmp_path).frame.height == left


@pytest.mark.parametrize("values", [[5, 5], [5.0, 5.0], [Decimal(5), None], [True, None]])
def test_typed_wishes_are_written_alike(tmp_path, values):
    """Wishes that are no text are the same text on both sides, a whole float without its point."""
    wishes = pl.DataFrame({"id": [1, 2], "wish": "not_me", "field": "x", "value": values})
    made = campaign(
        source("given", format="frame", fields={"x": {"column": "x", "type": "text"}}),
        wishes={**WISHES, "path": "wishes", "format": "frame"},
    )
    frame = pl.DataFrame({"who": [1, 1, 1, 2], "at": "2024-01-01", "x": ["5", "5.0", "true", None]})
    activity = read_both(made, tmp_path, {"given": frame, "wishes": wishes})
    assert activity.frame.height == 3


def test_a_source_without_the_field_keeps_its_events(tmp_path):
    """Only where a field is declared are its values disowned; amounts are by what they are worth."""
    (tmp_path / "wishes.csv").write_text("id,wish,field,value\na,not_me,amount,1.00\na,not_me,code,GBP\n")
    (tmp_path / "rows.csv").write_text(
        "who,at,paid,code\na,2024-01-01,2.00,USD\na,2024-01-02,1,EUR\na,2024-01-03,2,EUR\na,2024-01-04,,GBP\n"
    )
    fields = {"amount": {"column": "paid", "type": "money", "scale": 2, "currency": "code"}, "code": "code"}
    made = campaign(
        source("rows.csv", fields=fields),
        source("rows.csv"),
        wishes=WISHES,
        money={"currency": "EUR", "rates": {"USD": 0.5, "GBP": 1.2}},
    )
    assert read_both(made, tmp_path).frame["amount"].to_list() == [Decimal("2.00"), *[None] * 4]


def test_wishes_for_a_field_that_is_not_read_leave_nothing_to_audit(tmp_path):
    """Where it cannot be told which events are disowned, every metric is unread and the reason said."""
    (tmp_path / "rows.csv").write_text("who,at,item\na,2024-01-01,tea\n")
    made = campaign(
        source("rows.csv", fields={"item": {"expression": "reverse(item)"}, "other": "item"}), wishes=WISHES
    )
    for field, unread in (("item", {"events"}), ("other", set())):
        (tmp_path / "wishes.csv").write_text(f"id,wish,field,value\na,not_me,{field},aet\n")
        assert read_activity(made, tmp_path).unread.keys() == unread
    (tmp_path / "wishes.csv").write_text("id,wish,field,value\na,not_me,item,aet\n")
    assert read_activity(made, tmp_path).notes[0].startswith("wishes rest on the field 'item': ")
