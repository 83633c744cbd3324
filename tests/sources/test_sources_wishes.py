"""What customers asked for: which wishes are obeyed, and that what is not theirs is left out."""

from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest
from sources_cases import opening, source, write

from recap.errors import SourceError
from recap.sources.open import Wanted

WISHES = {"path": "w.csv", "customer": "id", "field": "field"}
EVENTS = "who,at,item,n\na,2024-01-01,tea,1\na,2024-01-02,rum,2\nb,2024-01-03,rum,1\nc,2024-01-04,,\n"
FIELDS = {"item": "item", "n": {"column": "n", "type": "integer"}}


def told(folder, wishes, spec=WISHES, **keys):
    """The table `wishes` that becomes of a CSV file, and the warnings."""
    write(folder, "w.csv", wishes)
    path = write(folder, "e.csv", EVENTS)
    with opening(folder, source(path, fields=FIELDS), wishes=spec, **keys) as result:
        return result.all("SELECT * FROM wishes ORDER BY ALL"), result.opened.warnings


def left(folder, *pairs, frame, fields, **keys):
    """The numbers `n` of the events of a frame that are left when `a` says `not_me` to pairs."""
    rows = "".join(f'a,not_me,{field},"{value}"\n' for field, value in pairs)
    write(folder, "w.csv", f"id,wish,field,value\n{rows}")
    frame = frame.with_columns(pl.lit(datetime(2024, 1, 1)).alias("at"), pl.int_range(pl.len()).alias("n"))
    spec = source("f", format="frame", fields={"n": "n", **fields})
    with opening(folder, spec, frames={"f": frame}, wishes=WISHES, **keys) as result:
        assert result.opened.rows.filtered == frame.height - result.opened.rows.used
        return result.column("n")


def test_each_wish_is_kept(tmp_path):
    """Every wish stands in the table once, written in small letters, with what it needs and no more."""
    text = (
        "id,wish,field,value\n"
        "a, Hide ,ignored,events\n"
        "a,hide,,events\n"
        "a,PIN,, events \n"
        "b,not_me, item ,\" Rum 'n' Coke \"\n"
        "b,not_me,n,7\n"
        "c,name,, Zoë \n"
        "c,anonymous,item,ignored\n"
    )
    assert told(tmp_path, text) == (
        [
            ("a", "hide", None, "events"),
            ("a", "pin", None, "events"),
            ("b", "not_me", "item", "Rum 'n' Coke"),
            ("b", "not_me", "n", "7"),
            ("c", "anonymous", None, None),
            ("c", "name", None, "Zoë"),
        ],
        (),
    )


def test_the_last_name_counts(tmp_path):
    """Of several names of one customer the last stays, in the order of the files and their rows."""
    write(tmp_path, "w1.csv", "id,wish,value\na,name,One\nb,name,Three\nb,name,Two\n")
    write(tmp_path, "w2.csv", "id,wish,value\na,name,Two\na,name,One more\na,name,\n")
    frame = pl.DataFrame({"id": [7, 7], "wish": "name", "value": ["Y", "X"]})
    path = write(tmp_path, "e.csv", EVENTS)
    with opening(tmp_path, source(path), wishes={"path": "w?.csv", "customer": "id"}) as result:
        assert result.all("SELECT customer_id, value FROM wishes ORDER BY 1") == [
            ("a", "One more"),
            ("b", "Two"),
        ]
    spec = {"path": "f", "format": "frame", "customer": "id"}
    with opening(tmp_path, source(path), wishes=spec, frames={"f": frame}) as result:
        assert result.all("SELECT customer_id, value FROM wishes") == [("7", "X")]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",hide,,events", "have no customer"),
        ("a,,,events", "wish for none of hide, pin, not_me, name, anonymous"),
        ("a,hid,,events", "wish for none of hide, pin, not_me, name, anonymous"),
        ("a,hide,,", "lack the value or the field that their wish needs"),
        ("a,pin,, ", "lack the value or the field that their wish needs"),
        ("a,name,item,", "lack the value or the field that their wish needs"),
        ("a,not_me,item,", "lack the value or the field that their wish needs"),
        ("a,not_me,,rum", "lack the value or the field that their wish needs"),
        ("a,hide,,evnts", "hide or pin a metric that the campaign does not have"),
        ("a,pin,,item", "hide or pin a metric that the campaign does not have"),
        ("a,not_me,itm,rum", "are `not_me` for a field that no source declares"),
    ],
)
def test_what_cannot_be_obeyed_is_told(tmp_path, row, problem):
    """A row that asks for nothing there is changes nothing, and a warning says why and how many."""
    text = f"id,wish,field,value\n{row}\nb,anonymous,,\n{row}\n"
    rows, warnings = told(tmp_path, text)
    assert rows == [("b", "anonymous", None, None)]
    assert warnings == (f"w.csv: 2 rows {problem}; they are not obeyed",)


