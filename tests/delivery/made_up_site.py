"""A campaign with a made-up run, ready to be published: pages, pictures, nameless renditions and assets.

As a program: `die FOLDER TARGET` publishes again and again, and dies one write at the target later each time.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from made_up_runs import CAMPAIGN, KILLED, Person, run

from recap.delivery.assets import drop_assets, write_assets
from recap.delivery.publishing.target import Target
from recap.delivery.tables import write_run
from recap.pipeline.prepare import open_campaign
from recap.pipeline.progress import Silence
from recap.pipeline.publish import Published, PublishOptions, publish_campaign

NOW = datetime(2027, 1, 15, 12, tzinfo=UTC)
YAML = f"""\
id: {CAMPAIGN}
title: Your year
brand: {{name: Made Up}}
period: {{year: 2026}}
base_url: https://recap.example/2026
sources: {{path: events.csv, customer: customer, time: ts}}
customers: {{path: customers.csv, customer: customer, opt_out: out}}
metrics: [{{id: visits, kind: count}}]
languages: [en, de]
"""


class Ear(Silence):
    """A listener that remembers."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.counts: list[tuple[int, int]] = []

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    def pictures(self, done: int, total: int) -> None:
        self.counts.append((done, total))


class Site:
    """The campaign's folder, and its output folder `out` in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = folder / "out"
        self.ear = Ear()

    def make(self, persons: Sequence[Person], *, digest: str = "0123456789abcdef") -> "Site":
        """Do a run; the one before is replaced."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / "campaign.yaml").write_text(YAML)
        (self.folder / "events.csv").write_text("customer,ts\n")
        if not (self.folder / "customers.csv").exists():
            self.opt_out()
        self.out.mkdir(exist_ok=True)
        write_assets(self.out, digest, {"page.css": b"body {}", "page.js": b"1;", "a.woff2": b"font"})
        run(self.out, persons)
        drop_assets(self.out, [digest])
        write_run(self.out, {"campaign": CAMPAIGN})
        return self

    def opt_out(self, *persons: Person) -> None:
        rows = "".join(f"{person.id},yes\n" for person in persons)
        (self.folder / "customers.csv").write_text(f"customer,out\nsomebody else,no\n{rows}")

    def revoke(self, *tokens: str | None) -> None:
        (self.folder / ".recap-revoked").write_text("".join(f"{token}\n" for token in tokens))

    def publish(self, to: object, *overrides: str, now: datetime = NOW, **options: Any) -> Published:
        self.ear = Ear()
        file = open_campaign(self.folder, overrides)
        return publish_campaign(file, PublishOptions(str(to), self.out, **options), self.ear, now)

    def files(self) -> dict[str, bytes]:
        """Everything of it that is to be published."""
        return {path: data for path, data in files(self.out).items() if path.startswith(("a", "cards", "sh"))}


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def _die_at(call: int) -> None:
    """From now on, die without a word before the `call`-th write at a target (counting from 1)."""
    done = 0

    def counted(real: Any) -> Any:
        def wrapper(*arguments: Any) -> Any:
            nonlocal done
            done += 1
            if done == call:
                os._exit(KILLED)
            return real(*arguments)

        return wrapper

    for name in ("put", "remove"):
        setattr(Target, name, counted(getattr(Target, name)))


def _die_everywhere(site: Site, target: str) -> None:
    """Publish in a child that dies one write later each time; print how it ended, and what pages lack."""
    for call in range(1, 1000):
        child = os.fork()
        if child == 0:
            _die_at(call)
            with suppress(Exception):
                site.publish(target, workers=1)
                os._exit(0)
            os._exit(1)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        up = files(Path(target))
        folders = {path.removesuffix("index.html") for path in up if path.endswith("/index.html")}
        lacking = [path for path in site.files() if path.startswith(tuple(folders)) and path not in up]
        print(code, *lacking, flush=True)  # noqa: T201
        if code != KILLED:
            return


if __name__ == "__main__":
    _die_everywhere(Site(Path(sys.argv[1])), sys.argv[2])
