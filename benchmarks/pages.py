"""How fast customers' pages are made and written: decks of eight cards, by two processes."""

import base64
import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from recap.delivery.page import CustomerPage, PageCard, PagePicture, PageTemplates
from recap.delivery.pictures import customer_folder, write_pages
from recap.delivery.tokens import TOKEN_LENGTH
from recap.render.formats import FORMATS
from recap.render.personas import EVERYDAY
from recap.render.theme import load_theme
from recap.shipped import shipped_folder
from recap.wording import load_lexicon

CUSTOMERS = 10_000
"""`RECAP_PAGES=100000` makes as many as the aim speaks of."""
PROCESSES = 2
AIM_SECONDS = 60.0
"""For the pages of 100,000 customers, besides the pictures."""
DECK = ("cover", "number", "top", "chart", "streak", "moment", "standing", "summary")


def bench_pages() -> Iterator[dict[str, Any]]:
    """Write each customer's page, then that with eight for previews; say what 100,000 would take."""
    for base_url in (None, "https://recap.example/2026"):
        yield _bench(base_url)


def _bench(base_url: str | None) -> dict[str, Any]:
    customers = int(os.environ.get("RECAP_PAGES", CUSTOMERS))
    share = customers // PROCESSES
    with tempfile.TemporaryDirectory() as out, ProcessPoolExecutor(PROCESSES) as pool:
        # Once for nothing: starting processes and compiling templates is not what is measured.
        list(pool.map(_write, [base_url] * PROCESSES, [f"{out}/warm{n}" for n in range(PROCESSES)], [1, 1]))
        began = time.perf_counter()
        jobs = [f"{out}/{number}" for number in range(PROCESSES)]
        written = list(pool.map(_write, [base_url] * PROCESSES, jobs, [share] * PROCESSES))
        seconds = time.perf_counter() - began
    made = share * PROCESSES
    spent = {name: sum(each[name] for each in written) for name in written[0]}
    return {
        "previews": base_url is not None,
        "customers": made,
        "files": int(spent["files"]),
        "seconds": round(seconds, 2),
        "pages_per_second": round(made / seconds),
        "render_cpu_ms": round(1000 * spent["render"] / made, 3),
        "file_system_cpu_ms": round(1000 * spent["write"] / made, 3),
        "seconds_for_100k": round(100_000 * seconds / made, 1),
        "aim": AIM_SECONDS,
    }


def _write(base_url: str | None, out: str, customers: int) -> dict[str, float]:
    """Make and write pages; return how many files, and the CPU seconds for making and for writing them."""
    wording = shipped_folder("templates") / "wording"
    theme = load_theme("poster", search=[shipped_folder("templates")])
    templates = PageTemplates(theme, {"en": load_lexicon("en", wording)})
    Path(out).mkdir()
    spent = {"files": 0.0, "render": 0.0, "write": 0.0}
    # In the order of tokens, as a run goes.
    for token in sorted(map(_token, range(customers))):
        page = _page(token, base_url)
        began = time.process_time()
        made = templates.render(page)
        rendered = time.process_time()
        write_pages(Path(out), customer_folder(token), made)
        spent["files"] += len(made)
        spent["render"] += rendered - began
        spent["write"] += time.process_time() - rendered
    return spent


def _token(customer: int) -> str:
    return base64.b32encode(sha256(b"%d" % customer).digest()).decode().lower()[:TOKEN_LENGTH]


def _page(token: str, base_url: str | None) -> CustomerPage:
    cards = tuple(
        PageCard(
            replace(EVERYDAY[layout], index=index, headline=f"{EVERYDAY[layout].headline} {token}"),
            tuple(_picture(f"{index:02d}-{layout}", name) for name in FORMATS),
        )
        for index, layout in enumerate(DECK)
    )
    return CustomerPage(
        title="Your year in sound",
        locale="en",
        brand="Soundwave",
        cards=cards,
        url=f"{base_url}/cards/ab/{token}" if base_url else None,
        nameless_url=None,
        expires=date(2027, 3, 31),
        assets="../../../assets/0123456789abcdef",
    )


def _picture(stem: str, name: str) -> PagePicture:
    size = FORMATS[name]
    jpeg = f"{stem}.link.jpg" if name == "link" else ""
    return PagePicture(name, size.width, size.height, f"{stem}.{name}.png", 180_000, "", jpeg)
