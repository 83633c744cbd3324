"""Things side by side: *Monday and Friday*, *A, B, C, and 3 more*."""

import re
from collections.abc import Sequence

from babel.lists import format_list

from recap.wording.lexicon import Lexicon
from recap.wording.measure import say_number

_I_SOUND = re.compile("[\u2068]?(?:i|í|hi(?!e))", re.IGNORECASE)
"""Before which Spanish says *e* and not *y*."""


def join_list(names: Sequence[str], more: int, lexicon: Lexicon) -> str:
    """Join names the way the language does; `more` counts those that are not named."""
    parts = list(names)
    if more > 0:
        pattern = lexicon.sentence("formats.more").choose(str(lexicon.language.plural_form(more)))
        parts.append(pattern.fill(lambda _hole: say_number(more, lexicon)))
    text = format_list(parts, locale=lexicon.language)
    if lexicon.language.language == "es" and len(parts) > 1 and _I_SOUND.match(parts[-1]):
        text = text.removesuffix(f" y {parts[-1]}") + f" e {parts[-1]}"
    return text
