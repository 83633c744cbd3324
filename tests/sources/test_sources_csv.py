"""CSV in every dialect, and lines that are broken."""

import gzip

import pytest
from sources_cases import opening, source, write

from recap.errors import SourceError

ROWS = [("00004", "2024-03-01 10:15:00", "Kaffee, schwarz"), ("7", "2024-03-02T09:00", "Tee")]


def written(delimiter: str = ",", quote: str = '"', end: str = "\n", header: bool = True) -> str:
    def cell(text: str) -> str:
        must = delimiter in text or quote in text
        return f"{quote}{text.replace(quote, quote * 2)}{quote}" if must else text

    lines = [("who", "at", "item")] * header + ROWS
    return "".join(delimiter.join(map(cell, line)) + end for line in lines)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "||", "^"])
@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_reads_any_dialect(tmp_path, delimiter, quote, end):
    """Delimiter, quote and line end are found out, or may be declared where they are rare."""
    path = write(tmp_path, "events.csv", written(delimiter, quote, end))
    csv = {"delimiter": delimiter} if delimiter in {"||", "^"} else None
    with opening(tmp_path, source(path, fields={"item": "item"}, csv=csv)) as result:
        assert result.all("SELECT customer_id, item FROM events ORDER BY ts") == [
            ("00004", "Kaffee, schwarz"),
            ("7", "Tee"),
        ]
        assert result.opened.rows.rejected == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_reads_encodings(tmp_path, encoding):
    """Text is the same whatever the file's encoding; a byte order mark is no part of the first column."""
    path = write(tmp_path, "events.csv", "who,at,item\nä1,2024-01-05,Café\n".encode(encoding))
    csv = {"encoding": encoding}
    with opening(tmp_path, source(path, fields={"item": "item"}, csv=csv)) as result:
        assert result.all("SELECT customer_id, item FROM events") == [("ä1", "Café")]


def test_wrong_encoding_rejects_lines_and_says_so(tmp_path):
    """A file that is not UTF-8 loses the lines in question only, with a reason that helps."""
    path = write(
        tmp_path, "events.csv", "who,at,item\na,2024-01-05,Tee\nb,2024-01-06,Café\n".encode("cp1252")
    )
    with opening(tmp_path, source(path)) as result:
        assert result.opened.rows.used == 1
        ((_, line, reason, raw),) = result.rejects()
        assert line == 3
        assert "encoding" in reason
        assert raw == "b,2024-01-06,Caf\ufffd"


def test_gzip_and_glob_are_one_source(tmp_path):
    """Files of a glob are united by column name, also where one has more columns, is packed or is empty."""
    write(tmp_path, "d/a.csv", "who,at,item\na,2024-01-01,x\n")
    write(tmp_path, "d/b.csv.gz", gzip.compress(b"at;who;more\n2024-01-02;b;1\n"))
    write(tmp_path, "d/c.csv", "")
    with opening(tmp_path, source("d/*.csv*", fields={"item": "item", "more": "more"})) as result:
        assert result.all("SELECT customer_id, item, more FROM events ORDER BY ts") == [
            ("a", "x", None),
            ("b", None, "1"),
        ]
        assert result.opened.warnings == ("d/c.csv is empty",)


def test_without_a_header(tmp_path):
    """`columns` names what the file does not; an empty first line is no row."""
    path = write(tmp_path, "events.csv", "\n" + written(header=False))
    csv = {"columns": ["who", "at", "item"]}
    with opening(tmp_path, source(path, fields={"item": "item"}, csv=csv)) as result:
        assert result.opened.rows.used == 2
        assert result.column("item", "ts") == ["Kaffee, schwarz", "Tee"]


def test_columns_that_repeat_the_header_do_not_make_it_a_row(tmp_path):
    """Naming the columns of a file that has them already does no harm."""
    path = write(tmp_path, "events.csv", written())
    with opening(tmp_path, source(path, csv={"columns": ["who", "at", "item"]})) as result:
        assert result.opened.rows.read == 2


def test_skip_comments_and_nulls(tmp_path):
    """Lines before the header, comments and texts that mean nothing are left out, quoted values are not."""
    text = 'Report of today\n\nwho;at;item\n# who wrote this\na;2024-01-01;"# one; two"\nb;2024-01-02;n/a\n'
    path = write(tmp_path, "events.csv", text)
    csv = {"skip": 1, "comment": "#", "null": ["", "n/a"]}
    with opening(tmp_path, source(path, fields={"item": "item"}, csv=csv)) as result:
        assert result.column("item", "ts") == ["# one; two", None]


def test_backslash_escapes(tmp_path):
    """A quote inside a value may be escaped by a backslash."""
    path = write(tmp_path, "events.csv", 'who,at,item\na,2024-01-01,"a \\"b\\", c"\n')
    with opening(tmp_path, source(path, fields={"item": "item"})) as result:
        assert result.column("item") == ['a "b", c']


