"""The Overview: what needs attention first, then the figures, the integrations by domain, and the machines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from quarterdeck.domain.availability import Ledger
from quarterdeck.domain.connections import Connection, ConnectionHealth, ConnectionState
from quarterdeck.domain.estate import Estate
from quarterdeck.domain.health import HealthState
from quarterdeck.services.attention import AttentionItem, AttentionReader
from quarterdeck.services.current_states import CurrentStates, silent_since
from quarterdeck.services.expiries import Expiry, read_expiries
from quarterdeck.services.integrations import IntegrationReader, IntegrationRow, IntegrationSources, ledgers
from quarterdeck.services.machines import MachineReader, MachineRow
from quarterdeck.services.moments import Moment
from quarterdeck.services.store_growth import StoreSizes, growth_of

MAX_ATTENTION = 50
MAX_MACHINES = 48


class Awaited(StrEnum):
    """What has to come before anything can be said, where of nothing that is counted a state is known."""

    NOTHING = "nothing"
    """Something is measured."""
    DATA = "data"
    """Somebody collects; the first data of the connections that are on."""
    COLLECTOR = "collector"
    """A collector: none has run over this store yet."""
    CONNECTION = "connection"
    """A connection that is on."""
    PAST = "past"
    """Nothing comes any more: it is a moment before anything was measured."""


@dataclass(frozen=True, slots=True)
class OverviewFigures:
    """The strip of figures; a None is not known and shown as such.

    `healthy` of `total`, the `unknown` of them, of which nothing is known, and `availability` are of all integrations;
    of everything there is where there are none, and then `is_of_everything`. `availability` is the share (0 to 1) of
    all together over `counted_seconds` on average each of the last thirty days. `attention` counts all lines, also
    those beyond the list, and `down` those of them that are down. `sources_good` is None while nobody collects, and for
    a past moment, for which the health of connections is not kept.
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
    is_of_everything: bool = False
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class DomainGroup:
    """The integrations of one domain, by name."""

    domain: str
    rows: tuple[IntegrationRow, ...]


@dataclass(frozen=True, slots=True)
class OverviewReport:
    """Everything the Overview shows at a moment; `is_empty` when there is no estate and no connection yet.

    `silent_since_at` is since when nobody has collected, None while somebody does. `awaited` is what an answer waits
    for while nothing is measured. `machines` are the most urgent of `machine_count`.
    """

    figures: OverviewFigures
    attention: tuple[AttentionItem, ...]
    domains: tuple[DomainGroup, ...]
    is_empty: bool
    silent_since_at: datetime | None = None
    awaited: Awaited = Awaited.NOTHING
    machines: tuple[MachineRow, ...] = ()
    machine_count: int = 0


class OverviewSources(IntegrationSources, StoreSizes, Protocol):
    """What the Overview reads from."""