def test_every_fault_has_its_own_warning(tmp_path):
    """Faults are counted apart, each row with the first it has, and broken lines are in the rejects."""
    text = "id,wish,field,value\n,hid,,\na,hid,,\na,pin,,x\nb,hide,,y\na,not_me,x,x\na,hide\n"
    rows, warnings = told(tmp_path, text)
    assert rows == []
    assert warnings == (
        "w.csv: 1 rows cannot be read; see the rejects",
        "w.csv: 1 rows have no customer; they are not obeyed",
        "w.csv: 1 rows wish for none of hide, pin, not_me, name, anonymous; they are not obeyed",
        "w.csv: 2 rows hide or pin a metric that the campaign does not have; they are not obeyed",
        "w.csv: 1 rows are `not_me` for a field that no source declares; they are not obeyed",
    )


@pytest.mark.parametrize("end", ['}\n{"id": "b", "wish": "anonym', "}\n[7]\n"])
def test_broken_wishes_of_other_formats_are_told(tmp_path, end):
    """A line of JSON that cannot be taken apart costs itself only."""
    write(tmp_path, "w.jsonl", f'{{"id": "a", "wish": "name", "value": 5}}\n{{"id": "b", "wish": "x"{end}')
    path = write(tmp_path, "e.csv", EVENTS)
    with opening(tmp_path, source(path), wishes={"path": "w.jsonl", "customer": "id"}) as result:
        assert result.all("SELECT * FROM wishes") == [("a", "name", None, "5")]
        assert result.opened.warnings[0] == "w.jsonl: 1 rows cannot be read; see the rejects"
        assert [row[:2] for row in result.rejects()] == [("w.jsonl", 3)]


def test_columns_may_be_left_out(tmp_path):
    """Who only lets customers be anonymous needs two columns; what needs others is not obeyed."""
    text = "id,what\na,anonymous\nb,name\nb,not_me\n"
    spec = {"path": "w.csv", "customer": "id", "wish": "what", "value": None}
    assert told(tmp_path, text, spec) == (
        [("a", "anonymous", None, None)],
        ("w.csv: 2 rows lack the value or the field that their wish needs; they are not obeyed",),
    )


def test_nobody_wished_anything(tmp_path):
    """Without wishes the table is there and empty, and so it is when nobody has any."""
    assert told(tmp_path, "id,wish,field,value\n") == ([], ())
    assert told(tmp_path, "", spec=None) == ([], ())
    path = write(tmp_path, "e.csv", EVENTS)
    with opening(tmp_path, source(path, fields=FIELDS)) as result:
        assert [row[:2] for row in result.all("DESCRIBE wishes")] == [
            ("customer_id", "VARCHAR"),
            ("wish", "VARCHAR"),
            ("field", "VARCHAR"),
            ("value", "VARCHAR"),
        ]
        assert result.opened.rows.used == 4


def test_wishes_that_are_not_there_are_an_error(tmp_path):
    """A missing file or column stops everything: silence would bring back what customers hid."""
    path = write(tmp_path, "e.csv", EVENTS)
    with (
        pytest.raises(SourceError, match=r"wishes\.path: .*'w\.csv'"),
        opening(tmp_path, source(path), wishes=WISHES),
    ):
        pass
    with pytest.raises(SourceError, match=r"wishes\.field: w\.csv has no column 'field'"):
        told(tmp_path, "id,wish,value\na,name,A\n")


def test_ids_are_those_of_the_events(tmp_path):
    """A column of whole floats means the same customers as whole numbers elsewhere."""
    write(tmp_path, "w.csv", "id,wish,field,value\n17850.0,not_me,item,rum\n 4.0 ,not_me,item,tea\n")
    rows = "who,at,item\n17850,2024-01-01,rum\n17850,2024-01-02,tea\n4,2024-01-03,rum\n4,2024-01-04,tea\n"
    path = write(tmp_path, "e.csv", rows)
    with opening(tmp_path, source(path, fields={"item": "item"}), wishes=WISHES) as result:
        assert result.all("SELECT customer_id, item FROM events ORDER BY ts") == [
            ("17850", "tea"),
            ("4", "rum"),
        ]
    write(tmp_path, "w.csv", "id,wish,field,value\n17850.0,not_me,item,rum\n4.0,pin,,events\nx,pin,,events\n")
    with opening(tmp_path, source(path), wishes=WISHES) as result:
        assert result.opened.warnings[0] == (
            "w.csv: 2 of 3 customer ids end in `.0`, but not all; they are kept so"
        )


