"""Anomalies found in the collector as samples come: every series followed through its day, in small pieces of work.

At midnight (UTC), and when the collector begins, each series is learnt anew from its stored samples, so nothing of the
state has to be kept. Samples that come late let their day be judged anew, that of the last two days at the most.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from quarterdeck.analysis.detection import DAY_MS, DayWatch
from quarterdeck.domain.instants import TimeRange, from_ms, to_ms
from quarterdeck.domain.series import SeriesIdentity, SeriesInfo
from quarterdeck.sdk.records import Batch
from quarterdeck.services.anomaly_ports import AnomalyStore, JudgedDay
from quarterdeck.services.detection import GRACE_MS, begun_day, day_of, follow, is_watched, over_until
from quarterdeck.services.own_threads import Aside
from quarterdeck.services.ports import Clock, SeriesQuery, SeriesStore

LEARNT_TOGETHER = 8
"""So many series are learnt in one piece of work; they are followed together from then on."""
LATE_DAYS = 2
SETTLE_SECONDS = 60.0
LONGEST_SETTLING_SECONDS = 600.0
"""Days that late samples came for are judged anew once no more came for the one, or they came for the other."""
LONGEST_LAG_MS = 3_600_000
"""A source that is behind by less is waited for; what is older is its history."""
REST_SHARE = 1.0
"""After each piece of work it rests for so many times as long as that took."""


class DetectionStore(SeriesStore, AnomalyStore, Protocol):
    """Where samples come from and anomalies go."""


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Series that are followed together."""

    series: tuple[SeriesInfo, ...]
    watch: DayWatch


