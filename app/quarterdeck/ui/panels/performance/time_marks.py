"""What is marked on the time axis: trouble and maintenance as stretches, changes as instants. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from quarterdeck.domain.events import Change
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.wording import state_words
from quarterdeck.ui.charts.line_data import Span
from quarterdeck.ui.theme.tokens import Tone

Translate = Callable[[str], str]

MOST_STRETCHES = 40
MOST_CHANGES = 20
_MOST_REASONS = 4
_JOINED_PIXELS = 4
_TONES = {
    HealthState.DEGRADED: Tone.DEGRADED,
    HealthState.DOWN: Tone.DOWN,
    HealthState.MAINTENANCE: Tone.MAINTENANCE,
}


@dataclass(frozen=True, slots=True)
class Axis:
    """The range that is shown, over how many pixels, and what the entities on it are called."""

    time_range: TimeRange
    pixels: int
    names: Mapping[str, str]

    @property
    def joined_seconds(self) -> float:
        """Stretches closer than this cannot be told apart."""
        return _JOINED_PIXELS * self.time_range.seconds / max(1, self.pixels)


@dataclass(frozen=True, slots=True)
class TimeMarks:
    """Spans in order of time, and a sentence when some were left out."""

    spans: tuple[Span, ...]
    omission: str = ""


def time_marks(
    intervals: Sequence[StateInterval], changes: Sequence[Change], axis: Axis, *, is_one: bool, tr: Translate
) -> TimeMarks:
    """The marks of all shown entities; `is_one` says that there is one only, whose name goes without saying."""
    joined = _joined(intervals, axis)
    has_room = len(joined) <= _MOST_REASONS
    stretches = [_span(one, axis, _label(one, axis, tr, is_one=is_one, has_room=has_room)) for one in joined]
    longest = sorted(stretches, key=lambda span: _length(span, axis), reverse=True)[:MOST_STRETCHES]
    newest = sorted(changes, key=lambda change: change.changed_at)[-MOST_CHANGES:]
    instants = [_instant(change, axis, is_one=is_one) for change in newest]
    omissions: list[str] = []
    if len(longest) < len(stretches):
        words = tr("The {count} longest of {total} troubles are marked.")
        omissions.append(words.format(count=len(longest), total=len(stretches)))
    if len(newest) < len(changes):
        words = tr("The {count} newest of {total} changes are marked.")
        omissions.append(words.format(count=len(newest), total=len(changes)))
    spans = sorted([*longest, *instants], key=lambda span: span.start_s)
    return TimeMarks(tuple(spans), " ".join(omissions))


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Intervals of one entity in one state, so close that they are one stretch on the screen."""

    first: StateInterval
    last: StateInterval
    count: int = 1


def _joined(intervals: Sequence[StateInterval], axis: Axis) -> list[_Stretch]:
    found: list[_Stretch] = []
    open_ones: dict[tuple[str, HealthState], int] = {}
    for interval in sorted(intervals, key=lambda interval: interval.from_at):
        place = (interval.entity_key, interval.state)
        before = found[open_ones[place]] if place in open_ones else None
        if before is not None and _is_close(before.last, interval, axis):
            found[open_ones[place]] = replace(before, last=interval, count=before.count + 1)
        else:
            open_ones[place] = len(found)
            found.append(_Stretch(interval, interval))
    return found


def _is_close(before: StateInterval, after: StateInterval, axis: Axis) -> bool:
    return before.to_at is None or (after.from_at - before.to_at).total_seconds() < axis.joined_seconds


def _span(stretch: _Stretch, axis: Axis, label: str) -> Span:
    first, end_at = stretch.first, stretch.last.to_at
    end_s = end_at.timestamp() if end_at is not None and end_at < axis.time_range.end_at else None
    return Span(first.from_at.timestamp(), end_s, label, _TONES.get(first.state, Tone.UNKNOWN))


def _label(stretch: _Stretch, axis: Axis, tr: Translate, *, is_one: bool, has_room: bool) -> str:
    """Who, what state, and why as long as there are few of them."""
    first = stretch.first
    state = state_words(first.state)
    name = "" if is_one else axis.names.get(first.entity_key, first.entity_key)
    if stretch.count > 1:
        times = tr("{count} times").format(count=stretch.count)
        return f"{name} {state}, {times}".strip()
    if first.state is HealthState.MAINTENANCE and first.reason:
        return f"{name}: {first.reason}" if name else first.reason
    head = f"{name} {state}".strip()
    return f"{head}: {first.reason}" if first.reason and has_room else head


def _instant(change: Change, axis: Axis, *, is_one: bool) -> Span:
    at_s = change.changed_at.timestamp()
    words = change.summary or change.kind
    name = axis.names.get(change.entity_key, "")
    return Span(at_s, at_s, words if is_one or not name else f"{name}: {words}", Tone.ACCENT)


def _length(span: Span, axis: Axis) -> float:
    end_s = axis.time_range.end_at.timestamp() if span.end_s is None else span.end_s
    return end_s - span.start_s
