"""What the table for a mail tool holds, and what its columns are called; for each tool."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from recap.campaign.base import Model

ToolName = Literal["csv", "braze", "klaviyo", "mailchimp", "parquet"]
ExportField = Literal[
    "identifier",
    "customer_id",
    "card_url",
    "image_url",
    "alt_text",
    "headline",
    "locale",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_content",
]
"""What is known of a customer's recap; docs/exports.md says of each what it is."""
UtmKey = Literal["source", "medium", "campaign", "content"]

FORMULA = "=+-@\t\r\n\0＝＋－＠"
"""A cell that begins with one of these may be taken for a formula by a spreadsheet."""
MERGE_TAG = re.compile(r"[A-Z][A-Z0-9_]{0,9}")
EMAIL_ADDRESS = "Email Address"


def column_name(name: str) -> str:
    """Return a column's name as it is. Raises ValueError where a table cannot have a column called so."""
    if not name.strip() or len(name) > 255 or name[0] in FORMULA or not name.isprintable():
        message = f"{name!r} is no column's name: 1 to 255 letters that do not begin with = + - or @"
        raise ValueError(message)
    return name


def attribute_name(name: str) -> str:
    """Return the name of a Braze attribute as it is. Raises ValueError where it is none."""
    if name.startswith("$"):
        message = f"{name!r} is no attribute's name: in Braze none begins with $"
        raise ValueError(message)
    return column_name(name)


def merge_tag(name: str) -> str:
    """Return a Mailchimp column's name as it is. Raises ValueError where it is no merge tag."""
    if name != EMAIL_ADDRESS and not MERGE_TAG.fullmatch(name):
        message = (
            f"{name!r} is no merge tag: up to 10 capital letters, digits and _, as in RECAP_URL "
            f"(or {EMAIL_ADDRESS!r})"
        )
        raise ValueError(message)
    return name


def names_somebody(columns: dict[str, ExportField]) -> dict[str, ExportField]:
    """Return the columns as they are. Raises ValueError where none of them says whose row it is."""
    if columns and not {"identifier", "customer_id"} & set(columns.values()):
        message = "no column says whose row it is; add one that holds `identifier`, as in `user: identifier`"
        raise ValueError(message)
    return columns


class Export(Model):
    """One tool's table."""

    identifier: str | None = Field(default=None, min_length=1)
    """The column of the customers table by which the tool knows people, such as their e-mail address; without
    it, the customer's id."""
    columns: Annotated[
        dict[Annotated[str, AfterValidator(column_name)], ExportField], AfterValidator(names_somebody)
    ] = Field(default_factory=dict)
    """Every column, in order, and what it holds; without it the tool's usual ones."""
    utm: dict[UtmKey, str] = Field(default_factory=dict)
    """What the links say of where they were met; an empty text leaves one out."""


class BrazeExport(Export):
    """Braze: columns are attributes."""

    columns: Annotated[
        dict[Annotated[str, AfterValidator(attribute_name)], ExportField], AfterValidator(names_somebody)
    ] = Field(default_factory=dict)


class MailchimpExport(Export):
    """Mailchimp: columns are merge tags."""

    columns: Annotated[
        dict[Annotated[str, AfterValidator(merge_tag)], ExportField], AfterValidator(names_somebody)
    ] = Field(default_factory=dict)


class Exports(Model):
    """The tables for the team's mail tools; each may be left out."""

    csv: Export = Export()
    braze: BrazeExport = BrazeExport()
    klaviyo: Export = Export()
    mailchimp: MailchimpExport = MailchimpExport()
    parquet: Export = Export()

    def of(self, tool: ToolName) -> Export:
        """Return what is wished for one tool."""
        export: Export = getattr(self, tool)
        return export
