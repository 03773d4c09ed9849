"""The roll-up of the present: what is shown of each entity, as own states become different."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from quarterdeck.analysis.coverage import Coverage
from quarterdeck.analysis.rollup.graph import DependencyGraph
from quarterdeck.analysis.rollup.rolling import Rollup
from quarterdeck.domain.estate import Estate
from quarterdeck.domain.health import StateInterval
from quarterdeck.domain.instants import TimeRange, from_ms, to_ms
from quarterdeck.services.own_history import LOOKBACK_MS, OwnHistory
from quarterdeck.services.ports import StateChange
from quarterdeck.services.rollup_replay import Replay
from quarterdeck.services.state_differences import first_difference, from_instant, held_on

KEEP = timedelta(milliseconds=LOOKBACK_MS)


@dataclass(frozen=True, slots=True)
class OwnChange:
    """An entity's own states from an instant on."""

    key: str
    from_ms: int
    intervals: Sequence[StateInterval]


class LiveRollup:
    """Follows the present; everything it tells to write has to be confirmed, or it is told anew."""

    def __init__(self) -> None:
        self._history = OwnHistory()
        self._shown: dict[str, list[StateInterval]] = {}
        self._names: dict[str, str] = {}
        self._rollup = Rollup(DependencyGraph.of((), ()))
        self._whole_from_ms: int | None = None
        self._reflagged: set[str] = set()
        self._reached_ms: int | None = None

    def begin(self, own: Iterable[StateInterval], shown: Iterable[StateInterval], read_from_ms: int) -> None:
        """Take up what is recorded, from an instant on, of some entities of which nothing was known here."""
        self._history.add(own, read_from_ms)
        for interval in shown:
            self._shown.setdefault(interval.entity_key, []).append(interval)

    def precede(self, own: Iterable[StateInterval], read_from_ms: int) -> None:
        """Take up what was judged, meanwhile, of the time before all that was known here."""
        self._history.precede(own, read_from_ms)

    def take_estate(self, estate: Estate, graph: DependencyGraph, from_ms_: int) -> None:
        """Roll up over this estate from an instant on; what it does not hold any more is forgotten."""
        self._names = {entity.key: entity.name for entity in estate.entities}
        for key in [key for key in self._history.entity_keys() if key not in self._names]:
            self._history.forget(key)
            self._shown.pop(key, None)
        self._rollup = Rollup(graph)
        self._roll_anew(from_ms_)

    def distrust(self, from_ms_: int) -> None:
        """Write everything anew from an instant on the next time, whatever is recorded."""
        self._shown.clear()
        self._roll_anew(from_ms_)

    def _roll_anew(self, from_ms_: int) -> None:
        self._whole_from_ms = min(from_ms_, self._whole_from_ms or from_ms_)

    def take_coverage(self, coverage: Coverage, from_ms_: int | None) -> None:
        """What maintenance covers from now on; it covers otherwise than before from an instant on, if one is given."""
        self._history.coverage = coverage
        if from_ms_ is not None:
            self._roll_anew(from_ms_)

    def mark_failed_sources(self, keys: Iterable[str]) -> None:
        """These entities are stale because whoever watches them has failed."""
        failed = set(keys)
        self._reflagged |= failed ^ self._history.source_failed
        self._history.source_failed = failed

    def advance(self, changes: Sequence[OwnChange], now_ms: int) -> list[StateChange]:
        """What has to be written after these changes, up to now; each change stays open-ended."""
        begins = [change.from_ms for change in changes] + [now_ms] * bool(self._reflagged)
        for change in changes:
            self._history.replace(change.key, change.from_ms, change.intervals)
        replay = Replay(self._rollup, self._history, self._names)
        reached_ms = now_ms if self._reached_ms is None else min(self._reached_ms, now_ms)
        if self._whole_from_ms is not None:
            start_ms = min([*begins, self._whole_from_ms])
            found = replay.whole(start_ms, now_ms)
        elif begins or self._is_due(reached_ms, now_ms):
            start_ms = min([*begins, reached_ms])
            found = replay.changed({change.key for change in changes} | self._reflagged, start_ms, now_ms)
        else:
            found = {}
        self._whole_from_ms, self._reached_ms, self._reflagged = None, now_ms, set()
        return [change for key, intervals in found.items() if (change := self._difference(key, intervals, now_ms))]

    def confirm(self, changes: Iterable[StateChange]) -> None:
        """What was told to write is written."""
        for change in changes:
            kept = [i for i in self._shown.get(change.entity_key, ()) if i.from_at < change.time_range.start_at]
            oldest_at = change.time_range.end_at - KEEP
            recent = [
                i for place, i in enumerate(kept) if place + 1 == len(kept) or kept[place + 1].from_at > oldest_at
            ]
            self._shown[change.entity_key] = [*recent, *change.intervals]

    def _is_due(self, reached_ms: int, now_ms: int) -> bool:
        turn_ms = self._rollup.next_turn_ms
        return (turn_ms is not None and turn_ms <= now_ms) or self._history.has_edge(reached_ms, now_ms)

    def _difference(self, key: str, intervals: Sequence[StateInterval], now_ms: int) -> StateChange | None:
        if not intervals:
            return None
        recorded = self._shown.get(key, ())
        differs_at = first_difference(recorded, intervals, intervals[0].from_at)
        if differs_at is None:
            return None
        end_at = max(from_ms(now_ms), intervals[-1].from_at)
        before = next((interval for interval in reversed(recorded) if interval.from_at < differs_at), None)
        written = held_on(before, from_instant(intervals, differs_at))
        return StateChange(key, TimeRange(differs_at, end_at), written, open_ended=True)


def own_change(change: StateChange) -> OwnChange:
    """A change of own states for the roll-up."""
    return OwnChange(change.entity_key, to_ms(change.time_range.start_at), change.intervals)
