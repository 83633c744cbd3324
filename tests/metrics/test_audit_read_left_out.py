"""The audit leaves out whom the run leaves out: who opted out, by either table, and who was forgotten."""

import polars as pl
from audit_read_cases import campaign, read_both, source

EVENTS = "who,at\n" + "".join(f"{who},202{year}-05-01\n" for who in ("a", "b", "c", "d") for year in (3, 4))


def test_both_read_the_same_people(tmp_path):
    """Rows of the period and before it; the same row that is read is there for the others."""
    (tmp_path / "rows.csv").write_text(EVENTS)
    (tmp_path / "known.csv").write_text("id,no\na,yes\nb,\n")
    (tmp_path / "out.csv").write_text("id\n b\n")
    made = campaign(
        source("rows.csv"),
        customers={"path": "known.csv", "customer": "id", "opt_out": "no"},
        opt_outs={"path": "out.csv", "customer": "id"},
    )
    activity = read_both(made, tmp_path, is_forgotten={"c", "x"}.__contains__)
    assert activity.frame["customer_id"].to_list() == ["d", "d"]
    made = campaign(source("rows.csv"), opt_outs={"path": "out.csv", "customer": "id"})
    assert set(read_both(made, tmp_path).frame["customer_id"]) == {"a", "c", "d"}


def test_ids_that_are_numbers_are_left_out_by_their_text(tmp_path):
    """Both lists and the marks are asked by the id as it is written everywhere."""
    frame = pl.DataFrame({"who": [1.0, 2.0, 3.0, None], "at": "2024-01-01"})
    listed = pl.DataFrame({"id": [1]})
    made = campaign(
        source("given", format="frame"), opt_outs={"path": "out", "format": "frame", "customer": "id"}
    )
    activity = read_both(made, tmp_path, {"given": frame, "out": listed}, {"3"}.__contains__)
    assert activity.frame["customer_id"].to_list() == ["2"]