def test_what_is_not_theirs_is_filtered(tmp_path):
    """Events with a disowned value count as filtered, for that customer only and in history too."""
    write(tmp_path, "w.csv", "id,wish,field,value\na,not_me,item,rum\nb,not_me,item,tea\nc,not_me,n,5\n")
    text = (
        "who,at,item,n\n"
        "a,2024-01-01,rum,1\n"
        "a,2024-01-02,Rum,2\n"
        "a,2024-01-03, rum ,3\n"
        "a,2024-01-04,,4\n"
        "a,2023-01-05,rum,5\n"
        "a,2023-01-06,tea,6\n"
        "b,2024-01-07,rum,7\n"
        "c,2024-01-08,tea,\n"
        "d,2024-01-09,tea,5\n"
        "a,never,rum,10\n"
        ",2024-01-11,rum,11\n"
        "a,2025-01-12,rum,12\n"
    )
    path = write(tmp_path, "e.csv", text)
    with opening(tmp_path, source(path, fields=FIELDS), wishes=WISHES, wanted=Wanted(history=True)) as result:
        assert result.column("n", "n NULLS FIRST") == [None, 2, 4, 5, 7]
        assert result.all("SELECT n FROM history") == [(6,)]
        rows = result.opened.rows
        assert (rows.used, rows.filtered, rows.rejected, rows.no_customer) == (5, 4, 1, 1)
        assert rows.outside_period == 1


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_only_sources_with_the_field_are_filtered(tmp_path, format_):
    """A source that does not declare the field has nothing to filter, nor has one where it is not kept."""
    frame = pl.DataFrame({"who": ["a", "a"], "at": ["2024-01-01", "2024-01-02"], "item": ["rum", "tea"]})
    getattr(frame, f"write_{format_}")(tmp_path / f"e.{format_}")
    write(tmp_path, "w.csv", "id,wish,field,value\na,not_me,item,rum\n")
    with opening(
        tmp_path,
        source(f"e.{format_}", fields={"item": "item"}),
        source(f"e.{format_}"),
        wishes=WISHES,
        wanted=Wanted(fields=frozenset()),
    ) as result:
        assert result.column("ts") == [datetime(2024, 1, 1), datetime(2024, 1, 2), datetime(2024, 1, 2)]
        assert result.opened.rows.filtered == 1
        assert result.opened.fields == {}


def test_a_disowned_event_is_no_first_of_duplicates(tmp_path):
    """What is left out cannot stand for a duplicate that is kept."""
    write(tmp_path, "w.csv", "id,wish,field,value\na,not_me,item,rum\n")
    path = write(tmp_path, "e.csv", "who,at,item\na,2024-01-01,rum\na,2024-01-01,tea\n")
    with opening(
        tmp_path,
        source(path, fields={"item": "item"}),
        wishes=WISHES,
        deduplicate_by=["customer", "time"],
    ) as result:
        assert result.column("item") == ["tea"]
        assert result.opened.rows.duplicate == 0


TYPED = pl.DataFrame(
    {
        "who": ["a", "a", "a", "b"],
        "whole": [5, -7, None, 5],
        "exact": [Decimal("2.50"), Decimal("-0.05"), None, Decimal("2.50")],
        "float": [0.1, 5.0, None, 0.1],
        "yes": [True, False, None, True],
        "day": [date(2024, 5, 6), date(2024, 5, 7), None, date(2024, 5, 6)],
        "moment": [datetime(2024, 5, 6, 7, 8), datetime(2024, 5, 6, 7, 8, 9, 500_000), None, None],
        "text": ["05", "it's", None, "05"],
    }
)


