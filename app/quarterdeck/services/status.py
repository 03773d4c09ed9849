"""The health table of the terminal: every entity's state, why and since when, and one answer for scripts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Protocol

from quarterdeck.domain.connections import ConnectionHealth
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.health import HealthState
from quarterdeck.services.current_states import CurrentStates, JudgedStates
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import ConnectionStore, EstateStore, OccurrenceStore, SeriesStore
from quarterdeck.services.reasons import reason_now
from quarterdeck.services.signals import KEY_MEANINGS, NO_SIGNALS, SignalReader
from quarterdeck.services.wording import quantity


class StatusSources(EstateStore, JudgedStates, SeriesStore, OccurrenceStore, ConnectionStore, Protocol):
    """What the table is made from."""


class Verdict(IntEnum):
    """The exit code of `quarterdeck status`: the worst state among the integrations, or of all without any."""

    HEALTHY = 0
    DEGRADED = 1
    DOWN = 2
    UNKNOWN = 3


_VERDICTS = {
    HealthState.HEALTHY: Verdict.HEALTHY,
    HealthState.MAINTENANCE: Verdict.HEALTHY,
    HealthState.DEGRADED: Verdict.DEGRADED,
    HealthState.DOWN: Verdict.DOWN,
    HealthState.UNREACHABLE: Verdict.DOWN,
    HealthState.STALE: Verdict.UNKNOWN,
    HealthState.UNKNOWN: Verdict.UNKNOWN,
}
_URGENCY = (Verdict.DOWN, Verdict.DEGRADED, Verdict.UNKNOWN, Verdict.HEALTHY)


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One entity: its state, why, since when, its key figures in words, and its newest data."""

    entity: Entity
    state: HealthState
    reason: str
    since_at: datetime | None
    figures: tuple[str, ...]
    newest_at: datetime | None


@dataclass(frozen=True, slots=True)
class StatusTable:
    """All rows by kind and name, the connections' health, and the verdict."""

    at: datetime
    rows: tuple[StatusRow, ...]
    connections: tuple[tuple[str, ConnectionHealth], ...]
    verdict: Verdict


def verdict_of(states: Iterable[HealthState]) -> Verdict:
    """Down before degraded before unknown before healthy; unknown where there is nothing."""
    found = {_VERDICTS[state] for state in states}
    return next((verdict for verdict in _URGENCY if verdict in found), Verdict.UNKNOWN)


class StatusReader:
    """Answers `quarterdeck status`."""

    def __init__(self, store: StatusSources) -> None:
        self._store = store
        self._states = CurrentStates(store)
        self._signals = SignalReader(store)

    def status(self, moment: Moment) -> StatusTable:
        """The table at a moment."""
        entities = self._store.estate(moment.at).entities
        states = self._states.states_at(moment.at)
        signals = self._signals.read([entity.key for entity in entities], moment)
        rows: list[StatusRow] = []
        for entity in entities:
            interval, found = states.get(entity.key), signals.get(entity.key, NO_SIGNALS)
            readings = [found.readings[m] for m in KEY_MEANINGS if m in found.readings]
            rows.append(
                StatusRow(
                    entity=entity,
                    state=interval.state if interval else HealthState.UNKNOWN,
                    reason=reason_now(entity, interval, found.readings) if interval else "No data yet",
                    since_at=interval.from_at if interval else None,
                    figures=tuple(quantity(reading.value, reading.unit) for reading in readings if reading.fresh),
                    newest_at=found.newest_at,
                )
            )
        judged = [row.state for row in rows if row.entity.kind is EntityKind.INTEGRATION] or [row.state for row in rows]
        health = self._store.health()
        named = tuple((c.name, health[c.id]) for c in self._store.connections() if c.id in health)
        return StatusTable(moment.at, tuple(sorted(rows, key=_order)), named, verdict_of(judged))


def _order(row: StatusRow) -> tuple[int, str, str]:
    return list(EntityKind).index(row.entity.kind), row.entity.domain, row.entity.name
