"""How far counters and gauges have come in the window before each instant.

Two families. `rate`, `increase` and `delta` are those of PromQL (`extrapolatedRate` in promql/functions.go of
Prometheus): from the first to the last sample inside the window, then stretched towards its edges. Their limits are
PromQL's: an increase of whole numbers need not be whole, what a counter did between the last sample of one window and
the first of the next belongs to neither, and a window with fewer than two samples says nothing.
`exact_increase` stretches nothing: from the last sample at or before the window to the last inside it, as `increase` of
MetricsQL does (docs.victoriametrics.com/metricsql/#increase). Windows that meet add up to the whole.

Samples that are no finite number (stale markers, NaN, infinities) are left out; PromQL leaves out stale markers only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quarterdeck.analysis.alignment import LOOK_BACK_MS, Edition, Instants, Positions, SampleBlock, Values

_NEAR = 1.1
"""A sample within this many steps of an edge is taken to be followed by one beyond it."""


@dataclass(frozen=True, slots=True)
class Window:
    """How long a window is, in milliseconds, and whose rules hold at its edge."""

    length_ms: int
    edition: Edition = Edition.PROMETHEUS_3


def rate(block: SampleBlock, instants_ms: Instants, window: Window) -> Values:
    """The increase of counters per second at each instant (ascending, m), as (S, m); NaN where it cannot be told."""
    return increase(block, instants_ms, window) / (window.length_ms / 1000)


def increase(block: SampleBlock, instants_ms: Instants, window: Window) -> Values:
    """The increase of counters over the window that ends at each instant, resets included, stretched to its edges."""
    return _Windows.of(block.finite(), instants_ms, window).stretched(is_counter=True)


def delta(block: SampleBlock, instants_ms: Instants, window: Window) -> Values:
    """The difference of gauges over the window that ends at each instant, stretched to its edges; (S, m)."""
    return _Windows.of(block.finite(), instants_ms, window).stretched(is_counter=False)


def exact_increase(
    block: SampleBlock, instants_ms: Instants, window: Window, look_back_ms: int = LOOK_BACK_MS
) -> Values:
    """What was counted between the samples that stood at both ends of each window, resets included; (S, m).

    A window begins with the last sample at or before its start, if that is younger there than the look-back, else with
    its own first. NaN without a sample in the window, and where there is nothing to compare it with.
    """
    block = block.finite()
    result = np.full((block.count, len(instants_ms)), np.nan)
    if not len(block.times_ms):
        return result
    starts_ms = instants_ms - window.length_ms
    before, passed = block.passed(starts_ms), block.passed(instants_ms)
    newest_before = np.maximum(block.starts + before - 1, 0)
    has_base = (before > 0) & (starts_ms - block.times_ms[newest_before] < look_back_ms)
    first = np.where(has_base, newest_before, block.starts + before)
    last = block.starts + passed - 1
    known = (passed > before) & (last > first)
    result[known] = _growth(block, first[known], last[known], is_counter=True)
    return result


@dataclass(frozen=True, slots=True, eq=False)
class _Windows:
    """The windows (S, m) with two samples at least, and the positions of the first and last of each."""

    block: SampleBlock
    window: Window
    known: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
    ends_ms: Instants
    first: Positions
    last: Positions

    @classmethod
    def of(cls, block: SampleBlock, instants_ms: Instants, window: Window) -> _Windows:
        before = block.passed(instants_ms - window.length_ms - window.edition.edge_ms)
        passed = block.passed(instants_ms)
        known = passed - before > 1
        ends_ms = np.broadcast_to(instants_ms, known.shape)[known]
        return cls(block, window, known, ends_ms, (block.starts + before)[known], (block.starts + passed - 1)[known])

    @np.errstate(over="ignore", invalid="ignore")
    def stretched(self, *, is_counter: bool) -> Values:
        growth = _growth(self.block, self.first, self.last, is_counter=is_counter)
        first_ms, last_ms = self.block.times_ms[self.first], self.block.times_ms[self.last]
        # In seconds, not in milliseconds, for then a tie falls on the side where it falls in Prometheus.
        sampled = (last_ms - first_ms) / 1000
        step = sampled / (self.last - self.first)
        to_start = (first_ms - (self.ends_ms - self.window.length_ms)) / 1000
        to_end = _reach((self.ends_ms - last_ms) / 1000, step)
        if is_counter:
            to_zero = _to_zero(self.block.values[self.first], growth, sampled)
            if self.window.edition is Edition.PROMETHEUS_2:
                to_start = _reach(np.minimum(to_start, to_zero), step)
            else:
                to_start = np.minimum(_reach(to_start, step), to_zero)
        else:
            to_start = _reach(to_start, step)
        result = np.full(self.known.shape, np.nan)
        result[self.known] = growth * ((sampled + to_start + to_end) / sampled)
        return result


def _reach(distance: Values, step: Values) -> Values:
    """How far to stretch towards an edge: up to it when it is near, half a step when the series seems to end before."""
    return np.where(distance < _NEAR * step, distance, step / 2)


def _to_zero(first: Values, growth: Values, sampled: Values) -> Values:
    """How long before its first sample a counter of this slope would have been at nought; infinite without one."""
    has_zero = (growth > 0) & (first >= 0)
    return np.where(has_zero, sampled * (first / np.where(has_zero, growth, 1.0)), np.inf)


@np.errstate(over="ignore", invalid="ignore")
def _growth(block: SampleBlock, first: Positions, last: Positions, *, is_counter: bool) -> Values:
    """From sample to sample (k each), with what a counter lost at each reset between them added."""
    growth = block.values[last] - block.values[first]
    if not is_counter or len(block.values) == 0:
        return growth
    is_reset = np.append(False, block.values[1:] < block.values[:-1])
    is_reset[block.bounds[:-1][block.bounds[:-1] < len(is_reset)]] = False
    resets = np.cumsum(is_reset)
    broken = np.flatnonzero(resets[last] > resets[first])
    if len(broken):
        # Each window's own resets are summed apart: the difference of two long sums would lose the small numbers.
        lost = np.append(block.values[np.flatnonzero(is_reset) - 1], 0.0)
        spans = np.column_stack((resets[first[broken]], resets[last[broken]])).ravel()
        growth[broken] += np.add.reduceat(lost, spans)[::2]
    return growth
