"""Instants and ranges in local time, as the frame says them."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QLocale

from quarterdeck.domain.instants import TimeRange, duration_words
from quarterdeck.ui.shell.places import Fixed, RangeChoice, Rolling

_MINUTE = 60
_HOUR = 3600
_DAY = 86400

RANGE_PRESETS: tuple[Rolling, ...] = tuple(
    Rolling(float(seconds)) for seconds in (15 * _MINUTE, _HOUR, 6 * _HOUR, 24 * _HOUR, 7 * _DAY, 30 * _DAY, 90 * _DAY)
)
"""The ranges offered by name."""


def clock_words(at: datetime) -> str:
    """A time of day: `12:18`."""
    return at.astimezone().strftime("%H:%M")


def day_words(at: datetime) -> str:
    """A day: `24 Nov`."""
    local = at.astimezone()
    return f"{local.day} {QLocale().monthName(local.month, QLocale.FormatType.ShortFormat)}"


def moment_words(at: datetime, now: datetime) -> str:
    """An instant as short as it can be told apart from others: `12:18`, or `24 Nov 12:18` on another day."""
    if at.astimezone().date() == now.astimezone().date():
        return clock_words(at)
    return f"{day_words(at)} {clock_words(at)}"


def exact_words(at: datetime) -> str:
    """An instant with its day, seconds and zone, for a tool tip: `Tue 24 Nov 2026 12:18:04 CET`."""
    local = at.astimezone()
    weekday = QLocale().dayName(local.isoweekday(), QLocale.FormatType.ShortFormat)
    return f"{weekday} {day_words(at)} {local.year} {local.strftime('%H:%M:%S %Z')}"


def span_words(time_range: TimeRange, now: datetime) -> str:
    """A range between two instants: `10:30 – 12:00`, days where they matter."""
    return f"{moment_words(time_range.start_at, now)} – {moment_words(time_range.end_at, now)}"


def range_words(choice: RangeChoice, now: datetime) -> str:
    """A range as its button says it: `Last 6 hours`, `24 Nov 10:30 – 12:00`."""
    if isinstance(choice, Fixed):
        return span_words(choice.time_range, now)
    translate = QCoreApplication.translate
    names = {
        15 * _MINUTE: translate("Ranges", "Last 15 minutes"),
        _HOUR: translate("Ranges", "Last hour"),
        6 * _HOUR: translate("Ranges", "Last 6 hours"),
        24 * _HOUR: translate("Ranges", "Last 24 hours"),
        7 * _DAY: translate("Ranges", "Last 7 days"),
        30 * _DAY: translate("Ranges", "Last 30 days"),
        90 * _DAY: translate("Ranges", "Last 90 days"),
    }
    name = names.get(int(choice.seconds))
    return name or translate("Ranges", "Last {duration}").format(duration=duration_words(choice.seconds))
