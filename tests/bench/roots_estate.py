"""A generated estate and what its entities measure while some of it is dead: for the bench of roots.

What fails how is simulated from who really uses whom, not from the rules of the roll-up: most dependents of something
dead fail within a minute or so, some only in part, some not at all, and some were using it in vain all along.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

import numpy as np

from quarterdeck.domain.estate import Entity, EntityKind, Relation, RelationKind
from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.health_rules import HealthRule, RuleKind
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.services.signal_memory import SeriesTrack

COUNTS = {
    EntityKind.PARTNER: 15,
    EntityKind.INTEGRATION: 45,
    EntityKind.SERVICE: 75,
    EntityKind.COMPONENT: 125,
    EntityKind.EVENT_TYPE: 25,
    EntityKind.CHANNEL: 15,
}
HOSTS = 40
SCRAPE_SECONDS = 15
BEFORE_SECONDS = 900
PAIRED_SHARE = 0.4
MUTUAL_SHARE = 0.05
LIVES_ON = 0.08
FAILS_IN_PART = 0.12
SOURCES = 8


class Symptom(Enum):
    """How an entity shows that it fails."""

    ERRORS = auto()
    SLOW = auto()
    SOME_ERRORS = auto()
    SATURATED = auto()
    SILENT = auto()


DEADLY = (Symptom.ERRORS, Symptom.SLOW, Symptom.SILENT)
FULL = (Symptom.ERRORS, Symptom.ERRORS, Symptom.SLOW)
PARTIAL = (Symptom.SOME_ERRORS, Symptom.SATURATED)


@dataclass(frozen=True, slots=True)
class Trouble:
    """From when on, in seconds, an entity shows what."""

    at_seconds: float
    symptom: Symptom


@dataclass(frozen=True, slots=True)
class World:
    """An estate, and who needs whom; `pairs` are hosts of which either carries whoever runs on both."""

    entities: tuple[Entity, ...]
    relations: tuple[Relation, ...]
    needs: Mapping[str, tuple[str, ...]]
    pairs: Mapping[str, tuple[str, ...]]

    def behind(self, key: str) -> frozenset[str]:
        """Whatever depends on an entity, directly or not."""
        dependents: dict[str, list[str]] = defaultdict(list)
        for relation in self.relations:
            dependents[relation.provider_key].append(relation.dependent_key)
        found: set[str] = set()
        work = [key]
        while work:
            new = [dependent for dependent in dependents[work.pop()] if dependent not in found]
            found.update(new)
            work += new
        return frozenset(found - {key})


def world(chance: random.Random) -> World:
    """Three hundred entities in the layers of an institution."""
    keys = {kind: [f"{kind.value}/n{number}" for number in range(count)] for kind, count in COUNTS.items()}
    hosts, parts = keys[EntityKind.COMPONENT][:HOSTS], keys[EntityKind.COMPONENT][HOSTS:]
    services, events = keys[EntityKind.SERVICE], keys[EntityKind.EVENT_TYPE]
    pairs = {key: tuple(chance.sample(hosts, 2)) for key in services if chance.random() < PAIRED_SHARE}
    relations = {_external(chance.choice(keys[EntityKind.PARTNER]), key) for key in keys[EntityKind.INTEGRATION]}
    relations |= {_using(key, chance.choice(hosts)) for key in parts}
    for number, key in enumerate(services):
        relations |= {
            _external(each, key) for each in chance.sample(keys[EntityKind.INTEGRATION], chance.randint(0, 2))
        }
        used = chance.sample(parts, chance.randint(1, 3)) + list(pairs.get(key) or (chance.choice(hosts),))
        used += chance.sample(services[:number], min(number, chance.randint(0, 1)))
        relations |= {_using(key, each) for each in used}
    relations |= {
        _using(services[n - 1], services[n]) for n in range(1, len(services)) if chance.random() < MUTUAL_SHARE
    }
    relations |= {_causing(chance.choice(services), key) for key in events}
    relations |= {_causing(each, key) for key in keys[EntityKind.CHANNEL] for each in chance.sample(events, 2)}
    ordered = tuple(sorted(relations, key=lambda relation: relation.key))
    entities = [_entity(kind, key, pairs.get(key, ()), chance) for kind, each in keys.items() for key in each]
    return World(tuple(entities), ordered, _needs(ordered, pairs), pairs)


def _needs(relations: Iterable[Relation], pairs: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    needs: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for relation in relations:
        if relation.provider_key not in pairs.get(relation.dependent_key, ()):
            needs[relation.dependent_key] += (relation.provider_key,)
    return dict(needs)


def _using(key: str, provider: str) -> Relation:
    return Relation(RelationKind.SERVICE_COMPONENT, key, provider)


def _causing(source: str, target: str) -> Relation:
    return Relation(RelationKind.EVENT_NOTIFICATION, source, target)


def _external(source: str, target: str) -> Relation:
    return Relation(RelationKind.EXTERNAL_INTERNAL, source, target)


def _entity(kind: EntityKind, key: str, pair: tuple[str, ...], chance: random.Random) -> Entity:
    slow_for = chance.choice([0.0, 30.0, 60.0, 120.0])
    return Entity(
        key,
        kind,
        key.partition("/")[2],
        tier=chance.randint(1, 4),
        expectations=(
            Expectation(Meaning.RESPONSE_TIME, "p95", degraded_above=0.5, down_above=2.0, for_seconds=slow_for),
        ),
        rules=(HealthRule(RuleKind.AT_LEAST, pair, count=1),) if pair else (),
    )


def troubles(world: World, killed: Mapping[str, float], chance: random.Random) -> dict[str, Trouble]:
    """What every entity shows after some were killed at these seconds."""
    shown = {key: Trouble(at, chance.choice(DEADLY)) for key, at in killed.items()}
    gone = dict(killed)
    lives_on = {entity.key for entity in world.entities if chance.random() < LIVES_ON}
    partly = {entity.key for entity in world.entities if chance.random() < FAILS_IN_PART}
    lag = {entity.key: chance.choice([2, 5, 10, 20, 45, 75]) for entity in world.entities}
    for _ in range(len(world.entities)):
        struck = _struck(world, gone, shown, lives_on)
        if not struck:
            return shown
        for key, (at, is_whole) in struck.items():
            fails = is_whole and key not in partly
            shown[key] = Trouble(at + lag[key], chance.choice(FULL if fails else PARTIAL))
            if fails:
                gone[key] = at + lag[key]
    return shown


def _struck(
    world: World, gone: Mapping[str, float], shown: Mapping[str, Trouble], lives_on: Iterable[str]
) -> dict[str, tuple[float, bool]]:
    """Who is struck next: since when, and whether whole."""
    struck: dict[str, tuple[float, bool]] = {}
    for entity in world.entities:
        if entity.key in shown or entity.key in lives_on:
            continue
        needed = [gone[key] for key in world.needs.get(entity.key, ()) if key in gone]
        pair = world.pairs.get(entity.key, ())
        left = [gone[key] for key in pair if key in gone]
        if needed:
            struck[entity.key] = (min(needed), True)
        elif pair and len(left) == len(pair):
            struck[entity.key] = (max(left), True)
        elif left and entity.tier == 1:
            struck[entity.key] = (min(left), False)
    return struck


@dataclass(frozen=True, slots=True)
class Collecting:
    """When nobody collected, in seconds, and by how many seconds the source of each entity is late; 0 where absent."""

    gaps: tuple[tuple[float, float], ...] = ()
    late_seconds: Mapping[str, float] = field(default_factory=dict)

    def gap_at(self, seconds: float) -> tuple[float, float] | None:
        """The gap that a moment lies in."""
        return next((gap for gap in self.gaps if gap[0] <= seconds < gap[1]), None)


ALL_COLLECTED = Collecting()


def flawed_collecting(world: World, chance: random.Random) -> Collecting:
    """A collector that pauses once or twice around the failure, and sources of which some tell late."""
    begins = [chance.uniform(-120, 240) for _ in range(chance.randint(1, 2))]
    gaps = tuple((begin, begin + chance.uniform(30, 180)) for begin in begins)
    late_by_source = [chance.choice((0.0, 0.0, 0.0, 20.0, 45.0, 75.0)) for _ in range(SOURCES)]
    late = {entity.key: chance.choice(late_by_source) for entity in world.entities}
    return Collecting(gaps, late)


def tracks_of(
    entity: Entity,
    trouble: Trouble | None,
    start_ms: int,
    end_seconds: float,
    chance: random.Random,
    *,
    collecting: Collecting = ALL_COLLECTED,
) -> list[SeriesTrack]:
    """Samples of an entity up to so many seconds after the start of the trouble, every 15 s as its source is asked.

    What a gap lost never comes; what a late source has not told yet is not there.
    """
    offset = chance.uniform(0, SCRAPE_SECONDS)
    seconds = np.arange(offset - BEFORE_SECONDS, end_seconds, SCRAPE_SECONDS)
    noise = np.array([chance.uniform(0.8, 1.2) for _ in range(len(seconds))])
    is_told = seconds <= end_seconds - collecting.late_seconds.get(entity.key, 0.0)
    for begin, end in collecting.gaps:
        is_told &= (seconds < begin) | (seconds >= end)
    seconds, noise = seconds[is_told], noise[is_told]
    ill = seconds >= trouble.at_seconds if trouble else np.zeros(len(seconds), np.bool_)
    symptom = trouble.symptom if trouble else None
    if symptom is Symptom.SILENT:
        seconds, ill, noise = seconds[~ill], ill[~ill], noise[~ill]
    level = {Symptom.ERRORS: 0.7, Symptom.SOME_ERRORS: 0.12}.get(symptom, 0.001) if symptom else 0.001
    slow = 4.0 if symptom is Symptom.SLOW else 0.9 if symptom is Symptom.SATURATED else 0.2
    values = {
        SeriesIdentity(entity.key, "errors", Meaning.ERROR_RATE, "ratio"): np.where(ill, level, 0.001),
        SeriesIdentity(entity.key, "p95", Meaning.RESPONSE_TIME, "s", "p95"): np.where(ill, slow, 0.2),
        SeriesIdentity(entity.key, "throughput", Meaning.THROUGHPUT, "1/s"): np.where(ill, 20.0, 50.0),
    }
    times = start_ms + (seconds * 1000).astype(np.int64)
    return [SeriesTrack(identity, times, row * noise, SCRAPE_SECONDS) for identity, row in values.items()]
