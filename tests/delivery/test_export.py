"""Exports: whose row it is and what is in it, who is in the table, and what each tool can take."""

import csv
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from made_up_exports import CAMPAIGN, PEOPLE, link, make_campaign, make_published, make_run, token

from recap.delivery.exports import recaps
from recap.errors import CampaignError, OutputError, RecapError, SourceError, UsageError
from recap.pipeline.export import Exported, ExportOptions, export_campaign
from recap.pipeline.identifiers import check_identifiers
from recap.pipeline.prepare import open_campaign

TODAY = date(2026, 12, 1)


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """Give a campaign of five customers, all published, with its output folder `out`."""
    path = make_campaign(tmp_path / "corner")
    make_run(tmp_path / "corner" / "out")
    make_published(tmp_path / "corner" / "out")
    return path


def export(campaign: Path, tool: Any, *overrides: str, today: date = TODAY, **options: Any) -> Exported:
    wished = ExportOptions(tool, campaign.parent / "out", **options)
    return export_campaign(open_campaign(campaign, overrides), wished, today)


def rows_of(exported: Exported) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for path in exported.files:
        with path.open(encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file)
    return rows


def test_a_row_tells_what_a_mail_needs(campaign: Path) -> None:
    """Link with tags, the cover as a JPEG, its alternative text, the strongest highlight, sorted by token."""
    exported = export(campaign, "csv", "exports.csv.utm.content=hero", utm=["source=news letter&co"])
    rows = rows_of(exported)
    assert [path.name for path in exported.files] == ["csv-001.csv"]
    assert [row["identifier"] for row in rows] == sorted(PEOPLE, key=token)
    query = "utm_source=news%20letter%26co&utm_medium=email&utm_campaign=corner-2026&utm_content=hero"
    assert next(row for row in rows if row["identifier"] == "c3") == {
        "identifier": "c3",
        "card_url": f"{link('c3')}?{query}",
        "image_url": link("c3", "00-cover.link.jpg"),
        "alt_text": "A picture, cover: c3",
        "headline": "favourite of c3",
        "locale": "en",
        "utm_source": "news letter&co",
        "utm_medium": "email",
        "utm_campaign": "corner-2026",
        "utm_content": "hero",
    }


def test_without_link_pictures_the_first_format_is_shown(campaign: Path) -> None:
    """The first format's PNG then is."""
    make_run(campaign.parent / "out", formats=("square", "portrait"))
    (row, *_) = rows_of(export(campaign, "csv", "formats=[square, portrait]"))
    assert row["image_url"] == link(row["identifier"], "00-cover.square.png")
    assert row["headline"] == f"favourite of {row['identifier']}"


def test_only_who_is_published_and_not_left_out(campaign: Path) -> None:
    """Neither who has no page up, nor whose link was revoked, nor who opted out since the run."""
    folder = campaign.parent
    make_run(folder / "out", [*PEOPLE, "c6", "c7"])
    (folder / ".recap-revoked").write_text(f"{token('c2')}\n")
    with (folder / "customers.csv").open("a") as file:
        file.write("c3,c3@corner.example,yes\n")
    exported = export(campaign, "csv")
    assert {row["identifier"] for row in rows_of(exported)} == {"c1", "c4", "c5"}
    assert exported.customers == 3
    assert exported.missing == {"without a published page": 3, "left out or forgotten": 1}


@pytest.mark.parametrize(
    ("tool", "columns", "identifier"),
    [
        ("braze", "external_id recap_url recap_image_url recap_alt_text recap_headline", "c1"),
        (
            "klaviyo",
            "Email Address,Recap URL,Recap Image URL,Recap Alt Text,Recap Headline,Recap Language",
            "c1@corner.example",
        ),
        (
            "mailchimp",
            "Email Address,RECAP_URL,RECAP_IMG,RECAP_ALT,RECAP_HEAD,RECAP_LANG",
            "c1@corner.example",
        ),
    ],
)
def test_each_tool_has_its_columns(campaign: Path, tool: str, columns: str, identifier: str) -> None:
    """Names and order of the columns are those the tool reads."""
    rows = rows_of(export(campaign, tool))
    assert list(rows[0]) == columns.split("," if "," in columns else " ")
    assert identifier in {next(iter(row.values())) for row in rows}


