"""The report's pages of outcomes, and its box that finds the page of one customer of millions."""

import re
import shutil
from pathlib import Path

import pyarrow as pa
import pytest
from made_up_pages import HOSTILE, TEMPLATES, Page
from made_up_runs import CAMPAIGN, SECRET
from playwright.sync_api import Browser

from recap.delivery import tables
from recap.delivery.report import OUTCOME_NAMES, find, outcomes, write_report
from recap.delivery.report.outcomes import outcome_pages
from recap.delivery.tables import OUTCOMES_SCHEMA
from recap.delivery.tokens import token_of
from recap.errors import TemplateError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an output folder's tables and report: 30 customers with cards, three who failed."""
    path = tmp_path_factory.mktemp("pages")
    people = sorted((token_of(SECRET, CAMPAIGN, f"c{number}"), number) for number in range(33))
    _write_outcomes(
        path,
        [
            {
                "customer_id": f"c{number}",
                "token": token,
                "outcome": "rendered" if number < 30 else "failed",
                "reason": None if number < 30 else f"render: {HOSTILE}",
                "cards": 2 if number < 30 else 0,
                "locale": "de_AT",
            }
            for token, number in people
        ],
    )
    counts = dict.fromkeys(OUTCOME_NAMES, 0) | {"rendered": 30, "failed": 3}
    write_report(path, {"campaign": HOSTILE, "customers": 33, "outcomes": counts}, TEMPLATES)
    return path


def _write_outcomes(path: Path, rows: list[dict[str, object]]) -> pa.Table:
    table = pa.Table.from_pylist(rows, OUTCOMES_SCHEMA)
    tables.write_table(path / "outcomes.parquet", table)
    return table


def test_every_outcome_has_a_page(folder: Path) -> None:
    """Each is linked from its bar; who ended so, why, and a link to the page of whoever has one."""
    report = Page((folder / "report.html").read_text())
    assert [link for link in report.links if link.startswith("report/")] == [
        *(f"report/{outcome}.html" for outcome in OUTCOME_NAMES)
    ]
    rendered, failed = (Page((folder / f"report/{name}.html").read_text()) for name in ("rendered", "failed"))
    assert "30 customers ended so." in rendered.text
    leading = [link for link in rendered.links if link.startswith("../cards/")]
    assert len(leading) == 30
    token = token_of(SECRET, CAMPAIGN, "c7")
    assert f"../cards/{token[:2]}/{token}/index.html" in leading
    assert f"{HOSTILE} 3 100 %" in failed.text
    assert set(re.findall(r"\bc\d+", failed.text)) == {"c30", "c31", "c32"}
    assert not [link for link in failed.links if "cards" in link]
    assert "script" not in failed.tags
    assert "Reason" not in rendered.text


def test_of_many_some_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list is bounded and goes over several pages; every reason has somebody in it."""
    monkeypatch.setattr(outcomes, "LISTED", 6)
    monkeypatch.setattr(outcomes, "ON_A_PAGE", 4)
    people = [
        {
            "customer_id": f"p{n}",
            "token": f"{n:026d}",
            "outcome": "failed",
            "reason": f"why {n > 90}",
            "cards": 0,
        }
        for n in range(100)
    ]
    table = _write_outcomes(tmp_path, people)
    pages = dict(outcome_pages(tmp_path, {"failed": "Failed"}))
    assert list(pages) == ["failed.html", "failed-2.html"]
    ids = [[row.customer_id for row in content["rows"]] for content in pages.values()]
    assert ids == [["p0", "p1", "p2", "p91"], ["p92", "p93"]]
    assert pages["failed.html"]["reasons"] == [("why False", "91", "91.0 %"), ("why True", "9", "9.0 %")]
    assert pages["failed.html"]["unlisted"] == 94
    monkeypatch.setattr(
        outcomes, "read_batches", lambda *_: (table.slice(start, 7) for start in range(0, 100, 7))
    )
    assert dict(outcome_pages(tmp_path, {"failed": "Failed"})) == pages


def test_pages_of_an_earlier_run_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder is replaced as a whole: no page is left over, and a broken template leaves the old one."""
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "rendered-9.html").write_text("old")
    broken = tmp_path / "templates"
    shutil.copytree(TEMPLATES, broken)
    (broken / "outcome.html").write_text("{{ nobody }}")
    with pytest.raises(TemplateError, match="'nobody' is undefined"):
        write_report(tmp_path, {"campaign": "c"}, broken)
    assert [path.name for path in (tmp_path / "report").iterdir()] == ["rendered-9.html"]
    write_report(tmp_path, {"campaign": "c"}, TEMPLATES)
    names = {*(f"{outcome}.html" for outcome in OUTCOME_NAMES), "style.css", "find.js"}
    assert {path.name for path in (tmp_path / "report").iterdir()} == names
    assert {path.name for path in tmp_path.iterdir()} == {"report", "report.html", "templates"}


