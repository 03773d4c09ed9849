"""Where zooming began, so that one gesture goes back to it whatever the steps in between. Plain values."""

from __future__ import annotations

from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.moments import Moment

_SAME_SECONDS = 1.0


class ZoomMemory:
    """Is told what the panel asks for and every moment that is shown; anything it did not ask for is a new beginning.

    The console may shift what it is asked for, so that a range is known again by its length.
    """

    def __init__(self) -> None:
        self._asked: list[TimeRange] = []
        self._home: TimeRange | None = None

    def ask(self, time_range: TimeRange) -> None:
        """The panel asks to show a part of the range, or more of it."""
        self._asked.append(time_range)

    def follow(self, moment: Moment) -> None:
        """A moment is shown."""
        if not any(_is_same(asked, moment.time_range) for asked in self._asked):
            self._home = moment.time_range
            self._asked.clear()

    def home(self, moment: Moment) -> TimeRange | None:
        """The range from before the first move, up to the present when live; None when that is what is shown."""
        if self._home is None:
            return None
        is_there = moment.live or self._home.start_at == moment.time_range.start_at
        if is_there and _is_same(self._home, moment.time_range):
            return None
        return TimeRange.ending(moment.at, self._home.seconds) if moment.live else self._home


def _is_same(one: TimeRange, other: TimeRange) -> bool:
    return abs(one.seconds - other.seconds) < _SAME_SECONDS
