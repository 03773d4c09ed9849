"""The health table of the terminal: every entity's state, why and since when, and one answer for scripts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Protocol

from quarterdeck.domain.connections import Connection, ConnectionHealth, ConnectionState
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.health import SEVERITY, Grounds, HealthState
from quarterdeck.domain.instants import duration_words
from quarterdeck.sdk.texts import counted
from quarterdeck.services.current_states import CurrentStates, JudgedStates, silent_since
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import ConnectionStore, EstateStore, OccurrenceStore, SeriesStore
from quarterdeck.services.ranking import urgency
from quarterdeck.services.reasons import reason_now
from quarterdeck.services.signals import KEY_MEANINGS, NO_SIGNALS, SignalReader
from quarterdeck.services.wording import quantity, state_words


class StatusSources(EstateStore, JudgedStates, SeriesStore, OccurrenceStore, ConnectionStore, Protocol):
    """What the table is made from."""

    def unreadable_rows(self) -> tuple[str, ...]:
        """The rows that were left out so far because they cannot be read."""
        ...


class Verdict(IntEnum):
    """The exit code of `quarterdeck status`.

    The worst state among the integrations, or of all without any; what connections that bring nothing, or rows that
    cannot be read, would tell is not known, and so weighs as unknown.
    """

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
_BRINGS_NOTHING_NEW = frozenset({ConnectionState.FAILING, ConnectionState.SILENT, ConnectionState.LATE})
_CONNECTION_ORDER = (
    *(ConnectionState.FAILING, ConnectionState.SILENT, ConnectionState.LATE),
    *(ConnectionState.STARTING, ConnectionState.GOOD, ConnectionState.DISABLED),
)


_NO_GROUNDS = Grounds()


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One entity: its state, why, since when, its key figures in words, and its newest data.

    `cause` names the signal that decided, `grounds` the roots behind the state and whether it is masked.
    """

    entity: Entity
    state: HealthState
    reason: str
    since_at: datetime | None
    figures: tuple[str, ...]
    newest_at: datetime | None
    cause: str = ""
    grounds: Grounds = _NO_GROUNDS


@dataclass(frozen=True, slots=True)
class StatusTable:
    """All rows, the worst first, the connections' health likewise, and the verdict with the counts that it rests on.

    `silent_since_at` is since when nobody has collected, so that every health is as old as that; None while somebody
    does.
    """

    at: datetime
    rows: tuple[StatusRow, ...]
    connections: tuple[tuple[str, ConnectionHealth], ...]
    verdict: Verdict
    verdict_words: str
    silent_since_at: datetime | None = None


def verdict_of(states: Iterable[HealthState], connections: Iterable[ConnectionState] = ()) -> Verdict:
    """Down before degraded before unknown before healthy; unknown where there is no state.

    A connection that fails, is silent or late weighs as unknown, whatever is healthy beside it.
    """
    found = {_VERDICTS[state] for state in states} or {Verdict.UNKNOWN}
    if not _BRINGS_NOTHING_NEW.isdisjoint(connections):
        found.add(Verdict.UNKNOWN)
    return next(verdict for verdict in _URGENCY if verdict in found)


class StatusReader:
    """Answers `quarterdeck status`."""

    def __init__(self, store: StatusSources) -> None:
        self._store = store
        self._states = CurrentStates(store)
        self._signals = SignalReader(store)

    def status(self, moment: Moment) -> StatusTable:
        """The table at a moment."""
        rows = sorted(self._rows(moment), key=_order)
        connections = self._connections()
        silent_since_at = silent_since(self._store, moment.at)
        judged = [row for row in rows if row.entity.kind is EntityKind.INTEGRATION] or rows
        told = [health.state for _, health in connections]
        verdict = verdict_of([row.state for row in judged], told)
        left_out = self._store.unreadable_rows()
        if (left_out or silent_since_at is not None) and verdict is Verdict.HEALTHY:
            verdict = Verdict.UNKNOWN
        words = " ".join(
            (
                f"{verdict.name.capitalize()}:",
                _entity_words(judged),
                *([_connection_words(told)] if told else []),
                *([_silence_words(silent_since_at, moment.at)] if silent_since_at else []),
                *([f"{counted(len(left_out), 'row')} of the store cannot be read."] if left_out else []),
            )
        )
        return StatusTable(moment.at, tuple(rows), connections, verdict, words, silent_since_at)

    def _rows(self, moment: Moment) -> list[StatusRow]:
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
                    since_at=interval.since_at if interval else None,
                    figures=tuple(quantity(reading.value, reading.unit) for reading in readings if reading.fresh),
                    newest_at=found.newest_at,
                    cause=interval.cause if interval else "",
                    grounds=interval.grounds if interval else _NO_GROUNDS,
                )
            )
        return rows

    def _connections(self) -> tuple[tuple[str, ConnectionHealth], ...]:
        """The health of every connection by its name, the worst first."""
        health = self._store.health()
        named = ((one.name, health.get(one.id) or _unseen(one)) for one in self._store.connections())
        return tuple(sorted(named, key=lambda each: (_CONNECTION_ORDER.index(each[1].state), each[0])))


def _unseen(connection: Connection) -> ConnectionHealth:
    state = ConnectionState.STARTING if connection.enabled else ConnectionState.DISABLED
    return ConnectionHealth(connection.id, state)


def _order(row: StatusRow) -> tuple[int, int, int, str, str]:
    """The worst state first; among equals what the verdict is of, then the most critical tier."""
    severity, tier, name = urgency(row.entity, row.state)
    is_other = row.entity.kind is not EntityKind.INTEGRATION
    return severity, int(is_other), tier, row.entity.domain, name


def _entity_words(judged: Sequence[StatusRow]) -> str:
    """How many are in which state, the worst first: `12 integrations: 1 down, 11 healthy`."""
    if not judged:
        return "nothing is declared."
    is_integrations = judged[0].entity.kind is EntityKind.INTEGRATION
    noun = counted(len(judged), "integration") if is_integrations else counted(len(judged), "entity", "entities")
    counts = Counter(row.state for row in judged)
    ordered = sorted(counts, key=SEVERITY.__getitem__, reverse=True)
    return f"{noun}: {', '.join(f'{counts[state]} {state_words(state)}' for state in ordered)}."


def _connection_words(told: Sequence[ConnectionState]) -> str:
    counts = Counter(told)
    ordered = [state for state in _CONNECTION_ORDER if state in counts]
    return f"{counted(len(told), 'connection')}: {', '.join(f'{counts[state]} {state.value}' for state in ordered)}."


def _silence_words(since_at: datetime, at: datetime) -> str:
    ago = duration_words((at - since_at).total_seconds())
    return f"Nobody has collected for {ago}: start the window, or `quarterdeck collect`."
