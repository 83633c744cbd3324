"""Did you mean ...? The nearest of the words that would have been right."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Give `; did you mean 'x'?`, or the choices where none is near, or nothing where there are none."""
    known = sorted(set(choices))
    near = get_close_matches(word, known, n=1, cutoff=0.6) or [
        choice for choice in known if choice.lower() == word.lower()
    ]
    if near:
        return f"; did you mean {near[0]!r}?"
    if not known:
        return ""
    shown = ", ".join(known[:12])
    return f"; there is {shown}" + (f" ... and {len(known) - 12} more" if len(known) > 12 else "")
