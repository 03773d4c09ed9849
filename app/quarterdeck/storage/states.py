"""Health states as intervals: written by replacing a stretch, read as of a moment or over a range."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row as SqlRow
from sqlalchemy import Select, Table, and_, select

from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange, from_ms, to_ms
from quarterdeck.services.ports import StateChange, Topic
from quarterdeck.storage.database import DatabaseReader
from quarterdeck.storage.encoding import end_instant, end_ms
from quarterdeck.storage.grounds_text import grounds_from, grounds_text
from quarterdeck.storage.interval_rows import IntervalTable
from quarterdeck.storage.intervals import Span, SpanChange
from quarterdeck.storage.tables import FOREVER, own_interval, state_interval, storable_text
from quarterdeck.storage.transaction import WriteTransaction, in_parts

_SHOWN = IntervalTable(state_interval, "entity_key", ("state", "grounds"), ("reason", "cause"))
_OWN = IntervalTable(own_interval, "entity_key", ("state",), ("reason", "cause"))


class SqlStates(DatabaseReader):
    """Reads health states, as they are shown and by own signals alone."""

    def states_at(self, as_of_at: datetime) -> Mapping[str, StateInterval]:
        moment_ms = to_ms(as_of_at)
        with self._database.reading() as connection:
            rows = connection.execute(_SHOWN.overlapping(moment_ms, moment_ms + 1))
            return {one.entity_key: one for one in self._intervals(_SHOWN, rows)}

    def states_in(self, time_range: TimeRange, entity_keys: Sequence[str] | None = None) -> tuple[StateInterval, ...]:
        return self._held_in(_SHOWN, time_range, entity_keys)

    def own_states_in(
        self, time_range: TimeRange, entity_keys: Sequence[str] | None = None
    ) -> tuple[StateInterval, ...]:
        return self._held_in(_OWN, time_range, entity_keys)

    def _held_in(
        self, kept: IntervalTable, time_range: TimeRange, entity_keys: Sequence[str] | None
    ) -> tuple[StateInterval, ...]:
        with self._database.reading() as connection:
            if entity_keys is None:
                rows = list(connection.execute(kept.overlapping(time_range.start_ms, time_range.end_ms)))
            else:
                parts = (_of_entities(kept.table, part, time_range) for part in in_parts(entity_keys))
                rows = [row for part in parts for row in connection.execute(part)]
        return tuple(sorted(self._intervals(kept, rows), key=lambda one: (one.entity_key, one.from_at)))

    def _intervals(self, kept: IntervalTable, rows: Iterable[SqlRow[Any]]) -> Iterator[StateInterval]:
        read = _shown if kept is _SHOWN else _interval
        return self._database.unreadable.each(rows, (kept.table,), read)


def change_states(transaction: WriteTransaction, changes: Sequence[StateChange]) -> None:
    """Write state changes in their order; only those that are shown are told of as new."""
    for kept in (_OWN, _SHOWN):
        by_entity: dict[str, list[SpanChange]] = defaultdict(list)
        for change in changes:
            if change.is_own is (kept is _OWN):
                by_entity[storable_text(change.entity_key)].append(_span_change(change))
        if by_entity and kept.apply(transaction, by_entity) and kept is _SHOWN:
            transaction.touch(Topic.STATES)


def _of_entities(table: Table, entity_keys: Sequence[str], time_range: TimeRange) -> Select[Any]:
    columns = table.c
    overlaps = and_(columns.from_ms < time_range.end_ms, columns.to_ms > time_range.start_ms)
    return select(table).where(columns.entity_key.in_(entity_keys), overlaps)


def _span_change(change: StateChange) -> SpanChange:
    until_ms = FOREVER if change.open_ended else change.time_range.end_ms
    spans = [_span(interval, is_own=change.is_own) for interval in change.intervals]
    if spans and change.open_ended:
        spans[-1] = Span(spans[-1].from_ms, FOREVER, spans[-1].label, spans[-1].details)
    return SpanChange(change.time_range.start_ms, until_ms, tuple(spans))


def _span(interval: StateInterval, *, is_own: bool) -> Span:
    details = (storable_text(interval.reason), storable_text(interval.cause))
    state = interval.state.value
    label = (state,) if is_own else (state, grounds_text(interval.grounds))
    return Span(to_ms(interval.from_at), end_ms(interval.to_at), label, details)


def _shown(row: SqlRow[Any]) -> StateInterval:
    return replace(_interval(row), grounds=grounds_from(row.grounds))


def _interval(row: SqlRow[Any]) -> StateInterval:
    return StateInterval(
        row.entity_key,
        HealthState(row.state),
        row.reason,
        from_at=from_ms(row.from_ms),
        to_at=end_instant(row.to_ms),
        cause=row.cause,
    )
