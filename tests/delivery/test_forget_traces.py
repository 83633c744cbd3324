"""What gives a customer away is found however it is written, and nothing else is."""

import csv
import html
import io
import json
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from recap.delivery.erasure.rows import drop_csv_rows
from recap.delivery.erasure.search import search_folder
from recap.delivery.erasure.traces import Traces, is_telling
from recap.render.pool_worker import trace_of

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), min_size=4, max_size=20).map(
    str.strip
)
TOKEN = "abcdefghijklmnopqrstuvwxyz"


def found(text: str, *words: str) -> list[str]:
    return list(Traces(frozenset({TOKEN}), "the id", words=frozenset(words)).in_text(text))


@given(NAMES.filter(lambda name: len(name) > 3))
def test_a_name_is_found_however_it_is_written(name: str) -> None:
    """In HTML of Python and of Jinja, in scripts and JSON, in links; and a quick look sees it too."""
    ways = [name, html.escape(name), str(escape(name)), quote(name)]
    ways += [json.dumps({"a": name}), json.dumps([name], ensure_ascii=False)]
    for text in ways:
        assert found(f"<b>{text}</b>", name) == ["name"]
        needles = Traces(frozenset(), words=frozenset({name})).needles
        assert any(needle in text for needle in needles)


@pytest.mark.parametrize(
    ("text", "word", "is_found"),
    [
        ("Rosemary", "Rose", False),
        ("Rose's year", "Rose", True),
        ("ROSE", "Rose", False),
        ("1234567", "123456", False),
        ("x_123456.png", "123456", True),
        ("顧客さま", "顧客", True),
        ("وأحمد", "أحمد", True),
        (f"cards/ab/{TOKEN}/", "Rose", False),
    ],
)
def test_a_word_is_not_a_part_of_another(text: str, word: str, is_found: bool) -> None:
    """But where a script parts no words, or writes articles to them, it may stand inside."""
    assert ("name" in found(text, word)) == is_found
    assert ("token" in found(text, word)) == (TOKEN in text)


@pytest.mark.parametrize(
    ("word", "tells"),
    [
        ("Ana", False),
        ("Anna", True),
        ("王", False),
        ("小明", True),
        ("12345", False),
        ("123456", True),
        ("00042", True),
    ],
)
def test_short_texts_tell_nothing(word: str, tells: bool) -> None:
    """Small numbers and short names stand everywhere."""
    assert is_telling(word) == tells


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=6), st.integers(0, 6), st.sampled_from(["\n", "\r\n"]))
def test_a_row_goes_and_no_other_byte(tmp_path_factory, others, at, end) -> None:
    """Whatever stands in the cells, and wherever the customer's row is."""
    path = tmp_path_factory.mktemp("csv") / "table.csv"
    rows = [(f"o{a}", f"o{b}") for a, b in others]

    def written(rows) -> bytes:
        file = io.StringIO(newline="")
        csv.writer(file, lineterminator=end).writerows([("id", "note"), *rows])
        return file.getvalue().encode()

    path.write_bytes(written([*rows[:at], ("the id", 'a "b",\nc'), *rows[at:]]))
    assert drop_csv_rows(path, Traces(frozenset({TOKEN}), "the id")) == 1
    assert path.read_bytes() == written(rows)
    assert drop_csv_rows(path, Traces(frozenset({TOKEN}), "the id")) == 0
    assert [file.name for file in path.parent.iterdir()] == ["table.csv"]


def test_the_search_sees_into_every_kind_of_cell(tmp_path) -> None:
    """Lists, structures, dictionaries, large strings, what Parquet says of itself; and numbers are no ids."""
    cells = {
        "list": pa.array([["x", TOKEN]]),
        "struct": pa.array([{"path": f"cards/{TOKEN}"}]),
        "dictionary": pa.array(["7"]).dictionary_encode(),
        "large": pa.array(["7"], pa.large_string()),
        "whole": pa.array([7]),
        "metric": pa.array(["7"]),
    }
    for name, cell in cells.items():
        pq.write_table(pa.table({name: cell}), tmp_path / f"{name}.parquet")
    told = pa.table({"n": [1]}).replace_schema_metadata({"of": TOKEN})
    pq.write_table(told, tmp_path / "said.parquet")
    places = {(one.path, one.what) for one in search_folder(tmp_path, Traces(frozenset({TOKEN}), "7"))}
    assert places == {
        ("list.parquet", "token"),
        ("struct.parquet", "token"),
        ("said.parquet", "token"),
        ("dictionary.parquet", "id"),
        ("large.parquet", "id"),
    }


def test_a_log_gets_no_words_of_an_error() -> None:
    """Where it came from and its class, also of what it came from; nothing that may be a customer's."""

    def read(name: str) -> None:
        try:
            int(name)
        except ValueError as error:
            raise KeyError(name) from error

    name = "Anna Noname"
    with pytest.raises(KeyError) as raised:
        read(name)
    trace = trace_of(raised.value)
    assert "Anna" not in trace
    assert trace.endswith("KeyError")
    assert "ValueError" in trace
    assert "int(name)" in trace
