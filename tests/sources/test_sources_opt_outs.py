"""Who is left out: by a list of opt-outs, and whoever was forgotten."""

import polars as pl
import pytest
from sources_cases import campaign, opening, shared_connection, source, write

from recap.errors import SourceError
from recap.sources.open import Wanted
from recap.sources.people import read_left_out, read_names

EVENTS = "who,at,n\na,2024-01-01,1\nb,2023-06-01,2\nb,2024-01-02,3\nc,2024-01-03,4\nd,never,5\n"
LIST = {"path": "out.csv", "customer": "id"}


def left_out(folder, listed, **keys):
    """The customers with events and those known, with whether they opted out; and what is told of it."""
    write(folder, "out.csv", listed)
    path = write(folder, "e.csv", EVENTS)
    with opening(folder, source(path), opt_outs=LIST, wanted=Wanted(history=True), **keys) as result:
        active = {
            *result.column("customer_id"),
            *(n for (n,) in result.all("SELECT customer_id FROM history")),
        }
        return active, dict(result.all("SELECT customer_id, opt_out FROM customers")), result


def test_who_is_on_the_list_is_left_out(tmp_path):
    """Their rows count as filtered, before the period too; who has events is known as opted out."""
    active, known, result = left_out(tmp_path, "id\n b \nb\nx\n")
    assert (active, known) == ({"a", "c"}, {"b": True})
    assert result.opened.rows.filtered == 2
    (warning,) = result.opened.warnings
    assert warning.startswith("out.csv: 1 who opted out are in neither the events nor the customers table")


def test_the_list_stands_beside_the_customers_table(tmp_path):
    """Either of the two is enough, and who is in the table only is no stranger."""
    write(tmp_path, "c.csv", "id,no\na,\nb,yes\nq,\n")
    table = {"path": "c.csv", "customer": "id", "opt_out": "no"}
    active, known, result = left_out(tmp_path, "id\na\nq\nc\n", customers=table)
    assert active == set()
    assert known == {"a": True, "b": True, "c": True, "q": True}
    assert result.opened.warnings == ()
    made = campaign(source("e.csv"), opt_outs=LIST, customers=table)
    assert read_left_out(made, shared_connection(), base=tmp_path) == {"a", "b", "c", "q"}


def test_an_opt_out_that_is_not_understood_is_told(tmp_path):
    """A word that is none for yes or no leaves nobody out, and nobody should learn that from a customer."""
    write(tmp_path, "c.csv", "id,no\na,opted out\nb,Yes\nc,NO\nd,\n,x\n")
    table = {"path": "c.csv", "customer": "id", "opt_out": "no"}
    with opening(tmp_path, source(write(tmp_path, "e.csv", EVENTS)), customers=table) as result:
        assert dict(result.all("SELECT customer_id, opt_out FROM customers WHERE opt_out")) == {"b": True}
        told = [warning for warning in result.opened.warnings if "yes nor no" in warning]
    assert told == ["c.csv: 1 rows say neither yes nor no in 'no'; they leave nobody out"]


def test_a_list_without_rows_leaves_nobody_out(tmp_path):
    """Nobody asked; an empty file is no list."""
    active, known, _ = left_out(tmp_path, "id\n")
    assert (active, known) == ({"a", "b", "c"}, {})
    with pytest.raises(SourceError, match=r"opt_outs.path: 'out.csv' is empty"):
        left_out(tmp_path, "")


@pytest.mark.parametrize(
    ("listed", "told"),
    [
        ('id,why\nb,mail\n"c,mail\n', r"opt_outs.path: out.csv: rows that cannot be read: 1 \(.*out.csv:3\)"),
        ("id,why\n,mail\n", "opt_outs.customer: 'out.csv' names no customer"),
        ("ids,why\nb,mail\n", "opt_outs.customer: out.csv has no column 'id'. Did you mean 'ids'"),
    ],
)
def test_a_damaged_list_stops_everything(tmp_path, listed, told):
    """Whoever is meant by what cannot be read would be brought back in."""
    with pytest.raises(SourceError, match=told):
        left_out(tmp_path, listed)


