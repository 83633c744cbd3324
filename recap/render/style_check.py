"""Are all custom properties there? What a theme's styles and layouts ask for must be given somewhere.

CSS passes over what it does not know: a rule with `var(--filed)` just does nothing, on every card. Properties
come from the tokens and schemes of theme.yaml, from style sheets and from layouts; for which elements
is not looked at.
"""

import re
from collections.abc import Collection, Iterator

from recap.campaign.suggest import nearest_word
from recap.render.theme import Theme

GIVEN = re.compile(r"(?<![\w-])(--[\w-]+)\s*:|@property\s+(--[\w-]+)")
ASKED = re.compile(r"(?<![\w-])var\(\s*(--[\w-]+)\s*(,?)")
COMMENT = re.compile(r"/\*.*?\*/|\{#.*?#\}", re.DOTALL)
LOGO = "--logo"
TOKEN = "--token-"  # noqa: S105 - a colour's


def style_problems(theme: Theme) -> list[str]:
    """Return a sentence for every custom property of a file that nothing gives, with file and line."""
    texts = {path: _without_comments(text) for path, text in theme.styles.items()}
    texts |= {layout.path: _without_comments(layout.text) for layout in theme.layouts.values()}
    given = {LOGO} | {f"{TOKEN}{name}" for name in theme.tokens}
    given |= {f"--{part}" for parts in theme.schemes.values() for part in parts}
    given |= {found[1] or found[2] for text in texts.values() for found in GIVEN.finditer(text)}
    problems = []
    for path, text in texts.items():
        told: set[str] = set()
        for at, name in _missing(text, given):
            if name not in told:
                told.add(name)
                line = text.count("\n", 0, at) + 1
                problems.append(f"{path}:{line}: nothing gives {name}; {_way_out(name, given, theme)}")
    return problems


def _missing(text: str, given: Collection[str]) -> Iterator[tuple[int, str]]:
    """Give place and name of what is asked for in vain; `var(--a, b)` asks for `b` only without `--a`."""
    idle = 0
    for asked in ASKED.finditer(text):
        if asked.start() < idle:
            continue
        if asked[1] in given:
            idle = _closing(text, asked.end()) if asked[2] else 0
        elif not asked[2]:
            yield asked.start(), asked[1]


def _closing(text: str, start: int) -> int:
    """Find where the bracket ends that is open at `start`."""
    depth = 1
    for at in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return at
    return len(text)


def _way_out(name: str, given: Collection[str], theme: Theme) -> str:
    start = TOKEN if name.startswith(TOKEN) else "--"
    bare = {one.removeprefix(start) for one in given if one.startswith(TOKEN) == (start == TOKEN)}
    missing = name.removeprefix(start)
    if (near := nearest_word(missing, bare)) is not None:
        return f"did you mean '{start}{near}'?"
    if start == TOKEN:
        return f"add {missing!r} to the tokens in theme.yaml"
    return f"add {missing!r} to every scheme of the theme {theme.name!r}, or to a style sheet"


def _without_comments(text: str) -> str:
    return COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
