"""Every format gives the same events."""

import gzip
import json
import sqlite3
from contextlib import closing

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pytest
from sources_cases import opening, source, write

from recap.errors import SourceError

FRAME = pl.DataFrame(
    {
        "who": ["00004", " b ", None, ""],
        "at": ["2024-03-01 10:15:00", "2024-03-02T09:00:00", "2024-03-03", "2024-03-04"],
        "item": ["Tee", " Kaffee\u00a0", "x", "y"],
        "price": ["1.10", "2.25", None, None],
    }
)
FIELDS = {"item": "item", "price": {"column": "price", "type": "money", "scale": 2}}
EXPECTED = [("00004", "Tee", "1.10"), ("b", "Kaffee", "2.25")]


def check(result):
    found = result.all("SELECT customer_id, item, CAST(price AS VARCHAR) FROM events ORDER BY ts")
    assert found == EXPECTED
    assert result.opened.rows.no_customer == 2
    assert result.opened.fields == {"item": "VARCHAR", "price": "DECIMAL(18,2)"}


def documents():
    return [{key: value for key, value in row.items() if value is not None} for row in FRAME.to_dicts()]


def make_csv(folder):
    return {"path": write(folder, "e.csv", FRAME.write_csv())}


def make_parquet(folder):
    FRAME.write_parquet(folder / "e.parquet")
    return {"path": "e.parquet"}


def make_hive(folder):
    for number, part in enumerate(FRAME.partition_by("item")):
        target = folder / f"lake/item={part['item'][0].strip()}/{number}.parquet"
        target.parent.mkdir(parents=True)
        part.drop("item").write_parquet(target)
    write(folder, "lake/README.txt", "not data")
    write(folder, "lake/_SUCCESS", "")
    return {"path": "lake"}


def make_array(folder):
    return {"path": write(folder, "e.json", json.dumps(documents(), indent=2))}


def make_packed_array(folder):
    return {"path": write(folder, "e.json.gz", gzip.compress(json.dumps(documents()).encode()))}


def make_lines(folder):
    return {"path": write(folder, "e.jsonl", "\n\n".join(map(json.dumps, documents())))}


def make_packed_lines(folder):
    text = "\n".join(map(json.dumps, documents()))
    return {"path": write(folder, "e.ndjson.gz", gzip.compress(text.encode()))}


def make_loose_documents(folder):
    return {"path": write(folder, "e.json", "\n".join(json.dumps(d, indent=1) for d in documents()))}


def make_duckdb(folder):
    with duckdb.connect(str(folder / "shop.duckdb")) as database:
        frame = FRAME.to_arrow()
        database.register("frame", frame)
        database.execute("CREATE TABLE events AS SELECT * FROM frame")
        database.execute("CREATE SCHEMA more; CREATE VIEW more.seen AS SELECT * FROM events")
    return {"path": "shop.duckdb", "table": "Events"}


def make_duckdb_view(folder):
    return {**make_duckdb(folder), "table": "more.seen"}


def make_sqlite(folder):
    with closing(sqlite3.connect(folder / "shop.db")) as database:
        database.execute("CREATE TABLE events (who, at TEXT, item TEXT, price NUMERIC)")
        database.executemany("INSERT INTO events VALUES (?, ?, ?, ?)", FRAME.rows())
        database.commit()
    return {"path": "shop.db"}


FORMATS = [
    make_csv,
    make_parquet,
    make_hive,
    make_array,
    make_packed_array,
    make_lines,
    make_packed_lines,
    make_loose_documents,
    make_duckdb,
    make_duckdb_view,
    make_sqlite,
]


@pytest.mark.parametrize("make", FORMATS)
def test_every_format_gives_the_same_events(tmp_path, make):
    """Ids keep their zeros, text loses its blanks, prices are exact, whatever the file."""
    with opening(tmp_path, source(**make(tmp_path), fields=FIELDS)) as result:
        check(result)


@pytest.mark.parametrize(
    "frame",
    [FRAME, FRAME.lazy(), FRAME.to_arrow(), pa.dataset.dataset(FRAME.to_arrow())],
    ids=["polars", "lazy", "arrow", "dataset"],
)
def test_frames_from_python(tmp_path, frame):
    """A table in memory is a source like any other."""
    with opening(tmp_path, source("f", format="frame", fields=FIELDS), frames={"f": frame}) as result:
        check(result)


def test_several_sources_are_united_by_name(tmp_path):
    """A field that a source does not have is NULL in its rows, whatever the sources' formats."""
    make_parquet(tmp_path)
    write(tmp_path, "more.csv", "card;day\n9;2024-02-02\n")
    other = {"path": "more.csv", "customer": "card", "time": "day", "fields": {"until": "day"}}
    with opening(tmp_path, source("e.parquet", fields={"item": "item"}), other) as result:
        assert result.all("SELECT customer_id, item, until FROM events ORDER BY ts") == [
            ("9", None, "2024-02-02"),
            ("00004", "Tee", None),
            ("b", "Kaffee", None),
        ]


