"""The same time an earlier week, drawn dotted behind the lines while a person wants it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.series import SeriesInfo
from quarterdeck.services.earlier import Earlier, EarlierCourse, EarlierPeriod
from quarterdeck.services.moments import Moment
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.charts.line_data import LineData
from quarterdeck.ui.panels.performance.state import ChartState, PerformanceState, Remark
from quarterdeck.ui.panels.performance.time_marks import Translate
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background

_MS = 1000.0
_STEPS = 60
"""Ghosts are read anew once a sixtieth of the range has gone by: they only move with it."""
_Key = tuple[tuple[int, ...], float, int, int]


class EarlierSource(Protocol):
    """Where earlier courses come from."""

    def earlier(self, series: Sequence[SeriesInfo], moment: Moment, *, pixels: int) -> Earlier:
        """What the same series did at the same time of an earlier week."""
        ...


class Ghosting:
    """Reads the earlier week of the lines shown while it is wanted: of the chosen one in charts where one is chosen."""

    def __init__(
        self, source: EarlierSource, background: Background, on_known: Callable[[], None], tr: Translate
    ) -> None:
        self._source = source
        self._on_known = on_known
        self._tr = tr
        self._reads: LatestRead[Earlier] = LatestRead(background, "performance, earlier")
        self._asked: _Key | None = None
        self._courses: Mapping[int, EarlierCourse] = {}
        self._remarks: tuple[Remark, ...] = ()
        self._weeks = 0
        self.is_wanted = False

    def ask(self, state: PerformanceState, moment: Moment, pixels: int) -> None:
        """Have the earlier courses read, unless they were already or nobody wants them."""
        if not self.is_wanted:
            self._reads.drop()
            self._asked, self._courses, self._remarks = None, {}, ()
            return
        series = {info.id: info for chart in state.charts for info, _ in _wanted_of(chart)}
        seconds = moment.time_range.seconds
        step = int(moment.time_range.end_at.timestamp() / max(1.0, seconds / _STEPS))
        key = (tuple(series), seconds, step, pixels)
        if not series or key == self._asked:
            return
        self._asked, self._weeks = key, EarlierPeriod.before(moment.time_range).weeks
        source, wanted = self._source, tuple(series.values())

        def take(found: Earlier) -> None:
            self._take(found, moment)

        self._reads.take_over(Read(lambda: source.earlier(wanted, moment, pixels=pixels), take, self._fail))

    def applied(self, state: PerformanceState, moment: Moment) -> PerformanceState:
        """The same page with ghosts behind the lines that have any, and a word on when they are of."""
        if self._weeks != EarlierPeriod.before(moment.time_range).weeks:
            self._courses, self._remarks = {}, ()
        charts = tuple(self._applied(chart) for chart in state.charts)
        return replace(state, charts=charts, earlier=self._remarks)

    def _applied(self, chart: ChartState) -> ChartState:
        found = [(line, self._courses[info.id]) for info, line in _wanted_of(chart) if info.id in self._courses]
        ghosts = tuple(self._ghost(line, one) for line, one in found if len(one.course.times_ms))
        return replace(chart, ghosts=ghosts) if ghosts or chart.ghosts else chart

    def _ghost(self, line: LineData, earlier: EarlierCourse) -> LineData:
        course = earlier.course
        times_s = course.times_ms / _MS
        label = self._tr("{name}, earlier").format(name=line.label)
        return LineData(label, line.unit, times_s, course.mean, course.mean, course.mean, line.slot, is_ghost=True)

    def _take(self, found: Earlier, moment: Moment) -> None:
        self._courses = {one.series.id: one for one in found.courses}
        self._remarks = (Remark(HealthState.UNKNOWN, earlier_words(found, moment, self._tr)),)
        self._on_known()

    def _fail(self, error: OperatorError) -> None:
        self._asked, self._courses, self._remarks = None, {}, (Remark(HealthState.DOWN, error.message),)
        self._on_known()


def earlier_words(found: Earlier, moment: Moment, tr: Translate) -> str:
    """What the dotted lines are of, or that there are none."""
    period = found.period
    ends = {
        "begin": moment_words(period.time_range.start_at, moment.at),
        "end": moment_words(period.time_range.end_at, moment.at),
    }
    if not any(len(one.course.times_ms) for one in found.courses):
        return tr("Nothing is kept of an earlier week, {begin} to {end}.").format(**ends)
    if period.weeks == 1:
        return tr("Dotted: the same time a week earlier, {begin} to {end}.").format(**ends)
    return tr("Dotted: the same time {weeks} weeks earlier, {begin} to {end}.").format(weeks=period.weeks, **ends)


def _wanted_of(chart: ChartState) -> list[tuple[SeriesInfo, LineData]]:
    """The line that is chosen, or all lines where none is, each with its series."""
    if chart.absence:
        return []
    pairs = list(zip(chart.line_series, chart.lines, strict=True))
    return [pair for pair in pairs if pair[1].is_chosen] or pairs
