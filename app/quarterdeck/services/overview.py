"""The Overview: what needs attention first, then the figures, then the integrations by domain."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from quarterdeck.domain.connections import Connection, ConnectionHealth, ConnectionState
from quarterdeck.domain.estate import Entity, Estate
from quarterdeck.domain.health import SEVERITY, HealthState, StateInterval, needs_attention
from quarterdeck.domain.series import Meaning
from quarterdeck.services.integrations import IntegrationReader, IntegrationRow, IntegrationSources
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import ConnectionStore, SeriesQuery
from quarterdeck.services.ranking import urgency
from quarterdeck.services.wording import state_words

MAX_ATTENTION = 50


class OverviewSources(IntegrationSources, ConnectionStore, Protocol):
    """What the overview reads from."""


class AttentionAction(StrEnum):
    """The one action that follows from a sentence of the list."""

    OPEN_PERFORMANCE = "open_performance"
    OPEN_INTEGRATION = "open_integration"
    OPEN_CONNECTION = "open_connection"
    INSPECT = "inspect"


@dataclass(frozen=True, slots=True)
class AttentionItem:
    """One line of "needs attention": what, how bad, since when, and what follows.

    `target` is the key of an entity, or the id of a connection.
    """

    target: str
    name: str
    state: HealthState
    sentence: str
    since_at: datetime | None
    action: AttentionAction


@dataclass(frozen=True, slots=True)
class Expiry:
    """What runs out next: an entity's certificate and the days it has left."""

    entity_key: str
    name: str
    days_left: float


@dataclass(frozen=True, slots=True)
class OverviewFigures:
    """The strip of figures; a None is not known and shown as such.

    `availability` is the share (0 to 1) over thirty days of all integrations together.
    """

    healthy: int
    total: int
    down: int
    attention: int
    availability: float | None
    requests_per_second: float | None
    sources_good: int
    sources_total: int
    next_expiry: Expiry | None


@dataclass(frozen=True, slots=True)
class DomainGroup:
    """The integrations of one domain, worst first within equal names' order kept by name."""

    domain: str
    rows: tuple[IntegrationRow, ...]


@dataclass(frozen=True, slots=True)
class OverviewReport:
    """Everything the Overview shows at a moment; `is_empty` when there is no estate and no connection yet."""

    figures: OverviewFigures
    attention: tuple[AttentionItem, ...]
    domains: tuple[DomainGroup, ...]
    is_empty: bool


class OverviewReader:
    """Answers for the Overview and for the health table in the terminal."""

    def __init__(self, store: OverviewSources) -> None:
        self._store = store
        self._integrations = IntegrationReader(store)

    def overview(self, moment: Moment) -> OverviewReport:
        """The overview at the play-head."""
        rows = self._integrations.integrations(moment).rows
        estate = self._store.estate(moment.at)
        connections = self._store.connections()
        health: Mapping[str, ConnectionHealth] = self._store.health() if moment.live else {}
        attention = self._attention(estate, connections, health, moment)
        return OverviewReport(
            figures=self._figures(rows, estate, (connections, health), len(attention)),
            attention=attention[:MAX_ATTENTION],
            domains=_by_domain(rows),
            is_empty=not estate.entities and not connections,
        )

    def _attention(
        self,
        estate: Estate,
        connections: Sequence[Connection],
        health: Mapping[str, ConnectionHealth],
        moment: Moment,
    ) -> tuple[AttentionItem, ...]:
        states = self._store.states_at(moment.at)
        ranked = [
            (urgency(entity, states[entity.key].state), _entity_item(entity, states[entity.key]))
            for entity in estate.entities
            if entity.key in states and needs_attention(states[entity.key].state)
        ]
        ranked += [
            ((-SEVERITY[HealthState.STALE], 0, connection.name), _connection_item(connection, health[connection.id]))
            for connection in connections
            if connection.id in health and health[connection.id].state in _FAILED_CONNECTIONS
        ]
        return tuple(item for _, item in sorted(ranked, key=lambda pair: pair[0]))

    def _figures(
        self,
        rows: Sequence[IntegrationRow],
        estate: Estate,
        sources: tuple[Sequence[Connection], Mapping[str, ConnectionHealth]],
        attention: int,
    ) -> OverviewFigures:
        connections, health = sources
        rates = [row.requests_per_second for row in rows if row.requests_per_second is not None]
        enabled = [connection for connection in connections if connection.enabled]
        return OverviewFigures(
            healthy=sum(row.state is HealthState.HEALTHY for row in rows),
            total=len(rows),
            down=sum(row.state in {HealthState.DOWN, HealthState.UNREACHABLE} for row in rows),
            attention=attention,
            availability=_together(rows),
            requests_per_second=sum(rates) if rates else None,
            sources_good=sum(_is_good(health.get(connection.id)) for connection in enabled),
            sources_total=len(enabled),
            next_expiry=self._next_expiry(estate),
        )

    def _next_expiry(self, estate: Estate) -> Expiry | None:
        names = {entity.key: entity.name for entity in estate.entities}
        series = self._store.find(SeriesQuery(meanings=(Meaning.EXPIRY,)))
        expiries = [
            Expiry(info.identity.entity_key, names.get(info.identity.entity_key, info.identity.entity_key), left)
            for info in series
            if (left := info.last_value) is not None and not math.isnan(left)
        ]
        return min(expiries, key=lambda expiry: expiry.days_left, default=None)


_FAILED_CONNECTIONS = {ConnectionState.FAILING, ConnectionState.SILENT}


def _is_good(health: ConnectionHealth | None) -> bool:
    return health is not None and health.state is ConnectionState.GOOD


def _together(rows: Iterable[IntegrationRow]) -> float | None:
    up = sum(row.ledger.up_seconds for row in rows)
    counted = up + sum(row.ledger.down_seconds for row in rows)
    return up / counted if counted > 0 else None


def _by_domain(rows: Sequence[IntegrationRow]) -> tuple[DomainGroup, ...]:
    domains = dict.fromkeys(row.entity.domain for row in rows)
    return tuple(DomainGroup(domain, tuple(row for row in rows if row.entity.domain == domain)) for domain in domains)


def _entity_item(entity: Entity, interval: StateInterval) -> AttentionItem:
    by_series = interval.cause.startswith("series:")
    return AttentionItem(
        target=entity.key,
        name=entity.name,
        state=interval.state,
        sentence=interval.reason or state_words(interval.state),
        since_at=interval.from_at,
        action=AttentionAction.OPEN_PERFORMANCE if by_series else AttentionAction.INSPECT,
    )


def _connection_item(connection: Connection, health: ConnectionHealth) -> AttentionItem:
    return AttentionItem(
        target=connection.id,
        name=connection.name,
        state=HealthState.STALE if health.last_good_at else HealthState.UNKNOWN,
        sentence=health.words or "This source does not answer.",
        since_at=health.last_good_at,
        action=AttentionAction.OPEN_CONNECTION,
    )