def test_one_field_has_one_type(tmp_path):
    """A field that is text in one source and a number in another is an error that says what to do."""
    make_parquet(tmp_path)
    sources = [source("e.parquet", fields={"price": "price"}), source("e.parquet", fields=FIELDS)]
    with (
        pytest.raises(SourceError, match=r"sources\.1\.fields\.price: is DECIMAL.* VARCHAR .*same `type`"),
        opening(tmp_path, *sources),
    ):
        pass


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"path": "evnts.csv"}, r"no file 'evnts\.csv'\. Did you mean 'events\.csv'\?.*holds: .*events\.csv"),
        ({"path": "none/events.csv"}, "there is no folder"),
        ({"path": "*.parquet"}, r"no file matches '\*\.parquet'.*holds: .*events\.csv"),
        ({"path": "s3://bucket/events.csv"}, "not on this machine"),
        ({"path": "data.bin"}, "does not say what it is"),
        ({"path": "events.csv", "customer": "wo"}, r"no column 'wo'\. Did you mean 'who'\? Its .*: who, at"),
        ({"path": "events.csv", "time": "att"}, r"sources\.0\.time.*'att'"),
        ({"path": "events.csv", "fields": {"x": "itm"}}, r"sources\.0\.fields\.x.*'itm'"),
        ({"path": "events.csv", "format": "parquet"}, r"'events\.csv' cannot be read"),
        ({"path": "events.csv", "format": "sqlite"}, "SQLite"),
        ({"path": "events.csv", "format": "duckdb"}, "DuckDB"),
        ({"path": "events.csv", "format": "json"}, "no JSON"),
        ({"path": "shop.duckdb", "table": "evnts"}, r"no table 'evnts'\. Did you mean 'events'\?"),
        ({"path": "shop.duckdb"}, "say which table"),
        ({"path": "f", "format": "frame"}, "no frame 'f'. None was given"),
        ({"path": "e.*"}, "mixes csv and jsonl"),
    ],
)  # fmt: skip
def test_errors_say_where_what_and_how(tmp_path, spec, message):
    """What cannot be opened is one sentence naming the key, what is there, and what may be meant."""
    write(tmp_path, "events.csv", "who,at\na,2024-01-01\n")
    write(tmp_path, "data.bin", "who,at\n")
    write(tmp_path, "e.csv", "who,at\n")
    write(tmp_path, "e.jsonl", "{}\n")
    make_duckdb(tmp_path)
    with (
        pytest.raises(SourceError, match=message) as error,
        opening(tmp_path, source(**spec)),
    ):
        pass
    assert str(error.value).startswith("sources.0")
    assert "\n" not in str(error.value)


def test_broken_json_lines_have_their_lines(tmp_path):
    """A line that is no JSON object is a reject with its number and text; blank lines count as lines."""
    lines = [
        '{"who":1,"at":"2024-01-01"}',
        "",
        '{"who":2,',
        "[3]",
        "  ",
        '{"who":4,"at":"never","x":[1, 2]}',
        '{"who":5,"at":"2024-01-05"}',
    ]
    path = write(tmp_path, "e.jsonl", "\n".join(lines))
    with opening(tmp_path, source(path)) as result:
        assert result.column("customer_id") == ["1", "5"]
        assert [(line, raw) for _, line, _, raw in result.rejects()] == [
            (3, '{"who":2,'),
            (4, "[3]"),
            (6, '{"who":4,"at":"never","x":[1, 2]}'),
        ]


def test_rejects_of_tables_have_the_number_of_their_row(tmp_path):
    """Where there are no lines, the row's number in its own file and the row as JSON say what is meant."""
    for name, bad in (("a", 1), ("b", 2)):
        texts = ["2024-01-01"] * 3
        texts[bad] = "never"
        pl.DataFrame({"who": [1.0, 2.0, 3.0], "at": texts}).write_parquet(tmp_path / f"{name}.parquet")
    with opening(tmp_path, source("*.parquet")) as result:
        assert [(place, line, json.loads(raw)) for place, line, _, raw in result.rejects()] == [
            ("a.parquet", 2, {"who": 2.0, "at": "never"}),
            ("b.parquet", 3, {"who": 3.0, "at": "never"}),
        ]


def test_a_damaged_parquet_file_is_one_sentence(tmp_path):
    """A file whose data are damaged behind a sound footer is an error of the source, not a crash."""
    pl.DataFrame({"who": [f"{n * 7919}" for n in range(5000)], "at": "2024-01-01"}).write_parquet(
        tmp_path / "e.parquet"
    )
    damaged = bytearray((tmp_path / "e.parquet").read_bytes())
    damaged[100:3000] = b"\xff" * 2900
    (tmp_path / "e.parquet").write_bytes(damaged)
    with pytest.raises(SourceError, match=r"^sources\.0.*e\.parquet"), opening(tmp_path, source("e.parquet")):
        pass


def test_json_keys_of_any_shape(tmp_path):
    """Keys with dots, slashes and quotes are columns; nested values can be reached in expressions."""
    document = {"a.b/c~d": 7, 'q"': "2024-01-01", "deep": {"song": "Ode"}, "n": 12.10}
    path = write(tmp_path, "e.json", json.dumps([document]))
    fields = {
        "song": {"expression": "deep ->> '$.song'"},
        "n": {"column": "n", "type": "money", "scale": 2},
    }
    with opening(tmp_path, source(path, customer="a.b/c~d", time='q"', fields=fields)) as result:
        assert result.all("SELECT customer_id, song, CAST(n AS VARCHAR) FROM events") == [
            ("7", "Ode", "12.10")
        ]


def test_a_database_can_be_opened_again(tmp_path):
    """Customers and events may lie in one DuckDB file, and opening leaves nothing attached behind."""
    spec = make_duckdb(tmp_path)
    customers = {"path": "shop.duckdb", "table": "events", "customer": "who", "name": "item"}
    with opening(tmp_path, source(**spec), source(**spec), customers=customers) as result:
        assert result.opened.rows.used == 4
        assert result.all("SELECT name FROM customers ORDER BY 1") == [("Kaffee",), ("Tee",)]
        assert result.all("SELECT count(*) FROM duckdb_databases() WHERE path IS NOT NULL") == [(1,)]
        names = result.all("SELECT table_schema, table_name FROM information_schema.tables ORDER BY 2")
        assert names == [("main", name) for name in ("customers", "events", "history", "rejects", "wishes")]
