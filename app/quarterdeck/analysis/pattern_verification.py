"""Holding an entity against a pattern: which demands are met, which are not and since when, and what is not known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from quarterdeck.domain.estate import (
    Entity,
    EntityKind,
    EntityVersion,
    Relation,
    RelationKind,
    RelationVersion,
    precedence,
)
from quarterdeck.domain.facts import fact
from quarterdeck.domain.instants import duration_words
from quarterdeck.domain.patterns import (
    Demand,
    Finding,
    Pattern,
    RequiredRelation,
    RequiredSignal,
    Verification,
    Way,
)
from quarterdeck.domain.policies import Verdict, VerdictInterval
from quarterdeck.domain.series import Meaning

_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*%", re.ASCII)
_KIND_WORDS = {
    RelationKind.EXTERNAL_INTERNAL: "external → internal",
    RelationKind.SERVICE_COMPONENT: "service → component",
    RelationKind.EVENT_NOTIFICATION: "event → notification",
}
_NOTHING_TOLD = "nothing tells of it yet"
_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class SeenSignal:
    """A series that tells of the entity: when it told first and last up to the moment, and whether that is fresh.

    `is_kept` is False for one whose samples stay in their source, so that their instants are not known here.
    """

    meaning: Meaning
    statistic: str = ""
    first_at: datetime | None = None
    last_at: datetime | None = None
    is_fresh: bool = False
    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class SeenEntity:
    """What is known of an entity at a moment.

    `versions` of it and `relations` around it may reach back as far as wanted: the further, the truer the dates.
    `others` are the entities of the moment by key. `verdicts` are by the policy's id, of policies in force.
    `silent_since_at` is since when nobody has collected.
    """

    at: datetime
    versions: tuple[EntityVersion, ...]
    relations: tuple[RelationVersion, ...] = ()
    others: Mapping[str, Entity] = field(default_factory=dict[str, Entity])
    signals: tuple[SeenSignal, ...] = ()
    verdicts: Mapping[str, VerdictInterval] = field(default_factory=dict[str, VerdictInterval])
    silent_since_at: datetime | None = None


class _Past:
    """An entity over time, each instant worked out once however many demands look at it."""

    def __init__(self, seen: SeenEntity) -> None:
        self.seen = seen
        self._instants: tuple[datetime, ...] | None = None
        self._entities: dict[datetime, Entity | None] = {}
        self._relations: dict[datetime, tuple[Relation, ...]] = {}

    def entity_at(self, at: datetime) -> Entity | None:
        """The entity as it stood at an instant; None where it did not exist."""
        if at not in self._entities:
            valid = [version for version in self.seen.versions if _holds(version, at)]
            self._entities[at] = max(valid, key=precedence).entity if valid else None
        return self._entities[at]

    def relations_at(self, at: datetime) -> tuple[Relation, ...]:
        """The relations around it as they stood at an instant, by key."""
        if at not in self._relations:
            standing: dict[str, RelationVersion] = {}
            for version in sorted((each for each in self.seen.relations if _holds(each, at)), key=precedence):
                standing[version.relation.key] = version
            self._relations[at] = tuple(standing[key].relation for key in sorted(standing))
        return self._relations[at]

    def since(self, deviates: Callable[[datetime, Entity], bool]) -> datetime:
        """The instant from which on, without a break, it existed and deviated."""
        begun = self.seen.at
        for instant in self._latest_first():
            entity = self.entity_at(instant)
            if entity is None or not deviates(instant, entity):
                break
            begun = instant
        return begun

    def _latest_first(self) -> tuple[datetime, ...]:
        """Every instant up to the moment at which something of it began or ended."""
        if self._instants is None:
            edges = {edge for version in (*self.seen.versions, *self.seen.relations) for edge in _edges(version)}
            self._instants = tuple(sorted((edge for edge in edges if edge <= self.seen.at), reverse=True))
        return self._instants


def verify(pattern: Pattern, seen: SeenEntity) -> Verification:
    """How an entity that exists at the moment stands to a pattern of its kind.

    Raises ValueError for an entity that does not exist then.
    """
    past = _Past(seen)
    entity = past.entity_at(seen.at)
    if entity is None:
        message = "only what exists at the moment is held against a pattern"
        raise ValueError(message)
    found = tuple(_findings(pattern, past, entity))
    return Verification(
        entity.key,
        pattern.id,
        pattern.title,
        pattern.demand_count,
        deviations=tuple(finding for finding, is_known in found if is_known),
        unknowns=tuple(finding for finding, is_known in found if not is_known),
    )


def _findings(pattern: Pattern, past: _Past, entity: Entity) -> Iterator[tuple[Finding, bool]]:
    """What is not met, and what is not known, each with whether it is."""
    told = (
        *(finding for wanted in pattern.relations for finding in _relation_findings(wanted, past, entity)),
        *_declared(pattern, past, entity),
    )
    yield from ((finding, True) for finding in told)
    yield from _signals(pattern.signals, past)
    yield from _policies(pattern.policies, past.seen)


def _relation_findings(wanted: RequiredRelation, past: _Past, entity: Entity) -> Iterator[Finding]:
    others, known = past.seen.others, dict[datetime, tuple[Relation, ...]]()

    def fitting(at: datetime) -> tuple[Relation, ...]:
        if at not in known:
            known[at] = tuple(
                relation for relation in past.relations_at(at) if _fits(wanted, relation, entity.key, others)
            )
        return known[at]

    def is_wrong_count(at: datetime, _entity: Entity) -> bool:
        count = len(fitting(at))
        return count < wanted.at_least or (wanted.at_most is not None and count > wanted.at_most)

    found = fitting(past.seen.at)
    if is_wrong_count(past.seen.at, entity):
        keys = tuple(_other_key(relation, wanted.way) for relation in found)
        names = _listed(others[key].name if key in others else key for key in keys)
        counted = f"{len(keys)} ({names})" if keys else "none"
        yield Finding(Demand.RELATION, _relation_words(wanted), counted, past.since(is_wrong_count), keys)
    for name in wanted.facts:

        def is_bare(at: datetime, _entity: Entity, name: str = name) -> bool:
            return any(not fact(relation.facts, name) for relation in fitting(at))

        bare = tuple(_other_key(relation, wanted.way) for relation in found if not fact(relation.facts, name))
        if bare:
            names = _listed(others[key].name if key in others else key for key in bare)
            required = f"{_plain(name)} on every relation {wanted.way.value} {_with_article(wanted.other)}"
            yield Finding(Demand.RELATION, required, f"missing for {names}", past.since(is_bare), bare)


def _fits(wanted: RequiredRelation, relation: Relation, key: str, others: Mapping[str, Entity]) -> bool:
    own = relation.target_key if wanted.way is Way.FROM else relation.source_key
    return (
        relation.kind is wanted.kind
        and own == key
        and _kind_of(_other_key(relation, wanted.way), others) == wanted.other.value
    )


def _other_key(relation: Relation, way: Way) -> str:
    return relation.source_key if way is Way.FROM else relation.target_key


def _kind_of(key: str, others: Mapping[str, Entity]) -> str:
    """The kind of an entity; of one that is not there what its key says."""
    return others[key].kind.value if key in others else key.partition("/")[0]


def _declared(pattern: Pattern, past: _Past, entity: Entity) -> Iterator[Finding]:
    """What the entity itself does not declare, or not as it is demanded."""
    for demand, required, lacks in _declarations(pattern):
        words = lacks(entity)
        if words:

            def deviates(_at: datetime, then: Entity, lacks: Callable[[Entity], str] = lacks) -> bool:
                return bool(lacks(then))

            yield Finding(demand, required, words, past.since(deviates))


def _declarations(pattern: Pattern) -> Iterator[tuple[Demand, str, Callable[[Entity], str]]]:
    """Each demand on the entity's own declaration, with what is seen instead of it; empty where it is met."""
    least, longest = pattern.objectives.availability_percent, pattern.freshness_seconds
    if least is not None:
        yield Demand.OBJECTIVE, f"availability of at least {least:g}%", partial(_lacks_objective, least)
    for meaning in pattern.objectives.bounded:
        yield Demand.OBJECTIVE, f"bounds on {_plain(meaning)}", partial(_lacks_bounds, meaning)
    if longest is not None:
        required = f"data no older than {duration_words(longest)}"
        yield Demand.FRESHNESS, required, partial(_lacks_freshness, longest)
    for name in pattern.facts:
        yield Demand.FACT, f"{_plain(name)} declared", partial(_lacks_fact, name)


