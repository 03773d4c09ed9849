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


Outcomes = tuple[tuple[Outcome, tuple[int, ...]], ...]
"""What policies make of the same facts: each outcome once, with the numbers of the policies whose it is."""


Course = tuple[Outcome | None, ...]
Courses = tuple[tuple[Course, tuple[int, ...]], ...]
"""Outcomes over several pieces of time, None for a piece without evidence, with the numbers of the policies."""


@dataclass(frozen=True, slots=True, eq=False)
class AlikePolicies:
    """Policies that need the same evidence and read the same facts; what they make of equal facts is remembered.

    Each of the `rules` stands once, with the numbers of the policies whose it is.
    """

    reads: tuple[str, ...]
    rules: tuple[tuple[Rule, tuple[int, ...]], ...]
    numbers: tuple[int, ...]
    _known: dict[tuple[FactValue | None, ...], Outcomes] = field(
        default_factory=dict[tuple[FactValue | None, ...], Outcomes]
    )
    # By the identity of outcomes, which are kept so that none of them can be taken for another.
    _courses: dict[tuple[int, ...], tuple[tuple[Outcomes | None, ...], Courses]] = field(
        default_factory=dict[tuple[int, ...], "tuple[tuple[Outcomes | None, ...], Courses]"]
    )

    def outcomes(self, facts: Mapping[str, FactValue]) -> Outcomes:
        """What the members make of facts."""
        # A fact has one type, so that values which Python calls equal are equal to every rule too.
        values = tuple(map(facts.get, self.reads))
        found = self._known.get(values)
        if found is None:
            if len(self._known) >= _MOST_OUTCOMES:
                self._known.clear()
            read = {name: value for name, value in zip(self.reads, values, strict=True) if value is not None}
            context = context_of(read, {FACTS[name].group for name in self.reads})
            found = self._known[values] = self._judged(context, read)
        return found

    def courses(self, told: Sequence[Outcomes | None]) -> Courses:
        """Which members go the same way through pieces of time, and which way; None is time without evidence."""
        speaking = [at for at, outcomes in enumerate(told) if outcomes is not None]
        if len(speaking) == 1:
            return _one_course(told, speaking[0])
        key = tuple(map(id, told))
        known = self._courses.get(key)
        if known is None:
            if len(self._courses) >= _MOST_OUTCOMES:
                self._courses.clear()
            known = self._courses[key] = tuple(told), _courses(told, self.numbers)
        return known[1]

    def _judged(self, context: Context, facts: Mapping[str, FactValue]) -> Outcomes:
        """Equal outcomes are one, and their words are made once."""
        holding: list[int] = []
        others: dict[tuple[bool | None, tuple[str, ...]], list[int]] = {}
        for rule, numbers in self.rules:
            held = rule.holds(context)
            if held:
                holding += numbers
            else:
                others.setdefault((held, rule.shape.needed), []).extend(numbers)
        found = [(_HOLDS, tuple(holding))] if holding else []
        for (held, needed), own in others.items():
            verdict, words = (
                (Verdict.NOT_EVALUABLE, unanswered_words) if held is None else (Verdict.NOT_SATISFIED, observed_words)
            )
            found.append(((verdict, words(needed, facts)), tuple(own)))
        return tuple(found)


Covering = tuple[tuple[AlikePolicies, ...], ...]
"""For each group of a set those of its policies that cover a subject, put together by what they read."""


@dataclass(frozen=True, slots=True)
class PolicySet:
    """Policies that are judged together."""

    policies: tuple[JudgedPolicy, ...]
    groups: tuple[PolicyGroup, ...]
    _covering: dict[Subject, Covering] = field(default_factory=dict[Subject, "Covering"], compare=False)

    @classmethod
    def of(cls, policies: Sequence[JudgedPolicy]) -> PolicySet:
        """Policies in their order."""
        grouped: dict[tuple[Needs, tuple[str, ...], int, int], list[tuple[int, JudgedPolicy]]] = defaultdict(list)
        for number, policy in enumerate(policies):
            grouped[policy.needs, policy.days, policy.from_ms, policy.to_ms].append((number, policy))
        return cls(tuple(policies), tuple(PolicyGroup(*key, tuple(members)) for key, members in grouped.items()))

    def covering(self, subject: Subject) -> Covering:
        """Of each group the members whose scope covers a subject; the same object for the same subject."""
        known = self._covering.get(subject)
        if known is None:
            known = self._covering[subject] = tuple(tuple(_covering(group, subject)) for group in self.groups)
        return known


def _covering(group: PolicyGroup, subject: Subject) -> Iterator[AlikePolicies]:
    alike: dict[tuple[str, ...], list[tuple[int, JudgedPolicy]]] = defaultdict(list)
    for number, policy in group.members:
        if policy.version.policy.scope.covers(subject):
            alike[policy.reads].append((number, policy))
    for reads, members in alike.items():
        yield AlikePolicies(reads, _rules(members), tuple(number for number, _ in members))


def _rules(members: Sequence[tuple[int, JudgedPolicy]]) -> tuple[tuple[Rule, tuple[int, ...]], ...]:
    """The rules of policies; what is written in the same letters is the same rule."""
    by_text: dict[str, tuple[Rule, list[int]]] = {}
    for number, policy in members:
        by_text.setdefault(policy.rule.text, (policy.rule, []))[1].append(number)
    return tuple((rule, tuple(numbers)) for rule, numbers in by_text.values())


def _one_course(told: Sequence[Outcomes | None], at: int) -> Courses:
    """Where evidence speaks in one piece only, every outcome of it is a course."""
    before, after = (None,) * at, (None,) * (len(told) - at - 1)
    return tuple(((*before, outcome, *after), numbers) for outcome, numbers in told[at] or ())


def _courses(told: Sequence[Outcomes | None], numbers: tuple[int, ...]) -> Courses:
    by_number = [{} if each is None else {n: outcome for outcome, own in each for n in own} for each in told]
    same: dict[Course, list[int]] = defaultdict(list)
    for number in numbers:
        same[tuple(outcomes.get(number) for outcomes in by_number)].append(number)
    return tuple((course, tuple(own)) for course, own in same.items())
