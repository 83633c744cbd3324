"""Every way to write a moment."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import polars as pl
import pytest
from sources_cases import opening, source, write

from recap.errors import SourceError

BERLIN = {"time_zone": "Europe/Berlin"}
MOMENT = datetime(2024, 3, 1, 10, 15)


def times(tmp_path, values, mapping=None, **keys):
    """The local times that become of values in the column `at`, in their order; None where rejected."""
    frame = pl.DataFrame({"who": [str(n) for n in range(len(values))], "at": values})
    time_ = {"column": "at", **(mapping or {})}
    with opening(tmp_path, source("f", format="frame", time=time_), frames={"f": frame}, **keys) as result:
        found = dict(result.all("SELECT customer_id, ts FROM events"))
        return [found.get(str(n)) for n in range(len(values))]


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-01 10:15",
        "2024-03-01T10:15:00",
        " 2024-03-01 10:15:00.000 ",
        "2024/3/1 10:15",
        "2024-03-01 10:15:00,000000",
        "2024-03-01t10:15:00.000000000",
    ],
)
def test_iso_text_is_wall_clock(tmp_path, text):
    """A text without an offset is the wall clock's reading, whatever the campaign's zone."""
    assert times(tmp_path, [text], **BERLIN) == [MOMENT]


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-01T09:15:00Z",
        "2024-03-01 09:15:00 UTC",
        "2024-03-01 10:15+01",
        "2024-03-01 10:15:00 +01:00",
        "2024-03-01T04:15:00-0500",
    ],
)
def test_text_with_an_offset_is_an_instant(tmp_path, text):
    """An offset makes an instant, told in the campaign's zone."""
    assert times(tmp_path, [text], **BERLIN) == [MOMENT]


@pytest.mark.parametrize(
    "text",
    [
        "01/02/2024",
        "1.2.2024 10:00",
        "20240301",
        "1709284500",
        "2024-02-30",
        "2024-03-01 25:00",
        "soon",
        "24-03-01",
        "2024-03-01 10:15 PM",
        "2024-03-01 10:15:00+99:99",
        "2024-03-01-05",
    ],
)
def test_what_can_be_doubted_is_rejected(tmp_path, text):
    """Nothing is guessed: an unreadable or ambiguous time makes its row a reject that says what to do."""
    path = write(tmp_path, "e.csv", f"who;at\na;{text}\nb;2024-05-05\n")
    with opening(tmp_path, source(path)) as result:
        assert result.opened.rows.rejected == 1
        assert "`format`" in result.rejects()[0][2]


def test_fractions_of_seconds_stay(tmp_path):
    """Microseconds are kept, finer ones are cut."""
    assert times(tmp_path, ["2024-03-01 10:15:50.1234569", "2024-03-01T10:15:50.52Z"]) == [
        datetime(2024, 3, 1, 10, 15, 50, 123456),
        datetime(2024, 3, 1, 10, 15, 50, 520000),
    ]


def test_mixed_texts_are_read_one_by_one(tmp_path):
    """A column may hold instants and wall clocks at once; `zone` is for those without an offset."""
    texts = ["2024-07-01 12:00", "2024-07-01 12:00Z"]
    assert times(tmp_path, texts, **BERLIN) == [datetime(2024, 7, 1, 12), datetime(2024, 7, 1, 14)]
    zoned = times(tmp_path, texts, {"zone": "America/New_York"}, **BERLIN)
    assert zoned == [datetime(2024, 7, 1, 18), datetime(2024, 7, 1, 14)]


@pytest.mark.parametrize(
    ("values", "mapping"),
    [
        ([1709284500, None], {"unit": "seconds"}),
        ([1709284500.0], {"unit": "seconds"}),
        (["1709284500"], {"unit": "seconds"}),
        ([1709284500000], {"unit": "milliseconds"}),
        ([1709284500000000], {"unit": "microseconds"}),
        ([datetime(2024, 3, 1, 9, 15, tzinfo=UTC)], {}),
        ([datetime(2024, 3, 1, 4, 15, tzinfo=timezone(timedelta(hours=-5)))], {}),
        ([MOMENT], {}),
        ([datetime(2024, 3, 1, 9, 15)], {"zone": "UTC"}),
        (["01/03/2024 10:15"], {"format": "%d/%m/%Y %H:%M"}),
        (["01/03/2024 09:15 +0000"], {"format": "%d/%m/%Y %H:%M %z"}),
        (["03/01/2024 10:15 AM"], {"format": "%m/%d/%Y %I:%M %p"}),
    ],
)
def test_typed_counted_and_formatted_times(tmp_path, values, mapping):
    """Timestamps, epochs and declared formats all come to the same local time."""
    assert times(tmp_path, values, mapping, **BERLIN)[0] == MOMENT


def test_fractional_epochs_keep_microseconds(tmp_path):
    """An epoch in seconds with a fraction loses nothing a microsecond can show."""
    expected = [datetime(2024, 3, 1, 9, 15, 50, 520123)]
    assert times(tmp_path, [1709284550.520123], {"unit": "seconds"}) == expected
    assert times(tmp_path, ["1709284550.520123"], {"unit": "seconds"}) == expected


