"""From customers to the rows of one tool's table."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import polars as pl

from recap.campaign.exports import ExportField
from recap.delivery.exports.cells import EMAIL, computes, guarded, shortened
from recap.delivery.exports.recaps import read_recaps
from recap.delivery.exports.tools import EMAIL_COLUMNS, Tool
from recap.errors import UsageError

ADDRESSES = ("card_url", "image_url")
TEXTS = ("alt_text", "headline")
UTM = ("source", "medium", "campaign", "content")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a table is to hold."""

    tool: Tool
    columns: Mapping[str, ExportField]
    base_url: str
    utm: Mapping[str, str]
    """By `source`, `medium`, `campaign`, `content`; those that are empty or missing are left out of links."""
    formats: Sequence[str]
    """The campaign's."""
    published: Collection[str]
    """Tokens whose pages are up. Nobody else is in the table."""
    left_out: Collection[str]
    """Ids of customers who must not be in it, whatever is up."""
    identifiers: pl.DataFrame | None = None
    """`customer_id`, `identifier`, sorted by id; None where the tool knows people by the customer's id."""

    def names(self, *, by_email: bool) -> list[ExportField]:
        """List what says whose row it is, in columns that take e-mail addresses only, or in others."""
        return [
            what
            for name, what in self.columns.items()
            if what in {"identifier", "customer_id"} and (name.casefold() in EMAIL_COLUMNS) == by_email
        ]


@dataclass(slots=True)
class Tally:
    """How many customers are in the table, and why the others with pictures are not."""

    exported: int = 0
    missing: Counter[str] = field(default_factory=Counter)


def make_rows(manifest: Path, wish: Wish, tally: Tally) -> Iterator[pl.DataFrame]:
    """Yield the table piece by piece, none of them empty, in the order of tokens; `tally` is added to.

    Raises OutputError where the manifest cannot be read, UsageError where an address is longer than the tool
    keeps.
    """
    seen: set[str] = set()
    repeated = _repeated(wish)
    for recaps in read_recaps(manifest, wish.formats):
        rows = _only(recaps, wish, tally)
        rows = _identified(rows, wish, tally)
        if repeated:
            rows = _once(rows, repeated, seen, tally)
        if rows.height:
            tally.exported += rows.height
            yield _worded(rows, wish)


def _only(recaps: pl.DataFrame, wish: Wish, tally: Tally) -> pl.DataFrame:
    """Keep who is published and not left out."""
    up = pl.Series([token in wish.published for token in recaps["token"]], dtype=pl.Boolean)
    tally.missing["without a published page"] += recaps.height - int(up.sum())
    recaps = recaps.filter(up)
    out = pl.Series([customer_id in wish.left_out for customer_id in recaps["customer_id"]], dtype=pl.Boolean)
    tally.missing["left out or forgotten"] += int(out.sum())
    return recaps.filter(~out)


def _identified(rows: pl.DataFrame, wish: Wish, tally: Tally) -> pl.DataFrame:
    """Add the column `identifier`, and pass over customers without one the tool can take."""
    rows = rows.with_columns(_look_up(rows["customer_id"], wish.identifiers))
    known = rows.filter(pl.col("identifier").is_not_null())
    tally.missing["without an identifier in the customers table"] += rows.height - known.height
    faults = {
        "without an e-mail address": [~pl.col(n).str.contains(EMAIL) for n in wish.names(by_email=True)],
        # They may not be changed, so a table that people may open is better off without them.
        "with an identifier that a spreadsheet would compute": [
            computes(name) for name in wish.names(by_email=False) if wish.tool.guard
        ],
    }
    for fault, signs in faults.items():
        if signs:
            kept = known.filter(~pl.any_horizontal(signs))
            tally.missing[fault] += known.height - kept.height
            known = kept
    return known


def _look_up(ids: pl.Series, identifiers: pl.DataFrame | None) -> pl.Series:
    if identifiers is None:
        return ids.alias("identifier")
    if not identifiers.height:
        return pl.Series("identifier", [None] * len(ids), pl.String)
    # A join would build its table of a million customers anew for every piece.
    at = identifiers["customer_id"].search_sorted(ids).clip(0, identifiers.height - 1)
    found = identifiers["customer_id"].gather(at) == ids
    return identifiers["identifier"].gather(at).set(~found, None).alias("identifier")


def _repeated(wish: Wish) -> frozenset[str]:
    """Find the identifiers that several customers share."""
    if wish.identifiers is None:
        return frozenset()
    folded = wish.identifiers["identifier"].str.to_lowercase()
    return frozenset(folded.filter(folded.is_duplicated()))


def _once(rows: pl.DataFrame, repeated: Collection[str], seen: set[str], tally: Tally) -> pl.DataFrame:
    """Keep the first of those with the same identifier: a tool would take the last, or refuse the file."""
    fresh = []
    for identifier in rows["identifier"].str.to_lowercase():
        fresh.append(identifier not in seen)
        if identifier in repeated:
            seen.add(identifier)
    tally.missing["with the identifier of somebody before them"] += fresh.count(False)
    return rows.filter(pl.Series(fresh, dtype=pl.Boolean))


def _worded(rows: pl.DataFrame, wish: Wish) -> pl.DataFrame:
    """Make the columns of the table."""
    utm = {f"utm_{key}": value for key, value in wish.utm.items() if value}
    query = f"?{urlencode(utm, quote_via=quote)}" if utm else ""
    base = pl.lit(f"{wish.base_url}/")
    rows = rows.with_columns(
        (base + pl.col("page") + query).alias("card_url"),
        (base + pl.col("image")).alias("image_url"),
        *(pl.lit(utm.get(f"utm_{key}")).cast(pl.String).alias(f"utm_{key}") for key in UTM),
        *((guarded(name, wish.tool.guard) for name in TEXTS) if wish.tool.guard else ()),
    )
    if wish.tool.longest is not None:
        rows = _fitted(rows, wish, wish.tool.longest)
    return rows.select(pl.col(what).alias(name) for name, what in wish.columns.items())


def _fitted(rows: pl.DataFrame, wish: Wish, longest: int) -> pl.DataFrame:
    for name, what in wish.columns.items():
        if what in ADDRESSES and (rows[what].str.len_bytes() > longest).any():
            raise UsageError(
                f"the addresses in {name!r} are longer than the {longest} bytes {wish.tool.title} keeps: "
                f"shorten `base_url` or the utm values"
            )
    return rows.with_columns(shortened(rows[name], longest) for name in TEXTS)
