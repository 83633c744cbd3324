"""Loading and checking the words of a language."""

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from wording_scenes import METRICS, all_scenes, make_campaign, make_deck

from recap.errors import TemplateError
from recap.metrics.registry import KINDS as METRIC_KINDS
from recap.wording import Lexicon, load_lexicon, load_lexicons, phrase_deck
from recap.wording.catalogue import KINDS, SCHEMA


@pytest.fixture
def english(wording_folder: Path) -> str:
    return (wording_folder / "en.yaml").read_text("utf-8")


def _paths(data: object, path: str = "") -> set[str]:
    if path in SCHEMA or not isinstance(data, Mapping):
        return {path}
    return {leaf for key, value in data.items() for leaf in _paths(value, f"{path}.{key}".lstrip("."))}


def test_every_language_says_the_same_things(wording_folder: Path) -> None:
    """All languages hold the same texts; only the names of hours may be there or not."""
    read = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in wording_folder.glob("*.yaml")}
    assert {"en", "de"} <= read.keys()
    paths = {
        name: {path for path in _paths(data) if not path.startswith("hours.")} for name, data in read.items()
    }
    assert all(there == paths["en"] for there in paths.values())


def test_every_metric_kind_can_be_told() -> None:
    """A kind in the registry has sentences, and sentences are of a kind in the registry."""
    assert KINDS.keys() == METRIC_KINDS.keys()


def test_an_empty_file_is_told_everything_it_lacks(tmp_path: Path) -> None:
    """The problems of a file come in one message, each with its path."""
    (tmp_path / "en.yaml").write_text("cover: {title: Hi}\n", "utf-8")
    with pytest.raises(TemplateError) as caught:
        load_lexicon("en", tmp_path)
    lines = str(caught.value).splitlines()
    required = sum(slot.required for slot in SCHEMA.values())
    assert len(lines) == required - 1
    assert any("kinds.top.headline: this text is missing" in line for line in lines)


def test_all_mistakes_are_reported_with_their_lines(tmp_path: Path, english: str) -> None:
    """Unknown keys, placeholders, forms and wrong types: each names file, line and remedy."""
    broken = (
        english.replace("  day: {one: day, other: days}", "  day: {one: day}")
        .replace("    title: All in all", "    titel: All in all")
        .replace("{label} was your number one", "{lable} was your number one")
        .replace("  event: {one: moment,", "  event: {oen: moment,")
        .replace('  time: "{time}"', "  time: 24")
        .replace("    title: Month by month", "    title: Month {by month")
        .replace("    title: Your hour\n", '    title: "{label}, your hour"\n')
    )
    path = tmp_path / "en.yaml"
    path.write_text(broken, "utf-8")
    with pytest.raises(TemplateError) as caught:
        load_lexicon("en", tmp_path)
    message = str(caught.value)

    def line_of(text: str) -> int:
        return 1 + next(i for i, line in enumerate(broken.splitlines()) if text in line)

    for text, expected in (
        ("day: {one: day}", "nouns.day: English also needs the plural form 'other'"),
        ("titel:", "kinds.count.titel: the wording knows no 'titel' here; did you mean 'title'?"),
        ("{lable}", "kinds.top.headline: there is no placeholder {lable} here; did you mean 'label'?"),
        ("oen:", "nouns.event: there is no plural form 'oen'; did you mean 'one'?"),
        ("time: 24", "formats.time: here must be a text; put it in quotes"),
        ("{by month", "kinds.monthly.title: a brace is astray"),
        ("{label}, your hour", "kinds.busiest_hour.title: there is no placeholder {label} here"),
    ):
        assert f"{path}:{line_of(text)} {expected}" in message


def test_a_language_needs_all_its_plural_forms(tmp_path: Path, english: str) -> None:
    """Arabic words with only two of six forms are refused, and the missing ones are named."""
    (tmp_path / "ar.yaml").write_text(english, "utf-8")
    with pytest.raises(TemplateError, match="Arabic also needs the plural form 'zero', 'two', 'few', 'many'"):
        load_lexicon("ar", tmp_path)


