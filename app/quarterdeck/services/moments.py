"""The moment that the whole console shows: a range, and the play-head inside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from quarterdeck.domain.instants import TimeRange

AVAILABILITY_DAYS = 30


@dataclass(frozen=True, slots=True)
class Moment:
    """A range and a play-head; every panel shows the state at `at` over `time_range`.

    `live` says that the play-head follows the present.
    """

    time_range: TimeRange
    at: datetime
    live: bool = True

    @property
    def availability_range(self) -> TimeRange:
        """The thirty days before the play-head, over which availability is told."""
        return TimeRange(self.at - timedelta(days=AVAILABILITY_DAYS), self.at)
