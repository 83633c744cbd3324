"""Linden & Sons, a corner shop: receipts by the shop's own clock, loyalty cards numbered `00042`."""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from sample_data.business import LABEL, Business, Labels, draw_groups, seconds_to_timestamps, take_decimals
from sample_data.edges import Visit
from sample_data.goods import POPULARITY, PRODUCTS
from sample_data.people import Person
from sample_data.rhythm import DAY_SECONDS, EPOCH, FIRST_DAY, draw_habit, draw_moments, to_wall_seconds, zipf

HOME = "Europe/Berlin"
SHOPPING_HOURS = (4,)
"""Of `rhythm.HOURS`: by day."""
BASKETS = (1, 1, 1, 2, 2, 3, 3, 4, 5, 8)
"""Lines on a receipt."""
QUANTITIES = (1, 1, 1, 1, 1, 2, 2, 3, 4, 6)
BROUGHT_BACK = 0.05
"""Share of the receipts of one line that give the customer money."""
DEARER_FROM = (date(2026, 9, 1) - FIRST_DAY).days * DAY_SECONDS
EVERY_NOBODY = 12
"""Every so many customers, somebody without a card pays cash."""
MONEY = pa.decimal128(10, 2)


def customer_id(number: int) -> str:
    """Return the number of a loyalty card."""
    return f"{number:05d}"


class Shop(Business):
    """Lines of receipts, and the cards they were bought with."""

    name = "shop"
    mix: ClassVar = {
        "german": 46, "english": 12, "turkish": 12, "vietnamese": 6, "arabic": 6, "polish": 6, "ukrainian": 5,
        "greek": 3, "french": 2, "spanish": 2,
    }  # fmt: skip
    home = HOME
    heavy_events = 2_400
    tier_share = 0.9
    events_schema = pa.schema([
        ("card", LABEL),
        ("bought_at", pa.timestamp("us")),
        ("receipt", pa.string()),
        ("line", pa.int32()),
        ("product", LABEL),
        ("category", LABEL),
        ("quantity", pa.int32()),
        ("price", MONEY),
    ])  # fmt: skip
    customers_schema = pa.schema([
        ("card", pa.string()),
        ("name", pa.string()),
        ("language", pa.string()),
        ("opt_out", pa.string()),
    ])  # fmt: skip

    def __init__(self) -> None:
        super().__init__(("at", "receipt", "line", "product", "quantity"))
        self._receipts: list[str] = []
        self._products = Labels([product.name for product in PRODUCTS])
        self._categories = Labels([product.category for product in PRODUCTS])
        self._prices = [product.price for product in PRODUCTS] + [product.later_price for product in PRODUCTS]

    def live(self, person: Person, rng: Random, events: int) -> None:
        """Add a customer's shopping: a few favourites, some strays, now and then something brought back."""
        habit = draw_habit(rng, SHOPPING_HOURS)
        baskets = draw_groups(rng, BASKETS, events)
        starts = draw_moments(rng, habit, len(baskets))
        likes = _draw_likes(rng, events)
        products = rng.choices(likes, cum_weights=zipf(len(likes)), k=events)
        quantities = rng.choices(QUANTITIES, k=events)
        card, first = customer_id(person.number), len(self._receipts)
        self._receipts += [f"{card}-{count:04d}" for count in range(len(baskets))]
        at: list[int] = []
        receipts: list[int] = []
        lines: list[int] = []
        for receipt, (start, length) in enumerate(zip(starts, baskets, strict=True), first):
            if length == 1 and rng.random() < BROUGHT_BACK:
                quantities[len(at)] *= -1
            at += [start] * length
            receipts += [receipt] * length
            lines += range(1, length + 1)
        self._columns.extend(card, at, receipts, lines, products, quantities)
        if baskets and rng.random() < 0.03:
            # The till sent the first receipt once more.
            once = slice(0, baskets[0])
            self._columns.extend(
                card, at[once], receipts[once], lines[once], products[once], quantities[once]
            )
        if person.number % EVERY_NOBODY == EVERY_NOBODY - 1 and starts:
            self._sell_for_cash(f"cash-{card}", starts[0] + 60, rng)

    def _sell_for_cash(self, receipt: str, at: int, rng: Random) -> None:
        """Add two receipts without a card: an empty cell, and a blank as an old till writes it."""
        products = rng.choices(range(len(PRODUCTS)), k=3)
        self._receipts += [f"{receipt}-a", f"{receipt}-b"]
        last = len(self._receipts) - 1
        self._columns.extend(None, [at] * 2, [last - 1] * 2, (1, 2), products[:2], (1, 3))
        self._columns.extend("", [at + 45], [last], (1,), products[2:], (2,))

    def visit(self, person: Person, visits: Sequence[Visit]) -> None:
        """Add one receipt of one line a visit."""
        card = customer_id(person.number)
        for count, visit in enumerate(visits):
            self._receipts.append(f"{card}-{count:04d}")
            at, receipt = to_wall_seconds(visit.moment), len(self._receipts) - 1
            for _ in range(visit.copies):
                self._columns.extend(card, (at,), (receipt,), (1,), (visit.item,), (visit.size,))

    def flush(self) -> pa.Table:
        """Hand over the lines held, and hold none."""
        columns = self._columns
        product, at = columns.places("product"), columns.integers("at")
        dearer = pc.greater_equal(at, DEARER_FROM).cast(pa.int32())
        price = pc.add(product, pc.multiply(dearer, len(PRODUCTS)))
        table = pa.table(
            [
                columns.customers(),
                seconds_to_timestamps(pc.add(at, EPOCH), None),
                pa.array(self._receipts, pa.string()).take(columns.places("receipt")),
                columns.integers("line").cast(pa.int32()),
                self._products.column(product),
                self._categories.column(product),
                columns.integers("quantity").cast(pa.int32()),
                take_decimals(self._prices, price, MONEY),
            ],
            schema=self.events_schema,
        )
        columns.clear()
        self._receipts = []
        return table

    def customers(self, people: Sequence[Person]) -> pa.Table:
        """Return the card holders' rows; opting out was a tick on paper, typed in as `yes`."""
        return pa.table(
            {
                "card": [customer_id(person.number) for person in people],
                "name": [person.name for person in people],
                "language": [person.locale for person in people],
                "opt_out": ["yes" if person.opt_out else None for person in people],
            },
            schema=self.customers_schema,
        )


def _draw_likes(rng: Random, events: int) -> list[int]:
    """Draw what a customer buys, most often bought first."""
    wanted = rng.choices(range(len(PRODUCTS)), cum_weights=POPULARITY, k=min(120, 5 + events // 6))
    return list(dict.fromkeys(wanted))
