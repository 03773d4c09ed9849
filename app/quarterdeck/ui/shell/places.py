"""Where a person is in the console: panel, selection, range, zoom and play-head, and the rules that move between them.

Plain values and pure functions. A live place follows the clock: its range rolls and its play-head is the present. A
place that is not live is anchored, so that nothing on the screen moves while somebody looks at the past. The play-head
always lies inside the window that the panels show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.moments import Moment

_NEAR_SHARE = 0.01
_SHORTEST_SECONDS = 10.0
_LONGEST_SECONDS = 10 * 366 * 86400.0


@dataclass(frozen=True, slots=True)
class Rolling:
    """The last so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Fixed:
    """A range between two instants."""

    time_range: TimeRange


RangeChoice: TypeAlias = Rolling | Fixed
DEFAULT_RANGE = Rolling(6 * 3600.0)


@dataclass(frozen=True, slots=True)
class Zoom:
    """A part of the range that the panels show, and where the play-head was before."""

    window: RangeChoice
    at_before: datetime | None
    anchor_before_at: datetime | None


@dataclass(frozen=True, slots=True)
class Place:
    """One place that can be visited again.

    `at` is the play-head, None when it is live; `anchor_at` is the present as it was when the play-head left it.
    """

    panel_id: str
    entity_key: str = ""
    extent: RangeChoice = DEFAULT_RANGE
    zooms: tuple[Zoom, ...] = ()
    at: datetime | None = None
    anchor_at: datetime | None = None

    @property
    def is_live(self) -> bool:
        """Whether the play-head follows the present."""
        return self.at is None


def first_place(wanted: Sequence[str], known: Sequence[str], range_seconds: float) -> Place:
    """Where a console starts: live, on the first wanted panel that exists, else on the first there is."""
    panel_id = next((panel for panel in (*wanted, *known) if panel in known), "")
    seconds = range_seconds if _SHORTEST_SECONDS <= range_seconds <= _LONGEST_SECONDS else DEFAULT_RANGE.seconds
    return Place(panel_id, extent=Rolling(seconds))


def extent_of(place: Place, now: datetime) -> TimeRange:
    """The whole range: what the time lens spans."""
    return _resolved(place.extent, place.anchor_at or now)


def window_of(place: Place, now: datetime) -> TimeRange:
    """The part of the range that the panels show."""
    choice = place.zooms[-1].window if place.zooms else place.extent
    return _resolved(choice, place.anchor_at or now)


def moment_of(place: Place, now: datetime) -> Moment:
    """The moment that the panels are shown."""
    return Moment(window_of(place, now), place.at or now, live=place.is_live)


def with_range(place: Place, choice: RangeChoice, now: datetime) -> Place:
    """Another whole range, not zoomed. A fixed one leaves Live; a play-head outside moves to its end."""
    if isinstance(choice, Rolling) and place.is_live:
        return replace(place, extent=choice, zooms=())
    ranged = replace(place, extent=choice, zooms=(), anchor_at=now)
    return replace(ranged, at=_inside(place.at or now, extent_of(ranged, now)))


def zoomed(place: Place, wanted: TimeRange, now: datetime) -> Place:
    """Show only a part of the range; the range grows where the part reaches beyond it."""
    part = _at_least(_not_after(wanted, now))
    whole = extent_of(place, now)
    slack = timedelta(seconds=whole.seconds * _NEAR_SHARE)
    if part.start_at <= whole.start_at + slack and part.end_at >= whole.end_at - slack:
        return _grown(place, part, now)
    zoom = Zoom(Fixed(part), place.at, place.anchor_at)
    if place.is_live and part.end_at >= now - timedelta(seconds=part.seconds * _NEAR_SHARE):
        grown = _extent_reaching(place, part, now)
        return replace(grown, zooms=(*place.zooms, replace(zoom, window=Rolling(part.seconds))))
    anchored = _extent_reaching(replace(place, anchor_at=place.anchor_at or now), part, now)
    return replace(anchored, zooms=(*place.zooms, zoom), at=_inside(place.at or now, part))


def unzoomed(place: Place) -> Place:
    """One zoom back; the play-head returns to where it was. The same place when nothing is zoomed."""
    if not place.zooms:
        return place
    last = place.zooms[-1]
    return replace(place, zooms=place.zooms[:-1], at=last.at_before, anchor_at=last.anchor_before_at)


def with_play_head(place: Place, wanted_at: datetime, now: datetime) -> Place:
    """The console as of an instant of the range; a zoomed window moves along so that the play-head stays inside."""
    anchored = replace(place, anchor_at=place.anchor_at or now)
    at = _inside(wanted_at, extent_of(anchored, now))
    window = window_of(anchored, now)
    if place.zooms and not window.start_at <= at <= window.end_at:
        moved = Fixed(_shifted(window, at))
        anchored = replace(anchored, zooms=(*place.zooms[:-1], replace(place.zooms[-1], window=moved)))
    return replace(anchored, at=at)


def live(place: Place, now: datetime) -> Place:
    """The play-head back on the present. A fixed range becomes the last stretch of the same length."""
    extent = place.extent
    if isinstance(extent, Fixed):
        extent = Rolling(max(_SHORTEST_SECONDS, extent_of(place, now).seconds))
    zooms = place.zooms if all(isinstance(zoom.window, Rolling) for zoom in place.zooms) else ()
    return replace(place, extent=extent, zooms=zooms, at=None, anchor_at=None)


def _resolved(choice: RangeChoice, end_at: datetime) -> TimeRange:
    return choice.time_range if isinstance(choice, Fixed) else TimeRange.ending(end_at, choice.seconds)


def _inside(at: datetime, time_range: TimeRange) -> datetime:
    return min(max(at, time_range.start_at), time_range.end_at)


def _not_after(wanted: TimeRange, now: datetime) -> TimeRange:
    """The same length, moved back so that it does not end in the future."""
    return TimeRange.ending(now, wanted.seconds) if wanted.end_at > now else wanted


def _at_least(wanted: TimeRange) -> TimeRange:
    if wanted.seconds >= _SHORTEST_SECONDS:
        return wanted
    return TimeRange.ending(wanted.end_at, _SHORTEST_SECONDS)


def _shifted(window: TimeRange, at: datetime) -> TimeRange:
    if at < window.start_at:
        return TimeRange(at, at + (window.end_at - window.start_at))
    return TimeRange.ending(at, window.seconds)


def _grown(place: Place, part: TimeRange, now: datetime) -> Place:
    """The part is the whole range or more: it becomes the range."""
    if place.is_live and part.end_at >= now - timedelta(seconds=part.seconds * _NEAR_SHARE):
        return replace(place, extent=Rolling(part.seconds), zooms=())
    return with_range(place, Fixed(part), now)


def _extent_reaching(place: Place, part: TimeRange, now: datetime) -> Place:
    whole = extent_of(place, now)
    if whole.start_at <= part.start_at and part.end_at <= whole.end_at:
        return place
    start_at, end_at = min(whole.start_at, part.start_at), max(whole.end_at, part.end_at)
    if place.is_live:
        return replace(place, extent=Rolling((now - start_at).total_seconds()))
    return replace(place, extent=Fixed(TimeRange(start_at, end_at)))
