"""Names from the business's data and of its customers: foreign text, in any script, never trusted."""

import re
import unicodedata

from recap.wording.locales import Direction

_ISOLATE, _END = "\u2068", "\u2069"
# Overrides, embeddings and isolates reach beyond the name they come in; control characters draw nothing.
_UNWANTED = re.compile("[\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufeff]")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def clean(text: str) -> str:
    """Take out what cannot be seen or would disturb its surroundings; everything else stays as it is."""
    plain = _UNWANTED.sub("", text.encode("utf-8", "replace").decode("utf-8"))
    return _BLANK.sub(" ", plain).strip()


def is_visible(text: str) -> bool:
    """Tell whether there is anything to see in a text besides blanks and format characters."""
    return any(unicodedata.category(character) not in {"Cf", "Zs", "Mn", "Cn", "Co"} for character in text)


def first_direction(text: str) -> Direction | None:
    """Tell the direction of the first letter that has one (rule P2 of the Unicode bidi algorithm)."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "L":
            return "ltr"
        if kind in {"R", "AL"}:
            return "rtl"
    return None


def isolate(text: str, surroundings: Direction) -> str:
    """Wrap a name in isolates where it runs against its sentence, so that neither reorders the other."""
    if first_direction(text) in {None, surroundings}:
        return text
    return f"{_ISOLATE}{text}{_END}"
