"""What can be known to be wrong with layouts before any card is drawn: names that nothing has.

Strict templates tell this too, but only for the card that comes by, and one mistake at a time.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import is_dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from jinja2 import TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables

from recap.campaign import did_you_mean
from recap.render.sandbox import CardEnvironment
from recap.wording.card import Card

GIVEN = ("card", "course", "crowd", "lang", "logo", "marks", "scheme", "turn")
"""What every layout gets, see `CardTemplates.body`."""
OF_JINJA = ("caller", "kwargs", "loop", "self", "super", "varargs")
Place = tuple[int, str]
"""A line, and what is wrong there."""
Trees = Mapping[str, nodes.Template]
"""Parsed layouts, by name."""


def layout_problems(environment: CardEnvironment, sound: Collection[str]) -> list[str]:
    """Return a sentence with file and line for every name in the layouts that stands for nothing.

    `sound` are those that `CardEnvironment.check` lets pass; of the others it tells what is wrong.
    """
    layouts = environment.layouts
    trees = {name: tree for name in sorted(layouts) if (tree := _read(environment, name)) is not None}
    problems = []
    for name, tree in trees.items():
        if name not in sound:
            continue
        found = {*_unknown_files(tree, layouts, trees), *_unknown_names(tree, trees)}
        found |= {*_unknown_parts(tree, {"card": Card})}
        problems += [f"{layouts[name].path}:{line}: {what}" for line, what in sorted(found)]
    return problems


def _read(environment: CardEnvironment, name: str) -> nodes.Template | None:
    try:
        return environment.parse(environment.layouts[name].text)
    except TemplateSyntaxError:
        return None


def _unknown_files(tree: nodes.Template, known: Collection[str], trees: Trees) -> Iterator[Place]:
    """Find other layouts that are not there, and pieces that they do not have."""
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        wanted = _named_by(node)
        if wanted is None:
            continue
        if wanted not in known:
            yield node.lineno, f"there is no layout {wanted!r}{did_you_mean(wanted, known)}"
        elif isinstance(node, nodes.FromImport) and wanted in trees:
            pieces = {macro.name for macro in trees[wanted].find_all(nodes.Macro)}
            for item in node.names:
                piece = item if isinstance(item, str) else item[0]
                if piece not in pieces:
                    yield node.lineno, f"{wanted} has no piece {piece!r}{did_you_mean(piece, pieces)}"


def _unknown_names(tree: nodes.Template, trees: Trees) -> Iterator[Place]:
    """Find names that nothing defines, but for those asked about by `is defined` and `default`."""
    asked = {
        node.node.name
        for node in tree.find_all((nodes.Test, nodes.Filter))
        if node.name in {"defined", "default"} and isinstance(node.node, nodes.Name)
    }
    known = {*GIVEN, *_pieces_of(tree, trees, len(trees))}
    unknown = find_undeclared_variables(tree) - asked - known - {*OF_JINJA}
    for node in tree.find_all(nodes.Name):
        if node.ctx == "load" and node.name in unknown:
            yield node.lineno, f"{node.name!r} is undefined{did_you_mean(node.name, known)}"


def _pieces_of(tree: nodes.Template, trees: Trees, depth: int) -> Iterator[str]:
    """Name the pieces a layout makes or fetches, and those of up to `depth` layouts it extends."""
    yield from (macro.name for macro in tree.find_all(nodes.Macro))
    yield from (node.target for node in tree.find_all(nodes.Import))
    for fetched in tree.find_all(nodes.FromImport):
        yield from (item if isinstance(item, str) else item[1] for item in fetched.names)
    for extends in tree.find_all(nodes.Extends):
        other = trees.get(_named_by(extends) or "")
        if other is not None and depth:
            yield from _pieces_of(other, trees, depth - 1)


def _named_by(node: nodes.Node) -> str | None:
    """Return the layout that a node fetches, where its name is written out."""
    wanted = getattr(node, "template", None)
    return wanted.value if isinstance(wanted, nodes.Const) and isinstance(wanted.value, str) else None


def _unknown_parts(node: nodes.Node, types: Mapping[str, Any]) -> Iterator[Place]:
    """Find what cards, their rows, bars and weeks do not have; `types` are those of the names around."""
    if isinstance(node, nodes.Macro):
        types = {name: kind for name, kind in types.items() if name not in {arg.name for arg in node.args}}
    if isinstance(node, nodes.Getattr):
        kind = _type_of(node.node, types)
        if isinstance(kind, type) and is_dataclass(kind):
            parts = _parts_of(kind)
            if node.attr not in parts:
                what = kind.__name__.lower()
                yield node.lineno, f"a {what} has no {node.attr!r}{did_you_mean(node.attr, parts)}"
    for child in node.iter_child_nodes():
        inner = types
        if isinstance(node, nodes.For) and isinstance(node.target, nodes.Name) and child is not node.iter:
            inner = {**types, node.target.name: _entry_of(_type_of(node.iter, types))}
        yield from _unknown_parts(child, inner)


def _type_of(node: nodes.Node, types: Mapping[str, Any]) -> Any:
    """Return the type of an expression as Card's fields declare it; None where that cannot be known."""
    match node:
        case nodes.Name():
            return types.get(node.name)
        case nodes.Getattr():
            kind = _type_of(node.node, types)
            return _parts_of(kind).get(node.attr) if isinstance(kind, type) and is_dataclass(kind) else None
        case nodes.Getitem():
            kind = _type_of(node.node, types)
            return kind if isinstance(node.arg, nodes.Slice) else _entry_of(kind)
        case _:
            return None


@cache
def _parts_of(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _entry_of(kind: Any) -> Any:
    """Return what a list is of."""
    return get_args(kind)[0] if get_origin(kind) is tuple else None
