"""Whose fault an outage is, from what the signals told around its onset.

Each clue weighs for or against one class. A class needs weight of its own and a lead over every other; clues that
contradict each other end in "not known", and nothing is called strong that rests on one kind of clue or that any clue
speaks against. Reading the four classes follows how aggregators class their own errors (by who has to act).
"""

from __future__ import annotations

from collections.abc import Iterator

from quarterdeck.domain.fault_class import (
    Certainty,
    Clue,
    ErrorSide,
    FaultClass,
    FaultVerdict,
    Missing,
    OutageFacts,
    ProbeEnd,
    Reason,
)
from quarterdeck.domain.health import HealthState

LEAST_WEIGHT = 2
"""A class with less stays a suspicion that is not told."""
CLEAR_LEAD = 2
"""A lead of less makes a weak verdict; none makes no verdict."""
STRONG_WEIGHT = 5
MOST_ERRORS = 0.5
"""The share of failing requests on one side from which on it counts."""

_UNWELL = frozenset({HealthState.DEGRADED, HealthState.DOWN, HealthState.UNREACHABLE})
_OURS, _PARTNER = FaultClass.OURS, FaultClass.PARTNER
_INSTITUTION, _CLIENT = FaultClass.INSTITUTION, FaultClass.CLIENT
_CLASSES = (_OURS, _PARTNER, _INSTITUTION, _CLIENT)

_PROBES: dict[ProbeEnd, tuple[tuple[Clue, FaultClass, int], ...]] = {
    ProbeEnd.NOT_RUN: (),
    ProbeEnd.WELL: ((Clue.PROBE_WELL, _PARTNER, -2),),
    ProbeEnd.FAULTY: ((Clue.PROBE_FAULTY, _PARTNER, 3),),
    ProbeEnd.NO_ANSWER: ((Clue.PROBE_NO_ANSWER, _PARTNER, 2),),
    ProbeEnd.REFUSED_US: ((Clue.REFUSED_US, _OURS, 3),),
    ProbeEnd.WRONG_REQUEST: ((Clue.WRONG_REQUEST, _OURS, 2),),
    ProbeEnd.COULD_NOT_ASK: ((Clue.COULD_NOT_ASK, _OURS, 3),),
}
_ERRORS = {
    ErrorSide.OURS: (Clue.ERRORS_OURS, _OURS),
    ErrorSide.PARTNER: (Clue.ERRORS_PARTNER, _PARTNER),
    ErrorSide.INSTITUTION: (Clue.ERRORS_INSTITUTION, _INSTITUTION),
    ErrorSide.CLIENT: (Clue.ERRORS_CLIENT, _CLIENT),
}
_ERROR_WEIGHT = 4


def classify(facts: OutageFacts) -> FaultVerdict:
    """The class of an outage with its reasons, and how sure it is; the same facts always give the same verdict."""
    reasons = tuple(_reasons(facts))
    missing = tuple(_missing(facts))
    weights = {each: sum(reason.weight for reason in reasons if reason.about is each) for each in _CLASSES}
    first, second = sorted(_CLASSES, key=lambda each: -weights[each])[:2]
    lead = weights[first] - max(0, weights[second])
    if weights[first] < LEAST_WEIGHT or lead <= 0:
        return FaultVerdict(FaultClass.NOT_KNOWN, Certainty.NONE, _ranked(reasons, FaultClass.NOT_KNOWN), missing)
    certainty = _certainty(reasons, first, weights[first], lead)
    return FaultVerdict(first, certainty, _ranked(reasons, first), missing)


def _certainty(reasons: tuple[Reason, ...], fault: FaultClass, weight: int, lead: int) -> Certainty:
    """Strong is what several kinds of clue tell and none speaks against; weak is what has hardly a lead."""
    if lead < CLEAR_LEAD:
        return Certainty.WEAK
    supporting = {each.clue for each in reasons if each.about is fault and each.weight > 0}
    is_opposed = any((each.about is fault) is (each.weight < 0) for each in reasons)
    if weight >= STRONG_WEIGHT and len(supporting) > 1 and not is_opposed:
        return Certainty.STRONG
    return Certainty.LIKELY if weight > LEAST_WEIGHT else Certainty.WEAK


