"""What a file of a pattern demands, read part by part; what nothing could ever meet is refused with its line."""

from __future__ import annotations

import re

from quarterdeck.domain.estate import EntityKind, RelationKind
from quarterdeck.domain.pattern_rules import meaning_fault, relation_fault, signal_fault
from quarterdeck.domain.patterns import Objectives, RequiredRelation, RequiredSignal, Way
from quarterdeck.domain.series import Meaning
from quarterdeck.sdk.documents.section import Section, did_you_mean, written
from quarterdeck.sdk.documents.tree import DocumentFault, Scalar, quoted

FACT_NAME = re.compile(r"[a-z][a-z0-9_.-]{0,79}", re.ASCII)
_STATISTIC = re.compile(r"(?:p(?!0+$)[0-9]{1,2}|mean|max)?", re.ASCII)
_MOST_RELATIONS = 1_000
_RELATION_KEYS = ("kind", Way.FROM.value, Way.TO.value, "at_least", "at_most", "facts")


def read_relations(parent: Section, kind: EntityKind | None) -> tuple[RequiredRelation, ...]:
    """The relations that are required of entities of a kind, which is None where it is not known."""
    found: dict[tuple[RelationKind, Way, EntityKind], RequiredRelation] = {}
    for node in parent.listing("relations"):
        with parent.faults:
            section = Section(node, "a required relation", _RELATION_KEYS, parent.faults)
            wanted = _relation(section, kind)
            ends = (wanted.kind, wanted.way, wanted.other)
            if ends in found:
                words = (
                    f"{wanted.kind} {wanted.way} {wanted.other} is required once: put its counts and facts together."
                )
                raise section.fault(words)
            found[ends] = wanted
    return tuple(found.values())


def read_signals(parent: Section, kind: EntityKind | None) -> tuple[RequiredSignal, ...]:
    """The signals that are required of entities of a kind."""
    found: dict[RequiredSignal, None] = {}
    for node in parent.listing("signals"):
        with parent.faults:
            section = Section(node, "a required signal", ("meaning", "statistic"), parent.faults)
            signal = _signal(section, kind)
            if signal is not None and signal in found:
                parent.faults.add(section.fault("a signal is required once."))
            elif signal is not None:
                found[signal] = None
    return tuple(found)


def read_objectives(parent: Section, kind: EntityKind | None) -> Objectives:
    """The objectives that entities of a kind must declare."""
    told = next((entry.node for entry in parent.node.entries if entry.key == "objectives"), None)
    if told is None:
        return Objectives()
    with parent.faults:
        section = Section(told, "the objectives", ("availability_percent", "bounded"), parent.faults)
        before = len(parent.faults.found)
        objectives = Objectives(_availability(section), _bounded(section, kind))
        if objectives == Objectives() and len(parent.faults.found) == before:
            raise section.fault("the objectives demand nothing: say availability_percent or bounded.")
        return objectives
    return Objectives()


def _relation(section: Section, kind: EntityKind | None) -> RequiredRelation:
    faults = section.faults
    told = section.choice("kind", RelationKind)
    ways = [way for way in Way if written(section.node, way)]
    if len(ways) != 1:
        raise section.fault("a required relation says either from or to, with a kind of entity.")
    other = section.choice(ways[0], EntityKind)
    at_least, at_most = _counts(section)
    facts = section.words("facts", FACT_NAME)
    if at_most == 0 and facts:
        faults.add(section.fault("at_most: 0 leaves no relation that could carry facts.", "facts"))
    wanted = RequiredRelation(
        told or RelationKind.EXTERNAL_INTERNAL, ways[0], other or EntityKind.SERVICE, at_least, at_most, facts
    )
    if told is not None and other is not None and kind is not None:
        words, key = relation_fault(kind, wanted)
        if words:
            faults.add(section.fault(words, key))
    return wanted


def _counts(section: Section) -> tuple[int, int | None]:
    least, most = _whole(section, "at_least"), _whole(section, "at_most")
    at_least = 1 if least is None else least
    if most is not None and least is None and not most:
        at_least = 0
    if most is not None and most < at_least:
        section.faults.add(section.fault(f"at_most is {most}, less than at_least, which is {at_least}.", "at_most"))
    if not at_least and most is None:
        section.faults.add(section.fault("at_least: 0 without at_most demands nothing.", "at_least"))
    return at_least, most


def _whole(section: Section, key: str) -> int | None:
    number = section.number(key, 0, _MOST_RELATIONS)
    if number is not None and number != int(number):
        section.faults.add(section.fault(f"{key} is {number:g}; it is a whole number.", key))
    return None if number is None else int(number)


def _signal(section: Section, kind: EntityKind | None) -> RequiredSignal | None:
    meaning, statistic = section.choice("meaning", Meaning), section.text("statistic")
    if not _STATISTIC.fullmatch(statistic):
        words = f"{quoted(statistic)} is no statistic; one looks like p95, mean or max."
        section.faults.add(section.fault(words, "statistic"))
        return None
    if meaning is None:
        return None
    signal = RequiredSignal(meaning, statistic)
    if kind is not None and (words := signal_fault(kind, signal)):
        section.faults.add(section.fault(words, "meaning"))
    return signal


def _availability(section: Section) -> float | None:
    percent = section.number("availability_percent", 0, 100)
    if percent == 0:
        words = "availability_percent is 0, which everything keeps; it lies above 0 and goes up to 100, such as 99.5."
        section.faults.add(section.fault(words, "availability_percent"))
    return percent


def _bounded(section: Section, kind: EntityKind | None) -> tuple[Meaning, ...]:
    known = {meaning.value: meaning for meaning in Meaning}
    found: list[Meaning] = []
    told = section.words("bounded", FACT_NAME)
    for node in section.listing("bounded") if told else ():
        word = node.text if isinstance(node, Scalar) else ""
        if word not in told:
            continue
        if word not in known:
            hint = did_you_mean(word, tuple(known), section.faults)
            section.faults.add(DocumentFault(node, f"{quoted(word)} is none of {', '.join(known)}.{hint}"))
        elif kind is not None and (words := meaning_fault(kind, known[word])):
            section.faults.add(DocumentFault(node, words))
        else:
            found.append(known[word])
    return tuple(found)