@dataclass(slots=True, eq=False)
class _Late:
    """Which days of which series have to be judged anew, and when the first and the last sample came for any."""

    days: dict[int, set[SeriesIdentity]] = field(default_factory=dict[int, set[SeriesIdentity]])
    first_at: float = 0.0
    came_at: float = 0.0

    def note(self, batch: Batch, before_ms: int, oldest_ms: int, now: float) -> None:
        samples = batch.samples
        is_late = (samples.times_ms < before_ms) & (samples.times_ms >= oldest_ms)
        if not is_late.any():
            return
        days: list[int] = (samples.times_ms[is_late] // DAY_MS).tolist()
        indices: list[int] = samples.series_index[is_late].tolist()
        for index, day in set(zip(indices, days, strict=True)):
            self.days.setdefault(day * DAY_MS, set()).add(samples.identities[index])
        self.first_at, self.came_at = self.first_at or now, now

    def is_due(self, now: float) -> bool:
        is_over = now - self.came_at >= SETTLE_SECONDS or now - self.first_at >= LONGEST_SETTLING_SECONDS
        return bool(self.days) and is_over


class LiveDetection:
    """Follows every series of a store. `tick` belongs on the event loop; what takes time runs aside, in pieces."""

    def __init__(
        self,
        store: DetectionStore,
        clock: Clock,
        aside: Aside = asyncio.to_thread,
        *,
        may_write: Callable[[], bool] = lambda: True,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._clock = clock
        self._aside = aside
        self._may_write = may_write
        self._sleep = sleep
        self._timer = timer
        self._day_ms = 0
        self._groups: list[_Group] = []
        self._known: set[int] = set()
        self._waiting: list[SeriesInfo] = []
        self._late = _Late()
        self._lags: dict[SeriesIdentity, int] = {}
        self._met_ms = 0

    def take(self, batch: Batch, *, poll_seconds: float) -> None:
        """A batch was stored: what it brings of steps that were judged lets them be judged anew."""
        del poll_seconds
        if not len(batch.samples):
            return
        now_ms = to_ms(self._clock.now())
        identities = batch.samples.identities
        known_ms = min(self._lags.get(identity, 0) for identity in identities)
        self._late.note(batch, over_until(now_ms - known_ms), day_of(now_ms) - LATE_DAYS * DAY_MS, self._timer())
        lag_ms = now_ms - int(batch.samples.times_ms.max()) - GRACE_MS
        if known_ms < lag_ms < LONGEST_LAG_MS:
            self._lags.update(dict.fromkeys(identities, lag_ms))

    async def tick(self) -> None:
        """Bring every series up to the last step that is over. Raises StoreUnavailable."""
        if not self._may_write():
            return
        now_ms = to_ms(self._clock.now())
        until_ms = over_until(now_ms)
        if day_of(until_ms) != self._day_ms:
            await self._turn(day_of(until_ms))
        if self._met_ms != until_ms:
            await self._meet(until_ms)
            self._met_ms = until_ms
        for group in list(self._groups):
            if group.watch.reached_ms < self._over_for(group.series, now_ms):
                await self._piece(self._followed, group, self._over_for(group.series, now_ms))
        while self._waiting:
            learnt, rest = self._waiting[:LEARNT_TOGETHER], self._waiting[LEARNT_TOGETHER:]
            self._groups.append(await self._piece(self._learnt, tuple(learnt), self._over_for(learnt, now_ms)))
            self._waiting = rest
        await self._judge_late(now_ms)

    def _over_for(self, series: Sequence[SeriesInfo], now_ms: int) -> int:
        """The end of the last step that is over for all of them, however far behind their sources are."""
        lag_ms = max(self._lags.get(info.identity, 0) for info in series)
        return over_until(now_ms - lag_ms)

    async def _turn(self, day_ms: int) -> None:
        """Finish the day that is over, and begin the next; the first time, let the day before be judged to its end."""
        for group in self._groups:
            await self._piece(self._followed, group, self._day_ms + DAY_MS)
        if not self._day_ms:
            found = await self._aside(self._store.find, SeriesQuery())
            watched = {info.identity for info in found if info.last_at and to_ms(info.last_at) >= day_ms - DAY_MS}
            self._late.days.setdefault(day_ms - DAY_MS, set()).update(watched)
        self._groups, self._waiting, self._known, self._day_ms = [], [], set(), day_ms

    async def _meet(self, until_ms: int) -> None:
        """Series that are new wait to be learnt; those that have been silent for a day are not followed."""
        found = await self._aside(self._store.find, SeriesQuery())
        since_ms = day_of(until_ms) - DAY_MS
        fresh = [
            info
            for info in found
            if info.id not in self._known
            and is_watched(info)
            and info.last_at is not None
            and to_ms(info.last_at) >= since_ms
        ]
        self._known.update(info.id for info in fresh)
        self._waiting += fresh

    async def _judge_late(self, now_ms: int) -> None:
        if not self._late.is_due(self._timer()):
            return
        late, self._late = self._late, _Late()
        found = {info.identity: info for info in await self._aside(self._store.find, SeriesQuery()) if is_watched(info)}
        for day_ms, identities in sorted(late.days.items(), reverse=True):
            series = [found[identity] for identity in identities if identity in found]
            series.sort(key=lambda info: info.id)
            for begin in range(0, len(series), LEARNT_TOGETHER):
                part = tuple(series[begin : begin + LEARNT_TOGETHER])
                if day_ms == self._day_ms:
                    await self._again(part, self._over_for(part, now_ms))
                else:
                    await self._piece(self._judged, part, day_ms, over_until(now_ms))

    async def _again(self, series: tuple[SeriesInfo, ...], until_ms: int) -> None:
        """Learn series of the present day anew; they are followed from then on among themselves."""
        ids = {info.id for info in series}
        kept: list[_Group] = []
        for group in self._groups:
            if ids.isdisjoint(info.id for info in group.series):
                kept.append(group)
            else:
                self._waiting += [info for info in group.series if info.id not in ids]
        self._groups = [*kept, await self._piece(self._learnt, series, until_ms)]

    async def _piece(self, act: Callable[..., _Group], *told: object) -> _Group:
        """One piece of work aside, and a rest after it; its findings are durable then."""
        began = self._timer()
        done = await self._aside(act, *told)
        await self._sleep(REST_SHARE * (self._timer() - began))
        return done

    def _learnt(self, series: tuple[SeriesInfo, ...], until_ms: int) -> _Group:
        return self._judged(series, self._day_ms, until_ms)

    def _judged(self, series: tuple[SeriesInfo, ...], day_ms: int, until_ms: int) -> _Group:
        group = _Group(series, begun_day(self._store, series, day_ms, until_ms))
        ids = group.watch.series_ids
        told = {day.series_id: day.anomalies for day in self._store.anomalies.days(_whole_day(day_ms), ids)}
        self._tell(group, [each for each in ids if told.get(each, ()) != group.watch.anomalies(each)])
        return group

    def _followed(self, group: _Group, until_ms: int) -> _Group:
        self._tell(group, follow(group.watch, self._store, group.series, until_ms))
        return group

    def _tell(self, group: _Group, series_ids: Sequence[int]) -> None:
        """Store what is known of series now, and wait until that is durable."""
        watch = group.watch
        days = [JudgedDay(series_id, watch.day_ms, watch.anomalies(series_id)) for series_id in series_ids]
        if days and self._may_write():
            self._store.anomalies.replace(days).result()


def _whole_day(day_ms: int) -> TimeRange:
    return TimeRange(from_ms(day_ms), from_ms(day_ms + DAY_MS))
