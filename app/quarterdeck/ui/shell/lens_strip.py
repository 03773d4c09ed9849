"""What the time lens draws: the estate's shares by state over a range, in bars; and how it is asked for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import EPOCH, TimeRange
from quarterdeck.ui.tasks.verbs import Background

if TYPE_CHECKING:
    from quarterdeck.services.lens import LensReader, LensReport

_ASK_AGAIN = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Bar:
    """Shares (0 to 1) of what is counted in one bar by state; what is left to 1 is not known."""

    down: float = 0.0
    degraded: float = 0.0
    maintenance: float = 0.0
    stale: float = 0.0
    healthy: float = 0.0


@dataclass(frozen=True, slots=True)
class LensStrip:
    """Bars of equal length that together span `time_range`. They count integrations, or everything there is.

    `old_at` is since when they could not be read any more: what they say of the time after it is not known.
    """

    time_range: TimeRange
    bars: tuple[Bar, ...]
    counts_everything: bool = False
    old_at: datetime | None = None


def aligned(extent: TimeRange, bars: int) -> tuple[TimeRange, int]:
    """The range of whole bars around an extent, and how many they are.

    Bars lie on a grid of their own length, so that they stand still while a live range moves over them.
    """
    step_ms = max(1, math.ceil(extent.seconds * 1000 / max(1, bars)))
    first = extent.start_ms // step_ms
    last = -(-extent.end_ms // step_ms)
    count = max(1, last - first)
    start_at = EPOCH + timedelta(milliseconds=first * step_ms)
    return TimeRange(start_at, start_at + timedelta(milliseconds=count * step_ms)), count


class LensPresenter:
    """Asks for the strip of an extent and hands it to `on_strip`; the one before, as old, where there is no other.

    Whoever reads a store that cannot be read fails alike: why is for somebody else to say.
    """

    def __init__(
        self, reader: Callable[[], LensReader], background: Background, on_strip: Callable[[LensStrip], None]
    ) -> None:
        self._reader = reader
        self._background = background
        self._on_strip = on_strip
        self._asked: tuple[TimeRange, int] | None = None
        self._asked_to_at = EPOCH
        self._strip: LensStrip | None = None
        self._lost_at: datetime | None = None

    def show(self, extent: TimeRange, bars: int) -> None:
        """Load the strip unless it was asked for already, a moment ago at most: silence comes without any news."""
        is_old = abs(extent.end_at - self._asked_to_at) >= _ASK_AGAIN
        if is_old or aligned(extent, bars) != self._asked:
            self.reload(extent, bars)

    def reload(self, extent: TimeRange, bars: int) -> None:
        """Load the strip: the range or the states in it are other ones."""
        asked = self._asked = aligned(extent, bars)
        self._asked_to_at = extent.end_at
        time_range, count = asked
        reader = self._reader
        self._background.run_query(
            lambda: _strip(reader().lens(time_range, count, known_to=extent.end_at)),
            on_result=self._take,
            on_error=self._fail,
            key="lens",
        )

    def lose(self, lost_at: datetime) -> None:
        """The store cannot be read: whatever is shown is old from then on, until `find`."""
        if self._lost_at is None:
            self._lost_at = lost_at
            self._age(lost_at)

    def find(self) -> None:
        """The store can be read again: the next `show` asks anew."""
        self._lost_at = self._asked = None

    def _take(self, strip: LensStrip) -> None:
        self._strip = strip if self._lost_at is None else replace(strip, old_at=self._lost_at)
        self._on_strip(self._strip)

    def _fail(self, _error: OperatorError) -> None:
        self._asked = None
        self._age(self._asked_to_at)

    def _age(self, old_at: datetime) -> None:
        if self._strip is not None and self._strip.old_at is None:
            self._strip = replace(self._strip, old_at=old_at)
            self._on_strip(self._strip)


def _strip(report: LensReport) -> LensStrip:
    bars = tuple(Bar(*column) for column in report.shares.T.tolist())
    return LensStrip(report.time_range, bars, report.counts_everything)
