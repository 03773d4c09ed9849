"""The same time an earlier week: what a series did then, laid over what it does now."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta, tzinfo
from typing import Protocol

from quarterdeck.analysis.courses import Course, course_of
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import SeriesInfo
from quarterdeck.services.chart_columns import chart_columns
from quarterdeck.services.compared_ranges import by_the_wall
from quarterdeck.services.integrations import patience_of
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import ConnectionStore, EstateStore, Precision
from quarterdeck.services.readthrough import EnvelopeReader

_WEEK = timedelta(weeks=1)


class EarlierSources(EstateStore, ConnectionStore, Protocol):
    """What tells for how long a sample speaks."""


@dataclass(frozen=True, slots=True)
class EarlierPeriod:
    """A range that ended whole weeks before another: by the clock on the wall, whatever was done to it meanwhile."""

    weeks: int
    time_range: TimeRange

    @classmethod
    def before(cls, shown: TimeRange, zone: tzinfo | None = None) -> EarlierPeriod:
        """The nearest one that lies wholly before a range, in a time zone; None is this machine's."""
        weeks = max(1, math.ceil(shown.seconds / _WEEK.total_seconds()))
        end_at = by_the_wall(shown.end_at, weeks * _WEEK, zone)
        return cls(weeks, TimeRange(end_at - (shown.end_at - shown.start_at), end_at))

    def later_ms(self, shown: TimeRange) -> int:
        """By how much the range shown lies after this one."""
        return shown.end_ms - self.time_range.end_ms


@dataclass(frozen=True, slots=True, eq=False)
class EarlierCourse:
    """What a series did in an earlier period, at the instants it is laid over; without points where nothing came."""

    series: SeriesInfo
    course: Course


@dataclass(frozen=True, slots=True, eq=False)
class Earlier:
    """An earlier period and the courses in it, in the order asked; those that could not be read are missing."""

    period: EarlierPeriod
    courses: tuple[EarlierCourse, ...]


class EarlierReader:
    """Answers for the lines that are laid behind a chart's."""

    def __init__(self, store: EarlierSources, envelopes: EnvelopeReader, zone: tzinfo | None = None) -> None:
        self._store = store
        self._envelopes = envelopes
        self._zone = zone

    def earlier(self, series: Sequence[SeriesInfo], moment: Moment, pixels: int) -> Earlier:
        """The same series over the nearest earlier week or weeks. Blocks while sources answer."""
        shown = moment.time_range
        period = EarlierPeriod.before(shown, self._zone)
        estate = self._store.estate(moment.at)
        found = (estate.entity(info.identity.entity_key) for info in series)
        patience = patience_of([entity for entity in found if entity is not None], self._store)
        longest = max((patience.seconds_for(info) for info in series), default=0.0)
        columns = chart_columns(period.time_range, pixels, patience_seconds=longest, live=False)
        envelopes = self._envelopes.envelope(
            [info.id for info in series], columns.time_range, columns.count, Precision.FIRST
        )
        later_ms, inside = period.later_ms(shown), (period.time_range.start_ms, period.time_range.end_ms)
        courses: list[EarlierCourse] = []
        for one in envelopes:
            if not one.failure:
                patience_ms = int(patience.seconds_for(one.series) * 1000)
                parts = (one.low, one.high, one.mean)
                course = course_of(one.edges_ms, parts, patience_ms=patience_ms, shown_ms=inside)
                courses.append(
                    EarlierCourse(one.series, replace(course, times_ms=course.times_ms + later_ms, silent_from_ms=None))
                )
        return Earlier(period, tuple(courses))
