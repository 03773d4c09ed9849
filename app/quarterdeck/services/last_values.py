"""The last value of everything in one read, with its age and whether it still speaks for the moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np

from quarterdeck.analysis.assessment import holds_for
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.domain.series import SeriesInfo
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import SeriesQuery, SeriesStore
from quarterdeck.services.readthrough import SampleReader, SeriesSamples
from quarterdeck.services.signals import USUAL_PATIENCE, Patience

PAST_REACH_SECONDS = 3600.0
"""How far before a past moment a last value is looked for."""

SOURCE_REACH_SECONDS = 300.0
"""How far back a source is asked for what stays there; as far as it repeats a value itself."""

SOURCE_STEP_SECONDS = 15.0


class Freshness(StrEnum):
    """Whether a last value speaks for its moment.

    `ENDED`: the newest sample is no number, the source said that there is nothing more. `UNTOLD`: the value stays in
    its source, which repeats an old one without saying so, or did not answer.
    """

    FRESH = "fresh"
    OLD = "old"
    ENDED = "ended"
    NEVER = "never"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class LastValue:
    """The newest sample of a series not after a moment: its value, instant and age there, and whether it still speaks.

    `value` is None where there is none or no number. Of a value kept in its source the age is the least it can be.
    `failure` says in words why a source did not tell.
    """

    series: SeriesInfo
    freshness: Freshness
    value: float | None = None
    at: datetime | None = None
    age_seconds: float | None = None
    failure: str = ""


class LastValues:
    """Tells the last values. Of the present they come in one read of the store; sources are asked beside it."""

    def __init__(self, store: SeriesStore, samples: SampleReader) -> None:
        self._store = store
        self._samples = samples

    def read(self, query: SeriesQuery, moment: Moment, patience: Patience = USUAL_PATIENCE) -> tuple[LastValue, ...]:
        """One for every series that matches, in the order of `SeriesStore.find`. Blocks while sources answer.

        At a past moment a value is looked for in the hour before it; one that is older is old and without a value.
        """
        series = self._store.find(query)
        kept_there = [info for info in series if info.read_through]
        told = self._newest(kept_there, moment.at, SOURCE_REACH_SECONDS)
        if not moment.live:
            told |= self._newest([info for info in series if not info.read_through], moment.at, PAST_REACH_SECONDS)
        return tuple(_last(info, told, moment, patience.seconds_for(info)) for info in series)

    def _newest(self, series: Sequence[SeriesInfo], at: datetime, reach_seconds: float) -> dict[int, SeriesSamples]:
        if not series:
            return {}
        reach = TimeRange(at - timedelta(seconds=reach_seconds), at + timedelta(milliseconds=1))
        return {each.series.id: each for each in self._samples.samples(series, reach, SOURCE_STEP_SECONDS)}


def _last(info: SeriesInfo, told: Mapping[int, SeriesSamples], moment: Moment, patience_seconds: float) -> LastValue:
    if info.read_through:
        return _kept_there(told[info.id], moment.at)
    if not moment.live:
        return _past(told[info.id], moment.at, patience_seconds)
    if info.last_at is None:
        return LastValue(info, Freshness.NEVER)
    value = np.nan if info.last_value is None else info.last_value
    return _judged(info, info.last_at, value, (moment.at, patience_seconds))


def _past(told: SeriesSamples, at: datetime, patience_seconds: float) -> LastValue:
    info, times_ms = told.series, told.columns.times_ms
    if len(times_ms) == 0:
        began = info.first_at is not None and info.first_at <= at
        return LastValue(info, Freshness.OLD if began else Freshness.NEVER)
    speaks_seconds = float(holds_for(times_ms, round(patience_seconds * 1000))[-1]) / 1000
    return _judged(info, from_ms(int(times_ms[-1])), float(told.columns.values[-1]), (at, speaks_seconds))


def _kept_there(told: SeriesSamples, at: datetime) -> LastValue:
    if told.failure:
        return LastValue(told.series, Freshness.UNTOLD, failure=told.failure)
    if len(told.columns.times_ms) == 0:
        return LastValue(told.series, Freshness.OLD)
    said_at, value = from_ms(int(told.columns.times_ms[-1])), float(told.columns.values[-1])
    number = None if np.isnan(value) else value
    return LastValue(told.series, Freshness.UNTOLD, number, said_at, _age(said_at, at))


def _judged(info: SeriesInfo, seen_at: datetime, value: float, until: tuple[datetime, float]) -> LastValue:
    at, speaks_seconds = until
    age_seconds = _age(seen_at, at)
    if np.isnan(value):
        return LastValue(info, Freshness.ENDED, None, seen_at, age_seconds)
    freshness = Freshness.FRESH if age_seconds <= speaks_seconds else Freshness.OLD
    return LastValue(info, freshness, value, seen_at, age_seconds)


def _age(seen_at: datetime, at: datetime) -> float:
    """Never below nought: a source whose clock is ahead sends what is just now."""
    return max(0.0, (at - seen_at).total_seconds())
