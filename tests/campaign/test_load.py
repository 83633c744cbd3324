"""Loading a campaign: every problem at once, each with its line and what would have been right."""

from pathlib import Path

import pytest

from recap.campaign import build_campaign, campaign_schema, load_campaign
from recap.campaign.document import parse_document
from recap.errors import CampaignError
from recap.metrics.registry import MODELS

GOOD = """\
id: year-2026
title: {en: Your year, de: Dein Jahr}
brand: {name: Corner}
period: {year: 2026}
time_zone: Europe/Berlin
sources:
  path: events.csv
  customer: card
  time: bought_at
  fields:
    item: product
    amount: {expression: quantity * price, type: money}
metrics:
  - id: visits
    kind: count
  - id: favourite
    kind: top
    by: item
  - id: ahead
    kind: standing
    of: visits
"""


def problems(text: str, overrides: tuple[str, ...] = ()) -> list[str]:
    """The problems of a campaign, as printed."""
    with pytest.raises(CampaignError) as raised:
        build_campaign(parse_document(text, "campaign.yaml"), MODELS, overrides, file="campaign.yaml")
    return [str(problem) for problem in raised.value.problems]


def test_a_good_campaign_loads_with_its_kinds(tmp_path: Path) -> None:
    """The models of the kinds are used, and one source may be written without a list."""
    path = tmp_path / "campaign.yaml"
    path.write_text(GOOD, encoding="utf-8")
    campaign = load_campaign(path, MODELS)
    assert campaign.sources[0].path == "events.csv"
    assert [type(metric).__name__ for metric in campaign.metrics] == [
        "CountMetric",
        "TopMetric",
        "StandingMetric",
    ]
    assert campaign.fields == {"item", "amount"}


def test_every_problem_is_told_with_line_and_suggestion() -> None:
    """One broken file with many mistakes gives them all, in the order of the file."""
    broken = (
        GOOD.replace("brand: {name: Corner}", "brnad: {name: Corner}")
        .replace("Europe/Berlin", "Europe/Berln")
        .replace("kind: top", "kind: tops")
        .replace("of: visits", "of: visit")
        .replace("type: money", "type: monney")
    )
    found = problems(broken)
    assert len(found) == 6
    assert found[0].startswith("campaign.yaml:1 brand: this key is missing")
    assert found[1] == "campaign.yaml:3 brnad: there is no key 'brnad' here; did you mean 'brand'?"
    assert "campaign.yaml:5 time_zone: there is no time zone 'Europe/Berln'" in found[2]
    assert found[3].startswith("campaign.yaml:12 sources.fields.amount.type")
    assert "did you mean 'money'?" in found[3]
    assert found[4].startswith(
        "campaign.yaml:16 metrics.1: there is no metric kind 'tops'; did you mean 'top'?"
    )
    assert (
        found[5] == "campaign.yaml:21 metrics.2.of: there is no other metric 'visit'; did you mean 'visits'?"
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("by: item", "by: itme"), "metrics.1.by: no source declares the field 'itme'; did you mean 'item'?"),
        (("by: item", "by: item\n    limt: 3"), "did you mean 'limit'?"),
        (("id: favourite", "id: visits"), "two metrics are called 'visits'"),
        (("{year: 2026}", "{year: 2026, first_day: 2026-01-01}"), "give either `year`"),
        (("{year: 2026}", "{first_day: 2026-02-01, last_day: 2026-01-01}"), "is before first_day"),
        (("{year: 2026}", "{year: MMXXVI}"), "period.year"),
        (("time: bought_at", "time: {colum: bought_at}"), "did you mean 'column'?"),
        (("time: bought_at", "time: {time_column: x}"), "give either `column`, or `date_column`"),
        (("amount: {", "customer_id: {"), "is recap's own"),
        (("of: visits", "of: ahead"), "there is no other metric 'ahead'"),
        (("id: year-2026", "id: Year 2026"), "'Year 2026' may hold lower-case letters"),
        (("title:", "formats: [story, storey]\ntitle:"), "did you mean 'story'?"),
        (("title:", "languages: [en, en]\ntitle:"), "'en' is named twice"),
        (("title:", "deduplicate_by: [itm]\ntitle:"), "did you mean 'item'?"),
        (("period:", "period: {year: 2025}\nperiod:"), "this key is given twice"),
        (("title: {en: Your year, de: Dein Jahr}", "title: [a"), "this is not valid YAML"),
    ],
)
def test_a_mistake_is_explained(change: tuple[str, str], expected: str) -> None:
    """Each common mistake gets one sentence that helps, and nothing beside it."""
    found = problems(GOOD.replace(*change, 1))
    assert len(found) == 1, found
    assert expected in found[0]


