"""What is expected of a series over a range, learnt from what was before it, and what in the range was unusual."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.anomalies import Alarm, Watch
from quarterdeck.analysis.expected_range import (
    HISTORY_MS,
    Band,
    Departure,
    ExpectedRange,
    departures,
    expected_range,
)
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.domain.series import SeriesInfo
from quarterdeck.services.calculation import Calculation, in_place
from quarterdeck.services.ports import Envelope
from quarterdeck.services.readthrough import EnvelopeReader

LEAST_STEP_SECONDS = 300
MOST_STEPS = 2016
"""A range is looked at in no more steps than this, and as many before it teach what is unusual: a week at the least."""
LEAST_STEPS_OUTSIDE = 3
BAND_POINTS = 600
_DAY_MS = 86_400_000
_MINUTE_SECONDS = 60

Instants = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Unusual:
    """An alarm in the range, at the start of its step."""

    at_ms: int
    alarm: Alarm


@dataclass(frozen=True, slots=True, eq=False)
class Expectation:
    """What is expected of one series at `times_ms` (n), and how the range differed from it, by steps of some minutes.

    `known` is None, with no band and no departures, where the past is too short, or kept by its source.
    """

    series: SeriesInfo
    step_seconds: int
    known: ExpectedRange | None
    times_ms: Instants
    band: Band | None
    departures: tuple[Departure, ...] = ()
    unusual: tuple[Unusual, ...] = ()


class ExpectationReader:
    """Learns from the store at every question; the same question gets the same answer."""

    def __init__(self, envelopes: EnvelopeReader, calculate: Calculation = in_place) -> None:
        self._envelopes = envelopes
        self._calculate = calculate

    def expectations(self, series: Sequence[SeriesInfo], time_range: TimeRange) -> tuple[Expectation, ...]:
        """One for each series, in the order asked. Takes tenths of a second each; call it off the GUI.

        The expected range is learnt until the midnight (UTC) at or before the range's start, so that it does not turn
        while a day is looked at. Series that stay in their source are not asked for weeks of their past.
        """
        steps = _Steps.of(time_range)
        kept = [info for info in series if not info.read_through]
        read = self._envelopes.envelope([info.id for info in kept], steps.whole, steps.count) if kept else ()
        question = _Question(tuple(series), {one.series.id: one for one in read}, steps, time_range)
        return self._calculate(_answered, question) if read else _answered(question)


def step_seconds(time_range: TimeRange) -> int:
    """The step at which a range is looked at: five minutes, and whole minutes more where it is long."""
    minutes = math.ceil(time_range.seconds / MOST_STEPS / _MINUTE_SECONDS)
    return max(LEAST_STEP_SECONDS, minutes * _MINUTE_SECONDS)


@dataclass(frozen=True, slots=True)
class _Steps:
    """Equal steps from where the past begins to the end of the last one that is over."""

    step_ms: int
    learnt_ms: int
    first_ms: int
    count: int

    @classmethod
    def of(cls, time_range: TimeRange) -> _Steps:
        step_ms = step_seconds(time_range) * 1000
        learnt_ms = time_range.start_ms // _DAY_MS * _DAY_MS
        first_ms = (learnt_ms - HISTORY_MS) // step_ms * step_ms
        return cls(step_ms, learnt_ms, first_ms, max(1, (time_range.end_ms - first_ms) // step_ms))

    @property
    def whole(self) -> TimeRange:
        return TimeRange(from_ms(self.first_ms), from_ms(self.first_ms + self.count * self.step_ms))


@dataclass(frozen=True, slots=True)
class _Question:
    series: tuple[SeriesInfo, ...]
    envelopes: Mapping[int, Envelope]
    steps: _Steps
    time_range: TimeRange


def _answered(asked: _Question) -> tuple[Expectation, ...]:
    return tuple(
        _expectation(info, asked.envelopes.get(info.id), asked.steps, asked.time_range) for info in asked.series
    )


def _expectation(info: SeriesInfo, envelope: Envelope | None, steps: _Steps, time_range: TimeRange) -> Expectation:
    span_ms = time_range.end_ms - time_range.start_ms
    points = int(min(BAND_POINTS, max(2, span_ms // 1000)))
    times_ms = np.linspace(time_range.start_ms, time_range.end_ms, points).astype(np.int64)
    seconds = steps.step_ms // 1000
    if envelope is None or envelope.failure:
        return Expectation(info, seconds, None, times_ms, None)
    starts, values = envelope.edges_ms[:-1], envelope.mean
    known = expected_range(starts, values, until_ms=steps.learnt_ms)
    unusual = _unusual(starts, values, time_range)
    if known is None:
        return Expectation(info, seconds, None, times_ms, None, unusual=unusual)
    inside = starts + steps.step_ms > time_range.start_ms
    at_ms = starts[inside]
    outside = departures(at_ms, values[inside], known.at(at_ms + steps.step_ms // 2), least=LEAST_STEPS_OUTSIDE)
    return Expectation(info, seconds, known, times_ms, known.at(times_ms), tuple(outside), unusual)


def _unusual(starts: Instants, values: npt.NDArray[np.float64], time_range: TimeRange) -> tuple[Unusual, ...]:
    first = int(np.searchsorted(starts, time_range.start_ms))
    begin = max(0, first - MOST_STEPS)
    alarms = Watch().take(values[begin:]).alarms
    return tuple(Unusual(int(starts[begin + one.place]), one) for one in alarms if begin + one.place >= first)
