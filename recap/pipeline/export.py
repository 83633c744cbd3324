"""The story of an export: who is published and not left out, as the table that a mail tool takes."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args

from recap.campaign import did_you_mean
from recap.campaign.exports import (
    Export,
    ExportField,
    ToolName,
    UtmKey,
    attribute_name,
    column_name,
    merge_tag,
    names_somebody,
)
from recap.delivery.exports import EXPORTS
from recap.delivery.exports.parts import writing_parts
from recap.delivery.exports.rows import Tally, Wish, make_rows
from recap.delivery.exports.tools import TOOLS, Tool
from recap.delivery.publishing.ledger import published_tokens
from recap.delivery.tables import MANIFEST, OUTCOMES, OUTCOMES_SCHEMA, read_column
from recap.delivery.tokens import read_revoked
from recap.errors import CampaignError, Problem, UsageError
from recap.pipeline.finished import finished_run
from recap.pipeline.identifiers import tool_identifiers
from recap.pipeline.left_out import left_out_now
from recap.pipeline.options import output_folder
from recap.pipeline.prepare import CampaignFile

_SIZES = {"kb": 10**3, "mb": 10**6, "gb": 10**9}
_NAMES: Mapping[str, Callable[[str], str]] = {"braze": attribute_name, "mailchimp": merge_tag}


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What the command line may ask of an export."""

    tool: ToolName
    out: Path | None = None
    """The output folder of the campaign."""
    to: Path | None = None
    """Where the tables go; None is `exports` in the output folder."""
    utm: Sequence[str] = ()
    """`KEY=VALUE`, over what the campaign says."""
    columns: Sequence[str] = ()
    """`NAME=FIELD`, beside or in place of the campaign's; `NAME=` leaves a column out."""
    part_size: str | None = None
    """As in `100MB`."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of an export."""

    files: Sequence[Path]
    customers: int
    missing: Mapping[str, int]
    """How many with pictures are not in it, by reason: `without an e-mail address`."""
    warnings: Sequence[str] = ()


def export_campaign(file: CampaignFile, options: ExportOptions, today: date) -> Exported:
    """Write a tool's table. Nothing is written, and what was there stays, where an error is raised.

    Raises CampaignError, SourceError, UsageError or OutputError; UsageError also where nobody is left.
    """
    campaign, tool = file.campaign, TOOLS[options.tool]
    wished = campaign.exports.of(options.tool)
    columns, utm = _columns(tool, wished, options.columns), _utm(tool, wished, campaign.id, options.utm)
    limit = _part_size(tool, options.part_size)
    if campaign.base_url is None:
        message = "links lead to where pages are published: add `base_url: https://...`, then run and publish"
        raise file.placed(CampaignError([Problem(message, "base_url")]))
    output = output_folder(file, options.out)
    with finished_run(file, output, "export"):
        published = published_tokens(output) - read_revoked(file.folder)
        if not published:
            raise UsageError(f"no page of {output} is published: `recap publish` does it; then export")
        wish = Wish(
            tool=tool,
            columns=columns,
            base_url=campaign.base_url,
            utm=utm,
            formats=campaign.formats,
            published=published,
            left_out=left_out_now(file, read_column(output / OUTCOMES, OUTCOMES_SCHEMA, "customer_id")),
            identifiers=tool_identifiers(file, options.tool),
        )
        warnings = _ended(campaign.page.expires, today)
        return _write(wish, output, options.to or output / EXPORTS, limit, warnings)


def _write(wish: Wish, output: Path, to: Path, limit: int, warnings: Sequence[str]) -> Exported:
    tally, folder = Tally(), to / wish.tool.name
    with writing_parts(folder, wish.tool.name, limit) as parts:
        for rows in make_rows(output / MANIFEST, wish, tally):
            parts.add(rows)
        if not tally.exported:
            raise UsageError(_nobody(wish, tally))
    return Exported(sorted(folder.iterdir()), tally.exported, dict(+tally.missing), warnings)


def _nobody(wish: Wish, tally: Tally) -> str:
    reasons = "; ".join(f"{count} {reason}" for reason, count in (+tally.missing).items())
    told = f"nobody can be exported: {reasons or 'nobody has pictures'}"
    if not wish.names(by_email=True):
        return told
    key = f"exports.{wish.tool.name}.identifier"
    return f"{told}. {wish.tool.title} knows people by e-mail: name the customers table's column in `{key}`"


def _columns(tool: Tool, wished: Export, given: Sequence[str]) -> dict[str, ExportField]:
    columns = dict(wished.columns or tool.columns)
    for text in given:
        name, what = _pair("--column", text, "NAME=FIELD, as in recap_url=card_url")
        if not what:
            if columns.pop(name, None) is None:
                raise UsageError(f"--column {text}: there is no column {name!r}{did_you_mean(name, columns)}")
            continue
        field = _known("--column", text, what, ExportField)
        columns[_named(tool, name, text)] = field
    try:
        return names_somebody(columns)
    except ValueError as error:
        raise UsageError(f"--column: {error}") from error


def _named(tool: Tool, name: str, text: str) -> str:
    try:
        return _NAMES.get(tool.name, column_name)(name)
    except ValueError as error:
        raise UsageError(f"--column {text}: {error}") from error


def _utm(tool: Tool, wished: Export, campaign_id: str, given: Sequence[str]) -> dict[str, str]:
    utm: dict[str, str] = {
        "source": tool.source or tool.name,
        "medium": "email",
        "campaign": campaign_id,
        **{str(key): value for key, value in wished.utm.items()},
    }
    for text in given:
        key, value = _pair("--utm", text, "KEY=VALUE, as in source=newsletter")
        utm[_known("--utm", text, key.removeprefix("utm_"), UtmKey)] = value
    return utm


def _pair(option: str, text: str, example: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError(f"{option} {text}: this is written {example}")
    return name, value


def _known(option: str, text: str, word: str, choices: Any) -> Any:
    if word not in get_args(choices):
        raise UsageError(f"{option} {text}: {word!r} is not possible{did_you_mean(word, get_args(choices))}")
    return word


def _part_size(tool: Tool, text: str | None) -> int:
    if text is None:
        return tool.part_size
    size = re.fullmatch(r"(\d+(?:\.\d+)?) ?(kb|mb|gb)", text.strip().lower())
    if size is None:
        raise UsageError(f"--part-size {text}: this is not understood, write 50MB or 1GB")
    limit = int(float(size[1]) * _SIZES[size[2]])
    if tool.largest is not None and limit > tool.largest:
        raise UsageError(f"--part-size {text}: {tool.title} takes files up to {tool.largest // 10**6}MB")
    return limit


def _ended(expires: date | None, today: date) -> list[str]:
    if expires is None or expires >= today:
        return []
    return [f"the pages have expired ({expires}): who follows a link finds nothing but that"]
