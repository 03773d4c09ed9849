"""The grammar of rules: words to a tree, with a bound on its size and depth.

A subset of the Common Expression Language (cel-spec, "Syntax"), so that whatever is read here is read alike by any CEL
evaluator: literals, facts, comparisons, `&& || !`, `+ - *`, `? :`, `in`, `size`, `has`, three tests of texts, and `all`
and `exists` over one list at a time. What could run long (comprehensions in one another, regular expressions) or fail
for some values (division) is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from quarterdeck.analysis.rule_tokens import Place, RuleFault, Token, TokenKind, tokens_of

DEEPEST = 24
MOST_NODES = 300
_RELATIONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
_CONSTANTS = frozenset({"true", "false"})
_RESERVED = frozenset({"null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import"})


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant: `kind` says which, `text` how it is written; flags are names."""

    kind: TokenKind
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Name:
    """A name without a dot: the variable of `all` or `exists`."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Member:
    """Something's member, or a call of its method when `arguments` is not None."""

    owner: Node
    name: str
    arguments: tuple[Node, ...] | None
    place: Place


@dataclass(frozen=True, slots=True)
class Call:
    """A function that is called by its bare name."""

    name: str
    arguments: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that is written out."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with one, two or (for `?`) three operands."""

    sign: str
    operands: tuple[Node, ...]
    place: Place


Node = Literal | Name | Member | Call | Listed | Operation


def parse_rule(rule: str) -> Node:
    """The tree of a rule. Raises RuleFault."""
    reader = _Reader(tokens_of(rule))
    node = reader.expression()
    reader.expect_end()
    return node


class _Reader:
    """Reads tokens by descent, never deeper than `DEEPEST` expressions inside one another."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._count = 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def expression(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise RuleFault(self._next.place, f"More than {DEEPEST} expressions lie inside one another here.")
        node = self._chain(("||",), ("&&",))
        if (sign := self._take_sign("?")) is not None:
            first = self.expression()
            self._expect(":")
            node = self._counted(Operation("?", (node, first, self.expression()), sign.place))
        self._depth -= 1
        return node

    def expect_end(self) -> None:
        if self._next.kind is not TokenKind.END:
            raise RuleFault(self._next.place, f"{_shown(self._next)} cannot stand here; the rule was complete before.")

    def _chain(self, signs: tuple[str, ...], *tighter: tuple[str, ...]) -> Node:
        node = self._chain(*tighter) if tighter else self._relation()
        while (sign := self._take_sign(*signs)) is not None:
            right = self._chain(*tighter) if tighter else self._relation()
            node = self._counted(Operation(sign.text, (node, right), sign.place))
        return node

    def _relation(self) -> Node:
        node = self._sum()
        token = self._take_sign(*_RELATIONS) or self._take_name("in")
        if token is None:
            return node
        node = self._counted(Operation(token.text, (node, self._sum()), token.place))
        if self._next.text in _RELATIONS and self._next.kind is TokenKind.SIGN:
            raise RuleFault(self._next.place, "Comparisons cannot be chained; join two with &&.")
        return node

    def _sum(self) -> Node:
        node = self._product()
        while (sign := self._take_sign("+", "-")) is not None:
            node = self._counted(Operation(sign.text, (node, self._product()), sign.place))
        return node

    def _product(self) -> Node:
        node = self._unary()
        while (sign := self._take_sign("*")) is not None:
            node = self._counted(Operation("*", (node, self._unary()), sign.place))
        return node

    def _unary(self) -> Node:
        signs: list[Token] = []
        while (sign := self._take_sign("!", "-")) is not None:
            signs.append(sign)
            if len(signs) > DEEPEST:
                raise RuleFault(sign.place, "So many signs in a row mean nothing.")
        node = self._member()
        for sign in reversed(signs):
            node = self._counted(Operation(f"{sign.text}1", (node,), sign.place))
        return node

    def _member(self) -> Node:
        node = self._primary()
        while self._take_sign(".") is not None:
            name = self._expect_name("A name follows a dot")
            arguments = self._arguments() if self._take_sign("(") is not None else None
            node = self._counted(Member(node, name.text, arguments, name.place))
        return node

    def _primary(self) -> Node:
        token = self._next
        if token.kind in {TokenKind.WHOLE, TokenKind.NUMBER, TokenKind.TEXT}:
            self._at += 1
            return self._counted(Literal(token.kind, token.text, token.place))
        if token.kind is TokenKind.NAME:
            return self._named()
        if self._take_sign("(") is not None:
            node = self.expression()
            self._expect(")")
            return node
        if self._take_sign("[") is not None:
            return self._counted(Listed(self._listed("]"), token.place))
        raise RuleFault(token.place, f"{_shown(token)} cannot stand here; a fact, a value or a bracket is expected.")

    def _named(self) -> Node:
        token = self._expect_name("A name is expected")
        if token.text in _CONSTANTS:
            return self._counted(Literal(TokenKind.NAME, token.text, token.place))
        if token.text in _RESERVED:
            raise RuleFault(token.place, f"“{token.text}” is a word of the language and names nothing.")
        if self._take_sign("(") is not None:
            return self._counted(Call(token.text, self._arguments(), token.place))
        return self._counted(Name(token.text, token.place))

    def _arguments(self) -> tuple[Node, ...]:
        return self._listed(")")

    def _listed(self, closing: str) -> tuple[Node, ...]:
        items: list[Node] = []
        if self._take_sign(closing) is not None:
            return ()
        while True:
            items.append(self.expression())
            if self._take_sign(closing) is not None:
                return tuple(items)
            self._expect(",", or_else=closing)

    def _take_sign(self, *signs: str) -> Token | None:
        token = self._next
        if token.kind is TokenKind.SIGN and token.text in signs:
            self._at += 1
            return token
        return None

    def _take_name(self, name: str) -> Token | None:
        token = self._next
        if token.kind is TokenKind.NAME and token.text == name:
            self._at += 1
            return token
        return None

    def _expect(self, sign: str, *, or_else: str = "") -> None:
        if self._take_sign(sign) is None:
            wanted = f"“{sign}” or “{or_else}”" if or_else else f"“{sign}”"
            raise RuleFault(self._next.place, f"{wanted} is expected here, not {_shown(self._next)}.")

    def _expect_name(self, words: str) -> Token:
        token = self._next
        if token.kind is not TokenKind.NAME:
            raise RuleFault(token.place, f"{words}, not {_shown(token)}.")
        self._at += 1
        return token

    def _counted(self, node: Node) -> Node:
        self._count += 1
        if self._count > MOST_NODES:
            raise RuleFault(node.place, f"A rule has at most {MOST_NODES} parts.")
        return node


def _shown(token: Token) -> str:
    return token.kind.value if token.kind is TokenKind.END else f"“{token.text[:40]}”"
