"""Which of the facts that a rule reads made it fail: a rule of several demands is taken apart at its outer `&&`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from quarterdeck.analysis.rules import Rule, RuleFault, check_rule, compile_rule, context_of
from quarterdeck.domain.evidence_records import FactValue

_OPENING, _CLOSING, _QUOTES = "([{", ")]}", "'\""


@dataclass(frozen=True, slots=True)
class Demands:
    """A rule with its demands, compiled once."""

    everything: frozenset[str]
    parts: tuple[Rule, ...]

    @classmethod
    def of(cls, rule: str) -> Demands:
        """The demands of a rule. Raises RuleFault for one that is none."""
        shape = check_rule(rule)
        everything = frozenset((*shape.needed, *shape.asked))
        try:
            return cls(everything, tuple(compile_rule(text) for text in _demands(rule)))
        except RuleFault:
            # A part means nothing without the rest of the rule: then nothing tells them apart.
            return cls(everything, ())

    def failing_facts(self, facts: Mapping[str, FactValue]) -> frozenset[str]:
        """The facts read by demands that are false; where none is known to be, all that the rule reads."""
        context = context_of({name: value for name, value in facts.items() if name in self.everything})
        broken = [part.shape for part in self.parts if part.holds(context) is False]
        return frozenset(name for shape in broken for name in (*shape.needed, *shape.asked)) or self.everything


def _demands(rule: str) -> Iterator[str]:
    """The parts between outer `&&`; the whole rule where an outer `||` or `?` stands."""
    outer = _outside_of_brackets(rule)
    begin = 0
    if "?" not in outer and "||" not in outer:
        for demand in outer.split("&&")[:-1]:
            yield rule[begin : begin + len(demand)]
            begin += len(demand) + len("&&")
    yield rule[begin:]


def _outside_of_brackets(rule: str) -> str:
    """A rule of equal length in which everything in brackets or in texts is blank."""
    depth, quote = 0, ""
    signs: list[str] = []
    for place, sign in enumerate(rule):
        if quote:
            quote = "" if sign == quote and rule[place - 1] != "\\" else quote
            signs.append(" ")
            continue
        quote = sign if sign in _QUOTES else ""
        depth += (sign in _OPENING) - (sign in _CLOSING)
        signs.append(" " if depth or quote or sign in _CLOSING else sign)
    return "".join(signs)
