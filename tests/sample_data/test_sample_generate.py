"""The generator: the same every time, a stream, and nothing half-written."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_files import ROOT

import sample_data.generate as generator
from sample_data.business import draw_groups
from sample_data.edges import EDGES
from sample_data.generate import BUSINESSES, generate, live, main
from sample_data.people import stream
from sample_data.rhythm import DAY_SECONDS, DAYS, HOURS, SEASONS, WEEKS, Habit, draw_moments

FILES = ("events.parquet", "customers.parquet")
every_business = pytest.mark.parametrize("business", sorted(BUSINESSES))


def make(business: str, customers: int, folder: Path, seed: int = 2026) -> list[pa.Table]:
    generate(BUSINESSES[business](), customers=customers, seed=seed, folder=folder)
    return [pq.read_table(folder / name) for name in FILES]


@every_business
def test_committed_files_are_what_is_made_now(business: str, tmp_path: Path) -> None:
    """The committed files hold, row for row, what the generator makes with its defaults."""
    made = make(business, 200, tmp_path)
    committed = [pq.read_table(ROOT / business / name) for name in FILES]
    assert [table.equals(other) for table, other in zip(made, committed, strict=True)] == [True, True]


@every_business
def test_customers_do_not_depend_on_their_number(business: str, tmp_path: Path) -> None:
    """The rows of the first customers are the same however many follow."""
    few, many = make(business, 40, tmp_path / "few"), make(business, 60, tmp_path / "many")
    for less, more in zip(few, many, strict=True):
        assert 0 < less.num_rows < more.num_rows
        assert more.slice(0, less.num_rows).equals(less)


@every_business
def test_another_seed_makes_other_people(business: str, tmp_path: Path) -> None:
    """Another seed changes names and events, but none of the customers made on purpose."""
    one, other = make(business, 45, tmp_path / "1"), make(business, 45, tmp_path / "2", seed=2027)
    assert not one[0].equals(other[0])
    assert one[1]["name"][-10:] != other[1]["name"][-10:]
    assert one[1].slice(0, len(EDGES) - 1).equals(other[1].slice(0, len(EDGES) - 1))


@every_business
def test_row_groups_stay_small(business: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows leave memory a group at a time, at most one customer's beyond the limit."""
    whole = make(business, 80, tmp_path / "whole")
    monkeypatch.setattr(generator, "GROUP_ROWS", 1_000)
    monkeypatch.setattr(generator, "GROUP_PEOPLE", 10)
    pieces = make(business, 80, tmp_path / "pieces")
    assert [table.equals(other) for table, other in zip(whole, pieces, strict=True)] == [True, True]
    for name, limit in zip(FILES, (1_000 + max_rows(whole[0]), 10), strict=True):
        metadata = pq.read_metadata(tmp_path / "pieces" / name)
        assert metadata.num_row_groups > 4
        assert max(metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)) <= limit


def max_rows(events: pa.Table) -> int:
    counts = pc.value_counts(events.column(0).combine_chunks())
    return int(pc.max(counts.field("counts")).as_py())


@every_business
def test_files_hold_plain_types(business: str, tmp_path: Path) -> None:
    """No reader meets a dictionary or an Arrow-only type."""
    for table in make(business, 30, tmp_path):
        assert not any(pa.types.is_dictionary(field.type) for field in table.schema)


@every_business
def test_flush_empties(business: str) -> None:
    """What was handed over is not handed over again."""
    made = BUSINESSES[business]()
    live(made, 0, 2026)
    held = made.rows
    assert made.flush().num_rows == held > 0
    assert made.rows == made.flush().num_rows == 0


def test_failure_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that breaks off leaves the earlier files as they were and no pieces beside them."""
    before = make("running", 30, tmp_path)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(generator, "draw_person", fail)
    with pytest.raises(KeyboardInterrupt):
        make("running", 50, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)
    assert pq.read_table(tmp_path / FILES[0]).equals(before[0])


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command writes both files and says what it made; where it cannot, it says so and fails."""
    assert main(["--business", "shop", "--customers", "30", "--out", str(tmp_path / "shop")]) == 0
    assert "30 customers" in capsys.readouterr().out
    assert sorted(path.name for path in (tmp_path / "shop").iterdir()) == sorted(FILES)
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["--business", "shop", "--out", str(tmp_path / "file")]) == 1
    assert "cannot write" in capsys.readouterr().err
    with pytest.raises(SystemExit) as end:
        main(["--business", "shop", "--customers", "0", "--out", str(tmp_path)])
    assert end.value.code == 2


@given(st.integers(0, 2**32), st.lists(st.integers(1, 12), min_size=1, max_size=6), st.integers(0, 2000))
def test_groups_add_up(seed: int, sizes: list[int], total: int) -> None:
    """Groups add up to the total, none is empty, none too large."""
    groups = draw_groups(stream(seed, "test", 0, "groups"), sizes, total)
    assert sum(groups) == total
    assert all(1 <= group <= max(sizes) for group in groups)


@settings(deadline=None)
@given(st.integers(0, 2**32), st.data())
def test_moments_keep_to_the_habit(seed: int, data: st.DataObject) -> None:
    """Moments come in order, while the person is there, at their hours, on each day of a spell."""
    first = data.draw(st.integers(0, DAYS - 1))
    last = data.draw(st.integers(first, DAYS - 1))
    begin = data.draw(st.integers(first, last))
    spell = (begin, min(last, begin + 6))
    habit = Habit(
        week=data.draw(st.integers(0, len(WEEKS) - 1)),
        season=data.draw(st.integers(0, len(SEASONS) - 1)),
        hours=data.draw(st.integers(0, len(HOURS) - 1)),
        first_day=first,
        last_day=last,
        daily_spells=(spell,),
    )
    moments = draw_moments(stream(seed, "test", 0, "moments"), habit, 40)
    days = [moment // DAY_SECONDS for moment in moments]
    assert len(moments) == 40
    assert days == sorted(days)
    assert first <= days[0]
    assert days[-1] <= last
    assert set(range(spell[0], spell[1] + 1)) <= set(days)
    assert all(HOURS[habit.hours][moment % DAY_SECONDS // 3600] for moment in moments)


def test_a_spell_is_not_the_whole_year() -> None:
    """With few moments to draw, a long spell is left out rather than swallowing them all."""
    habit = Habit(week=0, season=0, hours=0, first_day=0, last_day=DAYS - 1, daily_spells=((5, 25),))
    days = {moment // DAY_SECONDS for moment in draw_moments(stream(1, "test", 0, "moments"), habit, 30)}
    assert max(days) > 200
