"""Every format, type and way to write a time: the audit reads what the SQL reads."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, time
from decimal import Decimal

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from audit_read_cases import campaign, read_both, source
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

AT = [datetime(2024, 3, 31, 2, 30), datetime(2023, 12, 31, 23, 59, 59, 999_999), None, datetime(2025, 1, 1)]
QUIET = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def typed_frame():
    """Rows of every type a Parquet file may hold."""
    return pl.DataFrame(
        {
            "who": [17850.0, 1.5, 7.0, None],
            "at": AT,
            "small": pl.Series([1, -2, None, 4], dtype=pl.Int8),
            "big": pl.Series([2**63 - 1, 0, 1, None], dtype=pl.UInt64),
            "price": pl.Series(["1.005", "-2.675", "0.125", None]).cast(pl.Decimal(12, 3)),
            "ratio": [1.005, -2.675, float("nan"), 1e15],
            "single": pl.Series([0.1, 16777216.0, -2.5, None], dtype=pl.Float32),
            "flag": [True, False, None, True],
            "day": [date(2024, 2, 29), None, date(1999, 1, 1), date(2024, 1, 1)],
            "clock": [time(10, 15), time(0, 0, 0, 5), None, time(23, 59, 59)],
            "note": [" x ", "\u00a0", "ä", ""],
            "kind": pl.Series(["a", "b", None, "a"], dtype=pl.Categorical),
            "zoned": pl.Series(AT).dt.replace_time_zone("UTC"),
            "fine": pl.Series(AT).cast(pl.Datetime("ns")),
        }
    )


COLUMNS = [name for name in typed_frame().columns if name not in {"who", "at"}]
AS_THEY_ARE = {f"f_{name}": name for name in COLUMNS}


@pytest.mark.parametrize("type_", [None, "text", "integer", "number", "decimal", "money", "boolean"])
@pytest.mark.parametrize("column", COLUMNS)
def test_every_type_becomes_every_field_type_alike(tmp_path, column, type_):
    """A column of any type converted to any field type is the same, or makes the same rows unreadable."""
    typed_frame().with_columns(who=pl.lit("a")).write_parquet(tmp_path / "rows.parquet")
    fields = {"field": {"column": column, "type": type_, "scale": 2}}
    read_both(campaign(source("rows.parquet", fields=fields)), tmp_path)


@pytest.mark.parametrize("column", ["big", "price", "ratio", "single", "flag", "day", "note", "kind", "who"])
def test_ids_of_every_type_are_told_alike(tmp_path, column):
    """A customer is called the same whatever type the column has."""
    typed_frame().with_columns(pl.col("ratio").fill_nan(None), at=pl.lit(datetime(2024, 5, 5))).write_parquet(
        tmp_path / "rows.parquet"
    )
    activity = read_both(campaign({**source("rows.parquet"), "customer": column}), tmp_path)
    assert activity.frame.height >= 2


def make_parquet(folder, frame):
    frame.write_parquet(folder / "rows.parquet")
    return {"path": "rows.parquet"}


def make_folders(folder, frame):
    for day, part in enumerate(frame.iter_slices(2)):
        (folder / "all" / f"day={day:02}").mkdir(parents=True)
        part.write_parquet(folder / "all" / f"day={day:02}" / "rows.parquet")
    return {"path": "all/**/*.parquet"}


def make_duckdb(folder, frame):
    with duckdb.connect(str(folder / "rows.duckdb")) as connection:
        connection.register("given", frame.to_arrow())
        connection.execute("CREATE TABLE inner_rows AS SELECT * FROM given")
        connection.execute("CREATE VIEW rows AS SELECT * FROM inner_rows")
    return {"path": "rows.duckdb", "table": "ROWS"}


def make_sqlite(folder, frame):
    with closing(sqlite3.connect(folder / "rows.sqlite")) as connection, connection:
        connection.execute("CREATE TABLE rows (who, at, item, price)")
        rows = frame.with_columns(pl.col("at", "price").cast(pl.String)).rows()
        connection.executemany("INSERT INTO rows VALUES (?, ?, ?, ?)", rows)
    return {"path": "rows.sqlite"}


def make_json_lines(folder, frame):
    rows = [json.dumps(row, default=str) for row in frame.to_dicts()]
    (folder / "rows.jsonl").write_text("\n".join(["[1]", rows[0], "", "{broken", *rows[1:]]))
    return {"path": "rows.jsonl"}


def make_json_array(folder, frame):
    (folder / "rows.json").write_text(json.dumps(frame.to_dicts(), default=str, indent=1))
    return {"path": "rows.json"}


def make_json_objects(folder, frame):
    (folder / "rows.json").write_text(
        "\n".join(json.dumps(r, default=str, indent=1) for r in frame.to_dicts())
    )
    return {"path": "rows.json"}


MAKERS = [
    make_parquet,
    make_folders,
    make_duckdb,
    make_sqlite,
    make_json_lines,
    make_json_array,
    make_json_objects,
]


@pytest.mark.parametrize("make", MAKERS)
def test_formats_are_read_alike(tmp_path, make):
    """The same rows from every kind of file and database."""
    frame = pl.DataFrame(
        {
            "who": ["00004", "b", None, "00004", "d"],
            "at": [datetime(2024, 1, day, 10) for day in range(1, 6)],
            "item": ["tea", "a,b", "ä", None, '"x"'],
            "price": [Decimal("1.10"), Decimal("-2.00"), Decimal(0), None, Decimal("9.99")],
        }
    )
    described = make(tmp_path, frame)
    fields = {
        "item": "item",
        "price": {"column": "price", "type": "money", "scale": 2},
        "double": {"expression": "price * 2", "type": "money", "scale": 2},
    }
    activity = read_both(campaign({**source("", fields=fields), **described}), tmp_path)
    assert activity.frame.height == 4
    assert activity.frame["row:line"].min() >= 1


@pytest.mark.parametrize("convert", [lambda f: f, pl.DataFrame.lazy, pl.DataFrame.to_arrow])
def test_frames_are_read_alike(tmp_path, convert):
    """Tables handed over from Python are as good as files."""
    frame = typed_frame().with_columns(who=pl.lit("a"))
    fields = {name: column for name, column in AS_THEY_ARE.items() if column != "clock"}
    made = campaign(source("given", format="frame", fields=fields))
    assert read_both(made, tmp_path, {"given": convert(frame)}).frame.height == 2


def test_numbers_of_json_and_nested_values_are_text(tmp_path):
    """Whatever stands in JSON becomes text, as a document writes it."""
    lines = [
        {"who": 17850.0, "at": "2024-01-01", "item": [1, 2.5, {"x": "ä"}]},
        {"who": 5, "at": "2024-01-01T10:00:00Z", "item": True, "Other": 1e3},
        {"who": "7.0", "at": "2024-01-01", "item": None, "other": 123456789012345678901234567890},
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
    fields = {"item": "item", "other": "other"}
    read_both(campaign(source("rows.jsonl", fields=fields)), tmp_path)


@pytest.mark.parametrize("zone", [None, "Europe/Berlin", "Australia/Lord_Howe"])
@pytest.mark.parametrize(
    "time_mapping",
    [
        "at",
        {"column": "seconds", "unit": "seconds"},
        {"column": "millis", "unit": "milliseconds"},
        {"column": "text"},
        {"column": "odd", "format": "%d.%m.%y %I:%M %p"},
        {"column": "offset", "format": "%Y-%m-%dT%H:%M:%S%z"},
        {"date_column": "day"},
        {"date_column": "day", "time_column": "clock"},
        {"date_column": "swapped", "time_column": "clock", "format": "%d/%m/%Y %H:%M:%S"},
    ],
)
def test_every_way_to_write_a_time_is_read_alike(tmp_path, time_mapping, zone):
    """Text, counts, two columns, offsets and zones give the same local times and instants, in any zone."""
    nights = [
        datetime(2024, 3, 31),
        datetime(2024, 10, 27),
        datetime(2024, 4, 7),
        datetime(2024, 10, 6),
        AT[1],
    ]
    moments = [
        night.replace(hour=hour, minute=minute) for night in nights for hour in range(4) for minute in (0, 40)
    ]
    at = pl.Series("at", moments)
    pl.DataFrame(
        {
            "who": "a",
            "at": at,
            "seconds": [moment.replace(tzinfo=UTC).timestamp() for moment in moments],
            "millis": [int(moment.replace(tzinfo=UTC).timestamp() * 1000) for moment in moments],
            "text": [f"{moment.isoformat()}{['', 'Z', '-0230'][n % 3]}" for n, moment in enumerate(moments)],
            "odd": at.dt.strftime("%d.%m.%y %I:%M %p"),
            "offset": at.dt.strftime("%Y-%m-%dT%H:%M:%S") + "+05:30",
            "day": at.dt.date(),
            "clock": at.dt.time(),
            "swapped": at.dt.strftime("%d/%m/%Y"),
        }
    ).write_parquet(tmp_path / "rows.parquet")
    mapping = {"column": time_mapping} if isinstance(time_mapping, str) else dict(time_mapping)
    if zone is not None:
        mapping["zone"] = zone
    made = campaign({**source("rows.parquet"), "time": mapping}, time_zone="Europe/London")
    assert read_both(made, tmp_path).frame.height > 20


@QUIET
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.datetimes(datetime(1890, 1, 1), datetime(2090, 1, 1))), min_size=1
    )
)
def test_customers_live_by_their_own_clocks(tmp_path, events):
    """Instants of two hundred years are told alike in zones with odd transitions, and in one that is none."""
    zones = ["Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "Mars/Olympus"]
    people = pl.DataFrame({"who": ["0", "1", "2", "3"], "zone": zones})
    rows = pl.DataFrame({"who": [str(who) for who, _ in events], "at": [at for _, at in events]})
    people.write_parquet(tmp_path / "people.parquet")
    rows.with_columns(pl.col("at").dt.replace_time_zone("UTC")).write_parquet(tmp_path / "rows.parquet")
    made = campaign(
        source("rows.parquet"),
        period={"first_day": "1970-01-01", "last_day": "2100-01-01"},
        local_time="customer",
        time_zone="America/St_Johns",
        customers={"path": "people.parquet", "customer": "who", "time_zone": "zone"},
    )
    read_both(made, tmp_path)


@QUIET
@given(
    st.lists(st.decimals(-(10**6), 10**6, places=4).map(float), min_size=1, max_size=30),
    st.lists(st.decimals(-(10**4), 10**4, places=3), min_size=1, max_size=30),
)
def test_money_is_exact_or_the_same_rounding(tmp_path, floats, decimals):
    """Floats and decimals with more digits than the field become the same cents, halves too."""
    rows = max(len(floats), len(decimals))
    frame = pl.DataFrame(
        {
            "who": ["a"] * rows,
            "at": [datetime(2024, 1, 1)] * rows,
            "f": (floats * rows)[:rows],
            "d": pl.Series((decimals * rows)[:rows], dtype=pl.Decimal(18, 3)),
            "q": pl.Series(range(rows), dtype=pl.Int32),
        }
    )
    fields = {
        "of_float": {"column": "f", "type": "money", "scale": 2},
        "of_decimal": {"column": "d", "type": "money", "scale": 2},
        "of_product": {"expression": "q * d", "type": "money", "scale": 1},
        "of_float_product": {"expression": "q * f", "type": "money", "scale": 3},
        "of_both": {"expression": "d * d", "type": "decimal", "scale": 6},
    }
    read_both(campaign(source("given", format="frame", fields=fields)), tmp_path, {"given": frame})


def test_amounts_in_several_currencies_become_one(tmp_path):
    """Each amount is multiplied by its rate exactly; without a currency or a rate its row is left out."""
    (tmp_path / "rows.csv").write_text(
        "who,at,paid,code\na,2024-01-01,1.00,eur\nb,2024-01-01,10.01, USD \nc,2024-01-01,3,GBP\n"
        "d,2024-01-01,4,\ne,2024-01-01,,\nf,2024-01-01,0.05,USD\n"
    )
    fields = {"paid": {"column": "paid", "type": "money", "scale": 2, "currency": "code"}, "code": "code"}
    made = campaign(source("rows.csv", fields=fields), money={"currency": "EUR", "rates": {"USD": "0.9250"}})
    activity = read_both(made, tmp_path)
    amounts = dict(activity.frame.select("customer_id", "paid").rows())
    assert amounts == {"a": Decimal("1.00"), "b": Decimal("9.26"), "e": None, "f": Decimal("0.05")}
    (tmp_path / "rates.csv").write_text("currency,rate\nusd,0.925\nGBP, 1.2\n")
    made = made.model_copy(update={"money": made.money.model_copy(update={"rates": "rates.csv"})})
    assert read_both(made, tmp_path).frame.height == 5


def test_the_first_of_rows_alike_counts(tmp_path):
    """Duplicates are found across sources, in the period and before it, NULL being like NULL."""
    (tmp_path / "one.csv").write_text("who,at,item,n\na,2023-12-31,x,1\nb,2024-02-01,,2\nb,2024-02-02,,3\n")
    (tmp_path / "two.csv").write_text("who,at,item,n\na,2024-01-01,x,4\nb,2025-02-01,y,5\nb,2024-03-01,y,6\n")
    fields = {"item": "item", "n": {"column": "n", "type": "integer"}}
    two = [source(path, fields=fields) for path in ("one.csv", "two.csv")]
    activity = read_both(campaign(*two, deduplicate_by=["customer", "item"]), tmp_path)
    assert activity.frame["n"].to_list() == [1, 2, 4, 6]


def test_people_who_opted_out_are_left_out(tmp_path):
    """An opt-out in any row of a customer counts, however it is written."""
    (tmp_path / "people.csv").write_text("who,out\n1.0,no\n1.0,YES\n2.0,\n3.0,1.0\n4.0,nope\n")
    (tmp_path / "rows.csv").write_text("who,at\n" + "".join(f"{who},2024-01-01\n" for who in range(1, 6)))
    people = {"path": "people.csv", "customer": "who", "opt_out": "out"}
    activity = read_both(campaign(source("rows.csv"), customers=people), tmp_path)
    assert activity.frame["customer_id"].to_list() == ["2", "4", "5"]


def test_arrow_datasets_and_nanoseconds(tmp_path):
    """What a data frame library makes of times is read to the nearest microsecond."""
    times = pa.array([1_704_067_200_123_456_789, 1_704_067_200_123_456_499], pa.timestamp("ns"))
    table = pa.table({"who": ["a", "b"], "at": times})
    read_both(campaign(source("given", format="frame")), tmp_path, {"given": table})
