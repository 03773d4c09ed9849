"""The book of faults: those of the past, those of the opening day, and those somebody started since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from quarterdeck.demo.bank_clock import BankCalendar
from quarterdeck.demo.faults import MINUTE_MS, OPENING_FAULTS, FaultSpan, fault_kind, felt_by_name
from quarterdeck.demo.noise import Floats, Millis, uniform
from quarterdeck.demo.past import faults_of_day
from quarterdeck.demo.rhythms import DAY_MS

# A fault of the diary lasts less than a day; its falling away takes at most this long by the wall clock.
_LONGEST_FALL_MS = 10 * MINUTE_MS
_KEPT_DAYS = 200


class FaultBook:
    """Knows every fault's stretches in wall-clock time and how much of it is felt at any instant.

    What was felt up to now never changes: starting and ending a fault acts from that instant on.
    """

    def __init__(self, seed: int, calendar: BankCalendar, opening: Sequence[str] | None = None) -> None:
        self._seed = seed
        self._calendar = calendar
        self._days: dict[int, tuple[FaultSpan, ...]] = {}
        self._spans = _opening_spans(seed, calendar.opened_ms, opening)
        self._version = 0
        self._look_back_days = 1 + int(_LONGEST_FALL_MS * calendar.speed) // DAY_MS

    @property
    def version(self) -> int:
        """Grows with every fault started or ended."""
        return self._version

    def start(self, name: str, now_ms: int) -> None:
        """Let a fault begin now; nothing changes when it is already there. Raises KeyError for an unknown name."""
        kind = fault_kind(name)
        if not self.is_on(name, now_ms):
            self._spans = (*self._spans, FaultSpan(kind.name, now_ms))
            self._version += 1

    def end(self, name: str, now_ms: int) -> None:
        """Let a fault end now; nothing changes when it is not there. Raises KeyError for an unknown name."""
        kind = fault_kind(name)
        if self.is_on(name, now_ms):
            self._spans = tuple(
                replace(span, to_ms=now_ms) if span.name == kind.name and span.to_ms is None else span
                for span in self._spans
            )
            self._version += 1

    def is_on(self, name: str, now_ms: int) -> bool:
        """Whether a fault that was started by hand or with the opening is there now."""
        return any(
            span.name == name and span.from_ms <= now_ms and (span.to_ms is None or now_ms < span.to_ms)
            for span in self._spans
        )

    def spans(self, from_ms: int, to_ms: int) -> tuple[FaultSpan, ...]:
        """Every stretch of which something may be felt in `[from_ms, to_ms]`, oldest first."""
        first = self._calendar.calendar_at(from_ms) // DAY_MS - self._look_back_days
        last = self._calendar.calendar_at(to_ms) // DAY_MS
        found = [span for day in range(first, last + 1) for span in self._of_day(day)]
        touching = [span for span in (*found, *self._spans) if span.touches(from_ms, to_ms)]
        return tuple(sorted(touching, key=lambda span: (span.from_ms, span.name)))

    def felt(self, times_ms: Millis) -> dict[str, Floats]:
        """How much of each fault is felt at each instant; those not felt at all are absent."""
        if not len(times_ms):
            return {}
        return felt_by_name(self.spans(int(times_ms.min()), int(times_ms.max())), times_ms)

    def felt_at(self, now_ms: int) -> dict[str, float]:
        """How much of each fault is felt at one instant; those not felt are absent."""
        felt = self.felt(np.array([now_ms], np.int64))
        return {name: float(values[0]) for name, values in felt.items()}

    def _of_day(self, day: int) -> tuple[FaultSpan, ...]:
        """The diary of one day in wall-clock time; what would touch the opening day is left out of it."""
        if day not in self._days:
            if len(self._days) > _KEPT_DAYS:
                self._days.clear()
            opening_ms = self._calendar.opening_day * DAY_MS
            self._days[day] = tuple(
                self._on_the_wall(span)
                for span in faults_of_day(self._seed, day)
                if not span.touches(opening_ms - 1, opening_ms + DAY_MS)
            )
        return self._days[day]

    def _on_the_wall(self, span: FaultSpan) -> FaultSpan:
        to_ms = None if span.to_ms is None else self._calendar.wall_at(span.to_ms)
        return replace(span, from_ms=self._calendar.wall_at(span.from_ms), to_ms=to_ms)


def _opening_spans(seed: int, opened_ms: int, opening: Sequence[str] | None) -> tuple[FaultSpan, ...]:
    """The faults the bank opens with; the usual opening also has two that passed in the hours before."""
    names = OPENING_FAULTS if opening is None else tuple(opening)
    present = tuple(
        FaultSpan(name, opened_ms - int((fault_kind(name).age_minutes + uniform(seed, f"age:{name}")) * MINUTE_MS))
        for name in names
    )
    if opening is not None:
        return present
    slow_ms, failing_ms = opened_ms - 272 * MINUTE_MS, opened_ms - 168 * MINUTE_MS
    return (
        FaultSpan("slow_aggregation", slow_ms, slow_ms + 14 * MINUTE_MS),
        FaultSpan("payhub_outage", failing_ms, failing_ms + 9 * MINUTE_MS),
        *present,
    )
