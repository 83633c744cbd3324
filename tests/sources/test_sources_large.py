"""Files large enough to be read in parallel."""

import pytest
from sources_cases import opening, source, write

ROWS = 100_000
BAD = (1, 33_333, 77_777, ROWS - 1)
PADDING = "x" * 400
"""Makes a file of 40 MB, more than DuckDB gives one thread to read."""


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_order_survives_parallel_reading(tmp_path, form):
    """Lines of rejects are right and the first duplicate is the file's first, however many threads read."""
    if form == "csv":
        lines = (f"{n % 7},{'never' if n in BAD else '2024-01-01'},{n},{PADDING}" for n in range(ROWS))
        text, first_line = "who,at,n,padding\n" + "\n".join(lines), 2
    else:
        days = ("never" if n in BAD else "2024-01-01" for n in range(ROWS))
        lines = (
            f'{{"who":{n % 7},"at":"{day}","n":{n},"padding":"{PADDING}"}}' for n, day in enumerate(days)
        )
        text, first_line = "\n".join(lines), 1
    path = write(tmp_path, f"e.{form}", text)
    spec = source(path, fields={"n": {"column": "n", "type": "integer"}})
    with opening(tmp_path, spec, deduplicate_by=["customer"]) as result:
        assert [line for _, line, _, _ in result.rejects()] == [n + first_line for n in BAD]
        assert sorted(result.column("n")) == [0, 2, 3, 4, 5, 6, 8]
        assert result.opened.rows.duplicate == ROWS - len(BAD) - 7
