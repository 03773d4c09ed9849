"""The declared health rules of an entity in an estate document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from quarterdeck.domain.estate import Relation
from quarterdeck.domain.health_rules import HealthRule, RuleKind
from quarterdeck.sdk.documents.section import Section, did_you_mean, written
from quarterdeck.sdk.documents.tree import DocumentFault, DocumentFaults, Node, Scalar, quoted

MOST_RULES = 20
_COMMON_KEYS = ("rule", "of")
_OWN_KEYS = {
    RuleKind.AT_LEAST.value: ("count",),
    RuleKind.WEIGHTED.value: ("down_below", "degraded_below", "weights"),
}
_ALL_KEYS = (*_COMMON_KEYS, *(key for keys in _OWN_KEYS.values() for key in keys))
_LARGEST_WEIGHT = 1e6


@dataclass(frozen=True, slots=True)
class Member:
    """An entity that a rule of another one names, and the line it stands in."""

    entity_key: str
    key: str
    line: int


def read_rules(parent: Section, entity_key: str, members: list[Member]) -> tuple[HealthRule, ...]:
    """The rules under `health`; whom they name is added to `members`, to be judged once the relations are known."""
    rules: list[HealthRule] = []
    named: set[str] = set()
    nodes = parent.listing("health")
    if len(nodes) > MOST_RULES:
        parent.faults.add(parent.fault(f"health holds more than {MOST_RULES} rules.", "health"))
    for node in nodes[:MOST_RULES]:
        with parent.faults:
            kind_word = written(node, "rule")
            keys = (*_COMMON_KEYS, *_OWN_KEYS.get(kind_word, ())) if kind_word in set(RuleKind) else _ALL_KEYS
            section = Section(node, "a health rule", keys, parent.faults)
            kind = section.choice("rule", RuleKind)
            of = _members(section, named)
            named |= {scalar.text for scalar in of}
            members += [Member(entity_key, scalar.text, scalar.line) for scalar in of]
            if kind is not None and of:
                rules.append(_rule(section, kind, tuple(scalar.text for scalar in of)))
    return tuple(rules)


def note_strangers(members: Iterable[Member], relations: Iterable[Relation], faults: DocumentFaults) -> None:
    """Note every member of a rule that its entity does not depend on by any relation."""
    providers: dict[str, list[str]] = {}
    for relation in relations:
        providers.setdefault(relation.dependent_key, []).append(relation.provider_key)
    for member in members:
        known = tuple(providers.get(member.entity_key, ()))
        if member.key not in known:
            hint = did_you_mean(member.key, known, faults)
            words = f"{member.entity_key} does not depend on {quoted(member.key)}: no relation says so.{hint}"
            faults.add(DocumentFault(member.line, words))


def _members(section: Section, named: set[str]) -> list[Scalar]:
    """The members of a rule, none of them twice or in an earlier rule."""
    found: list[Scalar] = []
    nodes: tuple[Node, ...] = section.listing("of")
    if not nodes:
        section.faults.add(section.fault("a health rule needs an of: the keys of the entities that it is about.", "of"))
    for node in nodes:
        with section.faults:
            text = node.text.strip() if isinstance(node, Scalar) else ""
            if not isinstance(node, Scalar) or not text:
                raise DocumentFault(node, "of must be a list of entities' keys.")
            if text in named or text in {scalar.text for scalar in found}:
                raise DocumentFault(node, f"{quoted(text)} is named by a rule of this entity already.")
            found.append(Scalar(node.line, text, text))
    return found


def _rule(section: Section, kind: RuleKind, of: tuple[str, ...]) -> HealthRule:
    if kind is RuleKind.AT_LEAST:
        return HealthRule(kind, of, count=_count(section, len(of)))
    if kind is not RuleKind.WEIGHTED:
        return HealthRule(kind, of)
    down_below, degraded_below = section.number("down_below", 0, 1), section.number("degraded_below", 0, 1)
    down_below = 0.5 if down_below is None else down_below
    degraded_below = 1.0 if degraded_below is None else degraded_below
    if degraded_below < down_below:
        words = "degraded_below lies under down_below: down is the worse of the two."
        section.faults.add(section.fault(words, "degraded_below"))
    weights = tuple(_weights(section, of))
    return HealthRule(kind, of, down_below=down_below, degraded_below=degraded_below, weights=weights)


def _count(section: Section, most: int) -> int:
    count = section.number("count", 1, most)
    if count is None or not count.is_integer():
        before = len(section.faults.found)
        words = f"at_least needs a count: how many of its {most} have to work, a whole number."
        if not before or section.faults.found[-1].line != section.fault("", "count").line:
            section.faults.add(section.fault(words, "count"))
        return 1
    return int(count)


def _weights(section: Section, of: tuple[str, ...]) -> Iterable[tuple[str, float]]:
    for key, value in section.settings("weights"):
        if key not in of:
            hint = did_you_mean(key, of, section.faults)
            section.faults.add(section.fault(f"{quoted(key)} has a weight and is not in of.{hint}", "weights"))
        elif isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _LARGEST_WEIGHT:
            section.faults.add(
                section.fault(f"the weight of {key} is a number above 0, not {quoted(str(value))}.", "weights")
            )
        else:
            yield key, float(value)
