"""The bank's two times: the wall clock that stamps everything, and the calendar its rhythms follow.

Until the bank opens both agree. From then on the calendar runs `speed` times as fast, so that a day and its faults can
be watched in minutes while every stamp stays honest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from quarterdeck.demo.noise import Millis
from quarterdeck.demo.rhythms import DAY_MS


def system_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class BankCalendar:
    """Maps instants (milliseconds since the epoch) between wall clock and calendar; continuous and increasing."""

    opened_ms: int
    speed: float = 1.0

    def calendar_of(self, wall_ms: Millis) -> Millis:
        """The calendar's instants at instants of the wall clock."""
        since = (wall_ms - self.opened_ms).clip(min=0)
        return wall_ms + (since * (self.speed - 1.0)).astype("int64")

    def calendar_at(self, wall_ms: int) -> int:
        """The calendar's instant at one instant of the wall clock."""
        return wall_ms + int(max(0, wall_ms - self.opened_ms) * (self.speed - 1.0))

    def wall_at(self, calendar_ms: int) -> int:
        """The wall clock's instant at which the calendar shows one."""
        if calendar_ms <= self.opened_ms:
            return calendar_ms
        return self.opened_ms + round((calendar_ms - self.opened_ms) / self.speed)

    @property
    def opening_day(self) -> int:
        """The day of the opening, counted since the epoch in UTC."""
        return self.opened_ms // DAY_MS
