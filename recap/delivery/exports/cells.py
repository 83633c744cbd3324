"""Cells that are safe to open and short enough to keep.

A spreadsheet computes a cell that begins with = + - or @, and what it computes may come from a stranger: the
title of a song is anybody's to choose. Texts are guarded; an identifier is never changed, as it would then be
somebody else's.
"""

import polars as pl

from recap.campaign.exports import FORMULA

EMAIL = r"^[^\s@,;:<>\"'()=+\-＝＋－＠][^\s@,;:<>\"'()]*@[^\s@,;:<>\"'()]+\.[^\s@,;:<>\"'()]+$"
"""The addresses people have; the few others that mail allows are no tool's to take."""
PLAIN = r"^[+\-@]?[\w][\w. :/@\-]*$"
"""Identifiers that compute nothing even where they begin with + - or @, as in +49 151 23456 and @lina."""
_CUT = "…"


def starts_formula(column: str) -> pl.Expr:
    """Tell which texts a spreadsheet may take for a formula."""
    return pl.col(column).str.slice(0, 1).is_in(list(FORMULA))


def computes(column: str) -> pl.Expr:
    """Tell which identifiers a spreadsheet would compute something from."""
    return starts_formula(column) & ~pl.col(column).str.contains(PLAIN)


def guarded(column: str, guard: str) -> pl.Expr:
    """Put the guard before texts that a spreadsheet may take for a formula."""
    return pl.when(starts_formula(column)).then(guard + pl.col(column)).otherwise(column).alias(column)


def shortened(texts: pl.Series, longest: int) -> pl.Series:
    """Cut texts to `longest` bytes of UTF-8, between words where there is a gap, with an ellipsis."""
    long = (texts.str.len_bytes() > longest).fill_null(value=False)
    if not long.any():
        return texts
    cut = [_cut(text, longest) if is_long else text for text, is_long in zip(texts, long, strict=True)]
    return pl.Series(texts.name, cut, pl.String)


def _cut(text: str, longest: int) -> str:
    room = longest - len(_CUT.encode())
    kept = text.encode()[:room].decode(errors="ignore")
    words, _, broken = kept.rpartition(" ")
    # Scripts without blanks have none near the end; there a cut between two letters does.
    return (words if words and len(broken) < 30 else kept).rstrip(" ,;:–-") + _CUT
