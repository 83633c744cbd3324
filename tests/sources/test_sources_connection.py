"""The connection of a run."""

import duckdb
import pytest

from recap.sources.connection import connect, in_file_order


def setting(connection, name):
    return connection.execute(f"SELECT current_setting('{name}')").fetchall()[0][0]


def test_the_connection_is_bounded_and_offline(tmp_path):
    """Memory, threads and spilling are as asked, the clock is UTC, and no extension is fetched."""
    with connect("500MB", tmp_path / "spill", threads=1) as connection:
        assert setting(connection, "memory_limit") == "476.8 MiB"
        assert setting(connection, "temp_directory") == str(tmp_path / "spill")
        assert setting(connection, "threads") == 1
        assert setting(connection, "TimeZone") == "UTC"
        assert setting(connection, "autoinstall_known_extensions") is False
        with pytest.raises(duckdb.Error):
            connection.execute("SELECT * FROM read_csv('https://example.invalid/x.csv')")


def test_file_order_is_kept_only_while_asked_for(tmp_path):
    """Order costs memory, so that it is kept while loading and not longer, also after an error."""
    with connect(None, tmp_path) as connection:
        with in_file_order(connection):
            assert setting(connection, "preserve_insertion_order") is True
        with pytest.raises(duckdb.Error), in_file_order(connection):
            connection.execute("nonsense")
        assert setting(connection, "preserve_insertion_order") is False