def test_overrides_are_applied_and_blamed() -> None:
    """`--set` changes the value; where it is wrong, the message names it and not the file."""
    document = parse_document(GOOD, "campaign.yaml")
    campaign = build_campaign(
        document, MODELS, ["period.year=2025", "metrics.1.limit=3", "look.theme=poster"]
    )
    assert campaign.period.year == 2025
    assert campaign.metrics[1].model_dump()["limit"] == 3
    assert document.data["period"]["year"] == 2026
    (only,) = problems(GOOD, ("period.year=soon",))
    assert only.startswith("--set period.year=soon period.year: ")
    assert "KEY=VALUE" in problems(GOOD, ("period.year",))[0]
    assert "nothing at this place" in problems(GOOD, ("metrics.9.id=x",))[0]


def test_yaml_reads_as_a_marketer_writes() -> None:
    """Norwegian is no `false`, a time of day no number, and a date stays a date's text."""
    data = parse_document("{a: no, b: 12:30, c: 2026-01-02, d: true, e: 0.5, f: ~, g: 1_000}", "x").data
    assert data == {"a": "no", "b": "12:30", "c": "2026-01-02", "d": True, "e": 0.5, "f": None, "g": "1_000"}


@pytest.mark.parametrize("text", ["", "just words", "- a\n- b", "a: [\n", "\t- x: 1", "a: &x [*x]"])
def test_what_is_no_campaign_is_refused(text: str) -> None:
    """Anything that is no mapping ends in a CampaignError, never in a traceback."""
    assert problems(text)


def test_a_missing_file_names_its_neighbours(tmp_path: Path) -> None:
    """A misspelled file name is answered with the one that is there."""
    (tmp_path / "campaign.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(CampaignError, match=r"did you mean 'campaign\.yaml'"):
        load_campaign(tmp_path / "campain.yaml", MODELS)


def test_the_schema_knows_every_kind() -> None:
    """Editors are offered every metric kind with its own keys."""
    schema = campaign_schema(MODELS)
    mapping = schema["properties"]["metrics"]["items"]["discriminator"]["mapping"]
    assert set(mapping) == set(MODELS)
    assert "by" in schema["$defs"]["TopMetric"]["properties"]


NESTED = """\
  - id: each
    kind: ratio
    of: visits
    to: vists
  - id: type
    kind: archetype
    rules:
      - id: often
        name: {en: Often, de: Oft}
        when:
          visits: {at_least: 5}
          ahd: {at_least: 1}
      - id: rest
        name: {de: Der Rest}
"""


def test_names_are_looked_up_however_deep_they_stand() -> None:
    """A metric that a rule asks, and one a ratio divides by, are found wrong on their own lines."""
    assert problems(GOOD + NESTED) == [
        "campaign.yaml:25 metrics.3.to: there is no other metric 'vists'; did you mean 'visits'?",
        "campaign.yaml:33 metrics.4.rules.0.when.ahd: there is no other metric 'ahd'; did you mean 'ahead'?",
        "campaign.yaml:35 metrics.4.rules.1.name: the name is missing in 'en', the campaign's first language",
    ]


@pytest.mark.parametrize(
    ("metrics", "expected"),
    [
        (
            "  - {id: a, kind: ratio, of: b, to: visits}\n  - {id: b, kind: standing, of: a}\n",
            ["campaign.yaml:22 metrics.3.of: these metrics rest on each other in a circle: 'a', 'b'"],
        ),
        (
            (
                "  - {id: a, kind: ratio, of: visits, to: b}\n"
                "  - {id: b, kind: standing, of: c}\n"
                "  - {id: c, kind: standing, of: b}\n"
            ),
            ["campaign.yaml:23 metrics.4.of: these metrics rest on each other in a circle: 'b', 'c'"],
        ),
        (
            (
                "  - id: t\n    kind: archetype\n    rules:\n"
                "      - {id: r, name: R, when: {t: {at_least: 1}}}\n      - {id: s, name: S}\n"
            ),
            ["campaign.yaml:25 metrics.3.rules.0.when.t: there is no other metric 't'; there is ahead, "],
        ),
    ],
)
def test_no_metric_rests_on_itself(metrics: str, expected: list[str]) -> None:
    """A circle is told once, where its first metric asks; what only leads into it is not in it."""
    found = problems(GOOD + metrics)
    assert len(found) == len(expected)
    assert all(said.startswith(wanted) for said, wanted in zip(found, expected, strict=True)), found