def _lacks_objective(least: float, entity: Entity) -> str:
    told = fact(entity.facts, "objective")
    match = _PERCENT.search(told)
    if match is None:
        return "none declared"
    return "" if float(match[1]) >= least else f"{float(match[1]):g}%"


def _lacks_bounds(meaning: Meaning, entity: Entity) -> str:
    return "" if any(each.meaning is meaning for each in entity.expectations) else "none declared"


def _lacks_fact(name: str, entity: Entity) -> str:
    return "" if fact(entity.facts, name) else "not declared"


def _lacks_freshness(longest: float, entity: Entity) -> str:
    declared = entity.freshness_seconds
    if declared is None:
        return "none declared"
    return "" if declared <= longest else f"up to {duration_words(declared)}"


def _signals(wanted: Iterable[RequiredSignal], past: _Past) -> Iterator[tuple[Finding, bool]]:
    seen = past.seen
    told = [signal for signal in seen.signals if signal.first_at is None or signal.first_at <= seen.at]
    for signal in wanted:
        same = [each for each in told if each.meaning is signal.meaning]
        fitting = [each for each in same if not signal.statistic or each.statistic == signal.statistic]
        if any(each.is_fresh for each in fitting):
            continue
        required = f"{signal.statistic} {_plain(signal.meaning)}".strip()
        if seen.silent_since_at is not None:
            yield Finding(Demand.SIGNAL, required, "nobody collects", seen.silent_since_at), False
        elif not told:
            yield Finding(Demand.SIGNAL, required, _NOTHING_TOLD), False
        elif fitting:
            yield _silent(required, fitting)
        else:
            others = _listed(each.statistic or "the value itself" for each in same)
            words = f"only {others}" if same else "not told"
            yield Finding(Demand.SIGNAL, required, words, past.since(lambda _at, _entity: True)), True


