"""What needs attention: one line for one trouble, the most urgent first, with the one action that follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from quarterdeck.domain.connections import Connection, ConnectionHealth, ConnectionState
from quarterdeck.domain.estate import Entity, EntityKind, Estate
from quarterdeck.domain.health import SEVERITY, HealthState, StateInterval, needs_attention
from quarterdeck.services.current_states import CurrentStates
from quarterdeck.services.integrations import IntegrationSources, patience_of
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import SeriesQuery
from quarterdeck.services.ranking import urgency
from quarterdeck.services.reasons import reason_now
from quarterdeck.services.signals import NO_SIGNALS, SignalReader
from quarterdeck.services.store_growth import StoreGrowth
from quarterdeck.services.store_keeping import room_words
from quarterdeck.services.why import Surroundings, why_words
from quarterdeck.services.wording import state_words

STORE_NAME = "The store"


class AttentionAction(StrEnum):
    """The one action that follows from a line."""

    OPEN_PERFORMANCE = "open_performance"
    OPEN_INTEGRATION = "open_integration"
    OPEN_CONNECTION = "open_connection"
    INSPECT = "inspect"
    NONE = "none"
    """The sentence says it all."""


@dataclass(frozen=True, slots=True)
class AttentionItem:
    """One line: what, how bad, since when, and what follows.

    `entity_key` is empty for connections that fail and for the store. `connection_id` is the connection to open, of a
    line about a connection or about an entity without fresh data; it is empty where several fail for one reason.
    `follower_count` counts the entities whose only trouble is that these connections bring nothing, `behind_count`
    those that the line's entity explains; they have no line of their own.
    """

    name: str
    state: HealthState
    sentence: str
    since_at: datetime | None
    action: AttentionAction
    entity_key: str = ""
    connection_id: str = ""
    follower_count: int = 0
    behind_count: int = 0


class AttentionReader:
    """Makes the list of "needs attention"."""

    def __init__(self, store: IntegrationSources) -> None:
        self._store = store
        self._states = CurrentStates(store)
        self._signals = SignalReader(store)

    def attention(
        self,
        estate: Estate,
        connections: Sequence[Connection],
        health: Mapping[str, ConnectionHealth],
        moment: Moment,
        *,
        growth: StoreGrowth | None = None,
    ) -> tuple[AttentionItem, ...]:
        """All lines at the play-head.

        `health` by connection id, and the store's `growth`, are missing where they are not known for that moment.
        """
        failing = [c for c in connections if c.id in health and health[c.id].state in _FAILED_CONNECTIONS]
        followers: dict[str, list[_Line]] = {connection.id: [] for connection in failing}
        lines: list[_Line] = []
        names = {connection.id: connection.name for connection in connections}
        for line in _roots_alone(self._entity_lines(estate, names, moment)):
            followers.get(line.item.connection_id, lines).append(line)
        for alike in _alike(failing, health):
            if len(alike) >= _MANY_ALIKE:
                lines.append(_common_line(alike, health, sum(len(followers[one.id]) for one in alike)))
            else:
                lines += [_connection_line(one, health[one.id], followers[one.id]) for one in alike]
        if growth is not None and growth.is_warning:
            lines.append(_store_line(growth))
        return tuple(line.item for line in sorted(lines, key=lambda line: line.rank))

    def _entity_lines(self, estate: Estate, names: Mapping[str, str], moment: Moment) -> list[_Line]:
        states = self._states.states_at(moment.at)
        troubled = [e for e in estate.entities if e.key in states and needs_attention(states[e.key].state)]
        signals = self._signals.read([e.key for e in troubled], moment, patience_of(troubled, self._store))
        sources = self._only_sources([e.key for e in troubled if states[e.key].state is HealthState.STALE])
        around = Surroundings(states, {entity.key: entity.name for entity in estate.entities}, moment.at)
        lines: list[_Line] = []
        for entity in troubled:
            interval, found = states[entity.key], signals.get(entity.key, NO_SIGNALS)
            is_stale = interval.state is HealthState.STALE
            source = names.get(sources.get(entity.key, ""), "")
            reason = reason_now(entity, interval, found.readings) or state_words(interval.state).capitalize()
            reason = why_words(interval, reason, around)
            item = AttentionItem(
                name=entity.name,
                state=interval.state,
                sentence=f"No fresh data from {source}" if is_stale and source else reason,
                since_at=(found.newest_at or interval.since_at) if is_stale else interval.since_at,
                action=_action(entity, interval, sources.get(entity.key, "")),
                entity_key=entity.key,
                connection_id=sources.get(entity.key, ""),
            )
            lines.append(_Line(urgency(entity, interval.state), item, interval.grounds.because))
        return lines

    def _only_sources(self, entity_keys: Sequence[str]) -> dict[str, str]:
        """The connection of each entity that has one only."""
        if not entity_keys:
            return {}
        feeding: dict[str, set[str]] = defaultdict(set)
        for info in self._store.find(SeriesQuery(entity_keys=tuple(entity_keys))):
            feeding[info.identity.entity_key].add(info.connection_id)
        return {key: next(iter(ids)) for key, ids in feeding.items() if len(ids) == 1}


@dataclass(frozen=True, slots=True)
class _Line:
    rank: tuple[int, int, str]
    item: AttentionItem
    because: tuple[str, ...] = ()


def _roots_alone(lines: Sequence[_Line]) -> list[_Line]:
    """One line for each root, with how many it explains; what a root on the list explains has none of its own."""
    roots = {line.item.entity_key for line in lines if not line.because}
    behind: dict[str, int] = defaultdict(int)
    kept: list[_Line] = []
    for line in lines:
        known = [key for key in line.because if key in roots]
        for key in known:
            behind[key] += 1
        if not known:
            kept.append(line)
    return [replace(each, item=replace(each.item, behind_count=behind[each.item.entity_key])) for each in kept]


_MANY_ALIKE = 3
"""From so many on connections that fail with the same words have one line together: their trouble is one."""

_FAILED_CONNECTIONS = {ConnectionState.FAILING, ConnectionState.SILENT}
_CHARTED = {EntityKind.INTEGRATION, EntityKind.SERVICE}


def _action(entity: Entity, interval: StateInterval, connection_id: str) -> AttentionAction:
    if connection_id:
        return AttentionAction.OPEN_CONNECTION
    if interval.cause.startswith("series:") and entity.kind in _CHARTED:
        return AttentionAction.OPEN_PERFORMANCE
    return AttentionAction.OPEN_INTEGRATION if entity.kind is EntityKind.INTEGRATION else AttentionAction.INSPECT


def _alike(failing: Sequence[Connection], health: Mapping[str, ConnectionHealth]) -> list[list[Connection]]:
    """Failing connections by what they say, each group ordered by name."""
    groups: dict[str, list[Connection]] = defaultdict(list)
    for connection in sorted(failing, key=lambda each: (each.name, each.id)):
        words = health[connection.id].words
        groups[words or f"silent: {connection.id}"].append(connection)
    return list(groups.values())


def _common_line(alike: Sequence[Connection], health: Mapping[str, ConnectionHealth], follower_count: int) -> _Line:
    told = [good_at for one in alike if (good_at := health[one.id].last_good_at) is not None]
    item = AttentionItem(
        name=f"{alike[0].name} and {len(alike) - 1} more",
        state=HealthState.STALE if told else HealthState.UNKNOWN,
        sentence=health[alike[0].id].words,
        since_at=min(told, default=None),
        action=AttentionAction.OPEN_CONNECTION,
        follower_count=follower_count,
    )
    return _Line((-SEVERITY[HealthState.STALE], 0, item.name), item)


def _connection_line(connection: Connection, health: ConnectionHealth, followers: Sequence[_Line]) -> _Line:
    """One line for a failing connection; where only one entity lacks data for it, the line is that entity's."""
    words = health.words or "The source does not answer."
    if len(followers) == 1:
        follower = followers[0]
        return _Line(follower.rank, replace(follower.item, sentence=f"No fresh data. {words}"))
    item = AttentionItem(
        name=connection.name,
        state=HealthState.STALE if health.last_good_at else HealthState.UNKNOWN,
        sentence=words,
        since_at=health.last_good_at,
        action=AttentionAction.OPEN_CONNECTION,
        connection_id=connection.id,
        follower_count=len(followers),
    )
    return _Line((-SEVERITY[HealthState.STALE], 0, connection.name), item)


def _store_line(growth: StoreGrowth) -> _Line:
    """The store's room ends soon: after what is degraded of the first tier, before the rest."""
    item = AttentionItem(STORE_NAME, HealthState.DEGRADED, room_words(growth), None, AttentionAction.NONE)
    return _Line((-SEVERITY[item.state], 1, item.name), item)
