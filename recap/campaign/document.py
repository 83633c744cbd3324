"""YAML with line numbers: what a campaign file says, and on which line it says it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from recap.errors import Problem

Path = tuple[str | int, ...]


class _Loader(yaml.CSafeLoader):
    """In C, as in every wheel of PyYAML: eight times as fast, and a command reads a lot of it."""


class _Teller(yaml.SafeLoader):
    """Reads the same, and says better and nearer what is wrong with it."""


# YAML 1.2's core schema: `no` is Norwegian and not false, 12:30 is a text, a date is a text too.
for _class in (_Loader, _Teller):
    _class.yaml_implicit_resolvers = {}
    for _tag, _pattern, _first in (
        ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
        ("int", r"[-+]?[0-9]+", "-+0123456789"),
        ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+0123456789."),
        ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ):
        _class.add_implicit_resolver(
            f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first)
        )
    # PyYAML reads 010 as eight; in YAML 1.2 it is ten.
    _class.add_constructor("tag:yaml.org,2002:int", lambda _, node: int(node.value))


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file. `lines` maps every path in it to its 1-based line."""

    data: Any
    lines: Mapping[Path, int]
    problems: tuple[Problem, ...] = ()
    """What could be parsed but is surely a mistake, such as a key given twice."""

    def line(self, path: Path) -> int | None:
        """Find the line of `path`, or of the nearest thing around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None


@dataclass(slots=True)
class _Walk:
    file: str
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    around: list[yaml.Node] = field(default_factory=list)

    def visit(self, node: yaml.Node, path: Path, line: int) -> None:
        self.lines[path] = line
        if node in self.around:
            self.problems.append(Problem("an alias may not hold itself", dotted(path), self.file, line))
            return
        self.around.append(node)
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                name = str(key.value)
                at = key.start_mark.line + 1
                if name in seen:
                    message = "this key is given twice; keep one"
                    self.problems.append(Problem(message, dotted((*path, name)), self.file, at))
                seen.add(name)
                self.visit(value, (*path, name), at)
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                self.visit(value, (*path, index), value.start_mark.line + 1)
        self.around.pop()


def dotted(path: Path) -> str:
    """Write a path as `metrics.3.by`."""
    return ".".join(str(part) for part in path)


def parse_path(text: str) -> Path:
    """Read a dotted path."""
    return tuple(int(p) if p.isascii() and p.isdecimal() else p for p in text.split(".") if p)


def parse_value(text: str) -> Any:
    """Read one YAML value, as on the right of `--set KEY=VALUE`."""
    return _load(text)[1]


def _load(text: str) -> tuple[yaml.Node | None, Any]:
    try:
        return _read(_Loader(text))
    except yaml.YAMLError:
        return _read(_Teller(text))


def _read(loader: _Loader | _Teller) -> tuple[yaml.Node | None, Any]:
    try:
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def parse_document(text: str, file: str) -> Document:
    """Parse a YAML document.

    A text that is no YAML gives a document without data whose problem names line and cause.
    """
    try:
        node, data = _load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(part for part in (error.context, error.problem) if part)
        line = mark.line + 1 if mark else None
        return Document(None, {}, (Problem(f"this is not valid YAML: {what}", "", file, line),))
    except yaml.YAMLError as error:
        return Document(None, {}, (Problem(f"this is not valid YAML: {error}", "", file),))
    walk = _Walk(file)
    if node is not None:
        walk.visit(node, (), node.start_mark.line + 1)
    if any("alias" in problem.message for problem in walk.problems):
        data = None
    return Document(data, walk.lines, tuple(walk.problems))
