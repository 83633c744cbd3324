"""Hostile CSV: whatever a file holds, the audit and the SQL read the same rows from it."""

import csv
import gzip
import io

import polars as pl
import pytest
from audit_read_cases import campaign, read_both, source
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PIECES = [
    *(
        "a",
        "Z",
        "0",
        "7",
        "12",
        ".",
        ",",
        ";",
        "|",
        "\t",
        " ",
        "  ",
        "-",
        "+",
        "e",
        "E5",
        "#",
        "''",
        "'",
        "\\",
    ),
    *(
        '"',
        '""',
        "\n",
        "ä",
        "ß",
        "🌞",
        "\u00a0",
        "\u200b",
        "\u202f",
        "%",
        "NULL",
        "nan",
        "1,234.50",
        "1.234,5",
    ),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
NUMBERS = st.one_of(
    st.integers(-(10**12), 10**12).map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9).map(
        str
    ),
    st.sampled_from(
        ["", " 5 ", "5.", ".5", "1e3", "1,234", "1,234.5", "1,234,567", "12.345", "-0.005", "x", "1e400"]
    ),
)
MOMENTS = st.one_of(
    st.datetimes().map(lambda at: at.isoformat(" ")),
    st.datetimes(
        min_value=pl.select(pl.datetime(2023, 12, 30)).item(),
        max_value=pl.select(pl.datetime(2025, 1, 2)).item(),
    ).map(lambda at: at.isoformat()),
    st.sampled_from(
        [
            "2024-03-31T02:30+01:00",
            "2024-02-30",
            "2024/5/6 7:08",
            "2024-12-31 24:00:00",
            "31.12.2024",
            "",
            "2024-06-01Z",
        ]
    ),
)
ROWS = st.lists(
    st.tuples(st.sampled_from(["7", "7.0", "07", " 7", "b", ""]), MOMENTS, TEXTS, NUMBERS), max_size=8
)
FIELDS = {
    "item": "item",
    "price": {"column": "price", "type": "money", "scale": 2},
    "size": {"column": "price", "type": "number"},
}
QUIET = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def written(rows, **dialect):
    """Write rows as a spreadsheet would."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, **dialect)
    writer.writerow(["who", "at", "item", "price"])
    writer.writerows(rows)
    return text.getvalue()


@QUIET
@given(ROWS, st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_well_written_files_are_read_alike(tmp_path, rows, delimiter, end, quote_all):
    """Quotes, delimiters and line ends inside of values change nothing, nor does how much is quoted."""
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    rows = [*rows, ("9", "2024-05-05 05:05:05", "thing", "1.005")]
    text = written(rows, delimiter=delimiter, lineterminator=end, quoting=quoting)
    (tmp_path / "rows.csv").write_bytes(text.encode())
    declared = {"delimiter": delimiter, "quote": '"'}
    activity = read_both(campaign(source("rows.csv", fields=FIELDS, csv=declared)), tmp_path)
    assert "thing" in activity.frame["item"]


@QUIET
@given(ROWS, st.lists(TEXTS, max_size=3), st.data())
def test_broken_lines_cost_themselves_only(tmp_path, rows, garbage, data):
    """Lines that are no rows are passed over on both sides, and the rows around them are kept."""
    lines = written([*rows, ("9", "2024-05-05 05:05:05", "thing", "5")]).splitlines(keepends=True)
    for line in garbage:
        at = data.draw(st.integers(1, len(lines)))
        lines.insert(at, line + "\n")
    (tmp_path / "rows.csv").write_bytes("".join(lines).encode())
    declared = {"delimiter": ",", "quote": '"', "escape": '"', "header": True}
    read_both(campaign(source("rows.csv", fields=FIELDS, csv=declared)), tmp_path)


def test_lines_are_physical_lines(tmp_path):
    """A row is found again in an editor, also behind skipped lines and values over several lines."""
    text = 'made by a till\nwho,at,item\na,2024-01-01,"x\ny"\n\nb,2024-01-02,z,too much\nc,2024-01-03,z\n'
    (tmp_path / "rows.csv").write_text(text)
    activity = read_both(campaign(source("rows.csv", fields={"item": "item"}, csv={"skip": 1})), tmp_path)
    found = activity.frame.select("customer_id", "row:source", "row:line").rows()
    assert found == [("a", "rows.csv", 3), ("c", "rows.csv", 7)]


@pytest.mark.parametrize(
    ("name", "content", "dialect"),
    [
        ("semicolons", "who;at;item\n7;2024-01-01;a,b\n", {}),
        ("pipes", "who|at|item\n7|2024-01-01|a\n", {}),
        ("several characters", "who::at::item\n7::2024-01-01::a\n", {"delimiter": "::"}),
        ("no header", "7,2024-01-01,a\n8,2024-01-02,\n", {"columns": ["who", "at", "item"]}),
        ("a header although named", "who,at,item\n7,2024-01-01,a\n", {"columns": ["who", "at", "item"]}),
        ("comments", 'who,at,item\n# "x\n7,2024-01-01,a\n', {"comment": "#"}),
        ("null texts", "who,at,item\n7,2024-01-01,\\N\nNA,2024-01-01,b\n", {"null": ["\\N", "NA"]}),
        ("backslashes", 'who,at,item\n7,2024-01-01,"a\\"b"\n', {}),
        ("apostrophes", "who,at,item\n7,2024-01-01,'a,b'\n", {}),
        ("a byte order mark", "\ufeffwho,at,item\n7,2024-01-01,a\n", {}),
        ("old line ends", "who,at,item\r7,2024-01-01,a\r8,2024-01-01,b\r", {}),
        ("other cases", "WHO, At ,Item\n7,2024-01-01,a\n", {}),
        ("titles twice", "who,at,item,item\n7,2024-01-01,a,b\n", {}),
        ("commas at the end", "who,at,item\n7,2024-01-01,a,,\n", {}),
        ("whole floats", "who,at,item\n7.0,2024-01-01,a\n8.00,2024-01-01,b\n,2024-01-01,c\n", {}),
        ("some floats", "who,at,item\n7.0,2024-01-01,a\n8,2024-01-01,b\n", {}),
    ],
)
def test_dialects_are_understood_alike(tmp_path, name, content, dialect):
    """What is declared is followed, and the rest is found out."""
    (tmp_path / "rows.csv").write_bytes(content.encode())
    fields = {"item": "item"}
    activity = read_both(campaign(source("rows.csv", fields=fields, csv=dialect)), tmp_path)
    assert activity.frame.height >= 1, name


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16"])
def test_encodings_are_read_alike(tmp_path, encoding):
    """A file in another encoding gives its own characters."""
    (tmp_path / "rows.csv").write_bytes("who,at,item\nMüller,2024-01-01,Café\n".encode(encoding))
    fields = {"item": "item"}
    activity = read_both(campaign(source("rows.csv", fields=fields, csv={"encoding": encoding})), tmp_path)
    assert activity.frame["item"].to_list() == ["Café"]


def test_bytes_that_are_no_text_cost_their_line(tmp_path):
    """A line that is not in the file's encoding is left out, the others stay."""
    (tmp_path / "rows.csv").write_bytes(b"who,at,item\na,2024-01-01,caf\xe9\nb,2024-01-01,tea\n")
    activity = read_both(campaign(source("rows.csv", fields={"item": "item"})), tmp_path)
    assert activity.frame["customer_id"].to_list() == ["b"]


def test_packed_files_and_globs_are_one_table(tmp_path):
    """Files are read by path, columns united by name whatever their case; each row names its file."""
    (tmp_path / "a.csv").write_text("who,at,Item\na,2024-01-01,x\n")
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(b"at,who,item,more\n2024-01-02,b,y,1\n"))
    (tmp_path / "c.csv").write_text("")
    fields = {"item": "item", "more": {"column": "more", "type": "integer"}}
    activity = read_both(campaign(source("*.csv*", fields=fields)), tmp_path)
    assert activity.frame.select("row:source", "row:line").rows() == [("a.csv", 2), ("b.csv.gz", 2)]
