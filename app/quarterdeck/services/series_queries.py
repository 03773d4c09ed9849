"""Questions about many series at once: side by side, as rates, made one by their labels, or as quantiles of buckets.

One code path for series whose samples lie here and for those that stay in their source. A series whose source does not
answer is silent, says why, and is not counted among those that spoke; the others stand.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.aggregation import Aggregated, Aggregation, Groups, aggregated, grouped, quantile_over
from quarterdeck.analysis.alignment import Edition, Instants, SampleBlock, Values, aligned, instants_within
from quarterdeck.analysis.histograms import BOUND_LABEL, bucket_rows, histogram_quantile
from quarterdeck.analysis.rates import Window, delta, exact_increase, increase, rate
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.facts import Facts
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.domain.series import SeriesInfo, SeriesKind
from quarterdeck.services.readthrough import SampleReader, SeriesSamples

ENTITY_LABEL = "entity"
"""The label by which series are grouped by the key of their entity, unless they have one of that name themselves."""

LOOK_BACK_SECONDS = 300.0
MOST_VALUES = 20_000_000
_SAMPLES_IN_A_WINDOW = 5
_PER_SECOND = {"1": "1/s", "By": "By/s", "s": "ratio"}
_MOST_NAMED = 3


class Reading(StrEnum):
    """What a series is asked for at each instant."""

    VALUE = "value"
    RATE = "rate"
    INCREASE = "increase"
    EXACT_INCREASE = "exact_increase"
    DELTA = "delta"


_OF_COUNTERS = frozenset({Reading.RATE, Reading.INCREASE, Reading.EXACT_INCREASE})


@dataclass(frozen=True, slots=True)
class GridQuery:
    """At which instants series are asked, and for what.

    The instants are the whole multiples of the step in the range. `window_seconds` is what a rate or a difference looks
    back over; `look_back_seconds` how long a sample speaks. The rules are those of `edition`.
    """

    time_range: TimeRange
    step_seconds: float
    reading: Reading = Reading.VALUE
    window_seconds: float = LOOK_BACK_SECONDS
    look_back_seconds: float = LOOK_BACK_SECONDS
    edition: Edition = Edition.PROMETHEUS_3


@dataclass(frozen=True, slots=True)
class Split:
    """Into which groups series fall: by the labels named, or by all but those in `without`; all into one by default."""

    by: Collection[str] = ()
    without: Collection[str] | None = None

    def groups(self, labels: Sequence[Facts]) -> Groups:
        """The groups of series with these labels."""
        return grouped(labels, by=self.by, without=self.without)

    def keeping(self, label: str) -> Split:
        """The same, each group split further by a label."""
        without = None if self.without is None else frozenset(self.without) - {label}
        return Split((*self.by, label), without)


@dataclass(frozen=True, slots=True, eq=False)
class AlignedSeries:
    """S series at m instants (int64 ms): `values` (S, m), NaN where nothing is said; `units` and `failures` of each."""

    instants_ms: Instants
    series: tuple[SeriesInfo, ...]
    values: Values
    units: tuple[str, ...]
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class CombinedSeries:
    """G groups of series at m instants (int64 ms): `labels` of each group and its `values` (G, m) in `unit`.

    `spoke` (int64, G, m) says how many of the `sizes` (int64, G) series of a group each value rests on. `failures` says
    in words which series could not be read; they are in `sizes` and never in `spoke`.
    """

    instants_ms: Instants
    labels: tuple[Facts, ...]
    values: Values
    spoke: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]
    unit: str
    failures: tuple[tuple[SeriesInfo, str], ...] = ()


class SeriesQueries:
    """Answers questions about many series. Blocks while samples are read; call it off the GUI."""

    def __init__(self, samples: SampleReader) -> None:
        self._samples = samples

    def aligned(self, series: Sequence[SeriesInfo], query: GridQuery) -> AlignedSeries:
        """What each series says at each instant, in the order asked.

        Raises OperatorError when a counter's reading is asked of a gauge, and when it is too much at once.
        """
        _refuse_gauges(series, query.reading)
        start_ms, end_ms = query.time_range.start_ms, query.time_range.end_ms
        instants = instants_within(start_ms, end_ms, max(1, round(query.step_seconds * 1000)))
        if len(series) * len(instants) > MOST_VALUES:
            message = f"{len(series):,} series at {len(instants):,} instants are too much at once."
            raise OperatorError(message, "Take a longer step, a shorter range or fewer series.")
        read = self._samples.samples(series, _reach(query), _source_step(query)) if len(instants) else ()
        block = SampleBlock.of([(each.columns.times_ms, each.columns.values) for each in read])
        values = _READINGS[query.reading](block, instants, query, read)
        return AlignedSeries(
            instants,
            tuple(series),
            values if len(instants) else np.empty((len(series), 0)),
            tuple(_unit(info.identity.unit, query.reading) for info in series),
            tuple(each.failure for each in read) or ("",) * len(series),
        )

    def aggregated(
        self, series: Sequence[SeriesInfo], query: GridQuery, how: Aggregation, split: Split = Split()
    ) -> CombinedSeries:
        """Each group's values made one at each instant.

        Raises OperatorError as `aligned` does, and when units or statistics differ; a count needs neither.
        """
        if how is not Aggregation.COUNT:
            _refuse_unlike(series)
        found = self._combined(series, query, split, lambda values, groups: aggregated(values, groups, how))
        return replace(found, unit="1") if how is Aggregation.COUNT else found

    def quantiles(
        self, series: Sequence[SeriesInfo], query: GridQuery, share: float, split: Split = Split()
    ) -> CombinedSeries:
        """The value below which a share (0 to 1) of each group's series lie at each instant. Raises as `aggregated`."""
        _refuse_unlike(series)
        return self._combined(series, query, split, lambda values, groups: quantile_over(values, groups, share))

    def histogram_quantiles(
        self, series: Sequence[SeriesInfo], query: GridQuery, share: float, split: Split = Split(without=())
    ) -> CombinedSeries:
        """The value below which a share (0 to 1) of what each group's buckets counted lies at each instant.

        The series are buckets with their bound in the label `le`; buckets of one bound in a group are added first, what
        they are asked for (`query.reading`) is usually their rate. `spoke` and `sizes` count buckets. The unit is that
        of the bounds, which nobody tells. Raises OperatorError as `aggregated` does, and when none is a bucket.
        """
        sums = self.aggregated(series, query, Aggregation.SUM, split.keeping(BOUND_LABEL))
        found = bucket_rows(sums.labels)
        if series and not found:
            message = f"None of these series is a bucket of a histogram: {_named(series)}."
            raise OperatorError(message, "Choose series with a bound in their label le.")
        quantiles = [histogram_quantile(share, each.bounds, sums.values[list(each.rows)]) for each in found]
        spoke = [sums.spoke[list(each.rows)].sum(axis=0) for each in found]
        shape = (len(found), len(sums.instants_ms))
        return CombinedSeries(
            sums.instants_ms,
            tuple(each.labels for each in found),
            np.array(quantiles, np.float64).reshape(shape),
            np.array(spoke, np.int64).reshape(shape),
            np.array([sums.sizes[list(each.rows)].sum() for each in found], np.int64),
            unit="",
            failures=sums.failures,
        )

    def _combined(
        self,
        series: Sequence[SeriesInfo],
        query: GridQuery,
        split: Split,
        combine: Callable[[Values, Groups], Aggregated],
    ) -> CombinedSeries:
        found = self.aligned(series, query)
        groups = split.groups([_labels(info) for info in series])
        combined = combine(found.values, groups)
        return CombinedSeries(
            found.instants_ms,
            groups.labels,
            combined.values,
            combined.spoke,
            groups.sizes,
            unit=found.units[0] if found.units else "",
            failures=tuple(pair for pair in zip(found.series, found.failures, strict=True) if pair[1]),
        )


