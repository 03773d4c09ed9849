"""The Overview: what needs attention first, then the figures, then the integrations by domain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from quarterdeck.domain.connections import Connection, ConnectionHealth, ConnectionState
from quarterdeck.domain.health import HealthState
from quarterdeck.services.attention import AttentionItem, AttentionReader
from quarterdeck.services.expiries import Expiry, read_expiries
from quarterdeck.services.integrations import IntegrationReader, IntegrationRow, IntegrationSources
from quarterdeck.services.moments import Moment

MAX_ATTENTION = 50


@dataclass(frozen=True, slots=True)
class OverviewFigures:
    """The strip of figures; a None is not known and shown as such.

    `availability` is the share (0 to 1) of all integrations together over `counted_seconds` on average each of the last
    thirty days. `attention` counts all lines, also those beyond the list, and `down` those of them that are down.
    `sources_good` is None while nobody collects,
    and for a past moment, for which the health of connections is not kept.
    """

    healthy: int
    total: int
    down: int
    attention: int
    availability: float | None
    counted_seconds: float
    requests_per_second: float | None
    sources_good: int | None
    sources_total: int
    next_expiry: Expiry | None


@dataclass(frozen=True, slots=True)
class DomainGroup:
    """The integrations of one domain, by name."""

    domain: str
    rows: tuple[IntegrationRow, ...]


@dataclass(frozen=True, slots=True)
class OverviewReport:
    """Everything the Overview shows at a moment; `is_empty` when there is no estate and no connection yet.

    `silent_since_at` is since when nobody has collected, None while somebody does.
    """

    figures: OverviewFigures
    attention: tuple[AttentionItem, ...]
    domains: tuple[DomainGroup, ...]
    is_empty: bool
    silent_since_at: datetime | None = None


class OverviewReader:
    """Answers for the Overview."""

    def __init__(self, store: IntegrationSources) -> None:
        self._store = store
        self._integrations = IntegrationReader(store)
        self._attention = AttentionReader(store)

    def overview(self, moment: Moment) -> OverviewReport:
        """The overview at the play-head."""
        estate = self._store.estate(moment.at)
        listed = self._integrations.integrations_of(estate, moment)
        is_silent = listed.silent_since_at is not None
        connections = self._store.connections()
        health: Mapping[str, ConnectionHealth] = self._store.health() if moment.live and not is_silent else {}
        attention = () if is_silent else self._attention.attention(estate, connections, health, moment)
        return OverviewReport(
            figures=OverviewFigures(
                healthy=sum(row.state is HealthState.HEALTHY for row in listed.rows),
                total=len(listed.rows),
                down=sum(item.state in {HealthState.DOWN, HealthState.UNREACHABLE} for item in attention),
                attention=len(attention),
                availability=_availability(listed.rows),
                counted_seconds=_counted_seconds(listed.rows),
                requests_per_second=_requests(listed.rows),
                sources_good=_good_sources(connections, health) if health else None,
                sources_total=sum(connection.enabled for connection in connections),
                next_expiry=next(iter(read_expiries(self._store, estate, moment)), None),
            ),
            attention=attention[:MAX_ATTENTION],
            domains=_by_domain(listed.rows),
            is_empty=not estate.entities and not connections,
            silent_since_at=listed.silent_since_at,
        )


def _good_sources(connections: Iterable[Connection], health: Mapping[str, ConnectionHealth]) -> int:
    told = (health.get(connection.id) for connection in connections if connection.enabled)
    return sum(one is not None and one.state is ConnectionState.GOOD for one in told)


def _availability(rows: Iterable[IntegrationRow]) -> float | None:
    up = sum(row.ledger.up_seconds for row in rows)
    counted = up + sum(row.ledger.down_seconds for row in rows)
    return up / counted if counted > 0 else None


def _counted_seconds(rows: Sequence[IntegrationRow]) -> float:
    counted = sum(row.ledger.up_seconds + row.ledger.down_seconds + row.ledger.excluded_seconds for row in rows)
    return counted / max(1, len(rows))


def _requests(rows: Iterable[IntegrationRow]) -> float | None:
    rates = [row.requests_per_second for row in rows if row.requests_per_second is not None]
    return sum(rates) if rates else None


def _by_domain(rows: Sequence[IntegrationRow]) -> tuple[DomainGroup, ...]:
    domains = dict.fromkeys(row.entity.domain for row in rows)
    return tuple(DomainGroup(domain, tuple(row for row in rows if row.entity.domain == domain)) for domain in domains)
