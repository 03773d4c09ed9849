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
    """A version of a policy, compiled. `reads` are the facts it reads, `days` those that change with the day."""

    version: PolicyVersion
    rule: Rule
    needs: Needs
    reads: tuple[str, ...]
    days: tuple[str, ...]
    from_ms: int
    to_ms: int

    @classmethod
    def of(cls, version: PolicyVersion) -> JudgedPolicy:
        """Compile a version. Raises RuleFault."""
        rule = compile_rule(version.policy.rule)
        needs = tuple(sorted((need.kind, int(need.lifetime_seconds * 1000)) for need in version.policy.evidence))
        reads = tuple(sorted({*rule.shape.needed, *rule.shape.asked}))
        days = tuple(name for name in reads if FACTS[name].type in DAY_TYPES)
        ends_ms = ENDLESS if version.valid_to_at is None else to_ms(version.valid_to_at)
        return cls(version, rule, needs, reads, days, to_ms(version.valid_from_at), ends_ms)


@dataclass(frozen=True, slots=True)
class PolicyGroup:
    """Policies with the same needs, in force over the same `[from_ms, to_ms)`; each with its number in the set."""

    needs: Needs
    days: tuple[str, ...]
    from_ms: int
    to_ms: int
    members: tuple[tuple[int, JudgedPolicy], ...]


Outcome = tuple[Verdict, str]
"""What a rule makes of some facts, and why in words where it does not hold."""

_HOLDS: Outcome = (Verdict.SATISFIED, "")
_MOST_OUTCOMES = 1_024


@dataclass(frozen=True, slots=True, eq=False)
class AlikePolicies:
    """Policies that need the same evidence and read the same facts; what they make of equal facts is remembered."""

    reads: tuple[str, ...]
    members: tuple[tuple[int, JudgedPolicy], ...]
    _known: dict[tuple[FactValue | None, ...], tuple[Outcome, ...]] = field(
        default_factory=dict[tuple[FactValue | None, ...], tuple[Outcome, ...]]
    )

    def outcomes(self, facts: Mapping[str, FactValue]) -> tuple[Outcome, ...]:
        """What the members make of facts, in their order."""
        # A fact has one type, so that values which Python calls equal are equal to every rule too.
        values = tuple(map(facts.get, self.reads))
        found = self._known.get(values)
        if found is None:
            if len(self._known) >= _MOST_OUTCOMES:
                self._known.clear()
            read = {name: value for name, value in zip(self.reads, values, strict=True) if value is not None}
            context = context_of(read, {FACTS[name].group for name in self.reads})
            found = self._known[values] = tuple(self._judged(context, read))
        return found

    def _judged(self, context: Context, facts: Mapping[str, FactValue]) -> Iterator[Outcome]:
        """An outcome for each member; equal ones are one object, and their words are made once."""
        same: dict[tuple[bool | None, tuple[str, ...]], Outcome] = {(True, ()): _HOLDS}
        for _, policy in self.members:
            held, needed = policy.rule.holds(context), policy.rule.shape.needed
            key = (held, () if held else needed)
            if key not in same:
                words = unanswered_words if held is None else observed_words
                same[key] = Verdict.NOT_EVALUABLE if held is None else Verdict.NOT_SATISFIED, words(needed, facts)
            yield same[key]


@dataclass(frozen=True, slots=True)
class PolicySet:
    """Policies that are judged together."""

    policies: tuple[JudgedPolicy, ...]
    groups: tuple[PolicyGroup, ...]
    _covering: dict[tuple[int, Subject], tuple[AlikePolicies, ...]] = field(
        default_factory=dict[tuple[int, Subject], tuple[AlikePolicies, ...]], compare=False
    )

    @classmethod
    def of(cls, policies: Sequence[JudgedPolicy]) -> PolicySet:
        """Policies in their order."""
        grouped: dict[tuple[Needs, tuple[str, ...], int, int], list[tuple[int, JudgedPolicy]]] = defaultdict(list)
        for number, policy in enumerate(policies):
            grouped[policy.needs, policy.days, policy.from_ms, policy.to_ms].append((number, policy))
        return cls(tuple(policies), tuple(PolicyGroup(*key, tuple(members)) for key, members in grouped.items()))

    def covering(self, group_number: int, subject: Subject) -> tuple[AlikePolicies, ...]:
        """The members of a group whose scope covers a subject, put together by what they read."""
        known = self._covering.get((group_number, subject))
        if known is None:
            known = tuple(_covering(self.groups[group_number], subject))
            self._covering[group_number, subject] = known
        return known

    def shortest_lifetime_ms(self, kind: EvidenceKind) -> int | None:
        """The shortest lifetime that any policy gives a kind of evidence; None where none needs it."""
        lifetimes = [life for policy in self.policies for needed, life in policy.needs if needed is kind]
        return min(lifetimes, default=None)


def _covering(group: PolicyGroup, subject: Subject) -> Iterator[AlikePolicies]:
    alike: dict[tuple[str, ...], list[tuple[int, JudgedPolicy]]] = defaultdict(list)
    for number, policy in group.members:
        if policy.version.policy.scope.covers(subject):
            alike[policy.reads].append((number, policy))
    for reads, members in alike.items():
        yield AlikePolicies(reads, tuple(members))
