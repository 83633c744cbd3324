"""The picture at the head of README: `python -m docs.sheet`, after the themes have changed."""

import io
import os
from pathlib import Path

from PIL import Image

from recap.render.browser import find_browser
from recap.render.engine import FastEngine
from recap.render.formats import FORMATS
from recap.render.personas import EVERYDAY
from recap.render.templates import CardTemplates
from recap.render.theme import load_theme
from recap.shipped import shipped_folder

SHOWN = (
    ("poster", "number"),
    ("gallery", "chart"),
    ("gazette", "cover"),
    ("arcade", "archetype"),
    ("gallery", "pair"),
    ("poster", "top"),
    ("arcade", "dial"),
    ("gazette", "question"),
)
ROW = 4
WIDTH, HEIGHT, GAP = 360, 640, 16
TARGET = Path(__file__).with_name("cards.webp")


def main() -> None:
    """Draw a card of each theme twice, and lay them out in two rows."""
    rows = len(SHOWN) // ROW
    sheet = Image.new("RGBA", (ROW * (WIDTH + GAP) - GAP, rows * (HEIGHT + GAP) - GAP))
    with FastEngine(find_browser(os.environ)) as engine:
        for place, (theme, layout) in enumerate(SHOWN):
            templates = CardTemplates(load_theme(theme, search=[shipped_folder("templates")]))
            (drawing,) = engine.draw(templates.document(EVERYDAY[layout]), [FORMATS["story"]])
            picture = Image.open(io.BytesIO(drawing.png)).resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
            sheet.paste(picture, (place % ROW * (WIDTH + GAP), place // ROW * (HEIGHT + GAP)))
    sheet.save(TARGET, "WEBP", quality=82, method=6)


if __name__ == "__main__":
    main()