def test_broken_lines_cost_only_themselves(tmp_path):
    """Quotes left open, too few and too many values are rejected with their line; everything else counts."""
    path = write(
        tmp_path,
        "events.csv",
        "who,at,item\n"
        'a,2024-01-01,"two\nlines"\n'  # 2, 3
        "\n"  # 4
        "b,2024-01-02\n"  # 5: too few
        "c,2024-01-03,x,y\n"  # 6: too many
        "d,2024-01-04,ok,\n"  # 7: one empty too many is let go
        'e,2024-01-05,"never closed\n'  # 8
        "f,2024-01-06,fine\n"  # 9
        "g,someday,fine\n"  # 10: no time
        'h,2024-01-08,"also ""good"""\r\n',  # 11
    )
    with opening(tmp_path, source(path, fields={"item": "item"})) as result:
        assert result.column("item", "ts") == ["two\nlines", "ok", "fine", 'also "good"']
        assert [(line, raw) for _, line, _, raw in result.rejects()] == [
            (5, "b,2024-01-02"),
            (6, "c,2024-01-03,x,y"),
            (8, 'e,2024-01-05,"never closed'),
            (10, "g,someday,fine"),
        ]
        assert (result.opened.rows.read, result.opened.rows.rejected) == (8, 4)


def test_rejects_of_a_whole_file_have_their_lines(tmp_path):
    """Rows with unreadable values are found again by line, past quoted line ends and blank lines."""
    path = write(
        tmp_path,
        "deep/events.csv",
        'who,at,n\n"a\n\nb",2024-01-01,1\n\nb,2024-13-01,2\n"c, d",2024-01-02,"tw""o"\ne,,3\n',
    )
    with opening(tmp_path, source(path, fields={"n": {"column": "n", "type": "integer"}})) as result:
        assert [(place, line, raw) for place, line, _, raw in result.rejects()] == [
            (path, 6, "b,2024-13-01,2"),
            (path, 7, '"c, d",2024-01-02,"tw""o"'),
            (path, 8, "e,,3"),
        ]
        assert "whole number" in result.rejects()[1][2]


def test_rejects_of_several_files_name_theirs(tmp_path):
    """Each reject names its own file, relative to the campaign, and counts lines from that file's start."""
    for name in "abc":
        write(tmp_path, f"d/{name}.csv", f"who,at\n{name},2024-01-01\n{name},never\n")
    with opening(tmp_path, source("d/*.csv")) as result:
        assert [(place, line) for place, line, *_ in result.rejects()] == [
            ("d/a.csv", 3),
            ("d/b.csv", 3),
            ("d/c.csv", 3),
        ]


def test_truncated_gzip_is_an_error(tmp_path):
    """A packed file that ends too early is not taken for a short one."""
    packed = gzip.compress(b"who,at\n" + b"".join(b"%d,2024-01-01\n" % n for n in range(5000)))
    path = write(tmp_path, "events.csv.gz", packed[:-200])
    with (
        pytest.raises(SourceError, match=r"events\.csv\.gz.*cannot be read to its end"),
        opening(tmp_path, source(path)),
    ):
        pass


def test_a_header_over_several_lines(tmp_path):
    """A column's name may hold a line end, as spreadsheets like them, without shifting the rows' lines."""
    path = write(tmp_path, "events.csv", 'who,"the\ntime",at\na,x,2024-01-01\nb,x,never\n')
    with opening(tmp_path, source(path)) as result:
        assert result.column("customer_id") == ["a"]
        assert [line for _, line, _, _ in result.rejects()] == [4]


def test_quotes_before_the_header_are_only_text(tmp_path):
    """What is skipped is lines, whatever quotes are in them."""
    path = write(tmp_path, "events.csv", '"Report" of\nthe "day\nwho,at\na,2024-01-01\nb,2024-01-02\n')
    with opening(tmp_path, source(path, csv={"skip": 2})) as result:
        assert result.column("customer_id") == ["a", "b"]


def test_stray_names_in_the_header(tmp_path):
    """Blanks around names, other case, nameless and repeated columns do not keep a file from being read."""
    path = write(tmp_path, "events.csv", " Who ,AT,,at\nx,2024-01-01,1,2\n")
    with opening(tmp_path, source(path, fields={"n": "column2", "m": "at_2"})) as result:
        assert result.all("SELECT customer_id, n, m FROM events") == [("x", "1", "2")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,2024-01-01\n", "give.*columns|csv: {columns"),
        ("", "is empty"),
        ("who,at\n", "holds no rows"),
    ],
)
def test_files_without_events_say_what_to_do(tmp_path, text, expected):
    """No header, nothing at all and a header alone are three different errors."""
    path = write(tmp_path, "events.csv", text)
    with pytest.raises(SourceError, match=expected), opening(tmp_path, source(path)):
        pass
