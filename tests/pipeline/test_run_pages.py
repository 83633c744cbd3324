"""What a run makes of pages that are to be published: page, nameless rendition, copies for browsers."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from output_trees import tree
from PIL import Image

pytestmark = pytest.mark.browser
Recap = Callable[..., tuple[int, str, str]]
FEW = ("--customer", "00001", "--customer", "00002", "--customer", "00008", "--set", "selection.cards=1")
PUBLISHED = ("--set", "base_url=https://recap.example/2026", "--set", "formats=[square, link]")


def when(out: Path) -> dict[str, int]:
    """When each picture was last written."""
    return {str(p.relative_to(out)): p.stat().st_mtime_ns for p in out.rglob("*.png")}


def test_pages_renditions_and_copies(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """With `base_url` who has a name has two folders, neither of which leads to the other or to the id."""
    out = tmp_path / "out"
    code, _, stderr = recap("run", shop, "--out", out, *FEW, *PUBLISHED)
    assert code == 0, stderr
    outcomes = pl.read_parquet(out / "outcomes.parquet")
    manifest = pl.read_parquet(out / "manifest.parquet")
    shares = dict(outcomes.select("customer_id", "share_token").iter_rows())
    assert shares["00001"]
    assert shares["00008"] is None, "nobody knows this customer's name"
    assert len({*outcomes["token"], *(token for token in shares.values() if token)}) == 3 + 2

    named = {row["customer_id"]: row["token"] for row in outcomes.iter_rows(named=True)}
    files = {row["path"] for row in manifest.iter_rows(named=True)}
    for row in manifest.iter_rows(named=True):
        for file in row["files"]:
            data = (out / file["path"]).read_bytes()
            assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
            files.add(file["path"])
        endings = sorted(path.split(".", 1)[1] for path in (file["path"] for file in row["files"]))
        once = ["link.jpg"] if row["format"] == "link" else ["square.webp"]
        again = [f"{row['format']}.png", *once] if shares[row["customer_id"]] else []
        assert endings == sorted([*once, *again])
    there = {str(path.relative_to(out)) for room in ("cards", "shared") for path in (out / room).rglob("*.*")}
    assert {path for path in there if not path.endswith(".html")} == files

    for customer, share in shares.items():
        page = out / "cards" / named[customer][:2] / named[customer]
        text = "".join(file.read_text("utf-8") for file in page.glob("*.html"))
        assert (page / "index.html").exists()
        assert customer not in text
        if share is None:
            continue
        shared = out / "shared" / share[:2] / share
        alone = "".join(file.read_text("utf-8") for file in shared.glob("*.html"))
        assert named[customer] not in alone, "a shared page must not lead to the customer's own"
        for name in ("Lina", "Okafor", "Jürgen", "Weiß"):
            assert name not in alone
        assert {path.name for path in page.iterdir()} == {path.name for path in shared.iterdir()}
        for picture in shared.glob("*.png"):
            assert picture.read_bytes() != (page / picture.name).read_bytes()
    with Image.open(next(out.rglob("*.webp"))) as image:
        assert (image.format, image.size) == ("WEBP", (1080, 1080))

    # Another address: other pages, no other picture. No nameless rendition: it goes, nothing is drawn.
    first, drawn = tree(out), when(out)
    elsewhere = ("--set", "base_url=https://elsewhere.example", *PUBLISHED[2:])
    assert recap("run", shop, "--out", out, *FEW, *elsewhere)[0] == 0
    assert when(out) == drawn
    pages = {path for path, data in tree(out).items() if data != first[path]}
    assert {path for path in pages if path.endswith(".html")}
    assert not {path for path in pages if path.endswith((".png", ".webp", ".jpg"))}
    alone = ("--set", "page.nameless=false")
    assert recap("run", shop, "--out", out, *FEW, *PUBLISHED, *alone)[0] == 0
    assert not (out / "shared").exists()
    assert set(when(out).items()) <= set(drawn.items())


def test_a_revoked_link_is_followed_by_another(shop: Path, recap: Recap, tmp_path: Path) -> None:
    """A token in `.recap-revoked` is not given again, and the folder is still known as this campaign's."""
    out, one = tmp_path / "out", ("--customer", "00012", "--set", "formats=[link]")
    assert recap("run", shop, "--out", out, *one)[0] == 0
    (old,) = pl.read_parquet(out / "outcomes.parquet")["token"]
    (shop / ".recap-revoked").write_text(f"{old}\n")
    code, _, stderr = recap("run", shop, "--out", out, *one)
    assert code == 0, stderr
    outcomes = pl.read_parquet(out / "outcomes.parquet")
    (new,) = outcomes["token"]
    assert new != old
    assert not (out / "cards" / old[:2] / old).exists()
    assert (out / "cards" / new[:2] / new / "index.html").exists()
    assert json.loads((out / "run.json").read_text())["customers"] == 1
    # Who opts out goes also where only somebody else is drawn.
    people = (shop / "customers.csv").read_text("utf-8")
    (shop / "customers.csv").write_text(f"{people}00012,,en,yes\n", encoding="utf-8")
    assert recap("run", shop, "--out", out, "--customer", "00011", "--set", "formats=[link]")[0] == 0
    assert pl.read_parquet(out / "outcomes.parquet")["customer_id"].to_list() == ["00011"]
    assert not (out / "cards" / new[:2] / new).exists()
    (shop / ".recap-revoked").write_text("not a token\n")
    code, _, stderr = recap("run", shop, "--out", out, *one)
    assert code == 1
    assert ".recap-revoked, entry 1" in stderr