def test_days_without_a_time_are_midnight(tmp_path):
    """A DATE, or a date column alone, is its midnight in every zone."""
    assert times(tmp_path, [date(2024, 3, 1)], **BERLIN) == [datetime(2024, 3, 1)]
    path = write(tmp_path, "e.csv", "who,day\na,2024-03-01\n")
    mapping = {"date_column": "day", "zone": "America/New_York"}
    with opening(tmp_path, source(path, time=mapping), **BERLIN) as result:
        assert result.column("ts") == [datetime(2024, 3, 1)]


@pytest.mark.parametrize(
    ("day", "clock", "format_"),
    [
        ("2024-03-01", "10:15:00", None),
        ("2024-03-01 00:00:00", "10:15", None),
        (date(2024, 3, 1), time(10, 15), None),
        (datetime(2024, 3, 1), "10:15", None),
        ("01.03.2024", "10.15 Uhr", "%d.%m.%Y %H.%M Uhr"),
    ],
)
def test_date_and_time_in_two_columns(tmp_path, day, clock, format_):
    """Two columns make one moment, typed or text; `format` is for both joined by a blank."""
    frame = pl.DataFrame({"who": ["a"], "day": [day], "clock": [clock]})
    mapping = {"date_column": "day", "time_column": "clock", "format": format_}
    spec = source("f", format="frame", time=mapping)
    with opening(tmp_path, spec, frames={"f": frame}) as result:
        assert result.column("ts") == [MOMENT]


def test_a_missing_half_of_a_moment_is_a_reject(tmp_path):
    """A date without its time of day is not taken for midnight."""
    path = write(tmp_path, "e.csv", "who,day,clock\na,2024-03-01,\nb,,10:15\nc,2024-03-01,10:15\n")
    mapping = {"date_column": "day", "time_column": "clock"}
    with opening(tmp_path, source(path, time=mapping)) as result:
        assert [reason for _, _, reason, _ in result.rejects()] == ["there is no time"] * 2


def test_each_customer_has_their_own_clock(tmp_path):
    """With local_time `customer`, instants are told in the customer's zone, or the campaign's; walls stay."""
    write(
        tmp_path, "e.csv", "who,at\na,2024-12-31T23:30:00Z\nb,2024-12-31T23:30:00Z\nc,2024-12-31T23:30:00Z\n"
    )
    write(tmp_path, "c.csv", "id,tz\na,Asia/Tokyo\nb,America/New_York\nc,Mars/Olympus\n")
    customers = {"path": "c.csv", "customer": "id", "time_zone": "tz"}
    with opening(tmp_path, source("e.csv"), customers=customers, local_time="customer") as result:
        assert dict(result.all("SELECT customer_id, ts FROM events")) == {
            "b": datetime(2024, 12, 31, 18, 30),
            "c": datetime(2024, 12, 31, 23, 30),
        }
        assert result.opened.rows.outside_period == 1
        assert any("time zones do not exist" in warning for warning in result.opened.warnings)


def test_hours_that_do_not_exist_or_exist_twice(tmp_path):
    """The nights when clocks change break nothing: a missing hour moves on, a double one is one of both."""
    values = [datetime(2024, 3, 31, 2, 30), datetime(2024, 10, 27, 2, 30)]
    assert times(tmp_path, values, {"zone": "Europe/Berlin"}, **BERLIN) == [
        datetime(2024, 3, 31, 3, 30),
        datetime(2024, 10, 27, 2, 30),
    ]
    instants = ["2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z"]
    assert times(tmp_path, instants, **BERLIN) == [datetime(2024, 10, 27, 2, 30)] * 2


def test_times_beyond_the_calendar_are_rejected(tmp_path):
    """Values no calendar holds are rejects, not crashes."""
    assert times(tmp_path, [1709284500, 10**17, -(10**17)], {"unit": "seconds"})[1:] == [None, None]
    assert times(tmp_path, [float("nan"), 1709284500.0], {"unit": "seconds"})[0] is None


@pytest.mark.parametrize(
    ("values", "mapping", "message"),
    [
        ([1709284500], {}, "unit"),
        ([True], {}, "holds no time, but BOOLEAN"),
        (["x"], {"format": "%Q"}, r"sources\.0\.time\.format"),
        ([MOMENT], {"unit": "seconds"}, "`unit` is for numbers"),
    ],
)
def test_columns_that_cannot_hold_a_time(tmp_path, values, mapping, message):
    """A column of the wrong type is one clear error, not a million rejects."""
    with pytest.raises(SourceError, match=message):
        times(tmp_path, values, mapping)


def test_the_period_is_whole_local_days(tmp_path):
    """Both ends belong to it to the last microsecond, in local time."""
    texts = [
        "2023-12-31T22:59:59.999999Z",
        "2023-12-31T23:00:00Z",
        "2024-12-31T22:59:59.999999Z",
        "2024-12-31T23:00Z",
    ]
    found = times(tmp_path, texts, **BERLIN)
    assert found == [None, datetime(2024, 1, 1), datetime(2024, 12, 31, 23, 59, 59, 999999), None]
