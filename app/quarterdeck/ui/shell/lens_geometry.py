"""Where instants lie on the time lens, what a pointer is over, and which times are labelled; plain arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from quarterdeck.domain.instants import TimeRange

BAR_PITCH = 6
_EDGE_REACH = 5.0
_HANDLE_REACH = 6.0
_LABEL_ROOM = 84
_MINUTE = 60
_HOUR = 3600
_DAY = 86400
_CLOCK_STEPS = (
    *(minutes * _MINUTE for minutes in (1, 2, 5, 10, 15, 30)),
    *(hours * _HOUR for hours in (1, 2, 3, 6, 12)),
)
_DAY_STEPS = (1, 2, 5, 7, 10, 14, 30)


class LensPart(StrEnum):
    """What of the lens a pointer is over."""

    PLAY_HEAD = "play_head"
    START_EDGE = "start_edge"
    END_EDGE = "end_edge"
    STRIP = "strip"


@dataclass(frozen=True, slots=True)
class LensGeometry:
    """The strip from `left` to `left + width` pixels spans `extent`."""

    extent: TimeRange
    left: float
    width: float

    @property
    def bars(self) -> int:
        """How many bars fit."""
        return max(1, int(self.width // BAR_PITCH))

    def x_of(self, at: datetime) -> float:
        """The pixel of an instant, held inside the strip."""
        share = (at - self.extent.start_at).total_seconds() / max(1.0, self.extent.seconds)
        return self.left + min(1.0, max(0.0, share)) * self.width

    def at_of(self, x: float) -> datetime:
        """The instant of a pixel, held inside the range."""
        share = min(1.0, max(0.0, (x - self.left) / max(1.0, self.width)))
        return self.extent.start_at + timedelta(seconds=share * self.extent.seconds)

    def part_at(self, x: float, window: TimeRange, play_head_at: datetime, *, by_handle: bool = True) -> LensPart:
        """What lies under a pixel. Where the play-head stands on an edge of a zoomed window, its handle decides."""
        if abs(x - self.x_of(play_head_at)) <= _HANDLE_REACH and (by_handle or window == self.extent):
            return LensPart.PLAY_HEAD
        if abs(x - self.x_of(window.start_at)) <= _EDGE_REACH:
            return LensPart.START_EDGE
        if abs(x - self.x_of(window.end_at)) <= _EDGE_REACH:
            return LensPart.END_EDGE
        return LensPart.PLAY_HEAD if abs(x - self.x_of(play_head_at)) <= _HANDLE_REACH else LensPart.STRIP

    def step(self) -> timedelta:
        """How far an arrow key moves the play-head: one bar."""
        return timedelta(seconds=self.extent.seconds / self.bars)


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled instant; `is_date` when its label is a day, else a time of day."""

    at: datetime
    is_date: bool


def ticks(geometry: LensGeometry, zone: tzinfo | None = None) -> tuple[Tick, ...]:
    """Round times of the local clock (or of a zone), no closer than a label's room."""
    most = max(1, int(geometry.width // _LABEL_ROOM))
    seconds = geometry.extent.seconds
    for step in _CLOCK_STEPS:
        if seconds / step <= most:
            return _clock_ticks(geometry.extent, step, zone)
    days = next((days for days in _DAY_STEPS if seconds / (days * _DAY) <= most), _DAY_STEPS[-1])
    return _day_ticks(geometry.extent, days, zone)


def _clock_ticks(extent: TimeRange, step: int, zone: tzinfo | None) -> tuple[Tick, ...]:
    """Steps count from local midnight, also across a change of the clock."""
    found: list[Tick] = []
    day = extent.start_at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    while not found or found[-1].at < extent.end_at:
        found += [Tick(_aware(day + timedelta(seconds=second), zone), second == 0) for second in range(0, _DAY, step)]
        day += timedelta(days=1)
    return tuple(tick for tick in found if extent.start_at <= tick.at <= extent.end_at)


def _day_ticks(extent: TimeRange, days: int, zone: tzinfo | None) -> tuple[Tick, ...]:
    found: list[Tick] = []
    day = extent.start_at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    while not found or found[-1].at < extent.end_at:
        found.append(Tick(_aware(day, zone), is_date=True))
        day += timedelta(days=days)
    return tuple(tick for tick in found if extent.start_at <= tick.at <= extent.end_at)


def _aware(local: datetime, zone: tzinfo | None) -> datetime:
    return local.replace(tzinfo=zone) if zone is not None else local.astimezone()