@pytest.mark.parametrize(
    ("declared", "first", "second"),
    [
        ("whole", "5", "-7"),
        ({"column": "whole", "type": "integer"}, "5", "-7"),
        ({"column": "whole", "type": "text"}, "5", "-7"),
        ({"column": "whole", "type": "money", "scale": 2}, "5.00", "-7.00"),
        ({"expression": "whole * 2"}, "10", "-14"),
        ("exact", "2.50", "-0.05"),
        ({"column": "exact", "type": "decimal", "scale": 1}, "2.5", "-0.1"),
        ("float", "0.1", "5.0"),
        ({"column": "float", "type": "number"}, "0.1", "5.0"),
        ("yes", "true", "false"),
        ("day", "2024-05-06", "2024-05-07"),
        ("moment", "2024-05-06 07:08:00", "2024-05-06 07:08:09.5"),
        ("text", "05", "it's"),
    ],
)
def test_values_are_compared_as_text(tmp_path, declared, first, second):
    """A value of any type is what DuckDB writes for it, no other text is, and no value is never meant."""
    fields = {"x": declared}
    for value, rest in ((first, [1, 2, 3]), (second, [0, 2, 3]), (f"{first}0x", [0, 1, 2, 3])):
        assert left(tmp_path, ("x", value), frame=TYPED, fields=fields) == rest
    assert left(tmp_path, ("x", first), ("x", second), frame=TYPED, fields=fields) == [2, 3]


def test_several_fields_are_filtered_each_for_itself(tmp_path):
    """Wishes for different fields do not depend on each other: an event goes if any one meets it."""
    fields = {"whole": "whole", "yes": "yes"}
    assert left(tmp_path, ("whole", "-7"), ("yes", "true"), frame=TYPED, fields=fields) == [2, 3]
    assert left(tmp_path, ("whole", "true"), ("yes", "-7"), frame=TYPED, fields=fields) == [0, 1, 2, 3]


@pytest.mark.parametrize("values", [[5, None], [5.0, None], ["5", None], [Decimal(5), None]])
def test_a_typed_column_of_wishes_is_written_as_text(tmp_path, values):
    """A whole number among the wishes is the same whether a reader made a float of it or not."""
    wishes = pl.DataFrame(
        {"id": [1, 2], "wish": ["not_me", "anonymous"], "field": ["x", None], "value": values}
    )
    events = pl.DataFrame({"who": [1, 1, 2], "at": [datetime(2024, 1, 1)] * 3, "x": [5, 6, 5]})
    with opening(
        tmp_path,
        source("e", format="frame", fields={"x": "x"}),
        frames={"e": events, "w": wishes},
        wishes={"path": "w", "format": "frame", "customer": "id", "field": "field"},
    ) as result:
        assert result.all("SELECT customer_id, x FROM events ORDER BY ALL") == [("1", 6), ("2", 5)]


def test_converted_money_is_compared_as_it_counts(tmp_path):
    """An amount that is converted to the campaign's currency is disowned by what it is worth there."""
    frame = pl.DataFrame({"who": "a", "paid": ["2.00", "2.00"], "code": ["USD", "EUR"]})
    fields = {"amount": {"column": "paid", "type": "money", "scale": 2, "currency": "code"}, "code": "code"}
    money = {"currency": "EUR", "rates": {"USD": 0.5}}
    for value, rest in (("1.00", [1]), ("2.00", [0])):
        assert left(tmp_path, ("amount", value), frame=frame, fields=fields, money=money) == rest


def test_customers_own_clocks_go_with_wishes(tmp_path):
    """Wishes and the customers table's zones are obeyed together, and those of who opted out are moot."""
    write(tmp_path, "c.csv", "id,z,o\na,Asia/Tokyo,\nb,,yes\n")
    write(tmp_path, "w.csv", "id,wish,field,value\na,not_me,item,rum\nb,not_me,item,rum\n")
    rows = "who,at,item\na,2024-12-31T14:00Z,tea\na,2024-12-31T16:00Z,tea\na,2024-06-01T00:00Z,rum\n"
    path = write(tmp_path, "e.csv", f"{rows}b,2024-06-01T00:00Z,rum\n")
    with opening(
        tmp_path,
        source(path, fields={"item": "item"}),
        customers={"path": "c.csv", "customer": "id", "time_zone": "z", "opt_out": "o"},
        wishes=WISHES,
        local_time="customer",
    ) as result:
        assert result.column("ts") == [datetime(2024, 12, 31, 23)]
        assert (result.opened.rows.filtered, result.opened.rows.outside_period) == (2, 1)


def test_wishes_of_strangers_are_told(tmp_path):
    """An id that nobody has is more likely written otherwise, as 29 for 00029, than gone."""
    events = write(tmp_path, "e.csv", "who,at\n00029,2024-05-01\n")
    wishes = write(tmp_path, "w.csv", "who,wish,value\n29,anonymous,\n00029,name,Jo\n")
    asked = {"path": wishes, "customer": "who"}
    with opening(tmp_path, source(events), wishes=asked) as result:
        (warning,) = result.opened.warnings
    assert warning.startswith("w.csv: the wishes of 1 customers change nothing")
