"""An entity's signals as the store holds them: what it takes to judge the past, and what a start has to remember."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np

from quarterdeck.analysis.assessment import SAMPLES_TO_KNOW_A_STEP
from quarterdeck.domain.checks import CheckResult
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.series import SeriesInfo
from quarterdeck.services.evidence import Evidence
from quarterdeck.services.maintenance_ports import MaintenanceStore
from quarterdeck.services.ports import (
    ConnectionStore,
    EstateStore,
    OccurrenceStore,
    OwnStateStore,
    SampleColumns,
    SeriesQuery,
    SeriesStore,
    StateStore,
)
from quarterdeck.services.signal_memory import CHECK_LEVELS, CheckTrack, SeriesTrack

LEAD = timedelta(minutes=25)
"""How much is read before a stretch: what still speaks at its start, and how often anything comes."""

_LONG_LEADS = (timedelta(hours=6), timedelta(days=4))
_LONGEST_SILENCE = timedelta(days=30)
_A_MOMENT = timedelta(milliseconds=1)


class EvidenceStore(
    EstateStore, StateStore, OwnStateStore, SeriesStore, OccurrenceStore, ConnectionStore, MaintenanceStore, Protocol
):
    """What the evidence is read from."""


@dataclass(frozen=True, slots=True)
class StoredEvidence:
    """The signals around a stretch, and whether there were any before it."""

    evidence: Evidence
    seen_before: bool


class EvidenceReader:
    """Reads evidence; every call may take a while and belongs off the event loop."""

    def __init__(self, store: EvidenceStore) -> None:
        self._store = store

    def around(self, entity_key: str, time_range: TimeRange, breach: timedelta) -> StoredEvidence:
        """The signals of an entity over a range, with as much before and after it as it takes to judge it.

        `breach` is the longest time for which a breach must last.
        """
        read = TimeRange(time_range.start_at - max(LEAD, breach), time_range.end_at + breach)
        infos = [info for info in self._store.find(SeriesQuery(entity_keys=(entity_key,))) if info.first_at]
        tracks = self.tracks(infos, read, time_range.start_at)
        checks = self.checks(entity_key, read, time_range.start_at)
        seen = any(info.first_at < time_range.start_at for info in infos if info.first_at)
        return StoredEvidence(
            Evidence(tracks, check_tracks(checks)), seen or self._had_state(entity_key, time_range.start_at)
        )

    def tracks(self, infos: Iterable[SeriesInfo], read: TimeRange, judged_from_at: datetime) -> list[SeriesTrack]:
        """The samples of series over a range, with a few before it where it holds few before what is judged."""
        polls = {connection.id: connection.poll_seconds for connection in self._store.connections()}
        tracks: list[SeriesTrack] = []
        for info in infos:
            columns = self._columns(info, read, to_ms(judged_from_at))
            if len(columns.times_ms):
                poll_seconds = polls.get(info.connection_id, 0.0)
                tracks.append(SeriesTrack(info.identity, columns.times_ms, columns.values, poll_seconds))
        return tracks

    def checks(self, entity_key: str, read: TimeRange, judged_from_at: datetime) -> list[CheckResult]:
        """The results of an entity's checks over a range, oldest first, with a few before it in the same way."""
        found = self._told(entity_key, read)
        if sum(result.checked_at < judged_from_at for result in found) >= SAMPLES_TO_KNOW_A_STEP:
            return found
        earlier: list[CheckResult] = []
        for lead in _LONG_LEADS:
            earlier = self._told(entity_key, TimeRange(read.start_at - lead, read.start_at))
            if len(earlier) >= SAMPLES_TO_KNOW_A_STEP:
                break
        few = [track.results[-SAMPLES_TO_KNOW_A_STEP:] for track in check_tracks(earlier)]
        return [*sorted((r for results in few for r in results), key=lambda result: result.checked_at), *found]

    def _told(self, entity_key: str, time_range: TimeRange) -> list[CheckResult]:
        results = self._store.checks_in(entity_key, time_range)
        return [result for result in results if result.outcome in CHECK_LEVELS]

    def _columns(self, info: SeriesInfo, read: TimeRange, judged_from_ms: int) -> SampleColumns:
        found = _spoken(self._store.samples(info.id, read))
        if int(np.searchsorted(found.times_ms, judged_from_ms)) >= SAMPLES_TO_KNOW_A_STEP:
            return found
        earlier = self._last_before(info, read.start_at)
        return SampleColumns(
            np.concatenate([earlier.times_ms, found.times_ms]), np.concatenate([earlier.values, found.values])
        )

    def _last_before(self, info: SeriesInfo, instant: datetime) -> SampleColumns:
        """The few last samples before an instant."""
        first_at, last_at = info.first_at or instant, info.last_at or instant
        end_at = min(instant, last_at + _A_MOMENT)
        earlier = SampleColumns(np.empty(0, np.int64), np.empty(0, np.float64))
        if first_at >= end_at or instant - end_at > _LONGEST_SILENCE:
            return earlier
        for lead in _LONG_LEADS:
            earlier = _spoken(self._store.samples(info.id, TimeRange(end_at - lead, end_at)))
            if len(earlier.times_ms) >= SAMPLES_TO_KNOW_A_STEP or first_at >= end_at - lead:
                break
        few = slice(-SAMPLES_TO_KNOW_A_STEP, None)
        return SampleColumns(earlier.times_ms[few], earlier.values[few])

    def _had_state(self, entity_key: str, instant: datetime) -> bool:
        before = self._store.own_states_in(TimeRange(instant - _A_MOMENT, instant), [entity_key])
        return any(interval.state is not HealthState.UNKNOWN for interval in before)


def check_tracks(results: Iterable[CheckResult]) -> list[CheckTrack]:
    """Results of one entity as a track per check, in the order given."""
    named: dict[str, list[CheckResult]] = {}
    for result in results:
        named.setdefault(result.name, []).append(result)
    return [CheckTrack(name, tuple(kept)) for name, kept in named.items()]


def _spoken(columns: SampleColumns) -> SampleColumns:
    """Without NaN, which says nothing."""
    spoken = ~np.isnan(columns.values)
    return columns if spoken.all() else SampleColumns(columns.times_ms[spoken], columns.values[spoken])
