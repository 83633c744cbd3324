"""A whole run with a real browser: what it leaves, what it resumes, what it refuses."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from output_trees import tree
from PIL import Image

from recap.delivery.folder import open_output

pytestmark = pytest.mark.browser
Recap = Callable[..., tuple[int, str, str]]
TEMPLATES = Path(__file__).parents[2] / "templates"
PLAIN = ("--engine", "exact")
"""Without a trial before each run; what is kept and drawn again is the same with both engines."""
FEW = (*PLAIN, "--limit", "5")


def modified(out: Path) -> dict[str, int]:
    """When each picture was last written."""
    return {str(p.relative_to(out)): p.stat().st_mtime_ns for p in out.glob("cards/*/*/*.png")}


def count_pictures(out: Path) -> int:
    """Count pictures in their places and in those where a run is still drawing them; folders come and go."""
    return sum(name.endswith(".png") for _, _, names in os.walk(out) for name in names)


def test_a_run_leaves_what_the_contract_says(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """Pictures, manifest, outcomes, values, rejects, run.json and report agree with one another."""
    out = tmp_path / "out"
    code, stdout, stderr = recap("run", shop, "--out", out)
    assert code == 0, stderr
    assert "12 customers" in stdout
    assert str(out / "report.html") in stdout
    manifest = pl.read_parquet(out / "manifest.parquet")
    outcomes = pl.read_parquet(out / "outcomes.parquet")
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert set(manifest["customer_id"]) == {f"{n:05d}" for n in range(1, 13)} - {"00006", "00007"}
    by_customer = dict(outcomes.select("customer_id", "outcome").iter_rows())
    assert by_customer["00006"] == "opted_out"
    assert by_customer["00007"] == "suppressed"
    assert by_customer["00012"] == "fallback"
    assert by_customer["00001"] == "rendered"
    assert sum(run["outcomes"].values()) == run["customers"] == len(outcomes) == 12
    assert run["cards"] == outcomes["cards"].sum()
    assert run["pictures"] == len(manifest)
    counts = run["rows"]
    assert counts["read"] == sum(count for reason, count in counts.items() if reason != "read")
    assert {"reading", "computing", "choosing", "drawing", "delivering"} == set(run["seconds"])
    for row in manifest.iter_rows(named=True):
        picture = out / row["path"]
        assert (
            picture.name == f"{row['card']:02d}-{row['metric'] or row['template']}.{row['format']}.png"
            or (row["template"] == "fallback")
        )
        data = picture.read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (row["bytes"], row["sha256"])
        with Image.open(picture) as image:
            assert image.size == (row["width"], row["height"]) == (1200, 630)
        jpeg = picture.with_suffix(".jpg").read_bytes()
        (file,) = row["files"]
        assert file == {
            "path": row["path"].removesuffix(".png") + ".jpg",
            "bytes": len(jpeg),
            "sha256": hashlib.sha256(jpeg).hexdigest(),
        }
        assert len(jpeg) < 300_000
        with Image.open(picture.with_suffix(".jpg")) as image:
            assert (image.format, image.size) == ("JPEG", (1200, 630))
        assert row["customer_id"] not in row["path"]
        assert row["headline"]
        assert row["alt_text"]
    assert {*out.glob("cards/*/*/*.png")} == {out / path for path in manifest["path"]}
    values = pl.read_parquet(out / "values.parquet")
    assert values.columns == [
        "customer_id",
        "metric",
        "number",
        "text",
        "detail",
        "rows",
        "rank",
        "cohort",
        "top_percent",
    ]
    assert "00006" not in set(values["customer_id"])
    assert pl.read_parquet(out / "rejects.parquet").columns == ["source", "line", "reason", "raw"]
    german = manifest.filter(pl.col("customer_id") == "00002")
    assert set(german["locale"]) == {"de"}
    assert not (out / ".recap").exists()
    assert (shop / ".recap-secret").stat().st_mode & 0o777 == 0o600


def test_a_second_run_redraws_only_what_changed(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """Nothing changed: nothing drawn. A sentence changed: the cards that say it. `--fresh`: all."""
    out = tmp_path / "out"
    assert recap("run", shop, "--out", out, *FEW)[0] == 0
    before, first = modified(out), tree(out)
    assert recap("run", shop, "--out", out, *FEW)[0] == 0
    assert modified(out) == before
    assert tree(out) == first
    words = 'metrics.2.words={en: {headline: "{label}, of all things."}}'
    assert recap("run", shop, "--out", out, *FEW, "--set", words)[0] == 0
    manifest = pl.read_parquet(out / "manifest.parquet")
    told = manifest.filter(pl.col("headline").str.ends_with(", of all things."))
    assert len(told)
    changed = {path for path, when in modified(out).items() if before.get(path) != when}
    assert set(told["path"]) <= changed
    touched = manifest.filter(pl.col("path").is_in(list(changed)))
    assert set(touched["template"]) <= {"top", "summary"}
    assert set(touched["locale"]) == {"en"}
    lost = out / manifest["path"][1].replace(".png", ".jpg")
    lost.unlink()
    truncated = out / manifest["path"][0]
    truncated.write_bytes(truncated.read_bytes()[:100])
    assert recap("run", shop, "--out", out, *FEW)[0] == 0
    assert tree(out) == first
    assert recap("run", shop, "--out", out, *FEW, "--fresh")[0] == 0
    assert not set(modified(out).items()) & set(before.items())
    assert tree(out) == first


def test_killed_at_any_moment_the_next_run_finishes_the_job(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """After SIGKILL, whatever was whole is kept and the end is byte for byte the same."""
    undisturbed = tmp_path / "undisturbed"
    many = (*PLAIN, "--set", "selection.cards=2")
    assert recap("run", shop, "--out", undisturbed, "--workers", "1", *many)[0] == 0
    out = tmp_path / "out"
    command = [sys.executable, "-m", "recap", "run", str(shop), "--out", str(out), "--workers", "2", *many]
    for _ in range(2):
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        seen = count_pictures(out)
        until = time.monotonic() + 120
        while process.poll() is None and count_pictures(out) < seen + 6:
            assert time.monotonic() < until
        process.send_signal(signal.SIGKILL)
        process.wait()
    code, _, stderr = recap("run", shop, "--out", out, *many)
    assert code == 0, stderr
    assert tree(out) == tree(undisturbed)


def test_interrupted_politely(shop: Path, tmp_path: Path) -> None:
    """SIGTERM ends the run with 130 and a sentence, and leaves no process behind."""
    out = tmp_path / "out"
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "recap",
            "run",
            str(shop),
            "--out",
            str(out),
            "--set",
            "formats=[story, link]",
            *PLAIN,
        ],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    until = time.monotonic() + 120
    while process.poll() is None and not count_pictures(out):
        assert time.monotonic() < until
    process.terminate()
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    assert "goes on from there" in stderr
    assert "Traceback" not in stderr


def test_two_runs_into_one_folder(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """The second stops with a clear message and leaves the first alone."""
    out = tmp_path / "out"
    with open_output(out):
        code, _, stderr = recap("run", shop, "--out", out)
    assert code == 1
    assert "another run" in stderr
    assert not list(out.rglob("*.png"))


def test_another_secret_is_refused(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """Links that are out must not be replaced silently by others."""
    out = tmp_path / "out"
    assert recap("run", shop, "--out", out, "--limit", "1", RECAP_SECRET="0123456789abcdef")[0] == 0
    before = tree(out)
    code, _, stderr = recap("run", shop, "--out", out, "--limit", "1", RECAP_SECRET="another secret 1234")
    assert code == 1
    assert "another secret" in stderr
    assert tree(out) == before


def test_pictures_for_print(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """Twice as many pixels across and down, but for link pictures, and drawn again when that changes."""
    out = tmp_path / "out"
    command = ("run", shop, "--out", out, "--limit", "1", "--set", "formats=[square, link]")
    sizes = {}
    for scale in ("1", "2"):
        assert recap(*command, "--set", f"look.scale={scale}")[0] == 0
        manifest = pl.read_parquet(out / "manifest.parquet")
        sizes[scale] = set(manifest.select("format", "width", "height").iter_rows())
        with Image.open(out / manifest.filter(pl.col("format") == "square")["path"][0]) as picture:
            assert ("square", *picture.size) in sizes[scale]
    assert sizes["1"] == {("square", 1080, 1080), ("link", 1200, 630)}
    assert sizes["2"] == {("square", 2160, 2160), ("link", 1200, 630)}


def test_some_customers_only(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """`--limit` and `--customer` draw those and leave what others have; a full run completes."""
    out = tmp_path / "out"
    code, _, stderr = recap("run", shop, "--out", out, *PLAIN, "--limit", "2", "--log-format", "json")
    assert code == 0
    events = [json.loads(line) for line in stderr.splitlines()]
    steps = ["reading", "computing", "choosing", "drawing", "delivering"]
    assert [event["step"] for event in events if event["event"] == "step"] == steps
    assert events[-2] == {**events[-2], "event": "pictures", "done": events[-2]["total"]}
    assert pl.read_parquet(out / "outcomes.parquet")["customer_id"].sort().to_list() == ["00001", "00002"]
    before = modified(out)
    assert recap("run", shop, "--out", out, *PLAIN, "--customer", "00003", "--customer", "00006")[0] == 0
    outcomes = dict(pl.read_parquet(out / "outcomes.parquet").select("customer_id", "outcome").iter_rows())
    assert outcomes == {"00001": "rendered", "00002": "rendered", "00003": "rendered", "00006": "opted_out"}
    assert before.items() <= modified(out).items()
    code, _, stderr = recap("run", shop, "--out", out, *PLAIN, "--customer", "1")
    assert code == 2
    assert "there is no customer '1'" in stderr
    assert "00001" not in stderr
    assert recap("run", shop, "--out", out, *PLAIN)[0] == 0
    assert before.items() <= modified(out).items()
    assert len(pl.read_parquet(out / "outcomes.parquet")) == 12


def break_for_one(shop: Path) -> None:
    """Give the shop a theme of its own whose cover fails for one customer."""
    theme = shop / "themes" / "ours"
    shutil.copytree(TEMPLATES / "themes" / "poster", theme)
    cover = (TEMPLATES / "cards" / "cover.html").read_text(encoding="utf-8")
    broken = "{% if card.customer == 'Lina Okafor' %}{{ card.customer.nonsense }}{% endif %}"
    marker = "{% block middle %}"
    assert marker in cover
    (theme / "cover.html").write_text(cover.replace(marker, marker + broken), encoding="utf-8")


def test_one_bad_customer_does_not_stop_the_others(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """The customer fails as an outcome with its reason, the run ends with 3, or with 0 where tolerated."""
    break_for_one(shop)
    out = tmp_path / "out"
    code, _, stderr = recap("run", shop, "--out", out, "--set", "look.theme=ours")
    assert code == 3, stderr
    assert "1 of 12 customers failed" in stderr
    outcomes = {row["customer_id"]: row for row in pl.read_parquet(out / "outcomes.parquet").to_dicts()}
    assert outcomes["00001"]["outcome"] == "failed"
    assert "nonsense" in outcomes["00001"]["reason"]
    assert outcomes["00001"]["cards"] == 0
    assert sum(row["outcome"] == "rendered" for row in outcomes.values()) == 8
    assert {*out.glob("cards/*/*/*.png")} == {
        out / p for p in pl.read_parquet(out / "manifest.parquet")["path"]
    }
    tolerant = ("--set", "look.theme=ours", "--set", "tolerance.failures=0.1")
    assert recap("run", shop, "--out", out, *tolerant)[0] == 0
    code, _, stderr = recap(
        "run", shop, "--out", tmp_path / "fast", "--fail-fast", "--set", "look.theme=ours"
    )
    assert code == 1
    assert "--fail-fast" in stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_stops_the_run_and_nothing_is_lost(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """The disk fills up: one clear sentence, and with more room the same command finishes the job."""
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(small)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        out = small / "out"
        code, _, stderr = recap("run", shop, "--out", out, *PLAIN)
        assert code == 1
        assert "full" in stderr or "space" in stderr
        subprocess.run(["mount", "-o", "remount,size=200m", str(small)], check=True)
        assert recap("run", shop, "--out", out, *PLAIN)[0] == 0
        assert recap("run", shop, "--out", tmp_path / "roomy", *PLAIN)[0] == 0
        assert tree(out) == tree(tmp_path / "roomy")
    finally:
        subprocess.run(["umount", str(small)], check=True)
