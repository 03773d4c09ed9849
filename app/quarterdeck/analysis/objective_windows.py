"""The stretch of time that an objective holds over at a moment: rolling, or a piece of the calendar in its zone."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta

from quarterdeck.analysis.recurrence import in_zone, zone_of
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.objectives import Window, WindowUnit

_FIXED = {
    WindowUnit.MINUTE: timedelta(minutes=1),
    WindowUnit.HOUR: timedelta(hours=1),
    WindowUnit.DAY: timedelta(days=1),
    WindowUnit.WEEK: timedelta(days=7),
}
_MONTHS = {WindowUnit.MONTH: 1, WindowUnit.QUARTER: 3, WindowUnit.YEAR: 12}
_YEAR_MONTHS = 12


class InvalidWindow(ValueError):
    """A window that no time can be worked out for; the message is a sentence."""


def window_at(window: Window, at: datetime) -> TimeRange:
    """The window's stretch at an instant: the one that ends there, or the whole calendar stretch that holds it.

    Raises InvalidWindow; InvalidRule for a zone that is none.
    """
    zone = zone_of(window.zone or "UTC")
    local = at.astimezone(zone).replace(tzinfo=None)
    if window.is_rolling:
        if window.unit in _FIXED:
            return TimeRange(_earlier(at, window), at)
        return TimeRange(in_zone(_stepped(local, window, -1), zone), at)
    first = _first_start(window.starts)
    number = _stretches_between(first, local, window)
    start_at = in_zone(_stepped(first, window, number), zone)
    if start_at > at:
        number -= 1
        start_at = in_zone(_stepped(first, window, number), zone)
    if number < 0:
        message = f"Its first window begins on {window.starts}, which is to come."
        raise InvalidWindow(message)
    return TimeRange(start_at, in_zone(_stepped(first, window, number + 1), zone))


def _earlier(at: datetime, window: Window) -> datetime:
    try:
        return at - window.count * _FIXED[window.unit]
    except OverflowError as fault:
        message = f"A window of {window.count}{window.unit} reaches back too far."
        raise InvalidWindow(message) from fault


def _first_start(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError as fault:
        message = f"{text!r} is no day."
        raise InvalidWindow(message) from fault


def _stretches_between(first: datetime, local: datetime, window: Window) -> int:
    """How many whole stretches lie before a local time, at most one too many."""
    if window.unit in _FIXED:
        return (local - first) // (window.count * _FIXED[window.unit])
    months = (local.year - first.year) * _YEAR_MONTHS + local.month - first.month
    number = months // (window.count * _MONTHS[window.unit])
    return number if _stepped(first, window, number) <= local else number - 1


def _stepped(local: datetime, window: Window, number: int) -> datetime:
    """A local time so many stretches later, on the last day of the month where its own day is not in it."""
    try:
        if window.unit in _FIXED:
            return local + number * window.count * _FIXED[window.unit]
        months = local.year * _YEAR_MONTHS + local.month - 1 + number * window.count * _MONTHS[window.unit]
        year, month = divmod(months, _YEAR_MONTHS)
        return local.replace(year=year, month=month + 1, day=min(local.day, monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError) as fault:
        message = f"A window of {window.count}{window.unit} reaches beyond the calendar."
        raise InvalidWindow(message) from fault
