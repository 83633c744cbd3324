"""The connection of a run."""

import duckdb
import pytest

from recap.errors import UsageError
from recap.sources.connection import buffer_limit, connect, in_file_order


def setting(connection, name):
    return connection.execute(f"SELECT current_setting('{name}')").fetchall()[0][0]


def test_the_connection_is_bounded_and_offline(tmp_path):
    """Memory, threads and spilling are as asked, the clock is UTC, and no extension is fetched."""
    with connect("500MB", tmp_path, threads=1) as connection:
        assert buffer_limit(connection) == pytest.approx(0.8 * 500e6, rel=0.001)
        assert setting(connection, "temp_directory").startswith(str(tmp_path))
        assert setting(connection, "threads") == 1
        assert setting(connection, "TimeZone") == "UTC"
        assert setting(connection, "autoinstall_known_extensions") is False
        with pytest.raises(duckdb.Error):
            connection.execute("SELECT * FROM read_csv('https://example.invalid/x.csv')")


def test_nothing_is_written_outside_the_scratch_folder_and_nothing_is_left(tmp_path, monkeypatch):
    """The database and what spills lie in the folder that is removed with the run."""
    scratch, elsewhere = tmp_path / "scratch", tmp_path / "elsewhere"
    scratch.mkdir(), elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    with connect("200MB", scratch, threads=1) as connection:
        wide = "SELECT range AS a, repeat(range::VARCHAR, 30) AS b FROM range(1000000)"
        connection.execute(f"CREATE TABLE kept AS {wide}")
        connection.execute(f"CREATE TEMP TABLE sorted AS {wide} ORDER BY b")
        assert connection.execute("SELECT count(*) FROM kept JOIN sorted USING (a)").fetchall() == [
            (1000000,)
        ]
        assert {path.name for path in scratch.iterdir()} >= {"recap.duckdb", "spilled"}
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("banana", "not understood"),
        ("-3GB", "not understood"),
        ("5 parsecs", "not understood"),
        ("0GB", "small"),
    ],
)
def test_a_limit_that_is_none_is_refused(tmp_path, limit, told):
    """A wrong limit is told before anything is read."""
    with pytest.raises(UsageError, match=told):
        connect(limit, tmp_path)


@pytest.mark.parametrize(("limit", "size"), [("1.5 GiB", 1.5 * 2**30), ("250mb", 250e6), ("2TB", 2e12)])
def test_limits_are_read_in_both_kinds_of_units(tmp_path, limit, size):
    """A GB is a thousand MB, a GiB is 1,024 MiB, in any case and with or without a blank."""
    with connect(limit, tmp_path) as connection:
        assert buffer_limit(connection) == pytest.approx(0.8 * size, rel=0.1)


def test_file_order_is_kept_only_while_asked_for(tmp_path):
    """Order costs memory, so that it is kept while loading and not longer, also after an error."""
    with connect(None, tmp_path) as connection:
        with in_file_order(connection):
            assert setting(connection, "preserve_insertion_order") is True
        with pytest.raises(duckdb.Error), in_file_order(connection):
            connection.execute("nonsense")
        assert setting(connection, "preserve_insertion_order") is False
