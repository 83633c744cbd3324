"""What tests of HTML pages share: the report's templates, hostile text, a look at what a page shows."""

from html.parser import HTMLParser
from pathlib import Path

import recap

TEMPLATES = Path(recap.__file__).parents[1] / "templates" / "report"
HOSTILE = '<script>alert("x")</script> & {{ 7 * 7 }}'


class Page(HTMLParser):
    """Collects what a page shows: its text, its pictures and whatever it would load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.images: list[dict[str, str | None]] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append(tag)
        if tag == "img":
            self.images.append(attributes)
        if tag == "a":
            self.links.append(attributes["href"] or "")

    def handle_data(self, data: str) -> None:
        self.text += data + " "
