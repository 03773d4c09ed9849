"""How what is declared and what connections see stand to each other at a moment; nothing is stored for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from quarterdeck.analysis.drift import DeclaredThing, drift_at, ends_of, is_relation_key
from quarterdeck.domain.connections import Connection, ReceptionKind
from quarterdeck.domain.drift import SEEN_BY, Drift, DriftStanding
from quarterdeck.domain.estate import EntityVersion, Origin, RelationVersion
from quarterdeck.domain.facts import Facts, fact
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.sightings import LOOKING, DeclaredSpan, Sighting
from quarterdeck.services.ports import ConnectionStore, EstateStore, SightingStore, Topic, VersionCounters

LOOKS_LATE = timedelta(minutes=35)
"""A source that is asked what it sees every ten minutes and was not for so long tells nothing any more."""

_LATEST = datetime(9999, 1, 1, tzinfo=UTC)
_A_MOMENT = timedelta(milliseconds=1)
_POLLS_MISSED = 4
_SHORTEST_SILENCE = timedelta(minutes=2)
_USUAL_POLL_SECONDS = 15.0


class DriftSources(EstateStore, SightingStore, ConnectionStore, VersionCounters, Protocol):
    """What drift is told from."""


@dataclass(frozen=True, slots=True)
class _Declared:
    """The estate as it was read for a moment, by the store's count of its changes, and until when it stood so."""

    version: int
    at: datetime
    until_at: datetime
    entities: tuple[EntityVersion, ...]
    relations: tuple[RelationVersion, ...]
    spans: tuple[DeclaredSpan, ...]


@dataclass(frozen=True, slots=True)
class DriftRow:
    """One entity or relation that is not both declared and seen, with its name and the names of its sources."""

    drift: Drift
    name: str
    kind: str
    source_names: tuple[str, ...]

    @property
    def is_relation(self) -> bool:
        """Whether it is a relation, not an entity."""
        return is_relation_key(self.drift.key)

    @property
    def entity_key(self) -> str:
        """The entity to look at: itself, or where a relation begins."""
        return ends_of(self.drift.key)[0] if self.is_relation else self.drift.key


@dataclass(frozen=True, slots=True)
class DriftReport:
    """What stands apart at a moment, drift first, the oldest in front; `agreed_count` is both declared and seen.

    `looking_names` are the connections that looked at the moment; with none of them nothing can be told.
    """

    at: datetime
    rows: tuple[DriftRow, ...]
    agreed_count: int
    looking_names: tuple[str, ...] = ()

    def of(self, *standings: DriftStanding) -> tuple[DriftRow, ...]:
        """The rows of some standings."""
        return tuple(row for row in self.rows if row.drift.standing in standings)

    @property
    def drift_count(self) -> int:
        """How many disagree."""
        return sum(row.drift.standing.is_drift for row in self.rows)


class DriftReader:
    """Answers what is declared and not seen, and what is seen and not declared."""

    def __init__(self, store: DriftSources) -> None:
        self._store = store
        self._kept: _Declared | None = None

    def report(self, at: datetime) -> DriftReport:
        """Everything at a moment; sightings are those of connections that there are, or that still answered then."""
        estate = self._estate(at)
        connections = {connection.id: connection for connection in self._store.connections()}
        sightings = self._store.sightings(at)
        answering = self._answering(sightings, connections, at)
        known = answering | connections.keys()
        found, agreed = drift_at(
            at,
            [*_declared_entities(estate.entities), *_declared_relations(estate.relations)],
            estate.spans,
            [each for each in sightings if each.source in known],
            answering=answering,
        )
        names = {version.entity.key: version.entity.name for version in sorted(estate.entities, key=_declared_last)}
        called = {key: connection.name for key, connection in connections.items()}
        rows = [_row(drift, names, called) for drift in found]
        return DriftReport(
            at,
            tuple(sorted(rows, key=_urgency)),
            agreed,
            tuple(sorted(called.get(source, source) for source in answering)),
        )

    def _estate(self, at: datetime) -> _Declared:
        """The estate at a moment; that of an earlier moment where nothing was declared or withdrawn since."""
        version, kept = self._store.versions().get(Topic.ESTATE, 0), self._kept
        if kept is not None and kept.version == version and kept.at <= at < kept.until_at:
            return kept
        spans = self._store.declared_spans(_LATEST)
        edges = (edge for span in spans for edge in (span.from_at, span.to_at) if edge is not None and edge > at)
        entities, relations = self._store.entity_versions(at), self._store.relation_versions(at)
        self._kept = _Declared(version, at, min(edges, default=_LATEST), entities, relations, spans)
        return self._kept

    def _answering(self, sightings: Iterable[Sighting], connections: dict[str, Connection], at: datetime) -> set[str]:
        """The sources that brought something around a moment, and were not asked too long ago what they see."""
        covering = [each for each in sightings if each.covers(at)]
        waits = {each.source: _patience(connections.get(each.source)) for each in covering}
        if not waits:
            return set()
        looks = {each.source: each for each in covering if each.key == LOOKING}
        received = {
            each.connection_id
            for each in self._store.reception(TimeRange(at - max(waits.values()), at + _A_MOMENT))
            if each.kind is not ReceptionKind.MISSING and each.to_at > at - waits.get(each.connection_id, _A_MOMENT)
        }
        return {
            source
            for source, wait in waits.items()
            if source in received and (source not in looks or at - looks[source].last_at <= max(LOOKS_LATE, wait))
        }


def _patience(connection: Connection | None) -> timedelta:
    seconds = connection.poll_seconds if connection is not None else _USUAL_POLL_SECONDS
    return max(_SHORTEST_SILENCE, timedelta(seconds=_POLLS_MISSED * seconds))


def _declared_entities(versions: Iterable[EntityVersion]) -> Iterator[DeclaredThing]:
    for version in versions:
        if version.origin is Origin.DECLARED:
            yield DeclaredThing(version.entity.key, _seen_by(version.entity.facts))


def _declared_relations(versions: Iterable[RelationVersion]) -> Iterator[DeclaredThing]:
    for version in versions:
        relation = version.relation
        if version.origin is Origin.DECLARED:
            ends = (relation.source_key, relation.target_key)
            yield DeclaredThing(relation.key, _seen_by(relation.facts), relation.kind.value, ends)


def _seen_by(facts: Facts) -> tuple[str, ...]:
    return tuple(name for part in fact(facts, SEEN_BY).split(",") if (name := part.strip()))


def _declared_last(version: EntityVersion) -> bool:
    return version.origin is Origin.DECLARED


def _row(drift: Drift, names: dict[str, str], called: dict[str, str]) -> DriftRow:
    kind, colon, _ = drift.key.partition(":")
    if colon:
        ends = [names.get(end, end) for end in ends_of(drift.key)]
        name = " → ".join(ends)
    else:
        kind, name = drift.key.partition("/")[0], names.get(drift.key, drift.key)
    return DriftRow(drift, name, kind, tuple(called.get(source, source) for source in drift.sources))


_ORDER = tuple(DriftStanding)


def _urgency(row: DriftRow) -> tuple[bool, float, int, str]:
    since_at = row.drift.since_at
    return (
        not row.drift.standing.is_drift,
        since_at.timestamp() if since_at is not None else 0.0,
        _ORDER.index(row.drift.standing),
        row.drift.key,
    )
