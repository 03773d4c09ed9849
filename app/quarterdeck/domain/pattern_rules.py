"""What can be demanded of entities of a kind: relations that may exist, and signals that something could tell.

A demand that nothing can ever meet is a slip of the pen, and would stand as a deviation for ever.
"""

from __future__ import annotations

from quarterdeck.domain.estate import RELATION_ENDS, EntityKind
from quarterdeck.domain.patterns import RequiredRelation, RequiredSignal, Way
from quarterdeck.domain.series import Meaning

_OF_MACHINES = frozenset({Meaning.PROCESSING, Meaning.MEMORY})
_WITHOUT_MACHINE = frozenset({EntityKind.PARTNER, EntityKind.EVENT_TYPE, EntityKind.CHANNEL})
_WITHOUT_PERCENTILES = frozenset({Meaning.AVAILABILITY, Meaning.EXPIRY})


def possible_meanings(kind: EntityKind) -> tuple[Meaning, ...]:
    """What series of an entity of a kind can mean, apart from what has no meaning of ours."""
    without = _OF_MACHINES if kind in _WITHOUT_MACHINE else frozenset[Meaning]()
    return tuple(meaning for meaning in Meaning if meaning is not Meaning.OTHER and meaning not in without)


def meaning_fault(kind: EntityKind, meaning: Meaning) -> str:
    """Why nothing can tell a meaning of an entity of a kind, and what can be told; empty where something can."""
    possible = possible_meanings(kind)
    if meaning in possible:
        return ""
    reason = "names no value" if meaning is Meaning.OTHER else f"is never told of an entity of kind {kind}"
    return f"{meaning} {reason}; what can be told of it is {', '.join(possible)}."


def signal_fault(kind: EntityKind, signal: RequiredSignal) -> str:
    """Why an entity of a kind cannot have a signal; empty where it can."""
    if signal.meaning in _WITHOUT_PERCENTILES and signal.statistic.startswith("p"):
        return f"{signal.meaning} has no {signal.statistic}; leave statistic out, or say mean or max."
    return meaning_fault(kind, signal.meaning)


def relation_fault(kind: EntityKind, wanted: RequiredRelation) -> tuple[str, str]:
    """Why no such relation can exist, and the key that says so; empty where one can."""
    sources, targets = RELATION_ENDS[wanted.kind]
    own, others = (targets, sources) if wanted.way is Way.FROM else (sources, targets)
    if wanted.other not in others:
        ends = " or ".join(each.value for each in EntityKind if each in others)
        verb = "comes from" if wanted.way is Way.FROM else "goes to"
        return f"{wanted.kind} {verb} an entity of kind {ends}, never {wanted.other}.", wanted.way
    if kind not in own:
        ends = " or ".join(each.value for each in EntityKind if each in own)
        verb = "goes to" if wanted.way is Way.FROM else "comes from"
        return f"{wanted.kind} {verb} an entity of kind {ends}, never {kind}, which this pattern is for.", "kind"
    return "", ""
