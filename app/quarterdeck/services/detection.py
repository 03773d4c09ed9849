"""What is unusual in the series of a store, found as samples come and over any range of days: one way for both."""

from __future__ import annotations

from collections.abc import Sequence

from quarterdeck.analysis.detection import DAY_MS, STEP_MS, DayWatch
from quarterdeck.analysis.expected_range import HISTORY_MS
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import Meaning, SeriesInfo
from quarterdeck.services.anomaly_ports import JudgedDay
from quarterdeck.services.readthrough import EnvelopeReader
from quarterdeck.services.series_steps import steps_of

GRACE_MS = 90_000
"""Samples of a step that come later than this after its end let its day be judged anew."""


def is_watched(info: SeriesInfo) -> bool:
    """Whether anomalies are looked for in a series: not where its samples stay in their source, nor in a count-down.

    The days until an expiry fall by the clock; they are judged as what they are.
    """
    return not info.read_through and info.identity.meaning is not Meaning.EXPIRY


def day_of(at_ms: int) -> int:
    """The midnight (UTC) at or before an instant."""
    return at_ms // DAY_MS * DAY_MS


def over_until(now_ms: int) -> int:
    """The end of the last step that is over and can be judged."""
    return (now_ms - GRACE_MS) // STEP_MS * STEP_MS


def begun_day(reader: EnvelopeReader, series: Sequence[SeriesInfo], day_ms: int, until_ms: int) -> DayWatch:
    """These series on a day, judged up to an instant. Reads six weeks of each; takes tenths of a second a series."""
    past = steps_of(reader, series, day_ms - HISTORY_MS, day_ms)
    watch = DayWatch.after(past, day_ms, [info.id for info in series])
    follow(watch, reader, series, until_ms)
    return watch


def follow(watch: DayWatch, reader: EnvelopeReader, series: Sequence[SeriesInfo], until_ms: int) -> tuple[int, ...]:
    """Judge the steps up to an instant, at most to the end of the day; the series of which anything is told anew."""
    until_ms = min(until_ms, watch.day_ms + DAY_MS)
    if until_ms <= watch.reached_ms:
        return ()
    return watch.take(steps_of(reader, series, watch.reached_ms, until_ms))


def judged_days(
    reader: EnvelopeReader, series: Sequence[SeriesInfo], time_range: TimeRange, now_ms: int
) -> tuple[JudgedDay, ...]:
    """All that is unusual in the days (UTC) that a range touches, up to now, by series and day."""
    wanted = tuple(info for info in series if is_watched(info))
    found: list[JudgedDay] = []
    for day_ms in range(day_of(time_range.start_ms), min(time_range.end_ms, now_ms), DAY_MS):
        watch = begun_day(reader, wanted, day_ms, over_until(now_ms)) if wanted else None
        found += [JudgedDay(info.id, day_ms, watch.anomalies(info.id)) for info in wanted] if watch is not None else []
    return tuple(sorted(found, key=lambda each: (each.series_id, each.day_ms)))