def _ranked(reasons: tuple[Reason, ...], fault: FaultClass) -> tuple[Reason, ...]:
    def rank(reason: Reason) -> tuple[int, int, str]:
        group = 0 if reason.about is fault and reason.weight > 0 else 1 if reason.about is fault else 2
        return group, -abs(reason.weight), reason.clue

    return tuple(sorted(reasons, key=rank))


def _reasons(facts: OutageFacts) -> Iterator[Reason]:
    if facts.is_internal:
        yield Reason(Clue.INTERNAL, _OURS, 4)
    yield from _of_ourselves(facts)
    yield from _of_others(facts)
    names = (facts.probe_words or facts.partner,) if facts.probe_words or facts.partner else ()
    yield from (Reason(clue, about, weight, names) for clue, about, weight in _PROBES[facts.probe])
    yield from _of_the_claim(facts)
    yield from _of_institutions(facts)
    for side, share in facts.error_shares:
        if share >= MOST_ERRORS:
            clue, about = _ERRORS[side]
            yield Reason(clue, about, _ERROR_WEIGHT)


def _of_ourselves(facts: OutageFacts) -> Iterator[Reason]:
    if facts.own_parts.unwell:
        yield Reason(Clue.OWN_PART_FAILED, _OURS, 4, facts.own_parts.unwell)
    elif facts.own_parts.well:
        yield Reason(Clue.OWN_PARTS_WELL, _OURS, -1, facts.own_parts.well)
    if facts.machine in _UNWELL:
        yield Reason(Clue.MACHINE_UNWELL, _OURS, 2)
    if facts.own_change:
        yield Reason(Clue.OWN_CHANGE, _OURS, 2, (facts.own_change,))


def _of_others(facts: OutageFacts) -> Iterator[Reason]:
    """What failed with it and what did not: the same parts of ours, the same partner, the same way out."""
    fellows, siblings, probed = facts.fellows, facts.siblings, facts.probed
    if len(fellows.unwell) > len(fellows.well):
        yield Reason(Clue.FELLOWS_FAIL, _OURS, 3, fellows.unwell)
    elif fellows.well and not fellows.unwell:
        yield Reason(Clue.FELLOWS_WELL, _OURS, -2, fellows.well)
    if siblings.unwell:
        yield Reason(Clue.SIBLINGS_FAIL, _PARTNER, 2, siblings.unwell)
    elif siblings.well:
        yield Reason(Clue.SIBLINGS_WELL, _PARTNER, -1, siblings.well)
    probe_fails = facts.probe in {ProbeEnd.FAULTY, ProbeEnd.NO_ANSWER, ProbeEnd.COULD_NOT_ASK}
    if probe_fails and probed.unwell and not probed.well:
        yield Reason(Clue.ALL_PROBES_FAIL, _OURS, 4, probed.unwell)
    elif probe_fails and probed.well:
        yield Reason(Clue.OTHER_PROBES_WELL, _OURS, -1, probed.well)


def _of_the_claim(facts: OutageFacts) -> Iterator[Reason]:
    """What the page says of the partner itself; what it says of an institution is another clue."""
    if facts.claim is HealthState.MAINTENANCE:
        yield Reason(Clue.CLAIM_PLANNED, _PARTNER, 3)
    elif facts.claim in _UNWELL and not facts.institutions:
        yield Reason(Clue.CLAIM_ADMITS, _PARTNER, 3)
    elif facts.claim is HealthState.HEALTHY and not facts.institutions:
        yield Reason(Clue.CLAIM_FINE, _PARTNER, -1)


def _of_institutions(facts: OutageFacts) -> Iterator[Reason]:
    if facts.institutions:
        yield Reason(Clue.INSTITUTION_NAMED, _INSTITUTION, 4, facts.institutions)
    if facts.has_institutions and facts.probe is ProbeEnd.WELL:
        yield Reason(Clue.BEHIND_AGGREGATOR, _INSTITUTION, 1)


def _missing(facts: OutageFacts) -> Iterator[Missing]:
    if facts.is_internal:
        return
    lacking = {
        Missing.PROBE: facts.probe is ProbeEnd.NOT_RUN,
        Missing.CLAIM: facts.claim in {HealthState.UNKNOWN, HealthState.STALE},
        Missing.SIBLINGS: not facts.siblings.is_known,
        Missing.FELLOWS: not facts.fellows.is_known,
        Missing.OWN_PARTS: not facts.own_parts.is_known,
        Missing.ERROR_CLASSES: not facts.error_shares,
    }
    yield from (each for each, is_lacking in lacking.items() if is_lacking)