class OverviewReader:
    """Answers for the Overview."""

    def __init__(self, store: OverviewSources) -> None:
        self._store = store
        self._integrations = IntegrationReader(store)
        self._attention = AttentionReader(store)
        self._machines = MachineReader(store)
        self._states = CurrentStates(store)

    def overview(self, moment: Moment) -> OverviewReport:
        """The overview at the play-head."""
        estate = self._store.estate(moment.at)
        listed = self._integrations.integrations_of(estate, moment)
        is_silent = listed.silent_since_at is not None
        connections = self._store.connections()
        health = self._health(moment, is_silent=is_silent)
        growth = growth_of(self._store) if moment.live else None
        attention = () if is_silent else self._attention.attention(estate, connections, health, moment, growth=growth)
        counted = _counted_rows(listed.rows) if listed.rows else self._everything(estate, moment)
        machines = self._machines.machines_of(estate, moment)
        return OverviewReport(
            figures=OverviewFigures(
                healthy=sum(state is HealthState.HEALTHY for state in counted.states),
                total=len(counted.states),
                down=sum(item.state in {HealthState.DOWN, HealthState.UNREACHABLE} for item in attention),
                attention=len(attention),
                availability=_availability(counted.ledgers),
                counted_seconds=_counted_seconds(counted.ledgers),
                requests_per_second=_requests(listed.rows),
                sources_good=_good_sources(connections, health) if health else None,
                sources_total=sum(connection.enabled for connection in connections),
                next_expiry=next(iter(read_expiries(self._store, estate, moment)), None),
                is_of_everything=not listed.rows,
                unknown=sum(state is HealthState.UNKNOWN for state in counted.states),
            ),
            attention=attention[:MAX_ATTENTION],
            domains=_by_domain(listed.rows),
            is_empty=not estate.entities and not connections,
            silent_since_at=listed.silent_since_at,
            awaited=self._awaited(counted, connections, moment),
            machines=machines[:MAX_MACHINES],
            machine_count=len(machines),
        )

    def attention(self, moment: Moment) -> tuple[AttentionItem, ...]:
        """All lines of what needs attention at the play-head; none of an instant that nobody collected."""
        if silent_since(self._store, moment.at) is not None:
            return ()
        health = self._health(moment, is_silent=False)
        growth = growth_of(self._store) if moment.live else None
        estate, connections = self._store.estate(moment.at), self._store.connections()
        return self._attention.attention(estate, connections, health, moment, growth=growth)

    def _awaited(self, counted: _Counted, connections: Iterable[Connection], moment: Moment) -> Awaited:
        if any(state is not HealthState.UNKNOWN for state in counted.states):
            return Awaited.NOTHING
        if not moment.live:
            return Awaited.PAST
        if not any(connection.enabled for connection in connections):
            return Awaited.CONNECTION
        return Awaited.COLLECTOR if self._store.leases.lease() is None else Awaited.DATA

    def _health(self, moment: Moment, *, is_silent: bool) -> Mapping[str, ConnectionHealth]:
        """The health of connections where it is that of the moment: it is not kept for the past."""
        return self._store.health() if moment.live and not is_silent else {}

    def _everything(self, estate: Estate, moment: Moment) -> _Counted:
        keys = [entity.key for entity in estate.entities]
        if not keys:
            return _Counted((), ())
        states = self._states.states_at(moment.at)
        found = ledgers(self._states, keys, moment.availability_range)
        told = (states[key].state if key in states else HealthState.UNKNOWN for key in keys)
        return _Counted(tuple(told), tuple(found.values()))


@dataclass(frozen=True, slots=True)
class _Counted:
    """The states and ledgers of what the figures are of."""

    states: tuple[HealthState, ...]
    ledgers: tuple[Ledger, ...]


def _counted_rows(rows: Sequence[IntegrationRow]) -> _Counted:
    return _Counted(tuple(row.state for row in rows), tuple(row.ledger for row in rows))


def _good_sources(connections: Iterable[Connection], health: Mapping[str, ConnectionHealth]) -> int:
    told = (health.get(connection.id) for connection in connections if connection.enabled)
    return sum(one is not None and one.state is ConnectionState.GOOD for one in told)


def _availability(counted: Sequence[Ledger]) -> float | None:
    up = sum(one.up_seconds for one in counted)
    seconds = up + sum(one.down_seconds for one in counted)
    return up / seconds if seconds > 0 else None


def _counted_seconds(counted: Sequence[Ledger]) -> float:
    seconds = sum(one.up_seconds + one.down_seconds + one.excluded_seconds for one in counted)
    return seconds / max(1, len(counted))


def _requests(rows: Iterable[IntegrationRow]) -> float | None:
    rates = [row.requests_per_second for row in rows if row.requests_per_second is not None]
    return sum(rates) if rates else None


def _by_domain(rows: Sequence[IntegrationRow]) -> tuple[DomainGroup, ...]:
    domains = dict.fromkeys(row.entity.domain for row in rows)
    return tuple(DomainGroup(domain, tuple(row for row in rows if row.entity.domain == domain)) for domain in domains)