def test_columns_can_be_mapped(campaign: Path) -> None:
    """The campaign's columns replace the usual ones; the command line's are added, changed or dropped."""
    with campaign.open("a") as file:
        file.write("  braze: {columns: {user: identifier, link: card_url, x: locale}, utm: {medium: ''}}\n")
    (row, *_) = rows_of(export(campaign, "braze", columns=["pic=image_url", "x=", "link=headline"]))
    assert list(row) == ["user", "link", "pic"]
    assert row["link"] == f"favourite of {row['user']}"
    (row, *_) = rows_of(export(campaign, "braze"))
    assert row["link"].endswith("?utm_source=braze&utm_campaign=corner-2026")


def test_addresses_that_are_none_or_shared_are_told(tmp_path: Path) -> None:
    """Who has no address, or somebody else's, is counted and not in the table."""
    people = [*PEOPLE, "d1", "d2", "d3", "d4"]
    more = [
        {"card": "d1", "email": "not an address"},
        {"card": "d2", "email": '=HYPERLINK("x")@a.b'},
        {"card": "d3", "email": "C1@corner.example"},
    ]
    campaign = make_campaign(tmp_path / "corner", customers=more)
    make_run(tmp_path / "corner" / "out", people)
    make_published(tmp_path / "corner" / "out", people)
    exported = export(campaign, "mailchimp")
    assert exported.customers == 5
    assert exported.missing == {
        "without an identifier in the customers table": 1,
        "without an e-mail address": 2,
        "with the identifier of somebody before them": 1,
    }


HOSTILE = ("=1+1", "+1", "-2 %", "@SUM(A1)", "\ttab", "\r\nline", "＝1", 'said "no", twice', "a\nb", "plain")


@pytest.mark.parametrize(("tool", "guard"), [("csv", "'"), ("braze", "\u200b"), ("parquet", "")])
def test_no_cell_is_a_formula(tmp_path: Path, tool: str, guard: str) -> None:
    """Texts that a spreadsheet would compute are guarded, and every text comes back out of the file."""
    headlines = {f"c{number}": text for number, text in enumerate(HOSTILE)}
    campaign = make_campaign(tmp_path / "corner")
    make_run(tmp_path / "corner" / "out", headlines, headlines=headlines)
    make_published(tmp_path / "corner" / "out", headlines)
    exported = export(campaign, tool, columns=["identifier=identifier", "headline=headline"])
    rows = pl.read_parquet(exported.files[0]).to_dicts() if tool == "parquet" else rows_of(exported)
    told = {row["identifier"]: row["headline"] for row in rows}
    assert told == {
        person: f"{guard}{text}" if text[0] in "=+-@\t\r＝" else text for person, text in headlines.items()
    }


def test_identifiers_are_never_changed(tmp_path: Path) -> None:
    """Telephone numbers and handles stay as they are; an id that computes something is left out and told."""
    people = ("+49 151 23456", "@lina", "-5", "=cmd|' /C calc'!A0", "@SUM(A1)", "ü")
    campaign = make_campaign(tmp_path / "corner")
    make_run(tmp_path / "corner" / "out", people)
    make_published(tmp_path / "corner" / "out", people)
    exported = export(campaign, "csv")
    assert {row["identifier"] for row in rows_of(exported)} == {"+49 151 23456", "@lina", "-5", "ü"}
    assert exported.missing == {"with an identifier that a spreadsheet would compute": 2}
    assert export(campaign, "parquet").customers == 6


def test_files_keep_their_limit(tmp_path: Path) -> None:
    """Parts are as large as wished at most, and hold everyone once; those of an earlier export go."""
    people = [f"c{number}" for number in range(120)]
    campaign = make_campaign(tmp_path / "corner")
    make_run(tmp_path / "corner" / "out", people)
    make_published(tmp_path / "corner" / "out", people)
    whole = rows_of(export(campaign, "braze"))
    small = export(campaign, "braze", part_size="4KB")
    assert len(small.files) > 5
    sizes = [path.stat().st_size for path in small.files]
    assert max(sizes) <= 4000
    assert min(sizes[:-1]) > 3500
    assert rows_of(small) == whole
    assert len(whole) == 120
    assert [path.name for path in small.files[:2]] == ["braze-001.csv", "braze-002.csv"]
    again = export(campaign, "braze")
    assert [path.name for path in again.files[0].parent.iterdir()] == ["braze-001.csv"]
    raw = again.files[0].read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n") == 121


