"""The report: true counts, the right pictures first, and a page that opens from disk in a real browser."""

import hashlib
import re
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_pages import HOSTILE, TEMPLATES, Page
from made_up_runs import CAMPAIGN, SECRET
from PIL import Image
from playwright.sync_api import Browser

from recap.delivery import tables
from recap.delivery.folder import open_output
from recap.delivery.pictures import picture_path, write_picture
from recap.delivery.report import sheet, write_report
from recap.delivery.report.figures import count, duration, percent
from recap.delivery.report.sheet import choose_pictures
from recap.delivery.tables import MANIFEST_SCHEMA, OUTCOMES_SCHEMA
from recap.delivery.tokens import token_of
from recap.errors import OutputError, TemplateError

LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk"
WORDS, SENTENCES = "The longest word of every layout", "The longest sentence of every layout"
LARGEST = "The largest number of every metric"
SIZES = {"story": (54, 96), "link": (60, 32)}
LAYOUTS = (("cover", None), ("number", "minutes"), ("top", "artist"), ("summary", None))
RUN = {
    "campaign": CAMPAIGN,
    "period": {"first_day": "2026-01-01", "last_day": "2026-12-31"},
    "started": "2026-12-01T09:30:00Z",
    "seconds": {"sources": 0.41, "metrics": 3.2, "render": 75.04, "deliver": 0},
    "customers": 44,
    "outcomes": {"rendered": 30, "fallback": 4, "suppressed": 6, "opted_out": 1, "failed": 3},
    "cards": 124,
    "pictures": 248,
    "rows": {"read": 120_500, "used": 118_000, "no_customer": 2_000, "rejected": 500},
    "browser": "Chromium 156.0",
    "versions": {"recap": "0.1.0", "python": "3.13.1"},
    "warnings": [f"the label {HOSTILE} is drawn without its emoji"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a finished run of 44 customers with every outcome and a few extremes."""
    path = tmp_path_factory.mktemp("report") / "out"
    persons = sorted((token_of(SECRET, CAMPAIGN, f"c{number}"), number) for number in range(44))
    rows, outcomes = [], []
    with open_output(path) as output:
        staging = output.stage(0)
        for token, number in persons:
            outcome, reason, layouts = _fate(number)
            for card, (layout, metric) in enumerate(layouts):
                rows += [_picture(staging, token, number, card, layout, metric, size) for size in SIZES]
            outcomes.append(
                {"customer_id": f"c{number}", "token": token, "outcome": outcome, "reason": reason,
                 "cards": len(layouts), "locale": "en"}
            )  # fmt: skip
        output.commit(
            0, pa.Table.from_pylist(rows, MANIFEST_SCHEMA), pa.Table.from_pylist(outcomes, OUTCOMES_SCHEMA)
        )
        output.finish([0])
    values = [
        {"customer_id": f"c{number}", "metric": "minutes", "number": float(number) ** 3}
        for number in range(44)
    ]
    pl.DataFrame([*values, {"customer_id": "c1", "metric": "artist", "number": None}]).write_parquet(
        path / "values.parquet"
    )
    write_report(path, RUN, TEMPLATES)
    return path


def _fate(number: int) -> tuple[str, str | None, tuple[tuple[str, str | None], ...]]:
    if number < 30:
        return "rendered", None, LAYOUTS
    if number < 34:
        return "fallback", "fewer highlights than 2", (("fallback", None),)
    if number < 40:
        return "suppressed", "no activity in the period", ()
    if number < 41:
        return "opted_out", "opted out", ()
    return "failed", f"render: {HOSTILE}", ()


def _picture(
    staging: Path, token: str, number: int, card: int, layout: str, metric: str | None, size: str
) -> dict[str, Any]:
    width, height = SIZES[size]
    file = BytesIO()
    shade = hashlib.sha256(f"{number}{layout}".encode()).digest()
    Image.new("RGB", (width, height), (shade[0], shade[1], shade[2])).save(file, "PNG")
    written = write_picture(staging, picture_path(token, card, metric or layout, size), file.getvalue())
    headline = {3: f"You loved {LONG_WORD}.", 30: HOSTILE, 7: "Eine " + "sehr " * 30 + "lange Geschichte."}
    return {
        "customer_id": f"c{number}",
        "token": token,
        "card": card,
        "metric": metric,
        "template": layout,
        "theme": "poster",
        "locale": "de_AT" if number % 2 else "en",
        "format": size,
        "path": written.path,
        "width": width,
        "height": height,
        "bytes": written.bytes,
        "sha256": written.sha256,
        "headline": headline.get(number, f"Card {card} of c{number}.")
        if layout in ("top", "fallback")
        else f"Card {card}.",
        "alt_text": f'Alt "{number}" {card} {size}',
        "fingerprint": "f",
    }


@pytest.fixture(scope="module")
def page(folder: Path) -> Page:
    return Page((folder / "report.html").read_text("utf-8"))


def test_counts_are_told(page: Page) -> None:
    """Outcomes, rows, times, metrics, warnings and versions are on the page as the run had them."""
    for expected in (
        "All 44 customers have an outcome; 3 failed, and the reasons are below.",
        "248 pictures", "Rendered 30 68.2 %", "Fallback deck 4 9.1 %", "Opted out 1 2.3 %", "Failed 3 6.8 %",
        "Read 120,500 100 %", "Unreadable 500 0.4 %", "Render 1 min 15 s 95.4 %", "Sources 0.41 s",
        "minutes 30 100 %", "artist 30 100 %", "One warning", "Chromium 156.0", "recap 0.1.0",
        "Run report · 2026-01-01 to 2026-12-31",
    ):  # fmt: skip
        assert expected in page.text


def test_reasons_name_customers(page: Page) -> None:
    """Whoever got no full deck is counted by reason, failures first, with their ids."""
    failed = page.text.index(f"Failed: 3 render: {HOSTILE}")
    assert (
        failed
        < page.text.index("Suppressed: 6 no activity")
        < page.text.index("Fallback deck: 4 fewer highlights")
    )
    assert set(re.findall(r"c\d+", page.text[failed:].split("Opted out")[0])) == {"c41", "c42", "c43"}


def test_foreign_text_stays_text(folder: Path, page: Page) -> None:
    """Markup in labels, reasons and warnings is shown, not obeyed; nothing is loaded from elsewhere."""
    scripts = re.findall(r"<script[^>]*>[^<]*", (folder / "report.html").read_text())
    assert scripts == ['<script src="report/find.js">']
    assert page.text.count(HOSTILE) >= 3
    assert not re.search(r"https?://|@import|url\(", (folder / "report.html").read_text())


def test_pictures_on_the_sheet(folder: Path, page: Page) -> None:
    """Every picture shown exists, is described, links to itself, waits for its turn and is shown once."""
    assert 20 < len(page.images) <= 120
    sources = [image["src"] or "" for image in page.images]
    assert len(set(sources)) == len(sources)
    for image in page.images:
        assert (folder / (image["src"] or "")).is_file()
        assert image["src"] in page.links
        assert (image["alt"] or "").startswith("Alt")
        assert image["loading"] == "lazy"
        assert (int(image["width"] or 0), int(image["height"] or 0)) in SIZES.values()


def test_extremes_come_first(folder: Path) -> None:
    """The longest word and sentence, largest and smallest told numbers and fallbacks lead the sheet."""
    sections = {section.title: section.pictures for section in choose_pictures(folder, "story")}
    assert list(sections)[:3] == [WORDS, SENTENCES, LARGEST]
    word = max(sections[WORDS], key=lambda picture: len(picture.headline))
    assert LONG_WORD in word.headline
    assert f"longest word: {len(LONG_WORD) + 1} letters" in word.notes
    assert "sehr sehr" in sections[SENTENCES][0].headline
    # Customer 29 has the largest number on a card; those after have larger values, but no card of it.
    assert [note for p in sections[LARGEST] for note in p.notes] == ["largest minutes: 24,389"]
    notes = [note for pictures in sections.values() for picture in pictures for note in picture.notes]
    assert "smallest minutes: 0" in notes
    assert len(sections["For those with little to say"]) + sum("fallback" in n for n in notes) >= 1


def test_every_layout_in_every_format(folder: Path) -> None:
    """Each layout is seen at least once in each format it was drawn in."""
    shown = {(p.template, p.format) for section in choose_pictures(folder, "story") for p in section.pictures}
    manifest = pl.read_parquet(folder / "manifest.parquet")
    assert shown == set(manifest.select("template", "format").unique().iter_rows())


@pytest.mark.parametrize("rows", [1, 5, 64])
def test_the_choice_does_not_depend_on_how_rows_come(
    folder: Path, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    """However the manifest is cut into batches, the same pictures are chosen."""
    whole = choose_pictures(folder, "story")
    real = tables.read_batches

    def cut(*arguments: Any) -> Iterator[pa.Table]:
        for table in real(*arguments):
            yield from (table.slice(start, rows) for start in range(0, table.num_rows, rows))

    monkeypatch.setattr(sheet, "read_batches", cut)
    assert choose_pictures(folder, "story") == whole


def test_never_more_than_a_sheet(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many pictures are worth a look, the sheet stays short."""
    monkeypatch.setattr(sheet, "MOST_PICTURES", 7)
    assert sum(len(section.pictures) for section in choose_pictures(folder, "story")) == 7


@pytest.mark.parametrize("finished", [True, False])
def test_a_run_without_pictures(tmp_path: Path, finished: bool) -> None:
    """A run in which nobody had a card gets a page that says so kindly, with or without tables."""
    if finished:
        with open_output(tmp_path) as output:
            output.finish([])
    write_report(tmp_path, {"campaign": "empty", "customers": 0, "outcomes": {}}, TEMPLATES)
    page = Page((tmp_path / "report.html").read_text())
    assert "There were no customers in this run." in page.text
    assert "There are no pictures to look at" in page.text
    assert not page.images


def test_outcomes_that_do_not_add_up_are_called_out(tmp_path: Path) -> None:
    """The page does not hide a difference between customers and outcomes."""
    write_report(tmp_path, {"campaign": "c", "customers": 5, "outcomes": {"rendered": 4}}, TEMPLATES)
    assert "The outcomes add up to 4, but there were 5 customers." in (tmp_path / "report.html").read_text()


def test_a_broken_template_is_named(tmp_path: Path) -> None:
    """A mistake in the template is told with file and line, and no page is written."""
    templates, output = tmp_path / "templates", tmp_path / "out"
    templates.mkdir()
    output.mkdir()
    (templates / "report.html").write_text("one\n{% if %}")
    with pytest.raises(TemplateError, match=r"report\.html:2: "):
        write_report(output, {"campaign": "c"}, templates)
    (templates / "report.html").write_text("{{ campain }}")
    with pytest.raises(TemplateError, match="'campain' is undefined"):
        write_report(output, {"campaign": "c"}, templates)
    assert not list(output.iterdir())


def test_a_broken_table_is_named(folder: Path, tmp_path: Path) -> None:
    """A manifest that cannot be read stops the report with the file's name."""
    (tmp_path / "manifest.parquet").write_bytes(b"broken")
    shutil.copy(folder / "outcomes.parquet", tmp_path)
    with pytest.raises(OutputError, match=r"manifest\.parquet cannot be read"):
        write_report(tmp_path, RUN, TEMPLATES)


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_percent_is_honest(part: int, whole: int) -> None:
    """Nothing is called 0 % or 100 % that is not."""
    part = min(part, whole)
    assert (percent(part, whole) in ("0 %", "0.0 %")) == (part == 0)
    assert (percent(part, whole) in ("100 %", "100.0 %")) == (part == whole)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.00 s"),
        (0.999, "1.00 s"),
        (9.99, "10.0 s"),
        (59.6, "1 min 0 s"),
        (75, "1 min 15 s"),
        (4000, "1 h 6 min"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    """A time is told in the units that matter."""
    assert duration(seconds) == text


def test_counts() -> None:
    """Thousands are set apart."""
    assert count(1_234_567) == "1,234,567"


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_opens_from_disk(folder: Path, browser: Browser, scheme: Any, width: int) -> None:
    """In a real browser every picture loads, nothing fails, no network is asked and nothing sticks out."""
    tab = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    complaints: list[str] = []
    asked: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("requestfailed", lambda request: complaints.append(request.url))
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto((folder / "report.html").as_uri())
    tab.evaluate("document.querySelectorAll('img').forEach(image => image.loading = 'eager')")
    tab.wait_for_function("[...document.images].every(image => image.complete)")
    assert tab.evaluate("[...document.images].filter(image => !image.naturalWidth).length") == 0
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []
    assert all(url.startswith(("file:", "data:")) for url in asked)
    ink, paper = tab.evaluate("(s => [s.color, s.backgroundColor])(getComputedStyle(document.body))")
    assert _lightness(ink) < _lightness(paper) if scheme == "light" else _lightness(ink) > _lightness(paper)
    tab.close()


def _lightness(colour: str) -> int:
    return sum(int(part) for part in re.findall(r"\d+", colour)[:3])
