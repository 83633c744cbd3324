"""The commands that look and explain, as a new user calls them."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from recap.pipeline.draw import pack_campaign, unpack_campaign
from recap.pipeline.prepare import open_campaign

Recap = Callable[..., tuple[int, str, str]]


def test_help_loads_nothing_heavy() -> None:
    """`recap --help` answers at once because nothing it does not need is imported."""
    heavy = "{'duckdb', 'polars', 'pyarrow', 'playwright', 'pydantic_core', 'jinja2', 'babel', 'PIL'}"
    code = (
        "import sys; sys.argv = ['recap', '--help']\n"
        "from recap.cli import main\n"
        "try: main()\n"
        f"except SystemExit: print(sorted({heavy} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_explain_tells_all(shop: Path, recap: Recap) -> None:
    """Every value is chosen or not with a reason, and every card has a receipt."""
    code, stdout, stderr = recap("explain", shop, "--customer", "00001", "--json")
    assert code == 0, stderr
    explained = json.loads(stdout)
    assert explained["outcome"] == "rendered"
    assert [card["card"] for card in explained["deck"]] == list(range(len(explained["deck"])))
    metrics = {value["metric"] for value in explained["values"]}
    assert metrics == {"visits", "spent", "favourite", "streak", "months"}
    told = {card["metric"] for card in explained["deck"]} - {None}
    assert told | {passed["metric"] for passed in explained["not_chosen"]} == metrics
    assert not told & {passed["metric"] for passed in explained["not_chosen"]}
    assert all(passed["reason"] for passed in explained["not_chosen"])
    for card in explained["deck"]:
        assert card["headline"]
        assert card["reason"]
        if card["metric"]:
            assert card["receipt"]["rows"] > 0
            assert card["receipt"]["time_zone"] == "Europe/Berlin"
    spent = next(value for value in explained["values"] if value["metric"] == "spent")
    assert spent["number"] == round(sum(2 + (i % 10) / 10 + 0.05 for i in range(40)), 2)
    code, text, _ = recap("explain", shop, "--customer", "00001")
    assert code == 0
    assert explained["deck"][1]["headline"] in text
    for customer, outcome in (("00006", "opted_out"), ("00007", "suppressed"), ("00012", "fallback")):
        assert json.loads(recap("explain", shop, "--customer", customer, "--json")[1])["outcome"] == outcome


def test_plan_writes_nothing(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """The plan adds up to the customers and leaves no trace."""
    before = sorted(tmp_path.rglob("*"))
    code, stdout, _ = recap("plan", shop, "--json", "--out", tmp_path / "out")
    plan = json.loads(stdout)
    assert code == 0
    assert plan["customers"] == plan["full"] + plan["fallback"] + plan["suppressed"] + plan["opted_out"] == 12
    assert plan["pictures"] == plan["cards"] > 0
    assert sorted(tmp_path.rglob("*")) == before
    assert "12 customers" in recap("plan", shop)[1]


def test_check_finds_everything_at_once(shop: Path, recap: Recap) -> None:
    """Problems of data, theme and wording come together; a good campaign has none."""
    assert recap("check", shop) == (0, f"{shop}: nothing to mend\n", "")
    wrong = ("metrics.0.where=amont > 0", "metrics.1.layout=nmber", "metrics.4.of=item")
    arguments = [part for override in wrong for part in ("--set", override)]
    code, stdout, stderr = recap("check", shop, *arguments)
    assert (code, stdout) == (2, "")
    assert len(stderr.splitlines()) == 3


@pytest.mark.browser
def test_check_warns_of_values_that_are_not_there(shop: Path, recap: Recap) -> None:
    """A sensitive value that no event has is told, with what may have been meant."""
    with (shop / "campaign.yaml").open("a", encoding="utf-8") as file:
        file.write("policy: {sensitive: [{field: item, values: [Bred, Äpfel]}]}\n")
    code, _, stderr = recap("check", shop)
    assert code == 0
    assert "no event has the item 'Bred'; did you mean 'Bread'?" in stderr
    assert "Äpfel" not in stderr


def test_preview_draws_one_card(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """One card lands in the file asked for, in the format asked for; nothing else is written."""
    target = tmp_path / "card.png"
    code, stdout, stderr = recap(
        "preview", shop, "--customer", "00003", "--card", "1", "--format", "square", "--out", target
    )
    assert code == 0, stderr
    assert stdout == f"{target}\n"
    with Image.open(target) as image:
        assert image.size == (1080, 1080)
    for wrong, part in (
        (("--customer", "00006"), "gets no cards: opted out"),
        (("--customer", "00003", "--card", "99"), "there is no 99"),
        (("--customer", "00003", "--format", "storey"), "did you mean 'story'"),
        (("--customer", "x"), "there is no customer 'x'"),
    ):
        code, _, stderr = recap("preview", shop, *wrong)
        assert code == 2
        assert part in stderr


@pytest.mark.browser
def test_init_makes_a_campaign_that_runs(recap: Recap, tmp_path: Path) -> None:
    """What `init` writes passes `check`, draws, and is not overwritten by another `init`."""
    for example in ("music", "shop", "running"):
        code, stdout, stderr = recap("init", tmp_path / example, "--example", example)
        assert code == 0, stderr
        assert stdout == f"{tmp_path / example / 'campaign.yaml'}\n"
        assert recap("check", tmp_path / example)[0] == 0
    code, _, stderr = recap(
        "run", tmp_path / "shop", "--limit", "1", "--out", tmp_path / "out", "--set", "formats=[link]"
    )
    assert code == 0, stderr
    code, _, stderr = recap("init", tmp_path / "shop")
    assert code == 2
    assert "not empty" in stderr
    assert "did you mean 'music'" in recap("init", tmp_path / "new", "--example", "musik")[2]


def test_schema_is_json_schema(recap: Recap) -> None:
    """Editors get a schema with every metric kind."""
    code, stdout, _ = recap("schema")
    assert code == 0
    assert "StreakMetric" in json.loads(stdout)["$defs"]


@pytest.mark.browser
def test_doctor_finds_the_browser(recap: Recap) -> None:
    """The doctor names the browser, draws with it, and knows what Latin looks like."""
    code, stdout, _ = recap("doctor")
    assert code == 0
    assert "ok   browser" in stdout
    for shipped in ("Latin", "Devanagari", "Arabic", "emoji"):
        assert f"ok   script: {shipped}" in stdout
    code, stdout, _ = recap("doctor", RECAP_CHROMIUM="/nowhere/chromium")
    assert code == 1
    assert "MEND browser" in stdout


def test_workers_load_no_database() -> None:
    """A worker draws: neither DuckDB nor data frames are loaded into each of its processes."""
    code = (
        "import sys, recap.pipeline.draw; print(sorted({'duckdb', 'polars', 'pyarrow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("path", sorted(Path(__file__).parents[2].glob("examples/*/*.yaml")), ids=str)
def test_a_worker_gets_the_campaign_as_it_is(path: Path) -> None:
    """Sent to a worker and back, a campaign is the same, also in what it leaves unsaid."""
    campaign = open_campaign(path).campaign
    again = unpack_campaign(json.loads(json.dumps(pack_campaign(campaign))))
    assert again.model_dump() == campaign.model_dump()
    assert again.model_fields_set == campaign.model_fields_set
    for before, after in zip(campaign.metrics, again.metrics, strict=True):
        assert (type(after), after.model_fields_set) == (type(before), before.model_fields_set)


def test_check_warns_of_colours_that_cannot_be_read(shop: Path, recap: Recap) -> None:
    """A campaign's colour too close to another is told, with both and what is needed."""
    code, _, stderr = recap("check", shop, "--set", 'look.tokens={primary: "#D8FF30"}')
    assert code == 0
    assert "ink (#FFFFFF) on field (#D8FF30) has a contrast of 1.1; it needs 4.5" in stderr


@pytest.mark.browser
def test_check_looks_at_the_pictures(shop: Path, recap: Recap) -> None:
    """Colours that hide the words are told with layout, format and element; the shipped ones are fine."""
    code, stdout, stderr = recap("check", shop, "--visual")
    assert (code, "nothing to mend" in stdout) == (0, True), stderr
    code, _, stderr = recap("check", shop, "--visual", "--set", 'look.tokens={"primary": "#D0F040"}')
    assert code == 2
    assert 'top as link: <p class="hero"> has a contrast of 1.' in stderr
    assert "it needs 4.5" in stderr
    assert "Lina" not in stderr
