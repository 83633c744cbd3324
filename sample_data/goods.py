"""What Linden & Sons have on their shelves."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Product:
    """A product with its price before and after the summer, when flour and coffee grew dearer."""

    name: str
    category: str
    price: Decimal
    later_price: Decimal


def _shelf(category: str, line: str) -> tuple[Product, ...]:
    products = []
    for entry in line.split(" | "):
        name, _, price = entry.rpartition(" ")
        before = Decimal(price)
        after = before if category in {"Household", "Papers"} else before + Decimal("0.10")
        products.append(Product(name, category, before, after))
    return tuple(products)


PRODUCTS = (
    *_shelf("Bakery", "Donaudampfschifffahrtskapitänsmützenkekse 3.49"),
    *_shelf("Pantry", "Gummibären 🐻 1.29 | Fish & Chips <frozen> 4.99 | おにぎり 梅 2.60"),
    *_shelf("Fruit and veg", "تمر المجدول 5.90"),
    *_shelf("Pantry", "매운 라면 컵 1.95"),
    *_shelf("Dairy", "Φέτα από τη Νάξο 3.79"),
    *_shelf(
        "Pantry",
        "Slow-roasted almonds with rosemary, sea salt and a very small amount of smoked paprika 4.25",
    ),
    *_shelf("Coffee and tea", "मसाला चाय 3.20 | 龙井茶 7.80"),
    *_shelf("Drinks", "0,5l Mate 1.60"),
    *_shelf("Household", "X 0.50"),
    *_shelf(
        "Bakery",
        "Rye loaf 3.90 | Butter croissant 1.70 | Poppy-seed roll 0.80 | Apple strudel 2.90 "
        "| Sourdough, half 2.60 | Cinnamon knot 2.20 | Pretzel 1.10 | Walnut bread 4.40 "
        "| Plum cake, slice 2.70 | Spelt roll 0.95",
    ),
    *_shelf(
        "Fruit and veg",
        "Boskoop apples 2.49 | Bananas 1.39 | Vine tomatoes 2.99 | Flat-leaf parsley 0.99 "
        "| New potatoes 2.79 | Lemons, net 1.89 | White asparagus 8.90 | Strawberries, punnet 3.49 "
        "| Hokkaido pumpkin 2.59 | Fennel 1.79",
    ),
    *_shelf(
        "Dairy",
        "Whole milk 1.35 | Oat drink 1.95 | Quark 1.25 | Salted butter 2.89 | Mountain cheese 4.60 | "
        "Yoghurt, glass 1.15 | Eggs, ten 3.29 | Cream 1.09",
    ),
    *_shelf(
        "Coffee and tea",
        "House espresso, 250 g 6.50 | Filter coffee, to go 2.10 | Flat white, to go 3.20 "
        "| Peppermint tea 2.40 | Cocoa, hot 2.80 | Chai syrup 5.20",
    ),
    *_shelf(
        "Pantry",
        "Spaghetti 1.49 | Red lentils 2.19 | Tinned tomatoes 0.99 | Acacia honey 5.90 "
        "| Wild garlic pesto 3.99 | Dark chocolate 85 % 2.29 | Peanut butter 3.79 "
        "| Olive oil 8.49 | Rose-hip jam 4.10",
    ),
    *_shelf(
        "Drinks",
        "Apple spritzer 1.40 | Rhubarb lemonade 1.80 | Wheat beer 1.55 | Riesling 7.90 | Still water 0.90",
    ),
    *_shelf("Household", "Beeswax candle 4.50 | Matches 0.70 | Dish soap 2.15 | Paper bags 1.95"),
    *_shelf("Papers", "Morning paper 2.30 | Crossword weekly 3.10 | Picture postcard 0.90"),
)
"""The odd ones first: long words, emoji, markup, many scripts, a name of one letter."""

SHARES = {
    "Bakery": 8,
    "Dairy": 6,
    "Fruit and veg": 5,
    "Coffee and tea": 6,
    "Pantry": 3,
    "Drinks": 3,
    "Papers": 2,
    "Household": 1,
}
POPULARITY = tuple(accumulate(SHARES[product.category] for product in PRODUCTS))
"""Cumulated weights: bread and milk are on more lists than candles."""
