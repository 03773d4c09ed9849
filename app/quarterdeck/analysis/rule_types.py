"""Types, facts and cost of a rule, told before it ever runs: the evaluator itself checks none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from quarterdeck.analysis.rule_syntax import Call, Listed, Literal, Member, Name, Node, Operation
from quarterdeck.analysis.rule_tokens import Place, RuleFault, TokenKind
from quarterdeck.domain.fact_catalogue import FACTS, GROUPS, FactType

LONGEST_LIST = 64
"""How many items of a list fact are kept: what a rule may go through."""

DEAREST = 20_000
"""Steps one evaluation may take at most, by count of parts and of the items they go through; some milliseconds."""


class RuleType(StrEnum):
    """The types of a rule's parts, in words for its author."""

    FLAG = "true or false"
    WHOLE = "a whole number"
    NUMBER = "a number"
    TEXT = "a text"
    TEXTS = "a list of texts"
    WHOLES = "a list of whole numbers"
    NUMBERS = "a list of numbers"
    NOTHINGS = "an empty list"


_FACT_TYPES = {
    FactType.TEXT: RuleType.TEXT,
    FactType.TEXTS: RuleType.TEXTS,
    FactType.WHOLE: RuleType.WHOLE,
    FactType.NUMBER: RuleType.NUMBER,
    FactType.FLAG: RuleType.FLAG,
    FactType.DAYS_UNTIL: RuleType.WHOLE,
    FactType.DAYS_SINCE: RuleType.WHOLE,
}
_LISTS = {
    RuleType.TEXT: RuleType.TEXTS,
    RuleType.WHOLE: RuleType.WHOLES,
    RuleType.NUMBER: RuleType.NUMBERS,
}
_ITEMS = {listed: item for item, listed in _LISTS.items()}
_NUMERIC = frozenset({RuleType.WHOLE, RuleType.NUMBER})
_SIZED = frozenset({RuleType.TEXT, RuleType.TEXTS, RuleType.WHOLES, RuleType.NUMBERS, RuleType.NOTHINGS})
_TEXT_TESTS = frozenset({"startsWith", "endsWith", "contains"})
_MACROS = frozenset({"all", "exists"})
_LITERALS = {
    TokenKind.WHOLE: RuleType.WHOLE,
    TokenKind.NUMBER: RuleType.NUMBER,
    TokenKind.TEXT: RuleType.TEXT,
    TokenKind.NAME: RuleType.FLAG,
}


@dataclass(frozen=True, slots=True)
class RuleShape:
    """What a rule reads: facts it needs, facts it only asks for by `has`, and its cost in steps."""

    needed: tuple[str, ...]
    asked: tuple[str, ...]
    cost: int


def shape_of(node: Node) -> RuleShape:
    """Check a rule's types and bounds. Raises RuleFault."""
    checker = _Checker()
    found = checker.type_of(node)
    if found is not RuleType.FLAG:
        raise RuleFault(node.place, f"A rule is true or false; this one is {found.value}.")
    if not checker.needed | checker.asked:
        raise RuleFault(node.place, "A rule reads at least one fact; this one is the same for everything.")
    if checker.cost > DEAREST:
        raise RuleFault(node.place, "This rule goes through too much; split it.")
    return RuleShape(tuple(sorted(checker.needed)), tuple(sorted(checker.asked)), checker.cost)


