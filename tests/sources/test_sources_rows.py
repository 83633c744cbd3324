"""What becomes of the rows: customers, reasons, duplicates, and that they add up."""

from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sources_cases import opening, source, write

from recap.errors import SourceError


def ids(tmp_path, values):
    """The ids that become of values, in their order."""
    frame = pl.DataFrame({"who": values, "at": [datetime(2024, 1, 1, 0, n) for n in range(len(values))]})
    with opening(tmp_path, source("f", format="frame"), frames={"f": frame}) as result:
        return result.column("customer_id", "ts"), result.opened


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([17850.0, None, 4.0, float("nan")], ["17850", "4"]),
        ([1.5, 2.0], ["1.5", "2"]),
        (["17850.0", None, " 00004.0 "], ["17850", "00004"]),
        (["00004", "17850.0", "x"], ["00004", "17850.0", "x"]),
        (["1.5e3", "2.0"], ["1.5e3", "2.0"]),
        ([" a\u00a0", "", "\t", None], ["a"]),
        ([2**60, 7], [str(2**60), "7"]),
        ([Decimal("12.00"), Decimal("13.00")], ["12", "13"]),
    ],
)
def test_ids_are_text(tmp_path, values, expected):
    """Ids are what people would write: no `.0` where a reader has made floats of them, zeros kept."""
    assert ids(tmp_path, values)[0] == expected


def test_ids_that_mostly_look_like_floats_are_warned_of(tmp_path):
    """One id of another form keeps all as they are, and says so."""
    found, opened = ids(tmp_path, ["1.0", "2.0", "guest"])
    assert found == ["1.0", "2.0", "guest"]
    assert opened.warnings == ("f: 2 of 3 customer ids end in `.0`, but not all; they are kept so",)


def test_the_first_reason_counts(tmp_path):
    """Rejected comes before no customer, filtered, outside the period and duplicate."""
    text = (
        "who,at,kind\n"
        ",never,bad\n"  # rejected, though nobody's and unwanted
        ",2020-01-01,bad\n"  # no customer
        "a,2020-01-01,bad\n"  # filtered
        "a,2020-01-01,ok\n"  # outside
        "a,2024-01-01,ok\n"
        "a,2024-01-01,ok\n"  # duplicate
        "b,2024-01-01,ok\n"  # opted out
    )
    write(tmp_path, "c.csv", "id;out\nb;YES\na;no\n")
    with opening(
        tmp_path,
        source(write(tmp_path, "e.csv", text), where="kind = 'ok'"),
        customers={"path": "c.csv", "customer": "id", "opt_out": "out"},
        deduplicate_by=["customer", "time"],
    ) as result:
        rows = result.opened.rows
        assert (rows.rejected, rows.no_customer, rows.filtered) == (1, 1, 2)
        assert (rows.outside_period, rows.duplicate, rows.used) == (1, 1, 1)


def test_of_duplicates_the_first_stays(tmp_path):
    """The first source, its first file and its first row win, and NULL equals NULL."""
    for name in "ba":
        write(tmp_path, f"{name}.csv", f"who,at,from,key\nx,2024-01-01,{name}1,\nx,2024-01-01,{name}2,\n")
    frame = pl.DataFrame({"who": "x", "at": "2024-01-01", "from": "f", "key": ""})
    fields = {"from": "from", "key": "key"}
    for sources, first in (
        ([source("?.csv", fields=fields), source("f", format="frame", fields=fields)], "a1"),
        ([source("f", format="frame", fields=fields), source("?.csv", fields=fields)], "f"),
    ):
        with opening(
            tmp_path, *sources, frames={"f": frame}, deduplicate_by=["customer", "time", "key"]
        ) as result:
            assert result.column('"from"') == [first]
            assert result.opened.rows.duplicate == 4


def test_unknown_keys_to_deduplicate_by(tmp_path):
    """A key that is no field is an error with the fields there are."""
    path = write(tmp_path, "e.csv", "who,at,item\na,2024-01-01,x\n")
    with (
        pytest.raises(SourceError, match=r"no field 'itm'\. Did you mean 'item'"),
        opening(tmp_path, source(path, fields={"item": "item"}), deduplicate_by=["itm"]),
    ):
        pass


CUSTOMERS = {"path": "c.csv", "customer": "id", "name": "n", "locale": "l", "time_zone": "z", "opt_out": "o"}
FACES = {**CUSTOMERS, "avatar": "face", "avatars": "faces"}


def test_customers_table(tmp_path):
    """One row an id: the first, but an opt-out anywhere counts; ids agree with the events' own form."""
    write(
        tmp_path,
        "c.csv",
        "id,n,l,z,o\n1.0, Zoë ,de-AT,Europe/Vienna,\n2.0,,en,nowhere,0\n1.0,Other,en,,1.0\n,Nobody,,,\n",
    )
    write(tmp_path, "e.csv", "who,at\n1,2024-01-01\n2,2024-01-01\n3,2024-01-01\n")
    with opening(tmp_path, source("e.csv"), customers=CUSTOMERS) as result:
        assert result.all("SELECT * FROM customers ORDER BY 1") == [
            ("1", "Zoë", "de_AT", "Europe/Vienna", True, None),
            ("2", None, "en", None, False, None),
        ]
        assert result.column("customer_id") == ["2", "3"]
        assert result.opened.warnings == (
            "c.csv: 1 rows have no customer",
            "c.csv: 1 rows repeat a customer; the first of each counts",
            "c.csv: 1 time zones do not exist; the campaign's is used instead",
        )