def _value(block: SampleBlock, instants: Instants, query: GridQuery, read: Sequence[SeriesSamples]) -> Values:
    look_back_ms = round(query.look_back_seconds * 1000)
    # What a source said at a multiple of its step may be old there already: it gets no second look-back here.
    speaks_ms = [
        each.step_seconds * 1000 - query.edition.edge_ms if each.step_seconds else look_back_ms for each in read
    ]
    return aligned(block, instants, np.array(speaks_ms, np.int64), query.edition)


def _window(query: GridQuery) -> Window:
    return Window(round(query.window_seconds * 1000), query.edition)


_READINGS: dict[Reading, Callable[[SampleBlock, Instants, GridQuery, Sequence[SeriesSamples]], Values]] = {
    Reading.VALUE: _value,
    Reading.RATE: lambda block, instants, query, _: rate(block, instants, _window(query)),
    Reading.INCREASE: lambda block, instants, query, _: increase(block, instants, _window(query)),
    Reading.EXACT_INCREASE: lambda block, instants, query, _: exact_increase(
        block, instants, _window(query), round(query.look_back_seconds * 1000)
    ),
    Reading.DELTA: lambda block, instants, query, _: delta(block, instants, _window(query)),
}


def _reach(query: GridQuery) -> TimeRange:
    """The range whose samples decide what is said at the instants."""
    back = query.look_back_seconds if query.reading in {Reading.VALUE, Reading.EXACT_INCREASE} else 0.0
    back += 0.0 if query.reading is Reading.VALUE else query.window_seconds
    return TimeRange(from_ms(query.time_range.start_ms - round(back * 1000) - 1), query.time_range.end_at)


def _source_step(query: GridQuery) -> float:
    """How densely a source is asked: a window needs several of its answers."""
    if query.reading is Reading.VALUE:
        return query.step_seconds
    return min(query.step_seconds, query.window_seconds / _SAMPLES_IN_A_WINDOW)


def _unit(unit: str, reading: Reading) -> str:
    return _PER_SECOND.get(unit, f"{unit}/s") if reading is Reading.RATE else unit


def _labels(info: SeriesInfo) -> Facts:
    own = info.identity.labels
    if any(name == ENTITY_LABEL for name, _ in own):
        return own
    return tuple(sorted((*own, (ENTITY_LABEL, info.identity.entity_key))))


def _refuse_gauges(series: Sequence[SeriesInfo], reading: Reading) -> None:
    gauges = [info for info in series if info.identity.kind is not SeriesKind.COUNTER]
    if reading in _OF_COUNTERS and gauges:
        message = f"Only counters have a rate or an increase, and these are none: {_named(gauges)}."
        raise OperatorError(message, "Ask for their values, or for how they differ.")


def _refuse_unlike(series: Sequence[SeriesInfo]) -> None:
    units = sorted({info.identity.unit for info in series})
    if len(units) > 1:
        message = f"Series in different units cannot be made one: {', '.join(units)}."
        raise OperatorError(message, "Choose series of one unit, or group them by what sets the units apart.")
    statistics = sorted({info.identity.statistic or "the value itself" for info in series})
    if len(statistics) > 1:
        message = f"Different statistics cannot be made one: {', '.join(statistics)}."
        raise OperatorError(message, "Choose series of one statistic.")


def _named(series: Sequence[SeriesInfo]) -> str:
    names = list(dict.fromkeys(info.identity.name for info in series))
    rest = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