def _silent(required: str, fitting: Iterable[SeenSignal]) -> tuple[Finding, bool]:
    last = [each.last_at for each in fitting if each.last_at is not None]
    if last:
        return Finding(Demand.SIGNAL, required, "silent", max(last)), True
    if all(each.is_kept for each in fitting):
        return Finding(Demand.SIGNAL, required, "silent"), True
    return Finding(Demand.SIGNAL, required, "stays in its source"), False


def _policies(wanted: Iterable[str], seen: SeenEntity) -> Iterator[tuple[Finding, bool]]:
    for policy_id in wanted:
        interval = seen.verdicts.get(policy_id)
        required = f"policy {policy_id} satisfied"
        if interval is None:
            yield Finding(Demand.POLICY, required, "not judged"), False
        elif interval.verdict is Verdict.NOT_SATISFIED:
            words = interval.reason.rstrip(".") or "not satisfied"
            yield Finding(Demand.POLICY, required, words, interval.from_at), True
        elif interval.verdict is Verdict.NOT_EVALUABLE:
            yield Finding(Demand.POLICY, required, "no evidence", interval.from_at), False


def _relation_words(wanted: RequiredRelation) -> str:
    least, most = wanted.at_least, wanted.at_most
    if most is None:
        count = f"at least {least}"
    elif most == least:
        count = f"exactly {least}" if least else "no"
    else:
        count = f"{least} to {most}" if least else f"at most {most}"
    noun = "relation" if (most if most is not None else least) == 1 or count == "no" else "relations"
    return f"{count} {noun} {_KIND_WORDS[wanted.kind]} {wanted.way.value} {_with_article(wanted.other)}"


def _with_article(kind: EntityKind) -> str:
    words = _plain(kind)
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"


def _plain(word: str) -> str:
    return word.replace("_", " ")


def _listed(names: Iterable[str]) -> str:
    """Names with commas, the first few of many."""
    told = list(dict.fromkeys(names))
    more = len(told) - _MOST_NAMED
    return ", ".join(told) if more <= 0 else f"{', '.join(told[:_MOST_NAMED])} and {more} more"


def _holds(version: EntityVersion | RelationVersion, at: datetime) -> bool:
    return version.valid_from_at <= at and (version.valid_to_at is None or at < version.valid_to_at)


def _edges(version: EntityVersion | RelationVersion) -> tuple[datetime, ...]:
    to_at = version.valid_to_at
    return (version.valid_from_at,) if to_at is None else (version.valid_from_at, to_at)
