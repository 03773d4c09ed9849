"""The roll-up of the past: after own states were judged from what came late, what they make of each other."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Protocol

from quarterdeck.analysis.coverage import Coverage
from quarterdeck.analysis.rollup.graph import DependencyGraph
from quarterdeck.analysis.rollup.rolling import Rollup
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import StateInterval
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.services.maintenance_ports import MaintenanceStore
from quarterdeck.services.maintenance_watch import followed_windows
from quarterdeck.services.outage_beginnings import own_states_reaching_back
from quarterdeck.services.own_history import LOOKBACK_MS, OwnHistory
from quarterdeck.services.own_threads import Aside
from quarterdeck.services.past_agenda import PastAgenda
from quarterdeck.services.ports import EstateStore, OwnStateStore, StateChange, StoreWriter
from quarterdeck.services.rollup_replay import Replay
from quarterdeck.services.state_differences import held_on

SLICE = timedelta(days=4)
_EVERYBODY = ""
_MS = timedelta(milliseconds=1)


class OwnStates(EstateStore, OwnStateStore, MaintenanceStore, Protocol):
    """What the past is rolled up from."""


class PastRollup:
    """Works off what of the past became different, a slice of all entities at a time, the newest first."""

    def __init__(self, store: OwnStates, writer: StoreWriter, aside: Aside) -> None:
        self._store = store
        self._writer = writer
        self._aside = aside
        self._agenda = PastAgenda()

    def note(self, time_range: TimeRange) -> None:
        """Own states over a range were judged."""
        self._agenda.add(_EVERYBODY, time_range.start_ms, time_range.end_ms)

    async def roll_some(self) -> bool:
        """Roll one slice up and write it; False when nothing is due. What cannot be read or written stays due."""
        task = self._agenda.take(SLICE // _MS)
        if task is None:
            return False
        try:
            changes = await self._aside(self._rolled, task.from_ms, task.to_ms)
            await asyncio.wrap_future(self._writer.change_states(changes))
        except OperatorError:
            self._agenda.add(_EVERYBODY, task.from_ms, task.to_ms)
            raise
        return True

    def _rolled(self, start_ms: int, end_ms: int) -> list[StateChange]:
        time_range = TimeRange(from_ms(start_ms), from_ms(end_ms))
        known = TimeRange(from_ms(start_ms - LOOKBACK_MS), time_range.end_at)
        estate = self._store.estate(time_range.end_at - _MS)
        own = own_states_reaching_back(self._store, known)
        history = OwnHistory()
        windows = followed_windows(self._store.maintenance.records())
        history.coverage = Coverage.of(windows, estate.entities, known)
        history.add(own, start_ms - LOOKBACK_MS)
        rollup = Rollup(DependencyGraph.of(estate.entities, estate.relations))
        names = {entity.key: entity.name for entity in estate.entities}
        shown = Replay(rollup, history, names).whole(start_ms, end_ms)
        spans: dict[str, list[StateInterval]] = defaultdict(list)
        for interval in own:
            if interval.to_at is None or interval.to_at > time_range.start_at:
                spans[interval.entity_key].append(interval)
        return [
            StateChange(key, time_range, held_on(None, tuple(_covered(intervals, spans[key], time_range))))
            for key, intervals in shown.items()
            if key in spans
        ]


def _covered(
    shown: Sequence[StateInterval], own: Sequence[StateInterval], time_range: TimeRange
) -> Iterator[StateInterval]:
    """What is shown, as far as the entity said anything then: while it was withdrawn there is nothing to show."""
    first = 0
    for interval in shown:
        while first < len(own) and _ends(own[first], time_range) <= interval.from_at:
            first += 1
        yield from _overlaps(interval, own[first:], time_range)


def _ends(interval: StateInterval, time_range: TimeRange) -> datetime:
    return min(interval.to_at or time_range.end_at, time_range.end_at)


def _overlaps(interval: StateInterval, own: Sequence[StateInterval], time_range: TimeRange) -> Iterator[StateInterval]:
    for spoken in takewhile(lambda each: each.from_at < _ends(interval, time_range), own):
        from_at = max(interval.from_at, spoken.from_at, time_range.start_at)
        to_at = min(_ends(interval, time_range), _ends(spoken, time_range))
        if from_at < to_at:
            yield replace(interval, from_at=from_at, to_at=to_at)
