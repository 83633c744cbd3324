"""Did you mean ...? The nearest of the words that would have been right."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest_word(word: str, choices: Iterable[str]) -> str | None:
    """Find the choice that was probably meant, whatever its case; None where none is near."""
    by_fold = {choice.casefold(): choice for choice in sorted(choices, reverse=True)}
    near = get_close_matches(word.casefold(), list(by_fold), n=1, cutoff=0.6)
    return by_fold[near[0]] if near else None


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Give `; did you mean 'x'?`, or the choices where none is near, or nothing where there are none."""
    known = sorted(set(choices))
    near = nearest_word(word, known)
    if near is not None:
        return f"; did you mean {near!r}?"
    if not known:
        return ""
    shown = ", ".join(known[:12])
    return f"; there is {shown}" + (f" ... and {len(known) - 12} more" if len(known) > 12 else "")
