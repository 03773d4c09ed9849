"""What the time lens draws: the estate's shares by state over a range, in bars; and how it is asked for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import EPOCH, TimeRange
from quarterdeck.ui.tasks.verbs import Background

if TYPE_CHECKING:
    from quarterdeck.services.lens import LensReader, LensReport


@dataclass(frozen=True, slots=True)
class Bar:
    """Shares (0 to 1) of the integrations in one bar by state; what is left to 1 is not known."""

    down: float = 0.0
    degraded: float = 0.0
    maintenance: float = 0.0
    stale: float = 0.0
    healthy: float = 0.0


@dataclass(frozen=True, slots=True)
class LensStrip:
    """Bars of equal length that together span `time_range`."""

    time_range: TimeRange
    bars: tuple[Bar, ...]


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
    """Asks for the strip of an extent and hands it to `on_strip`; `on_error` hears why there is none."""

    def __init__(
        self,
        reader: LensReader,
        background: Background,
        on_strip: Callable[[LensStrip], None],
        on_error: Callable[[OperatorError], None],
    ) -> None:
        self._reader = reader
        self._background = background
        self._on_strip = on_strip
        self._on_error = on_error
        self._asked: tuple[TimeRange, int] | None = None

    def show(self, extent: TimeRange, bars: int) -> None:
        """Load the strip unless it was asked for already."""
        if aligned(extent, bars) != self._asked:
            self.reload(extent, bars)

    def reload(self, extent: TimeRange, bars: int) -> None:
        """Load the strip: the range or the states in it are other ones."""
        asked = self._asked = aligned(extent, bars)
        time_range, count = asked
        reader = self._reader
        self._background.run_query(
            lambda: _strip(reader.lens(time_range, count)), on_result=self._on_strip, on_error=self._fail, key="lens"
        )

    def _fail(self, error: OperatorError) -> None:
        self._asked = None
        self._on_error(error)


def _strip(report: LensReport) -> LensStrip:
    return LensStrip(report.time_range, tuple(Bar(*column) for column in report.shares.T.tolist()))
