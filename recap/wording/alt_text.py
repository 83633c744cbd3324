"""The alternative text: everything a picture says, in words and in reading order."""

from collections.abc import Sequence

from recap.selection.tone import is_unspaced
from recap.wording.foreign import isolate
from recap.wording.lexicon import Lexicon

_ENDS = tuple(".!?…。！？؟।")


def list_items(items: Sequence[str], lead: str, lexicon: Lexicon) -> str:
    """Write a list or a chart as one sentence, `lead` first."""
    listed = lexicon.raw("alt.gap").join(items)
    return lexicon.phrase("alt.list", lead=lead, items=listed) if lead and listed else listed


def name_item(name: str, amount: str, place: str, lexicon: Lexicon) -> str:
    """Write a row (with its place) or a bar (without) in words."""
    name = isolate(name, lexicon.direction)
    if place:
        return lexicon.phrase("alt.place", place=place, name=name, amount=amount)
    return lexicon.phrase("alt.item", name=name, amount=amount)


def name_option(name: str, letter: str, lexicon: Lexicon) -> str:
    """Write what may be chosen, with its letter."""
    return lexicon.phrase("alt.option", place=letter, name=isolate(name, lexicon.direction))


def name_hero(hero: str, unit: str, lexicon: Lexicon, *, is_amount: bool) -> str:
    """Write a hero and what stands below it: *312 plays*, but *Mira Sol, 312 plays*."""
    if not unit:
        return hero
    return lexicon.phrase("alt.amount" if is_amount else "alt.apart", hero=hero, unit=unit)


def sign(name: str, brand: str, period: str, lexicon: Lexicon) -> str:
    """Write whose picture it is, who made it and for when."""
    brand = isolate(brand, lexicon.direction)
    if not name:
        return lexicon.phrase("alt.signature", brand=brand, period=period)
    name = isolate(name, lexicon.direction)
    return lexicon.phrase("alt.signature_named", name=name, brand=brand, period=period)


def write_alt_text(parts: Sequence[str], lexicon: Lexicon) -> str:
    """Join what a picture says into sentences, leaving out what another part says word for word."""
    told: list[str] = []
    for index, part in enumerate(parts):
        if part and not _is_told(part, [*told, *parts[index + 1 :]]):
            told.append(part)
    end = lexicon.phrase("alt.end")
    return lexicon.raw("alt.join").join(part if part.endswith(_ENDS) else part + end for part in told)


def _is_told(part: str, others: Sequence[str]) -> bool:
    return any(_holds(other, part) for other in others)


def _holds(whole: str, part: str) -> bool:
    """Tell whether `part` stands in `whole` as words of its own: "1 play" is not told by "11 plays"."""
    at = whole.find(part)
    while at >= 0:
        before, after = whole[at - 1 : at] if at else "", whole[at + len(part) : at + len(part) + 1]
        if not (_is_word(before) or _is_word(after)):
            return True
        at = whole.find(part, at + 1)
    return False


def _is_word(character: str) -> bool:
    # Where a script puts no blanks between words, any character may begin one.
    return (character.isalnum() or character == "_") and not is_unspaced(character)