def test_the_forgotten_are_as_if_they_were_not_there(tmp_path):
    """Whatever their rows are like, nothing of them is kept or counted, in any table."""
    others = "who,at,n\na,2024-01-01,1\nx,,\n"
    theirs = 'b,2024-01-01,2\nb,2023-01-01,2\nb,soon,2\nb,2024-01-01,many\nb,2026-01-01,2\nb,"2024,1\n'
    fields = {"n": {"column": "n", "type": "integer"}}
    known = "id,name,no\na,Ann,\n"
    wishes = "id,wish,field,value\na,hide,,events\n"
    seen = []
    for more in (False, True):
        path = write(tmp_path, "e.csv", others + (theirs if more else ""))
        write(tmp_path, "c.csv", known + ('b,Bob,yes\nb,Bob,\n"b,Bob\n' if more else ""))
        write(tmp_path, "w.csv", wishes + ("b,name,,Bo\nb,dance,,\n" if more else ""))
        write(tmp_path, "out.csv", "id\na\n" + ("b\n" if more else ""))
        with opening(
            tmp_path,
            source(path, fields=fields),
            source(path, fields=fields),
            customers={"path": "c.csv", "customer": "id", "name": "name", "opt_out": "no"},
            wishes={"path": "w.csv", "customer": "id", "field": "field"},
            opt_outs=LIST,
            wanted=Wanted(history=True),
            is_forgotten={"b", "nobody"}.__contains__,
        ) as result:
            tables = ("events", "history", "customers", "wishes", "rejects")
            rows = {name: sorted(map(str, result.all(f"SELECT * FROM {name}"))) for name in tables}
            seen.append((rows, result.opened.rows, result.opened.warnings))
            assert result.opened.forgotten == more
    assert seen[0] == seen[1]
    assert len(seen[0][0]["rejects"]) == 2


def test_the_forgotten_are_found_in_every_format(tmp_path):
    """Ids that are numbers are asked for as text, and a row that is rejected for its time is theirs too."""
    frame = pl.DataFrame({"who": [1.0, 2.0, None], "at": ["2024-01-01", "soon", "later"]})
    frame.write_parquet(tmp_path / "e.parquet")
    with opening(tmp_path, source("e.parquet"), is_forgotten={"2"}.__contains__) as result:
        assert result.column("customer_id") == ["1"]
        assert [row[3] for row in result.rejects()] == ['{"who":null,"at":"later"}']
        assert (result.opened.rows.read, result.opened.forgotten) == (2, 1)


def test_everyone_may_be_forgotten(tmp_path):
    """A customers table of nobody else is no failed export."""
    write(tmp_path, "c.csv", "id\na\n")
    path = write(tmp_path, "e.csv", "who,at\na,2024-01-01\n")
    customers = {"path": "c.csv", "customer": "id"}
    with opening(tmp_path, source(path), customers=customers, is_forgotten={"a"}.__contains__) as result:
        assert result.opened.rows.read == 0
        assert result.all("SELECT * FROM customers") == []
    made = campaign(source(path), customers=customers)
    found = read_left_out(made, shared_connection(), base=tmp_path, is_forgotten={"a"}.__contains__)
    assert found == {"a"}


def test_names_are_told_from_those_of_others(tmp_path):
    """In the customers table and by wish; a name that somebody else has tells nothing."""
    write(tmp_path, "c.csv", "id,name\na,Ann\nb,Bob\nc,Bob\n")
    write(tmp_path, "w.csv", "id,wish,field,value\na,name,,Bob\nb,hide,,events\n")
    made = campaign(
        source("e.csv"),
        customers={"path": "c.csv", "customer": "id", "name": "name"},
        wishes={"path": "w.csv", "customer": "id", "field": "field"},
    )
    told = read_names(made, shared_connection(), "a", base=tmp_path)
    assert told == ({"Ann", "Bob"}, {"Bob"})
    assert read_names(made, shared_connection(), "nobody", base=tmp_path) == (set(), set())
