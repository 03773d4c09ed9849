"""Rules of policies: read, checked and bounded here, evaluated by the Common Expression Language's own evaluator.

The evaluator holds the interpreter's lock, knows no types before it runs and cannot be interrupted. So nothing reaches
it that was not parsed, typed and priced before; what is let through ends within `rule_types.DEAREST` steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quarterdeck.analysis.rule_syntax import parse_rule
from quarterdeck.analysis.rule_tokens import Place, RuleFault
from quarterdeck.analysis.rule_types import LONGEST_LIST, RuleShape, shape_of
from quarterdeck.domain.evidence_records import FactValue
from quarterdeck.domain.fact_catalogue import FACTS, GROUPS

if TYPE_CHECKING:
    from cel import Context, Program

__all__ = ["Rule", "RuleFault", "check_rule", "compile_rule", "context_of"]

_PARTS = {name: (spec.group, spec.member) for name, spec in FACTS.items()}
_UNANSWERED = (KeyError, RuntimeError, TypeError, ValueError, ArithmeticError)
"""How the evaluator says that a fact is missing or a number leaves its range."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled rule with what it reads."""

    text: str
    shape: RuleShape
    program: Program

    def holds(self, context: Context) -> bool | None:
        """Whether the rule is true; None when the facts do not say."""
        try:
            found = self.program.execute(context)
        except _UNANSWERED:
            return None
        return found if isinstance(found, bool) else None


def check_rule(text: str) -> RuleShape:
    """What a rule reads, without the evaluator. Raises RuleFault with the line and the column."""
    return shape_of(parse_rule(text))


def compile_rule(text: str) -> Rule:
    """A rule ready to run. Raises RuleFault with the line and the column."""
    from cel import compile as compile_program

    shape = check_rule(text)
    try:
        program = compile_program(text)
    except ValueError as fault:
        raise RuleFault(Place(1, 1), "The evaluator does not take this rule.") from fault
    return Rule(text, shape, program)


def context_of(facts: Mapping[str, FactValue], groups: Iterable[str] = GROUPS) -> Context:
    """What rules are run over that read only facts of these groups.

    Facts go by their full names; those that are missing are missing to the rule. Raises KeyError for a fact that is
    not in the catalogue.
    """
    from cel import Context as CelContext

    grouped: dict[str, dict[str, FactValue | list[str]]] = {group: {} for group in groups}
    for name, value in facts.items():
        group, member = _PARTS[name]
        if group in grouped:
            grouped[group][member] = list(value[:LONGEST_LIST]) if isinstance(value, tuple) else value
    return CelContext(variables=grouped)
