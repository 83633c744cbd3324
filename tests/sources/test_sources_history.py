"""What comes from before the period, which fields are kept, and instants beside local times."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from zoneinfo import ZoneInfo

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sources_cases import opening, source, write

from recap.sources.open import Wanted
from recap.sources.sql import BLANKS, trimmed

HISTORY = Wanted(history=True)
INSTANTS = Wanted(history=True, instants=True)
EVENTS = "who,at,item\na,2023-12-31T23:59:59,x\na,2024-01-01,y\na,2025-01-01,z\n,2023-01-01,x\nb,never,x\n"


def columns(result, table):
    return [row[:2] for row in result.all(f"DESCRIBE {table}")]


def test_what_is_before_the_period_is_history(tmp_path):
    """Rows that would count but are too early are in `history`, in the columns of `events`, uncounted."""
    spec = source(write(tmp_path, "e.csv", EVENTS), fields={"item": "item"})
    with opening(tmp_path, spec, wanted=HISTORY) as result:
        assert result.all("SELECT * FROM history") == [("a", datetime(2023, 12, 31, 23, 59, 59), "x")]
        assert columns(result, "history") == columns(result, "events")
        rows = result.opened.rows
        assert (rows.used, rows.outside_period, rows.no_customer, rows.rejected) == (1, 2, 1, 1)
        assert result.opened.first == result.opened.last == datetime(2024, 1, 1)


def test_history_is_empty_unless_it_is_wanted(tmp_path):
    """The table is there in any case, so that a query over both finds it."""
    with opening(tmp_path, source(write(tmp_path, "e.csv", EVENTS), fields={"item": "item"})) as result:
        assert result.all("SELECT count(*) FROM history") == [(0,)]
        assert columns(result, "history") == columns(result, "events")
        assert result.opened.rows.outside_period == 2


ROWS = st.fixed_dictionaries(
    {
        "who": st.sampled_from(["a", "b"]),
        "at": st.sampled_from(["2023-05-05", "2024-01-01", "2024-05-05", "2025-05-05"]),
        "key": st.sampled_from(["k", "l", ""]),
    }
)


@settings(deadline=None, max_examples=25)
@given(st.lists(ROWS, min_size=1, max_size=15), st.integers(0, 15), st.booleans())
def test_the_first_of_all_duplicates_stays(rows, cut, parquet):
    """Duplicates are looked for over all sources, in the period and before it, and the first stays."""
    numbered = [{**row, "n": str(number)} for number, row in enumerate(rows)]
    kept = {"2023": [], "2024": []}
    seen = set()
    for row in numbered:
        key = (row["at"][:4], row["who"], row["key"])
        if row["at"][:4] in kept and key not in seen:
            seen.add(key)
            kept[row["at"][:4]].append(row["n"])
    fields = {"key": "key", "n": "n"}
    with TemporaryDirectory() as name:
        specs = []
        for number, part in enumerate([numbered[:cut], numbered[cut:]]):
            if part and parquet:
                pl.DataFrame(part).write_parquet(Path(name) / f"{number}.parquet")
                specs.append(source(f"{number}.parquet", fields=fields))
            elif part:
                write(Path(name), f"{number}.csv", pl.DataFrame(part).write_csv(quote_style="always"))
                specs.append(source(f"{number}.csv", fields=fields))
        with opening(Path(name), *specs, wanted=HISTORY, deduplicate_by=["customer", "key"]) as result:
            found = {
                year: [n for (n,) in result.all(f"SELECT n FROM {table} ORDER BY CAST(n AS INTEGER)")]
                for year, table in (("2023", "history"), ("2024", "events"))
            }
            assert found == kept
            years = Counter(row["at"][:4] for row in rows)
            assert result.opened.rows.used == len(kept["2024"])
            assert result.opened.rows.duplicate == years["2024"] - len(kept["2024"])
            assert result.opened.rows.outside_period == years["2023"] + years["2025"]


def test_only_wanted_fields_are_kept(tmp_path):
    """Other fields still reject, filter and make duplicates, and their types are known."""
    days = ("a,2024-01-01,x,1,1", "a,2024-01-02,y,1,2", "a,2024-01-03,z,2,many", "a,2024-01-04,w,3,0")
    text = "\n".join(["who,at,item,key,n", *days])
    fields = {"item": "item", "key": "key", "n": {"column": "n", "type": "money", "scale": 2}}
    spec = source(write(tmp_path, "e.csv", text), fields=fields, where="n > 0")
    wanted = Wanted(fields=frozenset({"item", "nothing"}))
    with opening(tmp_path, spec, wanted=wanted, deduplicate_by=["key"]) as result:
        assert result.all("SELECT * FROM events") == [("a", datetime(2024, 1, 1), "x")]
        rows = result.opened.rows
        assert (rows.duplicate, rows.rejected, rows.filtered) == (1, 1, 1)
        assert result.opened.fields == {"item": "VARCHAR"}
        assert result.opened.declared == {"item": "VARCHAR", "key": "VARCHAR", "n": "DECIMAL(28,2)"}
        assert columns(result, "history") == columns(result, "events")


WALL = "who,at\nwall,2024-06-01T10:00\nwall,2023-06-01T10:00\n"
MIXED = "who,at\ninstant,2024-06-01T10:00:00Z\nneither,2024-06-01T11:00\ninstant,2023-06-01T10:00+05:00\n"
BERLIN = {"time_zone": "Europe/Berlin"}


@pytest.mark.parametrize("order", [("wall.csv", "mixed.csv"), ("mixed.csv", "wall.csv")])
def test_instants_stand_beside_local_times(tmp_path, order):
    """`_utc` is the instant where one is known and the local time where not, whichever source comes first."""
    write(tmp_path, "wall.csv", WALL)
    write(tmp_path, "mixed.csv", MIXED)
    with opening(tmp_path, *map(source, order), wanted=INSTANTS, **BERLIN) as result:
        assert result.all("SELECT customer_id, ts, _utc FROM events ORDER BY 1") == [
            ("instant", datetime(2024, 6, 1, 12), datetime(2024, 6, 1, 10)),
            ("neither", datetime(2024, 6, 1, 11), datetime(2024, 6, 1, 11)),
            ("wall", datetime(2024, 6, 1, 10), datetime(2024, 6, 1, 10)),
        ]
        assert result.all("SELECT customer_id, ts, _utc FROM history ORDER BY 1") == [
            ("instant", datetime(2023, 6, 1, 7), datetime(2023, 6, 1, 5)),
            ("wall", datetime(2023, 6, 1, 10), datetime(2023, 6, 1, 10)),
        ]
        assert columns(result, "history") == columns(result, "events")
        assert result.opened.fields == {}


WITHOUT_OFFSETS = {"column": "at", "format": "%Y-%m-%dT%H:%M"}


@pytest.mark.parametrize(("time", "wanted"), [(WITHOUT_OFFSETS, INSTANTS), ("at", HISTORY)])
def test_there_is_no_column_of_instants_without_need(tmp_path, time, wanted):
    """Where no source can know instants, or nobody asks for them, `ts` is all there is."""
    with opening(tmp_path, source(write(tmp_path, "e.csv", WALL), time=time), wanted=wanted) as result:
        for table in ("events", "history"):
            assert columns(result, table) == [("customer_id", "VARCHAR"), ("ts", "TIMESTAMP")]


ZONES = [
    "UTC",
    "Europe/Berlin",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "America/Havana",
    "Asia/Kathmandu",
]
EDGES = st.builds(
    lambda edge, minutes: edge + timedelta(minutes=minutes),
    st.sampled_from(
        [datetime(2024, 3, 10), datetime(2024, 3, 12), datetime(2024, 3, 30), datetime(2024, 4, 2)]
    ),
    st.integers(-2000, 2000),
)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(EDGES, min_size=1, max_size=30),
    st.sampled_from(ZONES),
    st.sampled_from(
        [("2024-03-10", "2024-03-11"), ("2024-03-12", "2024-04-01"), ("2024-03-12", "2024-03-12")]
    ),
)
def test_the_period_ends_at_local_midnight(moments, zone, days):
    """Instants near the period's ends fall before it, into it or after it as zoneinfo says, fast or not."""
    frame = pl.DataFrame({"who": "a", "at": pl.Series([m.replace(tzinfo=UTC) for m in moments])})
    local = [m.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) for m in moments]
    first, last = days
    period = {"first_day": first, "last_day": last}
    spec = source("f", format="frame")
    with opening(
        Path(gettempdir()), spec, frames={"f": frame}, wanted=INSTANTS, period=period, time_zone=zone
    ) as result:
        found = {
            t: [row[0] for row in result.all(f"SELECT ts FROM {t} ORDER BY 1")] for t in ("events", "history")
        }
        assert found["events"] == sorted(t for t in local if first <= t.date().isoformat() <= last)
        assert found["history"] == sorted(t for t in local if t.date().isoformat() < first)
        instants = "SELECT _utc FROM events UNION ALL SELECT _utc FROM history ORDER BY 1"
        before = [m for m, t in zip(moments, local, strict=True) if t.date().isoformat() <= last]
        assert [row[0] for row in result.all(instants)] == sorted(before)


