"""What is expected of the chosen lines: read once they stand out, drawn as a band behind them, and told in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from quarterdeck.analysis.anomalies import RAREST, Sign
from quarterdeck.analysis.expected_range import Departure, Side
from quarterdeck.analysis.seasons import SeasonKind
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.domain.series import SeriesInfo
from quarterdeck.services.expectation import Expectation, Unusual, step_seconds
from quarterdeck.services.moments import Moment
from quarterdeck.services.wording import moment_words, quantity
from quarterdeck.ui.charts.line_data import Band
from quarterdeck.ui.panels.performance.state import ChartState, PerformanceState, Remark
from quarterdeck.ui.panels.performance.time_marks import Translate
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background

_MS = 1000.0
_MOST_SIGNS = 2
_Key = tuple[tuple[int, ...], float, int]


class ExpectationSource(Protocol):
    """Where expectations come from."""

    def expectations(self, series: Sequence[SeriesInfo], time_range: TimeRange) -> tuple[Expectation, ...]:
        """One for each series, in the order asked."""
        ...


class Expecting:
    """Reads what is expected of the lines that are chosen, and keeps it until others are or a step of time has passed.

    Where it cannot be read, or too little is known, the charts stay as they are.
    """

    def __init__(
        self, source: ExpectationSource, background: Background, on_known: Callable[[], None], tr: Translate
    ) -> None:
        self._source = source
        self._on_known = on_known
        self._tr = tr
        self._reads: LatestRead[tuple[Expectation, ...]] = LatestRead(background, "performance expected")
        self._asked: _Key | None = None
        self._known: Mapping[int, Expectation] = {}

    def ask(self, state: PerformanceState, moment: Moment) -> None:
        """Have read what is expected of the chosen lines, unless it was already."""
        series = {info.id: info for chart in state.charts if (info := chosen_series(chart)) is not None}
        if not series:
            self._reads.drop()
            self._asked = None
            return
        key = _key_of(series, moment)
        if key == self._asked:
            return
        self._asked = key
        source, wanted, time_range = self._source, tuple(series.values()), moment.time_range
        self._reads.take_over(Read(lambda: source.expectations(wanted, time_range), self._take, self._fail))

    def applied(self, state: PerformanceState, moment: Moment) -> PerformanceState:
        """The same page with the bands and words that are known; charts to which they make no difference stay."""
        return replace(state, charts=tuple(self._applied(chart, moment) for chart in state.charts))

    def _applied(self, chart: ChartState, moment: Moment) -> ChartState:
        info = chosen_series(chart)
        found = self._known.get(info.id) if info is not None and self._is_of(moment) else None
        if found is None or found.band is None:
            return chart
        band = Band(found.times_ms / _MS, found.band.low, found.band.high)
        return replace(chart, band=band, expected=remarks_of(found, chosen_name(chart), moment, self._tr))

    def _is_of(self, moment: Moment) -> bool:
        """Whether what is known is of a range as long as this, that ended no more than a step before or after."""
        if self._asked is None:
            return False
        _, seconds, steps = _key_of({}, moment)
        return self._asked[1] == seconds and abs(self._asked[2] - steps) <= 1

    def _take(self, found: tuple[Expectation, ...]) -> None:
        self._known = {one.series.id: one for one in found}
        self._on_known()

    def _fail(self, error: OperatorError) -> None:
        """The charts say themselves that the store cannot be read; what was expected before is no longer known."""
        del error
        self._asked, self._known = None, {}


def _key_of(series: Mapping[int, SeriesInfo], moment: Moment) -> _Key:
    steps = int(moment.time_range.end_at.timestamp()) // step_seconds(moment.time_range)
    return tuple(series), moment.time_range.seconds, steps


def chosen_series(chart: ChartState) -> SeriesInfo | None:
    """The series of the line that stands out in a chart; None where none does."""
    chosen = (info for info, line in zip(chart.line_series, chart.lines, strict=True) if line.is_chosen)
    return next(chosen, None)


def chosen_name(chart: ChartState) -> str:
    """The name of that line."""
    return next((line.label for line in chart.lines if line.is_chosen), "")


def remarks_of(found: Expectation, name: str, moment: Moment, tr: Translate) -> tuple[Remark, ...]:
    """How a series differed last from what was expected, and what was the most unusual of it; nothing where it did not.

    It is an observation and no fault: nobody said that the series must stay within what it did before.
    """
    remarks: list[Remark] = []
    if found.departures:
        words = _departure_words(found, found.departures[-1], moment, tr)
        remarks.append(Remark(HealthState.UNKNOWN, f"{name}: {words}"))
    if found.unusual:
        loudest = max(found.unusual, key=lambda one: one.alarm.loudness)
        remarks.append(Remark(HealthState.UNKNOWN, f"{name}: {_unusual_words(loudest, moment, tr)}"))
    return tuple(remarks)


def _departure_words(found: Expectation, departure: Departure, moment: Moment, tr: Translate) -> str:
    unit = found.series.identity.unit
    lasts = departure.to_ms + 2 * found.step_seconds * _MS >= moment.time_range.end_ms
    words = {
        (Side.ABOVE, True): tr(
            "above its expected range since {begin}: {value}, where at most {bound} is expected{hour}"
        ),
        (Side.BELOW, True): tr(
            "below its expected range since {begin}: {value}, where at least {bound} is expected{hour}"
        ),
        (Side.ABOVE, False): tr(
            "above its expected range from {begin} to {end}: {value}, where at most {bound} is expected{hour}"
        ),
        (Side.BELOW, False): tr(
            "below its expected range from {begin} to {end}: {value}, where at least {bound} is expected{hour}"
        ),
    }
    return words[departure.side, lasts].format(
        begin=moment_words(from_ms(departure.from_ms), moment.at),
        end=moment_words(from_ms(departure.to_ms + found.step_seconds * 1000), moment.at),
        value=quantity(departure.worst_value, unit),
        bound=quantity(departure.worst_bound, unit),
        hour=_hour_words(found, tr),
    )


def _hour_words(found: Expectation, tr: Translate) -> str:
    kind = found.known.season.kind if found.known is not None else SeasonKind.NONE
    words = {
        SeasonKind.NONE: "",
        SeasonKind.HOUR_OF_DAY: tr(" at that hour of the day"),
        SeasonKind.HOUR_OF_WEEK: tr(" at that hour of the week"),
    }
    return words[kind]


def _unusual_words(unusual: Unusual, moment: Moment, tr: Translate) -> str:
    signs = {
        Sign.LEVEL: tr("far from its level"),
        Sign.SHORT_NOVELTY: tr("a course not seen before"),
        Sign.LONG_NOVELTY: tr("a long stretch not seen before"),
        Sign.SHIFT: tr("a shift of its level"),
        Sign.SPIKE: tr("a spike"),
    }
    rarity = unusual.alarm.once_in
    if rarity < RAREST:
        words = tr("unusual at {time}: {signs}; as seen once in {count} steps of an ordinary series")
    else:
        words = tr("unusual at {time}: {signs}; less than once in {count} steps of an ordinary series")
    return words.format(
        time=moment_words(from_ms(unusual.at_ms), moment.at),
        signs=", ".join(signs[sign] for sign, _ in unusual.alarm.signs[:_MOST_SIGNS]),
        count=f"{round(rarity, -2):,.0f}",
    )
