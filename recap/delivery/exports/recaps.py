"""What a mail tool is told of each customer, out of the manifest: a stream, in the order of tokens."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from recap.delivery.pictures import CARDS
from recap.delivery.tables import MANIFEST_SCHEMA, read_batches

READ = ["customer_id", "token", "card", "metric", "locale", "format", "path", "headline", "alt_text", "score"]
LINK = "link"
"""The format made for previews: it has a JPEG, light enough for a mail."""


def read_recaps(manifest: Path, formats: Sequence[str]) -> Iterator[pl.DataFrame]:
    """Yield every customer with pictures once.

    Columns: customer_id, token, locale, page and image (paths below the published folder), alt_text (of the
    image, which is the cover's) and headline (the highlight's with the highest score; without highlights, the
    first card's). `formats` are the campaign's: the first is shown where there is no link picture.
    Raises OutputError where the manifest cannot be read.
    """
    rest: pl.DataFrame | None = None
    for batch in read_batches([manifest], MANIFEST_SCHEMA, READ):
        rows = pl.DataFrame(pl.from_arrow(batch))
        rows = rows if rest is None else pl.concat([rest, rows])
        # The last customer's rows may go on in the next batch.
        whole = rows["token"] != rows["token"][-1]
        rest = rows.filter(~whole)
        if whole.any():
            yield _one_each(rows.filter(whole), formats)
    if rest is not None:
        yield _one_each(rest, formats)


def _one_each(rows: pl.DataFrame, formats: Sequence[str]) -> pl.DataFrame:
    preferred = [LINK, *(name for name in formats if name != LINK)]
    places = {name: place for place, name in enumerate(preferred)}
    place = pl.col("format").replace_strict(places, default=len(places), return_dtype=pl.Int64)
    covers = rows.sort("token", "card", place).unique("token", keep="first", maintain_order=True)
    jpeg = pl.col("path").str.strip_suffix(".png") + ".jpg"
    folder = pl.format("{}/{}/{}", pl.lit(CARDS), pl.col("token").str.slice(0, 2), "token")
    covers = covers.select(
        "customer_id",
        "token",
        "locale",
        pl.format("{}/index.html", folder).alias("page"),
        pl.when(pl.col("format") == LINK).then(jpeg).otherwise("path").alias("image"),
        "alt_text",
        pl.col("headline").alias("cover"),
    )
    return covers.join(_strongest(rows), on="token", how="left", maintain_order="left").select(
        pl.exclude("cover", "headline"), pl.coalesce("headline", "cover").alias("headline")
    )


def _strongest(rows: pl.DataFrame) -> pl.DataFrame:
    """Give each customer's strongest highlight: columns token, headline."""
    told = rows.filter(pl.col("metric").is_not_null())
    best = told.sort("token", "score", "card", descending=[False, True, False], nulls_last=True)
    return best.unique("token", keep="first", maintain_order=True).select("token", "headline")
