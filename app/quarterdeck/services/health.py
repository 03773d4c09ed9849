"""Health of every entity, live as data arrive and for the past as history is fetched.

Live, the last minutes are kept in memory and judged each tick; only what changed is written. Whatever arrives for
earlier times is judged from the store, in ranges, off the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from quarterdeck.domain.estate import Entity
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange, from_ms, to_ms
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.evidence import Evidence, check_tracks, intervals_of
from quarterdeck.services.ports import (
    Clock,
    EstateStore,
    OccurrenceStore,
    SeriesQuery,
    SeriesStore,
    StateChange,
    StateStore,
    StoreWriter,
)
from quarterdeck.services.signal_memory import SeriesTrack, SignalMemory

WINDOW = timedelta(minutes=10)
MEMORY = timedelta(minutes=25)
HISTORY_PAD = timedelta(minutes=25)


class HealthSources(EstateStore, StateStore, SeriesStore, OccurrenceStore, Protocol):
    """What the assessment reads from."""

    @property
    def writer(self) -> StoreWriter:
        """Where states are written."""
        ...


class HealthAssessor:
    """Judges entities; used by the collector from its event loop."""

    def __init__(self, store: HealthSources, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._memory = SignalMemory(int(MEMORY / timedelta(milliseconds=1)))
        self._entities: Mapping[str, Entity] = {}
        self._seen: set[str] = set()
        self._recorded: dict[str, list[StateInterval]] = {}
        self._late: dict[str, tuple[int, int]] = {}

    async def start(self, idle_since_ms: int | None) -> None:
        """Load what is known: recent samples into memory, and states for the time since anybody last assessed."""
        self.reload_estate()
        await asyncio.to_thread(self._load_recent)
        now_ms = to_ms(self._clock.now())
        if idle_since_ms is not None and idle_since_ms < now_ms - _ms(WINDOW):
            for key in self._entities:
                self._late[key] = (idle_since_ms, now_ms)

    def reload_estate(self) -> None:
        """Take up the entities as they are declared now."""
        estate = self._store.estate(self._clock.now())
        self._entities = {entity.key: entity for entity in estate.entities}

    def take(self, batch: Batch) -> None:
        """Notice what a stored batch brought, so that the next tick judges it."""
        samples, checks = batch.samples, batch.checks
        self._seen.update(identity.entity_key for identity in samples.identities)
        self._seen.update(check.entity_key for check in checks)
        now_ms = to_ms(self._clock.now())
        kept = samples.times_ms >= now_ms - _ms(MEMORY)
        chosen = samples.series_index[kept], samples.times_ms[kept], samples.values[kept]
        self._memory.remember(Samples(samples.identities, *chosen), checks)
        self._note_late(samples, now_ms - _ms(WINDOW))

    def _note_late(self, samples: Samples, oldest_ms: int) -> None:
        late = samples.times_ms < oldest_ms
        if not late.any():
            return
        for number, identity in enumerate(samples.identities):
            times = samples.times_ms[late & (samples.series_index == number)]
            if len(times):
                first, last = self._late.get(identity.entity_key, (oldest_ms, 0))
                until = int(times.max()) + _ms(HISTORY_PAD)
                self._late[identity.entity_key] = min(first, int(times.min())), max(last, until)

    async def tick(self) -> None:
        """Judge the present, and then whatever arrived for the past."""
        now_ms = to_ms(self._clock.now())
        late, self._late = self._late, {}
        self._memory.forget_before(now_ms)
        changes = [change for key in self._entities if (change := self._judge(key, now_ms)) is not None]
        if changes:
            await asyncio.wrap_future(self._store.writer.change_states(changes))
        judged_ms = now_ms - _ms(WINDOW)
        await self.assess_past(
            {key: (start, min(until, judged_ms)) for key, (start, until) in late.items() if key in self._entities}
        )

    def _judge(self, key: str, now_ms: int) -> StateChange | None:
        evidence = Evidence(self._memory.series_of(key), self._memory.checks_of(key))
        start_ms = now_ms - _ms(WINDOW)
        intervals = intervals_of(self._entities[key], evidence, (start_ms, now_ms), seen_before=key in self._seen)
        recorded = self._recorded.get(key, [])
        self._recorded[key] = intervals
        differs_at = _first_difference(recorded, intervals, from_ms(start_ms))
        if differs_at is None:
            return None
        part = TimeRange(differs_at, from_ms(now_ms))
        return StateChange(key, part, _from(intervals, differs_at), open_ended=True)

    async def assess_past(self, spans: Mapping[str, tuple[int, int]]) -> None:
        """Judge entities over past spans (ms) from the store."""
        for key, (start_ms, end_ms) in spans.items():
            if end_ms <= start_ms:
                continue
            change = await asyncio.to_thread(self._judge_past, key, start_ms, end_ms)
            await asyncio.wrap_future(self._store.writer.change_states([change]))

    def _judge_past(self, key: str, start_ms: int, end_ms: int) -> StateChange:
        time_range = TimeRange(from_ms(start_ms), from_ms(end_ms))
        evidence, seen_before = self._evidence(key, time_range)
        span = (start_ms, end_ms)
        intervals = intervals_of(self._entities[key], evidence, span, seen_before=seen_before)
        return StateChange(key, time_range, tuple(intervals))

    def _evidence(self, key: str, time_range: TimeRange) -> tuple[Evidence, bool]:
        padded = TimeRange(time_range.start_at - HISTORY_PAD, time_range.end_at)
        tracks: list[SeriesTrack] = []
        seen_before = False
        for info in self._store.find(SeriesQuery(entity_keys=(key,))):
            seen_before |= info.first_at is not None and info.first_at < time_range.start_at
            columns = self._store.samples(info.id, padded)
            if len(columns.times_ms):
                tracks.append(SeriesTrack(info.identity, columns.times_ms, columns.values))
        return Evidence(tracks, check_tracks(self._store.checks_in(key, padded))), seen_before

    def _load_recent(self) -> None:
        now = self._clock.now()
        recent = TimeRange(now - MEMORY, now + timedelta(seconds=1))
        for info in self._store.find(SeriesQuery()):
            self._seen.add(info.identity.entity_key)
            columns = self._store.samples(info.id, recent)
            self._memory.remember(Samples.of_series(info.identity, columns.times_ms, columns.values), ())
        for key in self._entities:
            self._memory.remember(Samples(), self._store.checks_in(key, recent))
        window = TimeRange(now - WINDOW, now)
        for interval in self._store.states_in(window):
            self._recorded.setdefault(interval.entity_key, []).append(interval)


def _ms(span: timedelta) -> int:
    return int(span / timedelta(milliseconds=1))


def _state_at(intervals: Sequence[StateInterval], instant: datetime) -> HealthState | None:
    return next((interval.state for interval in reversed(intervals) if interval.from_at <= instant), None)


def _first_difference(
    recorded: Sequence[StateInterval], intervals: Sequence[StateInterval], start_at: datetime
) -> datetime | None:
    """Where two histories first tell different states from an instant on; None when they agree."""
    edges = {start_at} | {interval.from_at for interval in (*recorded, *intervals) if interval.from_at > start_at}
    return next((edge for edge in sorted(edges) if _state_at(recorded, edge) != _state_at(intervals, edge)), None)


def _from(intervals: Sequence[StateInterval], start_at: datetime) -> tuple[StateInterval, ...]:
    return tuple(
        replace(interval, from_at=max(interval.from_at, start_at))
        for interval in intervals
        if interval.to_at is None or interval.to_at > start_at
    )
