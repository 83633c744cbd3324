"""A small shop with a dozen customers, as a campaign of its own in a temporary folder."""

import csv
import io
import signal
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from datetime import date, timedelta
from pathlib import Path

import pytest

from recap.cli import main

CAMPAIGN = """\
id: corner-2026
title: {en: Your year at the corner, de: Dein Jahr an der Ecke}
brand: {name: Corner}
period: {year: 2026}
time_zone: Europe/Berlin
sources:
  path: events.csv
  customer: card
  time: bought_at
  fields:
    item: product
    amount: {column: price, type: money, scale: 2}
customers:
  path: customers.csv
  customer: card
  name: name
  locale: language
  opt_out: out
metrics:
  - id: visits
    kind: count
    noun: {en: {one: visit, other: visits}, de: {one: Besuch, other: Besuche}}
  - id: spent
    kind: sum
    of: amount
    family: money
    currency: EUR
  - id: favourite
    kind: top
    by: item
  - id: streak
    kind: streak
  - id: months
    kind: monthly
selection: {cards: 3, events_at_least: 2, cohort_at_least: 5, without_activity: suppress}
languages: [en, de]
formats: [link]
"""

PEOPLE = [
    ("00001", "Lina Okafor", "en", ""),
    ("00002", "Jürgen Weiß", "de_AT", ""),
    ("00003", "مريم", "ar", ""),
    ("00004", "O'Brien <b>", "en", ""),
    ("00005", "王小明", "zh", ""),
    ("00006", "Ana", "pt_BR", "yes"),
    ("00007", "Nobody", "en", "no"),
]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Write the campaign and its data; return the folder. Customer 7 did nothing, 6 opted out, 1 is heavy."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "campaign.yaml").write_text(CAMPAIGN, encoding="utf-8")
    with (folder / "customers.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("card", "name", "language", "out"), *PEOPLE])
    with (folder / "events.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("card", "bought_at", "product", "price"))
        for number in range(1, 13):
            if number == 7:
                continue
            days = {1: 40, 12: 1}.get(number, 3 + number)
            for index in range(days):
                day = (
                    date(2026, 1, 5 * number) + timedelta(days=index)
                    if number < 6
                    else date(2026, 3, 1 + index)
                )
                product = ("Bread", "Milk & Honey", "Äpfel")[index % (1 + number % 3)]
                writer.writerow(
                    (f"{number:05d}", f"{day} 0{8 + index % 2}:30:00", product, f"{1 + number}.{index % 10}5")
                )
    return folder


@pytest.fixture
def recap() -> Callable[..., tuple[int, str, str]]:
    """Return a function that runs the command line in this process: code, stdout, stderr.

    It starts in no time, as everything is loaded; `tests/test_wheel.py` has processes of its own. A run has
    one worker unless it is told otherwise: the cores are the tests' own.
    """

    def call(*arguments: str | Path, **environment: str) -> tuple[int, str, str]:
        if arguments[0] == "run" and "--workers" not in arguments:
            arguments = (*arguments, "--workers", "1")
        out, err, stop = io.StringIO(), io.StringIO(), signal.getsignal(signal.SIGTERM)
        with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["recap", *map(str, arguments)])
            for name, value in environment.items():
                patch.setenv(name, value)
            try:
                with pytest.raises(SystemExit) as ended:
                    main()
            finally:
                signal.signal(signal.SIGTERM, stop)
        assert isinstance(ended.value.code, int)
        return ended.value.code, out.getvalue(), err.getvalue()

    return call