MONEY = {"x": {"column": "x", "type": "money", "scale": 2}}
SMALL, LARGE = Decimal("9999999999999999.99"), Decimal("10000000000000000.00")


@pytest.mark.parametrize("form", ["text", "float", "decimal"])
@pytest.mark.parametrize("order", [("small", "large"), ("large", "small")])
def test_decimals_are_as_wide_as_they_must_be(tmp_path, form, order):
    """Eight bytes hold most amounts; one that needs more widens the column, in whichever source it is."""
    values = {"small": [Decimal("-1.5"), -SMALL], "large": [-LARGE, None]}
    frames = {
        name: pl.DataFrame({"who": "a", "at": datetime(2024, 1, 1), "x": numbers}).with_columns(
            pl.col("x").cast({"text": pl.String, "float": pl.Float64, "decimal": pl.Decimal(30, 2)}[form])
        )
        for name, numbers in values.items()
    }
    for names, type_ in ((order[:1], None), (order, "DECIMAL(28,2)")):
        specs = [source(name, format="frame", fields=MONEY) for name in names]
        with opening(tmp_path, *specs, frames=frames) as result:
            expected = [
                x if form != "float" or x is None else Decimal(float(x)) for n in names for x in values[n]
            ]
            fits = all(abs(x) <= SMALL for x in expected if x is not None)
            found = [x for (x,) in result.all("SELECT x FROM events")]
            assert sorted(found, key=str) == sorted(expected, key=str)
            assert result.opened.fields["x"] == (type_ or f"DECIMAL({18 if fits else 28},2)")
            assert columns(result, "events")[2] == ("x", result.opened.fields["x"])


def test_a_wide_amount_outside_the_period_widens_nothing(tmp_path):
    """Only what is kept decides on the width."""
    frame = pl.DataFrame({"who": "a", "at": ["2024-01-01", "2023-01-01"], "x": ["1", str(LARGE)]})
    spec = source("f", format="frame", fields=MONEY)
    for wanted, digits in ((Wanted(), 18), (HISTORY, 28)):
        with opening(tmp_path, spec, frames={"f": frame}, wanted=wanted) as result:
            assert result.opened.fields == {"x": f"DECIMAL({digits},2)"}


@settings(deadline=None, max_examples=200)
@given(st.text(st.sampled_from([*BLANKS, *"a~!é\u0301漢🐻\u200d\x7f\x01"]), max_size=6))
def test_trimming_is_what_python_does(text):
    """Blanks of every kind go from both ends and from nowhere else; nothing is left of nothing."""
    found = duckdb.execute(f"SELECT {trimmed('$1')}", [text]).fetchall()[0][0]
    assert found == (text.strip(BLANKS) or None)
