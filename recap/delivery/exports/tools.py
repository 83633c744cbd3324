"""What each mail tool takes: names of columns, sizes of files, lengths of texts (see docs/exports.md)."""

from collections.abc import Mapping
from dataclasses import dataclass

from recap.campaign.exports import EMAIL_ADDRESS, ExportField, ToolName

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool's habits; sizes and lengths in bytes."""

    name: ToolName
    title: str
    """What people call it."""
    columns: Mapping[str, ExportField]
    """The usual columns, in order, and what they hold."""
    part_size: int
    """How large a file becomes where nothing else is wished."""
    largest: int | None = None
    """The largest file it takes."""
    longest: int | None = None
    """The longest text it keeps."""
    guard: str = "\u200b"
    """Put before a text that a spreadsheet would take for a formula. What a tool prints into mails gets a
    letter that nobody sees; what people open as a table, the usual apostrophe."""
    source: str = ""
    """`utm_source` where nothing else is wished; the tool's own name without it."""


_ALL: Mapping[str, ExportField] = {
    "identifier": "identifier",
    "card_url": "card_url",
    "image_url": "image_url",
    "alt_text": "alt_text",
    "headline": "headline",
    "locale": "locale",
    "utm_source": "utm_source",
    "utm_medium": "utm_medium",
    "utm_campaign": "utm_campaign",
    "utm_content": "utm_content",
}
_TOOLS = (
    Tool("csv", "CSV", _ALL, 100 * MEGABYTE, guard="'", source="recap"),
    Tool(
        "braze",
        "Braze",
        {
            "external_id": "identifier",
            "recap_url": "card_url",
            "recap_image_url": "image_url",
            "recap_alt_text": "alt_text",
            "recap_headline": "headline",
        },
        100 * MEGABYTE,
        largest=500 * MEGABYTE,
    ),
    Tool(
        "klaviyo",
        "Klaviyo",
        {
            EMAIL_ADDRESS: "identifier",
            "Recap URL": "card_url",
            "Recap Image URL": "image_url",
            "Recap Alt Text": "alt_text",
            "Recap Headline": "headline",
            "Recap Language": "locale",
        },
        50 * MEGABYTE,
        largest=50 * MEGABYTE,
    ),
    Tool(
        "mailchimp",
        "Mailchimp",
        {
            EMAIL_ADDRESS: "identifier",
            "RECAP_URL": "card_url",
            "RECAP_IMG": "image_url",
            "RECAP_ALT": "alt_text",
            "RECAP_HEAD": "headline",
            "RECAP_LANG": "locale",
        },
        50 * MEGABYTE,
        longest=255,
    ),
    Tool("parquet", "Parquet", _ALL, 100 * MEGABYTE, guard="", source="recap"),
)
TOOLS: Mapping[str, Tool] = {tool.name: tool for tool in _TOOLS}
EMAIL_COLUMNS = frozenset({"email", "email address"})
"""Columns, in small letters, that hold nothing but e-mail addresses."""
