"""What the loss of an entity would take with it, and what upstream explains its trouble: both read off the graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quarterdeck.analysis.reach import reached
from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.health import SEVERITY, HealthState
from quarterdeck.domain.series import Meaning
from quarterdeck.services.relationships import GraphEntity, GraphRelation, RelationshipReport

SAME_TIME = timedelta(minutes=2)
"""Onsets nearer to each other than this are told as the same time: sources are polled at different moments."""

_IN_TROUBLE = frozenset({HealthState.DEGRADED, HealthState.DOWN, HealthState.UNREACHABLE})


@dataclass(frozen=True, slots=True)
class Follower:
    """An entity that depends on the lost one, so many steps away, and by which way: keys, the lost one first."""

    entity: GraphEntity
    steps: int
    way: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """Everything that depends on an entity, the nearest first.

    What is written down of relations does not tell where there is a second way, so this is the most that a loss can
    take, not what it must. `requests_per_second` is what goes through the entity now, or, where it tells none, through
    the integrations among the followers; None where nobody tells.
    """

    entity: GraphEntity
    followers: tuple[Follower, ...]
    requests_per_second: float | None

    def of_kind(self, *kinds: EntityKind) -> tuple[GraphEntity, ...]:
        """The followers of some kinds, the nearest first."""
        return tuple(one.entity for one in self.followers if one.entity.entity.kind in kinds)

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains that are touched, in alphabetical order."""
        found = {one.entity.domain for one in (self.entity, *(f.entity for f in self.followers)) if one.entity.domain}
        return tuple(sorted(found))

    @property
    def owners(self) -> tuple[str, ...]:
        """Who owns what is touched, in alphabetical order."""
        found = {one.entity.owner for one in (self.entity, *(f.entity for f in self.followers)) if one.entity.owner}
        return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Cause:
    """Something upstream that is in trouble, with the way from it to the entity: keys, the cause first.

    `is_root` says that nothing it depends on itself is in trouble. `seconds_before` is how much earlier its trouble
    began than that of the entity: below zero when later, None where the entity is in no trouble or a time is not known.
    """

    entity: GraphEntity
    steps: int
    way: tuple[str, ...]
    is_root: bool
    seconds_before: float | None

    @property
    def began_later(self) -> bool:
        """Whether its trouble began so much later that it cannot be what the entity's began with."""
        return self.seconds_before is not None and self.seconds_before < -SAME_TIME.total_seconds()


@dataclass(frozen=True, slots=True)
class Causes:
    """What upstream explains an entity's trouble, the likeliest first, out of `upstream_count` that it depends on.

    `silent` are those it depends on of which nothing is known now; they may hide a cause.
    """

    entity: GraphEntity
    causes: tuple[Cause, ...]
    silent: tuple[GraphEntity, ...]
    upstream_count: int

    @property
    def is_in_trouble(self) -> bool:
        """Whether there is anything to explain."""
        return self.entity.state in _IN_TROUBLE


def dependents_of(relations: Sequence[GraphRelation]) -> Mapping[str, list[str]]:
    """What depends on each entity, by key."""
    found: dict[str, list[str]] = defaultdict(list)
    for relation in relations:
        found[relation.needed_key].append(relation.dependent_key)
    return found


def needs_of(relations: Sequence[GraphRelation]) -> Mapping[str, list[str]]:
    """What each entity depends on, by key."""
    found: dict[str, list[str]] = defaultdict(list)
    for relation in relations:
        found[relation.dependent_key].append(relation.needed_key)
    return found


def impact_of(key: str, report: RelationshipReport) -> Impact | None:
    """What the loss of an entity can take with it; None for one that is not in the report."""
    entities = report.by_key()
    if key not in entities:
        return None
    found = reached(key, dependents_of(report.relations))
    followers = tuple(
        Follower(entities[other], steps, found.way_to(other)) for other, steps in found.steps.items() if other != key
    )
    return Impact(entities[key], followers, _requests(entities[key], followers))


def causes_of(key: str, report: RelationshipReport) -> Causes | None:
    """What upstream explains an entity's state; None for one that is not in the report."""
    entities = report.by_key()
    if key not in entities:
        return None
    needs = needs_of(report.relations)
    found = reached(key, needs)
    entity = entities[key]
    upstream = [other for other in found.steps if other != key]
    causes = [
        Cause(
            entity=entities[other],
            steps=found.steps[other],
            way=tuple(reversed(found.way_to(other))),
            is_root=not any(entities[one].state in _IN_TROUBLE for one in needs.get(other, ()) if one != other),
            seconds_before=_before(entities[other].since_at, entity),
        )
        for other in upstream
        if entities[other].state in _IN_TROUBLE
    ]
    silent = [entities[other] for other in upstream if entities[other].state is HealthState.STALE]
    return Causes(entity, tuple(sorted(causes, key=_likelihood)), tuple(silent), len(upstream))


def _likelihood(cause: Cause) -> tuple[bool, bool, int, int, str]:
    """What began too late comes last, what follows itself before that, then the less urgent and the farther."""
    return cause.began_later, not cause.is_root, -SEVERITY[cause.entity.state], cause.steps, cause.entity.key


def _before(since_at: datetime | None, entity: GraphEntity) -> float | None:
    if since_at is None or entity.since_at is None or entity.state not in _IN_TROUBLE:
        return None
    return (entity.since_at - since_at).total_seconds()


def _requests(entity: GraphEntity, followers: Sequence[Follower]) -> float | None:
    own = entity.value(Meaning.THROUGHPUT)
    if own is not None:
        return own
    integrations = (one.entity for one in followers if one.entity.entity.kind is EntityKind.INTEGRATION)
    rates = [rate for one in integrations if (rate := one.value(Meaning.THROUGHPUT)) is not None]
    return sum(rates) if rates else None
