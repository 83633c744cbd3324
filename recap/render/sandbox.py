"""The Jinja2 environment cards are drawn with: showing, and nothing else.

Jinja's sandbox keeps templates from Python's internals, but leaves them means to run for ever or to fill the
memory. Card templates only show, so the language itself is cut down to that: what is not on the short lists
below is refused when a theme is loaded, with file and line.
"""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateNotFound, nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from recap.render.theme import Layout

ALLOWED_NODES = (
    nodes.And, nodes.Block, nodes.Call, nodes.Compare, nodes.CondExpr, nodes.Const, nodes.Extends,
    nodes.Filter, nodes.For, nodes.FromImport, nodes.Getattr, nodes.Getitem, nodes.If, nodes.Import,
    nodes.Include, nodes.Keyword, nodes.Macro, nodes.Name, nodes.Not, nodes.Operand, nodes.Or, nodes.Output,
    nodes.Slice, nodes.Template, nodes.TemplateData, nodes.Test,
)  # fmt: skip
ALLOWED_FILTERS = ("default", "e", "escape", "first", "last", "length", "lower", "trim", "upper")
ALLOWED_TESTS = ("defined", "none", "string", "number")
MAX_LOOP_DEPTH = 2
MAX_CALLS = 5_000
"""Of macros and blocks within one card; a hundred times what a card needs."""


class LayoutLoader(BaseLoader):
    """Finds templates among a theme's layouts, and nowhere else."""

    def __init__(self, layouts: Mapping[str, Layout]) -> None:
        self.layouts = layouts

    def get_source(
        self,
        environment: Environment,  # noqa: ARG002 - jinja2's interface
        template: str,
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return the text and file of a layout; raises TemplateNotFound."""
        layout = self.layouts.get(template)
        if layout is None:
            raise TemplateNotFound(template)
        return layout.text, layout.path, None

    def list_templates(self) -> list[str]:
        """Return the names of all layouts."""
        return sorted(self.layouts)


class CardEnvironment(ImmutableSandboxedEnvironment):
    """Autoescaping, strict about what is undefined, and bounded in what it may run."""

    intercepted_binops = frozenset(ImmutableSandboxedEnvironment.default_binop_table)

    def __init__(self, layouts: Mapping[str, Layout]) -> None:
        super().__init__(
            loader=LayoutLoader(layouts),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
            auto_reload=False,
        )
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in ALLOWED_FILTERS}
        self.tests = {name: self.tests[name] for name in ALLOWED_TESTS}
        self.calls_left = MAX_CALLS

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        """Call a macro, as long as the card's allowance lasts."""
        __self.calls_left -= 1
        if __self.calls_left < 0:
            message = (
                f"more than {MAX_CALLS} macro calls for one card; do macros call one another in a circle?"
            )
            raise SecurityError(message)
        return super().call(__context, __obj, *args, **kwargs)

    def check(self, name: str) -> None:
        """Compile a template, refusing what it may not use; raises jinja2's TemplateSyntaxError."""
        layout = self.layouts[name]
        _check_node(self.parse(layout.text, name, layout.path), 0, name, layout.path)
        self.get_template(name)

    @property
    def layouts(self) -> Mapping[str, Layout]:
        """The layouts templates are found among."""
        assert isinstance(self.loader, LayoutLoader)  # noqa: S101 - set by __init__, for the type checker
        return self.loader.layouts


def _check_node(node: nodes.Node, loops: int, name: str, path: str) -> None:
    if not isinstance(node, ALLOWED_NODES):
        word = type(node).__name__.lower()
        message = (
            f"`{word}` is not available in card templates; they show what a card holds and compute nothing"
        )
        raise TemplateSyntaxError(message, node.lineno, name, path)
    if isinstance(node, (nodes.Filter, nodes.Test)):
        allowed = ALLOWED_FILTERS if isinstance(node, nodes.Filter) else ALLOWED_TESTS
        if node.name not in allowed:
            message = f"`{node.name}` is not available in card templates; there are: {', '.join(allowed)}"
            raise TemplateSyntaxError(message, node.lineno, name, path)
    if isinstance(node, nodes.For):
        loops += 1
        if loops > MAX_LOOP_DEPTH or node.recursive:
            message = f"loops may be nested {MAX_LOOP_DEPTH} deep and not recursive"
            raise TemplateSyntaxError(message, node.lineno, name, path)
    for child in node.iter_child_nodes():
        _check_node(child, loops, name, path)
