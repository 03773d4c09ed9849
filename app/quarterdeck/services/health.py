"""Health of every entity: live as data arrive, and for the past as history is fetched.

Live, what was told lately is kept in memory, and an entity is judged when there is news of it or when its state may
change by itself. Only what became different is written.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from quarterdeck.analysis.rollup.graph import DependencyGraph
from quarterdeck.domain.estate import Entity
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange, from_ms, to_ms
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.entity_courses import EntityCourse, longest_breach_ms
from quarterdeck.services.evidence import Evidence, freshness_of, judged_now
from quarterdeck.services.failed_sources import watched_in_vain
from quarterdeck.services.health_start import Beginning, StartReader, closings
from quarterdeck.services.late_samples import late_spans, newest_of_each
from quarterdeck.services.live_rollup import KEEP, LiveRollup, own_change
from quarterdeck.services.maintenance_watch import MaintenanceWatch
from quarterdeck.services.own_threads import Aside
from quarterdeck.services.past_agenda import Span
from quarterdeck.services.past_health import PastJudge
from quarterdeck.services.past_rollup import PastRollup
from quarterdeck.services.ports import Clock, StateChange, StoreWriter
from quarterdeck.services.signal_memory import SignalMemory
from quarterdeck.services.signals import DEFAULT_FRESHNESS_SECONDS
from quarterdeck.services.state_differences import first_difference, from_instant
from quarterdeck.services.stored_evidence import LEAD, EvidenceStore

WINDOW = timedelta(minutes=10)
"""How much of the latest past is judged anew with every sample; longer where a breach must last longer."""

RECHECK = timedelta(hours=1)
"""What arrived so shortly before a collector ended may not have been judged by it."""

_BREACH_SLACK = timedelta(minutes=5)
_SWEEP = timedelta(minutes=1)
_KEEP_OF_STRANGERS = timedelta(minutes=25)
_NEVER = 1 << 62
_AT_A_STRETCH = 20


class HealthAssessor:
    """Judges entities; lives in the collector's event loop."""

    def __init__(
        self, store: EvidenceStore, writer: StoreWriter, clock: Clock, aside: Aside = asyncio.to_thread
    ) -> None:
        self._aside = aside
        self._store = store
        self._writer = writer
        self._clock = clock
        self._start = StartReader(store)
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._memory = SignalMemory()
        self._past_rollup = PastRollup(self._store, self._writer, self._aside)
        self._past = PastJudge(self._store, self._writer, self._aside, self._past_rollup.note)
        self._rollup = LiveRollup()
        self._maintenance = MaintenanceWatch(self._store)
        self._entities: tuple[Entity, ...] = ()
        self._courses: dict[str, EntityCourse] = {}
        self._seen_ms: dict[str, int] = {}
        self._news: set[str] = set()
        self._late: dict[str, list[Span]] = defaultdict(list)
        self._due_ms: dict[str, int] = {}
        self._recorded: dict[str, list[StateInterval]] = {}
        self._closings: list[StateChange] = []
        self._judged_until_ms: int | None = None
        self._swept_ms = 0

    @property
    def track_count(self) -> int:
        """How many series and checks are kept in memory."""
        return self._memory.track_count()

    async def start(self, idle_since_ms: int | None) -> None:
        """Load what is known, and note the time since anybody last judged. Raises StoreUnavailable."""
        self._begin_anew()
        now = self._clock.now()
        keys = await self._aside(self._start.keys, now)
        self._closings += await self._aside(self._start.closings, now)
        recheck_ms = None if idle_since_ms is None else idle_since_ms - _ms(RECHECK)
        differing = await self._aside(self._maintenance.begin, now, recheck_ms)
        await self._take_estate(now, to_ms(now) - _ms(WINDOW))
        self._adopt(await self._aside(self._start.of, keys, now, WINDOW))
        self._note_maintenance(differing, to_ms(now))
        self._judged_until_ms = recheck_ms

    async def reload_estate(self) -> None:
        """Take up the entities as they are declared now. Raises StoreUnavailable; then nothing was taken up."""
        now = self._clock.now()
        keys = await self._aside(self._start.keys, now)
        courses = await self._aside(self._start.courses, keys)
        new = [key for key in keys if key not in self._courses]
        beginning = await self._aside(self._start.of, new, now, WINDOW)
        for key in self._courses.keys() - keys:
            self._withdraw(key, now)
        for key in [key for key, course in courses.items() if key in self._courses and self._courses[key] != course]:
            self._courses[key] = courses[key]
            self._due_ms.pop(key, None)
        self._adopt(beginning)
        await self._take_estate(now, to_ms(now))

    async def _take_estate(self, now: datetime, from_ms_: int) -> None:
        """Take up what depends on what now, and by which rules."""
        estate = await self._aside(self._store.estate, now)
        graph = await self._aside(DependencyGraph.of, estate.entities, estate.relations)
        self._entities = estate.entities
        self._rollup.take_estate(estate, graph, from_ms_)
        await self._cover(now, None)

    async def reload_maintenance(self) -> None:
        """Take up the windows as they are recorded now. Raises StoreUnavailable."""
        now = self._clock.now()
        differing = await self._aside(self._maintenance.reread, now)
        await self._cover(now, self._note_maintenance(differing, to_ms(now)))

    async def _cover(self, now: datetime, from_ms_: int | None) -> None:
        """Work out what is covered around now, which is otherwise than before from an instant on, if one is given."""
        self._rollup.take_coverage(await self._aside(self._maintenance.coverage, self._entities, now), from_ms_)

    def _note_maintenance(self, differing: Sequence[TimeRange], now_ms: int) -> int | None:
        """Note the past that is covered otherwise; from when on the present is, None for not at all."""
        live_ms = now_ms - _ms(WINDOW)
        for each in differing:
            if each.start_ms < live_ms:
                self._past_rollup.note(TimeRange(each.start_at, from_ms(min(each.end_ms, live_ms))))
        return min((max(each.start_ms, live_ms) for each in differing if each.end_ms > live_ms), default=None)

    def take(self, batch: Batch, *, poll_seconds: float = 0.0) -> None:
        """Notice what a stored batch brought for the next tick to judge; its source is asked every `poll_seconds`."""
        now_ms = to_ms(self._clock.now())
        recent = newest_of_each(batch.samples, now_ms - _ms(_KEEP_OF_STRANGERS))
        told = self._memory.remember(recent, batch.checks, poll_seconds=poll_seconds)
        self._news |= told.keys()
        for key, first_ms in told.items():
            self._seen_ms.setdefault(key, first_ms)
        for key, span in late_spans(batch.samples, now_ms - _ms(WINDOW)).items():
            self._late[key].append(span)
        for check in batch.checks:
            checked_ms = to_ms(check.checked_at)
            if checked_ms < now_ms - _ms(WINDOW):
                self._late[check.entity_key].append((checked_ms, checked_ms + _ms(LEAD)))

    async def tick(self) -> None:
        """Judge the present of every entity that may be different by now. Raises StoreUnavailable; nothing is lost."""
        now_ms = to_ms(self._clock.now())
        self._follow_clock(now_ms)
        if self._maintenance.is_running_out(now_ms):
            await self._cover(from_ms(now_ms), None)
        due = [key for key in self._courses if key in self._news or self._due_ms.get(key, 0) < now_ms]
        self._news.clear()
        late, self._late = self._late, defaultdict[str, list[Span]](list)
        is_done = False
        try:
            await self._judge_and_write(due, now_ms)
            is_done = True
        finally:
            if not is_done:
                self._distrust(due)
                for key, spans in late.items():
                    self._late[key] += spans
        self._note_past(late, now_ms)
        self._judged_until_ms = now_ms

    async def _judge_and_write(self, keys: Sequence[str], now_ms: int) -> None:
        found = await self._judge_each(keys, now_ms)
        changes = [change for key in found if (change := self._difference(key, found[key], now_ms)) is not None]
        if any(interval.state is HealthState.STALE for change in changes for interval in change.intervals):
            await self._note_failed_sources(found)
        closings = list(self._closings)
        shown = self._rollup.advance([own_change(change) for change in changes], now_ms)
        if changes or closings or shown:
            await asyncio.wrap_future(self._writer.change_states([*closings, *changes, *shown]))
        self._rollup.confirm(shown)
        del self._closings[: len(closings)]
        self._recorded.update({key: intervals for key, intervals in found.items() if key in self._courses})

    async def judge_past(self) -> bool:
        """Judge some of whatever arrived for the past; False when nothing is due. Raises StoreUnavailable."""
        if await self._past.judge_some():
            return True
        if not await self._past_rollup.roll_some():
            return False
        now = self._clock.now()
        own = await self._aside(self._start.recorded, now)
        self._rollup.precede(own, to_ms(now - KEEP))
        return True

    async def _note_failed_sources(self, found: Mapping[str, Sequence[StateInterval]]) -> None:
        stale = {key for key, held in self._recorded.items() if held and held[-1].state is HealthState.STALE}
        stale |= {key for key, held in found.items() if held and held[-1].state is HealthState.STALE}
        self._rollup.mark_failed_sources(await self._aside(watched_in_vain, self._store, sorted(stale)))

    def _adopt(self, beginning: Beginning) -> None:
        self._courses.update(beginning.courses)
        for track in beginning.tracks:
            samples = Samples.of_series(track.identity, track.times_ms, track.values)
            self._memory.remember(samples, (), poll_seconds=track.poll_seconds)
        self._memory.remember(Samples(), beginning.checks)
        for key, seen_ms in beginning.seen_ms.items():
            self._seen_ms[key] = min(seen_ms, self._seen_ms.get(key, seen_ms))
        self._recorded.update({key: list(beginning.recorded.get(key, ())) for key in beginning.courses})
        recorded = [interval for held in beginning.recorded.values() for interval in held]
        self._rollup.begin(recorded, beginning.shown, beginning.read_from_ms)
        for task in beginning.unjudged:
            self._late[task.entity_key].append((task.from_ms, task.to_ms))

    def _withdraw(self, key: str, now: datetime) -> None:
        self._closings += closings(key, now)
        self._past.agenda.forget(key)
        for known in (self._courses, self._recorded, self._due_ms, self._seen_ms, self._late):
            known.pop(key, None)

    def _follow_clock(self, now_ms: int) -> None:
        """Judge everything after the clock was set back, and note what nobody judged while this process slept."""
        until_ms = self._judged_until_ms
        if until_ms is not None and now_ms < until_ms:
            self._distrust(self._courses)
        elif until_ms is not None and now_ms - until_ms > _ms(WINDOW):
            for key in self._courses:
                self._late[key].append((until_ms, now_ms))
        if abs(now_ms - self._swept_ms) >= _ms(_SWEEP):
            self._sweep(now_ms)

    def _distrust(self, keys: Iterable[str]) -> None:
        """Write the whole window of entities anew, whatever is recorded of them."""
        for key in list(keys):
            self._recorded.pop(key, None)
            self._due_ms.pop(key, None)
        self._rollup.distrust(to_ms(self._clock.now()) - _ms(WINDOW))

    def _note_past(self, late: Mapping[str, Iterable[Span]], now_ms: int) -> None:
        """What lies before the window that was just judged comes on the agenda of the past."""
        for key, spans in late.items():
            for from_ms_, to_ms_ in spans if key in self._courses else ():
                self._past.agenda.add(key, from_ms_, min(to_ms_, now_ms - self._window_ms(key)))

    def _sweep(self, now_ms: int) -> None:
        self._swept_ms = now_ms
        for key in self._memory.entity_keys():
            course = self._courses.get(key)
            if course is None:
                self._memory.forget_before(key, now_ms - _ms(_KEEP_OF_STRANGERS), DEFAULT_FRESHNESS_SECONDS)
            else:
                oldest_ms = now_ms - self._window_ms(key) - longest_breach_ms(course.latest)
                self._memory.forget_before(key, oldest_ms, freshness_of(course.latest))

    def _window_ms(self, key: str) -> int:
        return max(_ms(WINDOW), longest_breach_ms(self._courses[key].latest) + _ms(_BREACH_SLACK))

    async def _judge_each(self, keys: Sequence[str], now_ms: int) -> dict[str, list[StateInterval]]:
        """The states of entities over their windows; everything else gets its turn between some of them and others."""
        found: dict[str, list[StateInterval]] = {}
        for number, key in enumerate(keys, 1):
            if key in self._courses:
                found[key] = self._judge(key, now_ms)
            if number % _AT_A_STRETCH == 0:
                await asyncio.sleep(0)
        return {key: intervals for key, intervals in found.items() if key in self._courses}

    def _judge(self, key: str, now_ms: int) -> list[StateInterval]:
        evidence = Evidence(self._memory.series_of(key), self._memory.checks_of(key))
        course = self._courses[key]
        span_ms = (now_ms - self._window_ms(key), now_ms)
        seen_before = self._seen_ms.get(key, now_ms) < span_ms[0]
        judgement = judged_now(course, evidence, span_ms, seen_before=seen_before)
        self._due_ms[key] = _NEVER if judgement.next_change_ms is None else judgement.next_change_ms
        return judgement.intervals

    def _difference(self, key: str, intervals: Sequence[StateInterval], now_ms: int) -> StateChange | None:
        start_at = from_ms(now_ms - self._window_ms(key))
        differs_at = first_difference(self._recorded.get(key, ()), intervals, start_at)
        if differs_at is None:
            return None
        time_range = TimeRange(differs_at, from_ms(now_ms))
        return StateChange(key, time_range, from_instant(intervals, differs_at), open_ended=True, is_own=True)


def _ms(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