@dataclass(slots=True)
class _Checker:
    needed: set[str] = field(default_factory=set[str])
    asked: set[str] = field(default_factory=set[str])
    cost: int = 0
    _variables: dict[str, RuleType] = field(default_factory=dict[str, RuleType])
    _factor: int = 1

    def type_of(self, node: Node) -> RuleType:
        self.cost += self._factor
        match node:
            case Literal():
                return _LITERALS[node.kind]
            case Name():
                return self._variable(node)
            case Listed():
                return self._listed(node)
            case Call():
                return self._call(node)
            case Member():
                return self._fact(node) if node.arguments is None else self._method(node)
            case Operation():
                return self._operation(node)

    def _variable(self, node: Name) -> RuleType:
        if node.name in self._variables:
            return self._variables[node.name]
        if node.name in GROUPS:
            members = ", ".join(sorted(name for name, spec in FACTS.items() if spec.group == node.name))
            raise RuleFault(node.place, f"“{node.name}” is a group of facts; name one of {members}.")
        raise RuleFault(node.place, f"There is no “{node.name}” here.")

    def _fact(self, node: Member) -> RuleType:
        name = _fact_name(node)
        self.needed.add(name)
        return _FACT_TYPES[FACTS[name].type]

    def _listed(self, node: Listed) -> RuleType:
        if len(node.items) > LONGEST_LIST:
            raise RuleFault(node.place, f"A list has at most {LONGEST_LIST} items.")
        types = {self.type_of(item) for item in node.items}
        if not types:
            return RuleType.NOTHINGS
        if len(types) > 1 or (found := types.pop()) not in _LISTS:
            raise RuleFault(node.place, "The items of a list are all texts, all whole numbers or all numbers.")
        return _LISTS[found]

    def _call(self, node: Call) -> RuleType:
        if node.name == "has":
            return self._has(node)
        if node.name == "size":
            return self._size(node.arguments, node.place)
        raise RuleFault(node.place, f"There is no function “{node.name}”; has and size there are.")

    def _has(self, node: Call) -> RuleType:
        if len(node.arguments) != 1 or not isinstance(node.arguments[0], Member):
            raise RuleFault(node.place, "has asks for one fact: has(tls.version).")
        self.asked.add(_fact_name(node.arguments[0]))
        return RuleType.FLAG

    def _size(self, arguments: tuple[Node, ...], place: Place) -> RuleType:
        if len(arguments) != 1 or self.type_of(arguments[0]) not in _SIZED:
            raise RuleFault(place, "size tells the length of one text or list.")
        return RuleType.WHOLE

    def _method(self, node: Member) -> RuleType:
        arguments = node.arguments or ()
        if node.name in _MACROS:
            return self._macro(node, arguments)
        if node.name == "size":
            return self._size((node.owner, *arguments), node.place)
        if node.name not in _TEXT_TESTS:
            known = ", ".join(sorted((*_TEXT_TESTS, *_MACROS, "size")))
            raise RuleFault(node.place, f"There is no “{node.name}”; there are {known}.")
        types = [self.type_of(part) for part in (node.owner, *arguments)]
        if types != [RuleType.TEXT, RuleType.TEXT]:
            raise RuleFault(node.place, f"{node.name} tests one text by another.")
        return RuleType.FLAG

    def _macro(self, node: Member, arguments: tuple[Node, ...]) -> RuleType:
        if self._variables:
            raise RuleFault(node.place, f"{node.name} cannot stand inside another one.")
        listed = self.type_of(node.owner)
        if listed not in _ITEMS:
            raise RuleFault(node.place, f"{node.name} goes through a list, not {listed.value}.")
        if len(arguments) != 2 or not isinstance(arguments[0], Name):  # noqa: PLR2004 - a name and a test of it
            raise RuleFault(
                node.place, f"{node.name} takes a name and a test of it: data.classes.{node.name}(c, c != '')."
            )
        if arguments[0].name in GROUPS:
            raise RuleFault(arguments[0].place, f"“{arguments[0].name}” names a group of facts already.")
        self._variables[arguments[0].name], self._factor = _ITEMS[listed], LONGEST_LIST
        found = self.type_of(arguments[1])
        self._variables, self._factor = {}, 1
        if found is not RuleType.FLAG:
            raise RuleFault(arguments[1].place, f"The test of {node.name} is true or false, not {found.value}.")
        return RuleType.FLAG

    def _operation(self, node: Operation) -> RuleType:
        types = tuple(self.type_of(operand) for operand in node.operands)
        found = _RULES[node.sign](types)
        if found is None:
            sign, told = node.sign.removesuffix("1"), " and ".join(kind.value for kind in types)
            raise RuleFault(node.place, f"“{sign}” cannot be applied to {told}.")
        return found


def _fact_name(node: Member) -> str:
    if node.arguments is not None or not isinstance(node.owner, Name):
        raise RuleFault(node.place, "A fact is a group and a name with one dot between: tls.version.")
    name = f"{node.owner.name}.{node.name}"
    if name not in FACTS:
        raise RuleFault(node.owner.place, f"There is no fact “{name}”.{_near(name)}")
    return name


def _near(name: str) -> str:
    group, _, member = name.partition(".")
    found = [known for known in FACTS if known.startswith(f"{group}.") or known.endswith(f".{member}")]
    return f" There are {', '.join(sorted(found)[:6])}." if found else ""


_Types = tuple[RuleType, ...]


def _comparable(types: _Types) -> bool:
    return types[0] is types[1] or set(types) <= _NUMERIC


def _logic(types: _Types) -> RuleType | None:
    return RuleType.FLAG if set(types) == {RuleType.FLAG} else None


def _equality(types: _Types) -> RuleType | None:
    return RuleType.FLAG if _comparable(types) else None


def _order(types: _Types) -> RuleType | None:
    ordered = set(types) <= _NUMERIC or set(types) == {RuleType.TEXT}
    return RuleType.FLAG if ordered else None


def _arithmetic(types: _Types) -> RuleType | None:
    # CEL has no sum of a whole number and another: the evaluator would refuse it with every run.
    return types[0] if types[0] in _NUMERIC and set(types) == {types[0]} else None


def _membership(types: _Types) -> RuleType | None:
    item, listed = types
    return RuleType.FLAG if listed is RuleType.NOTHINGS or _ITEMS.get(listed) is item else None


def _choice(types: _Types) -> RuleType | None:
    return types[1] if types[0] is RuleType.FLAG and types[1] is types[2] else None


_RULES: dict[str, Callable[[_Types], RuleType | None]] = {
    "||": _logic,
    "&&": _logic,
    "!1": _logic,
    "==": _equality,
    "!=": _equality,
    "<": _order,
    "<=": _order,
    ">": _order,
    ">=": _order,
    "+": _arithmetic,
    "-": _arithmetic,
    "*": _arithmetic,
    "-1": _arithmetic,
    "in": _membership,
    "?": _choice,
}
