"""Policies made ready to be judged: compiled, and put together by the evidence they need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from quarterdeck.analysis.evidence_timelines import ENDLESS
from quarterdeck.analysis.observed import observed_words, unanswered_words
from quarterdeck.analysis.rules import Rule, compile_rule, context_of
from quarterdeck.domain.evidence_records import FactValue
from quarterdeck.domain.fact_catalogue import DAY_TYPES, FACTS
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.policies import EvidenceKind, PolicyVersion, Subject, Verdict

if TYPE_CHECKING:
    from cel import Context

Needs = tuple[tuple[EvidenceKind, int], ...]
"""Kinds of evidence with the milliseconds for which each speaks, in the order of the kinds."""


@dataclass(frozen=True, slots=True)
class JudgedPolicy:
    """A version of a policy, compiled. `days` are the facts it reads that change with the day."""

    version: PolicyVersion
    rule: Rule
    needs: Needs
    days: tuple[str, ...]
    from_ms: int
    to_ms: int

    @property
    def kinds(self) -> tuple[EvidenceKind, ...]:
        """The kinds of evidence that are needed."""
        return tuple(kind for kind, _ in self.needs)

    @classmethod
    def of(cls, version: PolicyVersion) -> JudgedPolicy:
        """Compile a version. Raises RuleFault."""
        rule = compile_rule(version.policy.rule)
        needs = tuple(sorted((need.kind, int(need.lifetime_seconds * 1000)) for need in version.policy.evidence))
        read = (*rule.shape.needed, *rule.shape.asked)
        days = tuple(sorted({name for name in read if FACTS[name].type in DAY_TYPES}))
        ends_ms = ENDLESS if version.valid_to_at is None else to_ms(version.valid_to_at)
        return cls(version, rule, needs, days, to_ms(version.valid_from_at), ends_ms)


@dataclass(frozen=True, slots=True)
class PolicyGroup:
    """Policies with the same needs, in force over the same `[from_ms, to_ms)`; each with its number in the set."""

    needs: Needs
    days: tuple[str, ...]
    from_ms: int
    to_ms: int
    members: tuple[tuple[int, JudgedPolicy], ...]


Members = tuple[tuple[int, JudgedPolicy], ...]
Outcome = tuple[Verdict, str]
"""What a rule makes of some facts, and why in words where it does not hold."""

HOLDS: Outcome = (Verdict.SATISFIED, "")
_MOST_OUTCOMES = 4_096


@dataclass(frozen=True, slots=True)
class PolicySet:
    """Policies that are judged together. What they make of the same facts is remembered: many entities are alike."""

    policies: tuple[JudgedPolicy, ...]
    groups: tuple[PolicyGroup, ...]
    _covering: dict[tuple[int, Subject], Members] = field(
        default_factory=dict[tuple[int, Subject], Members], compare=False
    )
    _outcomes: dict[tuple[int, tuple[tuple[str, FactValue], ...]], tuple[Outcome, ...]] = field(
        default_factory=dict[tuple[int, tuple[tuple[str, FactValue], ...]], tuple[Outcome, ...]], compare=False
    )

    @classmethod
    def of(cls, policies: Sequence[JudgedPolicy]) -> PolicySet:
        """Policies in their order."""
        grouped: dict[tuple[Needs, tuple[str, ...], int, int], list[tuple[int, JudgedPolicy]]] = defaultdict(list)
        for number, policy in enumerate(policies):
            grouped[policy.needs, policy.days, policy.from_ms, policy.to_ms].append((number, policy))
        return cls(tuple(policies), tuple(PolicyGroup(*key, tuple(members)) for key, members in grouped.items()))

    def outcomes(self, members: Members, facts: Mapping[str, FactValue]) -> tuple[Outcome, ...]:
        """What the members of one group, as `covering` told them, make of facts of the kinds they need."""
        # A policy's facts have one type each, so that values which Python calls equal are equal to its rule too.
        key = id(members), tuple(facts.items())
        known = self._outcomes.get(key)
        if known is None:
            if len(self._outcomes) >= _MOST_OUTCOMES:
                self._outcomes.clear()
            context = context_of(facts, members[0][1].kinds if members else ())
            known = self._outcomes[key] = tuple(_outcome(policy.rule, context, facts) for _, policy in members)
        return known

    def covering(self, group_number: int, subject: Subject) -> Members:
        """The members of a group whose scope covers a subject."""
        known = self._covering.get((group_number, subject))
        if known is None:
            known = tuple(_covering(self.groups[group_number], subject))
            self._covering[group_number, subject] = known
        return known

    def shortest_lifetime_ms(self, kind: EvidenceKind) -> int | None:
        """The shortest lifetime that any policy gives a kind of evidence; None where none needs it."""
        lifetimes = [life for policy in self.policies for needed, life in policy.needs if needed is kind]
        return min(lifetimes, default=None)


def _covering(group: PolicyGroup, subject: Subject) -> Iterator[tuple[int, JudgedPolicy]]:
    for number, policy in group.members:
        if policy.version.policy.scope.covers(subject):
            yield number, policy


def _outcome(rule: Rule, context: Context, facts: Mapping[str, FactValue]) -> Outcome:
    held = rule.holds(context)
    if held:
        return HOLDS
    if held is None:
        return Verdict.NOT_EVALUABLE, unanswered_words(rule.shape.needed, facts)
    return Verdict.NOT_SATISFIED, observed_words(rule.shape.needed, facts)