@pytest.mark.browser
def test_a_customers_page_is_found_from_disk(
    tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The find box opens the page of any id, as strange as it may be, and says of others how they ended."""
    monkeypatch.setattr(find, "IN_A_FILE", 2)
    strange = [
        "0",
        "00029",
        "مريم",
        "🎂" * 40,
        "__proto__",
        '</script><b>"\\',
        "a b",
        "x\u2028y",
        "é" * 33,
        "né",
    ]
    people = [(token_of(SECRET, CAMPAIGN, id_), id_, 1) for id_ in strange]
    people.append((token_of(SECRET, CAMPAIGN, "quiet"), "quiet", 0))
    rows = [
        {"customer_id": id_, "token": token, "outcome": "rendered" if cards else "opted_out", "cards": cards}
        for token, id_, cards in sorted(people)
    ]
    _write_outcomes(tmp_path, rows)
    for token, id_, cards in people:
        if cards:
            (tmp_path / "cards" / token[:2] / token).mkdir(parents=True)
            index = tmp_path / "cards" / token[:2] / token / "index.html"
            index.write_text(f"<link rel=icon href=data:,><title>{strange.index(id_)}</title>")
    write_report(tmp_path, {"campaign": "c"}, TEMPLATES)
    assert len(list((tmp_path / "report" / "find").iterdir())) == 8
    tab = browser.new_page()
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    for id_ in strange:
        tab.goto((tmp_path / "report.html").as_uri())
        tab.fill("#find-id", f" {id_}")
        with tab.expect_navigation():
            tab.press("#find-id", "Enter")
        assert tab.title() == str(strange.index(id_))
    tab.goto((tmp_path / "report.html").as_uri())
    for id_, told in (
        ("quiet", "quiet has no page. The outcome is: opted out."),
        ("29", "There is no customer 29"),
    ):
        tab.get_by_label("Open a customer’s page").fill(id_)
        tab.get_by_role("button", name="Open").click()
        tab.get_by_role("status").filter(has_text=told).wait_for()
    shutil.rmtree(tmp_path / "report" / "find")
    tab.goto((tmp_path / "report.html").as_uri())
    tab.fill("#find-id", "0")
    tab.press("#find-id", "Enter")
    tab.get_by_role("status").filter(has_text="report/find is missing").wait_for()
    assert complaints == []
    tab.close()


@pytest.mark.browser
def test_pages_of_outcomes_open_from_disk(folder: Path, browser: Browser) -> None:
    """On a phone nothing of them sticks out, and each leads back to the report."""
    tab = browser.new_page(viewport={"width": 390, "height": 800})
    for outcome in OUTCOME_NAMES:
        tab.goto((folder / "report" / f"{outcome}.html").as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert tab.evaluate("getComputedStyle(document.body).margin") == "0px"
    with tab.expect_navigation():
        tab.get_by_role("link", name="Report").click()
    assert tab.url.endswith("/report.html")
    tab.close()