def test_the_table_does_not_depend_on_how_rows_come(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the manifest is cut, also through the middle of a customer, the table is the same."""
    whole = rows_of(export(campaign, "csv"))
    real = recaps.read_batches

    def cut(*arguments: Any) -> Any:
        for table in real(*arguments):
            yield from (table.slice(start, 3) for start in range(0, table.num_rows, 3))

    monkeypatch.setattr(recaps, "read_batches", cut)
    assert rows_of(export(campaign, "csv")) == whole


def test_mailchimp_keeps_255_bytes(campaign: Path) -> None:
    """Texts are cut between words, or letters where there are no blanks; an address is never cut."""
    texts = {"c1": "word " * 80, "c2": "字" * 200, "c3": "x" * 255, "c4": "x" * 256}
    make_run(campaign.parent / "out", texts, headlines=texts)
    told = [row["RECAP_HEAD"] for row in rows_of(export(campaign, "mailchimp"))]
    assert sorted(told) == sorted(["word " * 49 + "word…", "字" * 84 + "…", "x" * 255, "x" * 252 + "…"])
    assert max(len(text.encode()) for text in told) == 255
    with pytest.raises(UsageError, match="'RECAP_URL' are longer than the 255 bytes Mailchimp keeps"):
        export(campaign, "mailchimp", utm=[f"content={'x' * 200}"])


def test_nothing_is_half_exported(campaign: Path) -> None:
    """Where an export fails, the one before is as it was; a folder with other files is not replaced."""
    (file,) = export(campaign, "mailchimp").files
    before = file.read_bytes()
    with pytest.raises(UsageError):
        export(campaign, "mailchimp", utm=[f"content={'x' * 200}"])
    manifest = campaign.parent / "out" / "manifest.parquet"
    manifest.write_bytes(manifest.read_bytes()[:-10])
    with pytest.raises(OutputError, match=r"manifest\.parquet cannot be read"):
        export(campaign, "mailchimp")
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.parent.iterdir()] == ["mailchimp"]
    (file.parent / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"holds what is no export \(notes\.txt\)"):
        export(campaign, "mailchimp")
    assert (file.parent / "notes.txt").read_text() == "mine"


WISHES = [
    ("csv", {"columns": ["link=card_ur"]}, "--column link=card_ur: 'card_ur' is not possible; did you mean"),
    ("csv", {"columns": ["link"]}, "--column link: this is written NAME=FIELD"),
    ("csv", {"columns": ["card_ulr="]}, "there is no column 'card_ulr'; did you mean 'card_url'?"),
    ("csv", {"columns": ["identifier="]}, "no column says whose row it is"),
    ("csv", {"columns": ["=x=card_url"]}, "this is written NAME=FIELD"),
    ("csv", {"columns": ["+x=card_url"]}, "'+x' is no column's name"),
    ("braze", {"columns": ["$x=card_url"]}, "in Braze none begins with $"),
    ("mailchimp", {"columns": ["RECAP_ADDRESS=card_url"]}, "'RECAP_ADDRESS' is no merge tag"),
    ("csv", {"utm": ["utm_sauce=x"]}, "'sauce' is not possible; did you mean 'source'?"),
    ("csv", {"part_size": "big"}, "--part-size big: this is not understood"),
    ("csv", {"part_size": "0.1KB"}, "has no room for a row"),
    ("klaviyo", {"part_size": "1GB"}, "Klaviyo takes files up to 50MB"),
]


@pytest.mark.parametrize(("tool", "options", "sentence"), WISHES)
def test_a_wrong_wish_is_explained(campaign: Path, tool: str, options: dict[str, Any], sentence: str) -> None:
    """What the command line asks for in vain is told with what was meant, and ends with exit code 2."""
    with pytest.raises(UsageError) as told:
        export(campaign, tool, **options)
    assert sentence in str(told.value)
    assert told.value.exit_code == 2
    assert not (campaign.parent / "out" / "exports" / tool).exists()


KLAVIYO, MAILCHIMP = "klaviyo: {identifier: email}", "mailchimp: {identifier: email}"
CUSTOMERS = "customers: {path: customers.csv, customer: card, opt_out: out}\n"
MISTAKES = [
    (
        (KLAVIYO, "klaviyo: {columns: {E: identifier, L: card_ulr}}"),
        "14 exports.klaviyo.columns.L: 'card_ulr' is not possible here; did you mean 'card_url'?",
    ),
    (
        (MAILCHIMP, "mailchimp: {columns: {Email Address: identifier, Link: card_url}}"),
        "15 exports.mailchimp.columns.Link: 'Link' is no merge tag",
    ),
    ((KLAVIYO, "klavio: {}"), "14 exports.klavio: there is no key 'klavio' here; did you mean 'klaviyo'?"),
    ((KLAVIYO, "csv: {columns: {a: card_url}}"), "14 exports.csv.columns: no column says whose row it is"),
    (("base_url: https://recap.example/2026\n", ""), "base_url: links lead to where pages are published"),
    ((CUSTOMERS, ""), "13 exports.klaviyo.identifier: an identifier is a column of the customers table"),
]


@pytest.mark.parametrize(("change", "sentence"), MISTAKES)
def test_a_wrong_campaign_is_explained(campaign: Path, change: tuple[str, str], sentence: str) -> None:
    """What the campaign file says in vain is told with its line."""
    campaign.write_text(CAMPAIGN.replace(*change, 1))
    with pytest.raises(CampaignError) as told:
        export(campaign, "klaviyo")
    assert sentence in str(told.value)


def test_a_column_that_is_not_there_is_told(campaign: Path) -> None:
    """The check and the export name line and column, and what was meant."""
    campaign.write_text(CAMPAIGN.replace("email", "emial", 1))
    for act in (lambda: check_identifiers(open_campaign(campaign)), lambda: export(campaign, "klaviyo")):
        with pytest.raises(
            SourceError, match=r"campaign\.yaml:14 exports\.klaviyo\.identifier: .*'emial'.*'email'"
        ):
            act()


def test_nobody_to_export(campaign: Path, tmp_path: Path) -> None:
    """Without a run, without a published page, or without any address there is no table but a sentence."""
    fresh = make_campaign(tmp_path / "fresh")
    for make, sentence in (
        (lambda: None, "there is no finished run"),
        (lambda: make_run(fresh.parent / "out"), "no page of .* is published: `recap publish` does it"),
    ):
        make()
        with pytest.raises(RecapError, match=sentence) as told:
            export(fresh, "csv")
        assert told.value.exit_code == 2
    with pytest.raises(
        UsageError, match=r"5 without an e-mail address\. Mailchimp knows people by e-mail: .*`exports"
    ):
        export(campaign, "mailchimp", "exports.mailchimp.identifier=null")


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ("id=other-2026", "is of the campaign corner-2026, not of other-2026"),
        (
            "base_url=https://new.example",
            "were made for https://recap.example/2026, not for https://new.example",
        ),
    ],
)
def test_pages_of_another_campaign_or_address_are_refused(
    campaign: Path, override: str, sentence: str
) -> None:
    """Who of them wants to be left out is not known here, and links would lead nowhere."""
    with pytest.raises(UsageError, match=sentence):
        export(campaign, "csv", override)
    assert not (campaign.parent / "out" / "exports").exists()


def test_expired_pages_are_warned_of(campaign: Path) -> None:
    """On the last day the links are fine; on the next the export says where they lead."""
    assert export(campaign, "csv", "page.expires=2026-12-01").warnings == []
    (warning,) = export(campaign, "csv", "page.expires=2026-11-30").warnings
    assert "have expired (2026-11-30)" in warning


def test_the_command(campaign: Path, tmp_path: Path) -> None:
    """Files on stdout, numbers on stderr, exit code 0; in a folder of one's own with --to."""
    command = [
        sys.executable,
        "-m",
        "recap",
        "export",
        campaign,
        "--for",
        "klaviyo",
        "--to",
        tmp_path / "mine",
    ]
    done = subprocess.run(
        [*map(str, command), "--out", str(campaign.parent / "out")],
        capture_output=True, text=True, check=False, env={**os.environ},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "5 customers\n")
    assert done.stdout == f"{tmp_path / 'mine' / 'klaviyo' / 'klaviyo-001.csv'}\n"
