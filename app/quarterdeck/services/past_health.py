"""Health of the past: whatever arrived for earlier times is judged from the store, slice after slice, newest first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.services.entity_courses import course_of, longest_breach_ms
from quarterdeck.services.evidence import judged
from quarterdeck.services.own_threads import Aside
from quarterdeck.services.past_agenda import PastAgenda, Task
from quarterdeck.services.ports import StateChange, StoreWriter
from quarterdeck.services.stored_evidence import EvidenceReader, EvidenceStore

SLICE = timedelta(days=4)
SLICES_AT_ONCE = 12
_MS = timedelta(milliseconds=1)


class PastJudge:
    """Works off an agenda of the past, one slice at a time, so that the present never waits for it."""

    def __init__(
        self, store: EvidenceStore, writer: StoreWriter, aside: Aside, on_judged: Callable[[TimeRange], None]
    ) -> None:
        self._aside = aside
        self._on_judged = on_judged
        self.agenda = PastAgenda()
        self._store = store
        self._writer = writer
        self._reader = EvidenceReader(store)

    async def judge_some(self) -> bool:
        """Judge a few slices and write them; False when nothing is due. What cannot be read or written stays due."""
        tasks = [task for _ in range(SLICES_AT_ONCE) if (task := self.agenda.take(SLICE // _MS)) is not None]
        if not tasks:
            return False
        try:
            changes = await self._aside(lambda: [change for task in tasks if (change := self._judged(task))])
            await asyncio.wrap_future(self._writer.change_states([*changes, *map(shown_alone, changes)]))
        except OperatorError:
            for task in tasks:
                self.agenda.add(task.entity_key, task.from_ms, task.to_ms)
            raise
        for change in changes:
            self._on_judged(change.time_range)
        return True

    def _judged(self, task: Task) -> StateChange | None:
        course = course_of(self._store.entity_history(task.entity_key))
        if course is None:
            return None
        time_range = TimeRange(from_ms(task.from_ms), from_ms(task.to_ms))
        breach = longest_breach_ms(course.latest) * _MS
        found = self._reader.around(task.entity_key, time_range, breach)
        span_ms = (task.from_ms, task.to_ms)
        known_until_ms = task.to_ms + breach // _MS
        intervals = judged(
            course, found.evidence, span_ms, known_until_ms=known_until_ms, seen_before=found.seen_before
        )
        return StateChange(task.entity_key, time_range, tuple(intervals), is_own=True)


def shown_alone(change: StateChange) -> StateChange:
    """What is shown until it is known what the others make of it."""
    return replace(change, is_own=False)