def test_a_shipped_sentence_may_not_rest_on_what_some_customers_lack(tmp_path: Path, english: str) -> None:
    """{name} and {share} belong into the special cases where they are known."""
    text = english.replace('headline: "{label} was', 'headline: "{name}, {label} was')
    (tmp_path / "en.yaml").write_text(text, "utf-8")
    with pytest.raises(
        TemplateError, match=r"\{name\} is not known of everyone; use it in one of the special"
    ):
        load_lexicon("en", tmp_path)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"formats: [", "not valid YAML"),
        (b"- a\n- b\n", "here must be a section"),
        (b"", "here must be a section"),
        (b"a: 1\nb: \xff\xfe\n", "en.yaml:2: this is not UTF-8"),
        (b"cover: {}\ncover: {}\n", "given twice"),
    ],
)
def test_what_is_no_wording_file_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    """Broken YAML, other shapes and other encodings are named with the file."""
    (tmp_path / "en.yaml").write_bytes(content)
    with pytest.raises(TemplateError, match=problem):
        load_lexicon("en", tmp_path)


def test_a_language_without_a_file_is_named(wording_folder: Path) -> None:
    """The message says which languages there are and where the new file goes."""
    with pytest.raises(
        TemplateError, match=r"no wording for the language 'it'; there is ar, de, en.*it\.yaml"
    ):
        load_lexicon("it", wording_folder)


def test_a_country_reads_its_language_and_writes_its_own_numbers(wording_folder: Path) -> None:
    """British English has the words of English and the dates of Britain."""
    campaign = make_campaign(languages=["en_GB"])
    lexicon = load_lexicons(campaign, wording_folder)["en_GB"]
    scene = next(scene for scene in all_scenes() if scene.name == "busiest_day")
    card = phrase_deck(make_deck(scene), [scene.facts], campaign, lexicon)[1]
    assert card.locale == "en_GB"
    assert card.hero == "14 March"


def test_the_digest_knows_every_word(tmp_path: Path, english: str) -> None:
    """File, overrides and locale change it; the order of the overrides does not."""
    path = tmp_path / "en.yaml"
    path.write_text(english, "utf-8")
    own = {"clock": {"recorded": "as is", "customer": "yours"}}
    turned = {"clock": {"customer": "yours", "recorded": "as is"}}
    digests = [
        load_lexicon("en", tmp_path).digest,
        load_lexicon("en_GB", tmp_path).digest,
        load_lexicon("en", tmp_path, overrides=own).digest,
    ]
    assert load_lexicon("en", tmp_path, overrides=turned).digest == digests[2]
    path.write_text(english.replace("All in all", "Overall"), "utf-8")
    digests.append(load_lexicon("en", tmp_path).digest)
    assert len(set(digests)) == 4


def test_a_campaign_s_own_words_are_checked_like_the_files(wording_folder: Path) -> None:
    """Mistakes in words, nouns and metrics' words of every language come in one message."""
    metrics: list[dict[str, Any]] = [
        {"id": "plays", "kind": "count", "noun": {"en": {"one": "play"}},
         "words": {"en": {"headlin": "{n}", "headline": "{m} plays"}, "de": {"tied.headline": "{n}"}}},
    ]  # fmt: skip
    words = {"de": {"kinds": {"top": {"tied": {"headline": "{label_}"}}}, "cover": {"hero": 2026}}}
    with pytest.raises(TemplateError) as caught:
        load_lexicons(make_campaign(metrics=metrics, words=words), wording_folder)
    message = str(caught.value)
    for expected in (
        "campaign metrics.0.noun.en: English also needs the plural form 'other'",
        "words.en.headlin: a metric of kind 'count' has no text 'headlin'; did you mean 'headline'?",
        "metrics.0.words.en.headline: there is no placeholder {m} here",
        "metrics.0.words.de.tied.headline: a metric of kind 'count' has no text 'tied.headline'",
        "words.de.kinds.top.tied.headline: there is no placeholder {label_} here; did you mean 'label'?",
        "words.de.cover.hero: here must be a text; put it in quotes",
    ):
        assert expected in message


def test_an_unknown_kind_of_metric_is_found_on_loading(wording_folder: Path) -> None:
    """A kind without sentences is a problem of the campaign, not of its customers."""
    campaign = make_campaign(metrics=METRICS[:1])
    stranger = campaign.metrics[0].model_copy(update={"kind": "mystery"})
    with pytest.raises(TemplateError, match="no sentences for the kind 'mystery'"):
        load_lexicons(campaign.model_copy(update={"metrics": (stranger,)}), wording_folder)


def test_a_lexicon_travels_between_processes(lexicons: dict[str, Lexicon]) -> None:
    """Pickled and read back, it says the same."""
    campaign = make_campaign()
    there = pickle.loads(pickle.dumps(lexicons["de"]))
    for scene in all_scenes():
        deck = make_deck(scene)
        assert phrase_deck(deck, [scene.facts], campaign, there) == phrase_deck(
            deck, [scene.facts], campaign, lexicons["de"]
        )