def test_where_a_customers_picture_is_found(tmp_path):
    """As the first of the rows of a customer says it, blanks apart; nothing where nothing is said."""
    lines = ("id,n,l,z,o,face", "1,Zoë,,,, zoe.png ", "1,Zoë,,,,other.png", "2,Ana,,,,", "3,Bo,,,,data:x;y")
    write(tmp_path, "c.csv", "\n".join(lines))
    write(tmp_path, "e.csv", "who,at\n1,2024-01-01\n")
    with opening(tmp_path, source("e.csv"), customers=FACES) as result:
        assert result.all("SELECT avatar FROM customers ORDER BY customer_id") == [
            ("zoe.png",),
            (None,),
            ("data:x;y",),
        ]


def test_without_customers_the_table_is_empty(tmp_path):
    """A campaign without a customers table still has one, of the same shape."""
    with opening(tmp_path, source(write(tmp_path, "e.csv", "who,at\n1,2024-01-01\n"))) as result:
        assert [row[:2] for row in result.all("DESCRIBE customers")] == [
            ("customer_id", "VARCHAR"),
            ("name", "VARCHAR"),
            ("locale", "VARCHAR"),
            ("time_zone", "VARCHAR"),
            ("opt_out", "BOOLEAN"),
            ("avatar", "VARCHAR"),
        ]
        assert result.all("SELECT count(*) FROM customers") == [(0,)]


def test_an_empty_customers_table_stops_everything(tmp_path):
    """A failed export must not bring back those who opted out."""
    write(tmp_path, "c.csv", "id,n,l,z,o\n,,,,\n")
    write(tmp_path, "e.csv", "who,at\n1,2024-01-01\n")
    with (
        pytest.raises(SourceError, match=r"customers\.path: 'c\.csv' names no customer"),
        opening(tmp_path, source("e.csv"), customers=CUSTOMERS),
    ):
        pass


def test_broken_rows_of_customers_are_kept_and_told(tmp_path):
    """A customer's row that cannot be read is in the rejects and the warnings, not in the count of events."""
    write(tmp_path, "c.csv", "id,n,l,z,o\n1,a,,,\n2,b\n")
    write(tmp_path, "e.csv", "who,at\n1,2024-01-01\n")
    with opening(tmp_path, source("e.csv"), customers=CUSTOMERS) as result:
        assert [row[:2] for row in result.rejects()] == [("c.csv", 3)]
        assert result.opened.warnings == ("c.csv: 1 rows cannot be read; see the rejects",)
        assert result.opened.rows.read == 1


def test_a_period_without_events_is_no_error_here(tmp_path):
    """Nothing in the period is for the caller to judge."""
    with opening(tmp_path, source(write(tmp_path, "e.csv", "who,at\n1,1999-01-01\n"))) as result:
        assert (result.opened.rows.used, result.opened.first, result.opened.last) == (0, None, None)


CELLS = {
    "who": st.sampled_from(["a", " a", "b", "007", "", "  ", "out"]),
    "at": st.sampled_from(
        ["2024-01-01", "2024-12-31T23:59:59.999999", "2023-12-31", "2025-01-01", "x", "", "1/2/24"]
    ),
    "n": st.sampled_from(["1", "2.5", "-3", "", "n/a"]),
}


def fate(who: str, at: str, n: str) -> str:
    """What becomes of a row, in plain Python."""
    if at in {"x", "", "1/2/24"} or n == "n/a":
        return "rejected"
    if not who.strip():
        return "no_customer"
    if n in {"", "-3"} or who == "out":
        return "filtered"
    return "used" if at.startswith("2024") else "outside_period"


@settings(deadline=None, max_examples=20)
@given(st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=40), st.booleans())
def test_rows_add_up(rows, deduplicate):
    """Whatever the rows, every one has exactly the fate that plain Python gives it."""
    fates = [fate(**row) for row in rows]
    used = [(r["who"].strip(), r["at"], r["n"]) for r, f in zip(rows, fates, strict=True) if f == "used"]
    expected = Counter(fates)
    if deduplicate:
        expected["used"] = len(set(used))
        expected["duplicate"] = len(used) - expected["used"]
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, "e.csv", pl.DataFrame(rows).write_csv(quote_style="always"))
        write(folder, "c.csv", "id,o\nout,t\nin,\n")
        with opening(
            folder,
            source("e.csv", fields={"n": {"column": "n", "type": "money"}}, where="n > 0"),
            customers={"path": "c.csv", "customer": "id", "opt_out": "o"},
            deduplicate_by=["customer", "time", "n"] if deduplicate else [],
        ) as result:
            counts = result.opened.rows
            assert {key: getattr(counts, key) for key in expected} == dict(expected)
            assert counts.read == len(rows)
            lines = [line for _, line, _, _ in result.rejects()]
            assert lines == [n for n, f in enumerate(fates, start=2) if f == "rejected"]
            assert result.all("SELECT coalesce(sum(n), 0) FROM events")[0][0] == sum(
                Decimal(n) for _, _, n in (set(used) if deduplicate else used)
            )
