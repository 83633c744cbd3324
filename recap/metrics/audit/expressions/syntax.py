"""The syntax of an SQL expression: from its text to a tree of calls, columns and literals."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from recap.metrics.audit.raw.table import NotUnderstood

TOKEN = re.compile(
    r"""\s+ | --[^\n]* | /\*.*?\*/
    | (?P<number>(?:[0-9][0-9_]*\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<text>'(?:[^']|'')*')
    | (?P<quoted>"(?:[^"]|"")+")
    | (?P<word>[^\W0-9]\w*)
    | (?P<sign><>|!=|<=|>=|==|\|\||::|//|[-+*/%<>=(),])""",
    re.VERBOSE | re.DOTALL,
)
COMPARISONS = {"=": "=", "==": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
SUMS, PRODUCTS = ("+", "-"), ("*", "/", "%", "//")
RESERVED = {
    "and",
    "or",
    "not",
    "in",
    "is",
    "like",
    "ilike",
    "between",
    "when",
    "then",
    "else",
    "end",
    "from",
    "as",
}
RESERVED |= {
    "case",
    "cast",
    "try_cast",
    "extract",
    "isnull",
    "notnull",
    "select",
    "where",
    "distinct",
    "escape",
}
RESERVED |= {"collate", "interval", "similar", "glob", "over", "filter"}
TYPED = {"date", "timestamp"}


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written out; a Decimal is a number with a point, a float one with an exponent."""

    value: str | int | Decimal | float | bool | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name as it is written."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or a function, in lower case, over its arguments.

    `case` has pairs of condition and value, and at the end what else; `cast` has the type as a literal.
    """

    name: str
    arguments: "tuple[Node, ...]"


Node = Literal | Column | Call
Token = tuple[str, str]


def parse(text: str) -> Node:
    """Parse one expression; NotUnderstood where this reading does not know what is written."""
    parser = _Parser(text)
    node = parser.any()
    parser.expect("end", "")
    return node


def columns_of(node: Node) -> Iterator[str]:
    """Name the columns of an expression, as often as they are written."""
    if isinstance(node, Column):
        yield node.name
    elif isinstance(node, Call):
        for argument in node.arguments:
            yield from columns_of(argument)


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise NotUnderstood(f"`{text[at]}` is not read here (in `{' '.join(text.split())}`)")
        at = match.end()
        if match.lastgroup == "word":
            word = match.group()
            yield ("word", word)
        elif match.lastgroup is not None:
            yield (match.lastgroup, match.group())


class _Parser:
    """One method for each level of precedence, the loosest first, as PostgreSQL documents them."""

    def __init__(self, text: str) -> None:
        self._text = " ".join(text.split())
        self._tokens = [*_tokens(text), ("end", "")]
        self._at = 0

    def any(self) -> Node:
        node = self._conjunction()
        while self._takes("or"):
            node = Call("or", (node, self._conjunction()))
        return node

    def expect(self, kind: str, text: str) -> None:
        if self._tokens[self._at] != (kind, text) and not (kind == "word" and self._is(text)):
            raise self._stopped()
        self._at += 1

    def _stopped(self) -> NotUnderstood:
        return NotUnderstood(
            f"{self._tokens[self._at][1] or 'its end'!r} is not read here (in `{self._text}`)"
        )

    def _is(self, *words: str) -> bool:
        following = self._tokens[self._at : self._at + len(words)]
        texts = [
            text.lower() if kind == "word" else text for kind, text in following if kind in {"word", "sign"}
        ]
        return texts == list(words)

    def _takes(self, *words: str) -> bool:
        if found := self._is(*words):
            self._at += len(words)
        return found

    def _one_of(self, *signs: str) -> str | None:
        return next((sign for sign in signs if self._takes(sign)), None)

    def _conjunction(self) -> Node:
        node = self._negation()
        while self._takes("and"):
            node = Call("and", (node, self._negation()))
        return node

    def _negation(self) -> Node:
        return Call("not", (self._negation(),)) if self._takes("not") else self._test()

    def _test(self) -> Node:
        node = self._comparison()
        while True:
            if self._takes("is"):
                is_not = self._takes("not")
                node = self._being(node)
                node = Call("not", (node,)) if is_not else node
            elif self._takes("isnull"):
                node = Call("is null", (node,))
            elif self._takes("notnull"):
                node = Call("not", (Call("is null", (node,)),))
            else:
                return node

    def _being(self, node: Node) -> Node:
        if self._takes("distinct", "from"):
            return Call("not", (Call("same", (node, self._comparison())),))
        for word, value in (("true", True), ("false", False)):
            if self._takes(word):
                return Call("same", (node, Literal(value)))
        self.expect("word", "null")
        return Call("is null", (node,))

    def _comparison(self) -> Node:
        node = self._membership()
        if sign := self._one_of(*COMPARISONS):
            node = Call(COMPARISONS[sign], (node, self._membership()))
            if self._one_of(*COMPARISONS):
                raise self._stopped()
        return node

    def _membership(self) -> Node:
        node = self._joined()
        while True:
            start = self._at
            is_not = self._takes("not")
            if self._takes("between"):
                low = self._joined()
                self.expect("word", "and")
                found: Node = Call("and", (Call(">=", (node, low)), Call("<=", (node, self._joined()))))
            elif self._takes("in"):
                self.expect("sign", "(")
                found = Call("=", (node, self.any()))
                while self._takes(","):
                    found = Call("or", (found, Call("=", (node, self.any()))))
                self.expect("sign", ")")
            elif kind := self._one_of("like", "ilike"):
                found = Call(kind, (node, self._joined()))
            else:
                self._at = start
                return node
            node = Call("not", (found,)) if is_not else found

    def _joined(self) -> Node:
        node = self._sum()
        while self._takes("||"):
            node = Call("||", (node, self._sum()))
        return node

    def _sum(self) -> Node:
        node = self._product()
        while sign := self._one_of(*SUMS):
            node = Call(sign, (node, self._product()))
        return node

    def _product(self) -> Node:
        node = self._signed()
        while sign := self._one_of(*PRODUCTS):
            node = Call(sign, (node, self._signed()))
        return node

    def _signed(self) -> Node:
        if self._takes("-"):
            return Call("negative", (self._signed(),))
        return self._signed() if self._takes("+") else self._cast()

    def _cast(self) -> Node:
        node = self._atom()
        while self._takes("::"):
            node = Call("cast", (node, Literal(self._type())))
        return node

    def _type(self) -> str:
        kind, text = self._tokens[self._at]
        if kind != "word":
            raise self._stopped()
        self._at += 1
        name = text.lower()
        if self._takes("("):
            inner = []
            while not self._takes(")"):
                inner.append(self._tokens[self._at][1])
                self._at += 1
            name += f"({''.join(inner)})"
        return name

    def _atom(self) -> Node:
        kind, text = self._tokens[self._at]
        if self._takes("("):
            node = self.any()
            self.expect("sign", ")")
            return node
        if kind == "number":
            self._at += 1
            return Literal(_number(text.replace("_", "")))
        if kind == "text":
            self._at += 1
            return Literal(text[1:-1].replace("''", "'"))
        if kind == "quoted":
            self._at += 1
            return Column(text[1:-1].replace('""', '"'))
        if kind == "word":
            return self._word(text)
        raise self._stopped()

    def _word(self, text: str) -> Node:
        word = text.lower()
        for constant, value in (("true", True), ("false", False), ("null", None)):
            if self._takes(constant):
                return Literal(value)
        if self._takes("case"):
            return self._case()
        if self._takes("cast", "(") or self._takes("try_cast", "("):
            node = self.any()
            self.expect("word", "as")
            cast = Call("cast", (node, Literal(self._type())))
            self.expect("sign", ")")
            return cast
        if self._takes("extract", "("):
            part = self._type()
            self.expect("word", "from")
            node = Call("date_part", (Literal(part), self.any()))
            self.expect("sign", ")")
            return node
        if word in TYPED and self._tokens[self._at + 1][0] == "text":
            self._at += 1
            return Call("cast", (self._atom(), Literal(word)))
        if word in RESERVED:
            raise self._stopped()
        self._at += 1
        return Call(word, self._arguments()) if self._takes("(") else Column(text)

    def _arguments(self) -> tuple[Node, ...]:
        if self._takes(")"):
            return ()
        arguments = [self.any()]
        while self._takes(","):
            arguments.append(self.any())
        self.expect("sign", ")")
        if self._is("over") or self._is("filter"):
            raise self._stopped()
        return tuple(arguments)

    def _case(self) -> Node:
        subject = None if self._is("when") else self.any()
        parts: list[Node] = []
        while self._takes("when"):
            condition = self.any()
            parts.append(condition if subject is None else Call("=", (subject, condition)))
            self.expect("word", "then")
            parts.append(self.any())
        parts.append(self.any() if self._takes("else") else Literal(None))
        self.expect("word", "end")
        return Call("case", tuple(parts))


def _number(text: str) -> int | Decimal | float:
    if "e" in text.lower():
        return float(text)
    return Decimal(text) if "." in text else int(text)
