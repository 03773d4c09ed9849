"""From samples, events and states to what an objective's ledger is counted from: stretches that were good or bad.

A sample of a gauge speaks until the next one, at most for its hold. Counters are counted from sample to sample; a fall
is a restart from zero, as PromQL has it. What was counted across a gap is known where no counter restarted meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.assessment import holds_for
from quarterdeck.analysis.objective_ledger import CODES, Measured, ObjectiveLedger
from quarterdeck.domain.objective_ledger import Basis, Standing
from quarterdeck.domain.objectives import Comparison

Times = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_US = 1000
_GOOD, _BAD, _EXCLUDED, _UNKNOWN = (CODES[each] for each in Standing)
_COMPARED = {
    Comparison.BELOW: np.less,
    Comparison.UP_TO: np.less_equal,
    Comparison.ABOVE: np.greater,
    Comparison.FROM: np.greater_equal,
}
NOTHING_OCCURRED = "nothing occurred"
RESTARTED = "a counter restarted in a gap, so that what happened in it is lost"


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """Samples of one series: `times_ms` int64 ascending, `values` float64 without NaN, as long as patience is."""

    times_ms: Times
    values: Values
    patience_ms: int

    @property
    def holds_ms(self) -> Times:
        """How long each sample speaks."""
        return holds_for(self.times_ms, self.patience_ms)


def is_good(values: Values, comparison: Comparison, bound: float) -> Flags:
    """Which values keep a bound."""
    result: Flags = _COMPARED[comparison](values, bound)
    return result


def kept_over_time(track: Track, good: Flags, words: tuple[str, str]) -> Measured:
    """Time in which samples (n) were good or bad; `words` say which."""
    ends_ms = np.minimum(np.append(track.times_ms[1:], np.iinfo(np.int64).max // _US), track.times_ms + track.holds_ms)
    codes = np.where(good, _GOOD, _BAD).astype(np.int8)
    return Measured.of_time(track.times_ms * _US, ends_ms * _US, codes, (~good).astype(np.int64), words)


def kept_by_sample(track: Track, good: Values, words: tuple[str, str]) -> Measured:
    """Each sample (n) as one occurrence of which a share (0 to 1) was good, counted since the sample before it."""
    begins_ms = np.maximum(
        np.append(np.iinfo(np.int64).min // _US, track.times_ms[:-1]), track.times_ms - track.holds_ms
    )
    return _occurred(begins_ms * _US, track.times_ms * _US, good, np.ones(len(good)), words)


def fresh_over_time(arrivals_ms: Times, bound_ms: int, span_ms: tuple[int, int], words: tuple[str, str]) -> Measured:
    """Time in which the newest of some arrivals was at most so old; before the first one nothing is known."""
    if not len(arrivals_ms):
        return kept_over_time(Track(arrivals_ms, np.empty(0), 0), np.empty(0, np.bool_), words)
    until_ms = np.minimum(arrivals_ms + bound_ms, np.append(arrivals_ms[1:], max(span_ms[1], int(arrivals_ms[-1]))))
    edges = np.unique(np.concatenate([arrivals_ms, until_ms, [max(span_ms[1], int(arrivals_ms[-1]))]]))
    at = np.searchsorted(arrivals_ms, edges[:-1], "right") - 1
    good = edges[:-1] < until_ms[at]
    codes = np.where(good, _GOOD, _BAD).astype(np.int8)
    return Measured.of_time(edges[:-1] * _US, edges[1:] * _US, codes, (~good).astype(np.int64), words)


@dataclass(frozen=True, slots=True, eq=False)
class Growth:
    """How far several counters had grown together at instants (m), and whether one restarted since the one before."""

    grown: Values
    is_restarted: Flags


def growth_at(tracks: Sequence[Track], instants_ms: Times) -> Growth:
    """What counters grew by up to each instant, each from its own first sample on."""
    grown, restarted = np.zeros(len(instants_ms)), np.zeros(len(instants_ms), np.bool_)
    for track in tracks:
        steps = np.diff(track.values)
        falls = np.append(False, steps < 0)
        risen = np.cumsum(np.append(0.0, np.where(falls[1:], track.values[1:], steps)))
        at = np.searchsorted(track.times_ms, instants_ms, "right")
        grown += np.append(0.0, risen)[at]
        resets = np.append(0, np.cumsum(falls))[at]
        restarted |= np.diff(resets, prepend=resets[:1]) > 0
    return Growth(grown, restarted)


def counted_events(good: Sequence[Track], total: Sequence[Track], words: tuple[str, str], *, is_bad: bool) -> Measured:
    """What counters counted from one sample of the totals to the next; with `is_bad` the first ones count what was bad.

    A step longer than the totals' samples hold in which a counter restarted is unknown.
    """
    instants = np.unique(np.concatenate([np.empty(0, np.int64), *(track.times_ms for track in total)]))
    if len(instants) <= 1:
        return _occurred(instants[:0], instants[:0], np.empty(0), np.empty(0), words)
    parts, whole = growth_at(good, instants), growth_at(total, instants)
    part_steps, total_steps = np.diff(parts.grown), np.diff(whole.grown)
    good_steps = total_steps - part_steps if is_bad else part_steps
    longest = holds_for(instants, max(track.patience_ms for track in total))[1:]
    is_lost = (parts.is_restarted | whole.is_restarted)[1:] & (np.diff(instants) > longest)
    found = _occurred(instants[:-1] * _US, instants[1:] * _US, good_steps, total_steps, (*words, RESTARTED))
    found.standings[is_lost], found.reasons[is_lost] = _UNKNOWN, len(words)
    found.good[is_lost] = found.total[is_lost] = 0.0
    return found


def events_at(times_ms: Times, good: Flags, span_ms: tuple[int, int], words: tuple[str, str]) -> Measured:
    """Events (n) at instants ascending inside a span, as what occurred since the instant before; good or bad each."""
    instants = np.unique(times_ms)
    first = np.searchsorted(times_ms, instants)
    total = np.diff(np.append(first, len(times_ms))).astype(np.float64)
    sums = np.add.reduceat(good.astype(np.float64), first) if len(first) else np.empty(0)
    end_ms = max(span_ms[1], int(instants[-1]) if len(instants) else span_ms[1])
    edges = np.concatenate([np.array([span_ms[0]]), instants, np.array([end_ms])])
    goods, totals = np.append(sums, 0.0), np.append(total, 0.0)
    lasts = np.diff(edges) > 0
    return _occurred(edges[:-1][lasts] * _US, edges[1:][lasts] * _US, goods[lasts], totals[lasts], words)


def answered(times_ms: Times, keys: Sequence[str], answers: dict[str, Times], within_ms: int) -> Flags:
    """Which of some events (n) were answered in time by one of the same key; `answers` ascend."""
    found = np.zeros(len(times_ms), np.bool_)
    nothing = np.empty(0, np.int64)
    for place, key in enumerate(keys):
        told = answers.get(key, nothing)
        first, last = np.searchsorted(told, times_ms[place : place + 1] + np.array([0, within_ms + 1]))
        found[place] = first < last
    return found


@dataclass(frozen=True, slots=True)
class Slicing:
    """Slices of so many microseconds, good when at least a share in them is; `keeps_share` counts the share itself."""

    slice_us: int
    least: float
    keeps_share: bool = False


def sliced(ledger: ObjectiveLedger, slicing: Slicing, words: tuple[str, str]) -> Measured:
    """The whole slices of a ledger, aligned to the epoch: each one good or bad by the share that was good in it.

    A slice in which nothing was known stays unknown; one in which nothing occurred is excluded.
    """
    first = -(-int(ledger.edges_us[0]) // slicing.slice_us)
    last = int(ledger.edges_us[-1]) // slicing.slice_us
    edges = slicing.slice_us * np.arange(first, max(first, last) + 1, dtype=np.int64)
    bad, counted = ledger.amounts(edges)
    known = ledger.known_us(edges)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = 1 - bad / counted
    codes = np.where(share >= slicing.least, _GOOD, _BAD).astype(np.int8)
    codes[counted <= 0] = np.where(known[counted <= 0] > 0, _EXCLUDED, _UNKNOWN)
    texts = (*words, NOTHING_OCCURRED, "nothing was measured in the slice")
    if not slicing.keeps_share:
        return Measured.of_time(edges[:-1], edges[1:], codes, codes.astype(np.int64), texts)
    is_told = counted > 0
    good, total = np.where(is_told, share, 0.0), is_told.astype(np.float64)
    return Measured(Basis.EVENTS, edges[:-1], edges[1:], codes, codes.astype(np.int64), texts, good, total)


def _occurred(from_us: Times, to_us: Times, good: Values, total: Values, words: tuple[str, ...]) -> Measured:
    is_bad = good < total
    codes = np.where(is_bad, _BAD, _GOOD).astype(np.int8)
    places = is_bad.astype(np.int64)
    return Measured(Basis.EVENTS, from_us, to_us, codes, places, words, good.copy(), total.copy())
