"""Many series watched at once, column by column: each is told what `Watch` tells of it alone, for much less.

What a series is told depends on its own samples alone, whichever others are watched beside it and however the samples
were handed in. The state of a series is its last samples, and some numbers for each of its measures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.anomalies import (
    CAP,
    HALF_LIFE,
    JOINT_THRESHOLD,
    LEARNING,
    LEAST_DISTANCES,
    LEAST_RELATIVE,
    LEAST_SHARE,
    LOUDER,
    QUIET,
    SHIFT_SHARE,
    SHIFT_THRESHOLD,
    SPIKE_SHARE,
    SPIKE_THRESHOLD,
    TOO_LARGE,
    Sign,
    residuals_of,
)
from quarterdeck.analysis.novelty import CONTEXT, nearest_earlier
from quarterdeck.analysis.running import DeparturesOfMany, FadingMomentsOfMany, MomentsOfMany

Values = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]

SIGNS = (Sign.LEVEL, Sign.SHORT_NOVELTY, Sign.LONG_NOVELTY, Sign.SPIKE, Sign.SHIFT)
"""The order of the signs in columns."""
_BLOCK = 64
_SLACK = 512
_TOGETHER = 16
"""So many series are compared with their past at once: what is worked on then stays near the processor."""
_NEVER = -QUIET - 1


@dataclass(frozen=True, slots=True, eq=False)
class ColumnReadings:
    """What samples (rows, steps) were: `loudness` (1 at the threshold, 0 without a sample), and which raised an alarm.

    `distances` (signs, rows, steps) made that up, in spreads and in the order of `SIGNS`.
    """

    loudness: Values
    is_alarm: Flags
    distances: Values


class Watches:
    """Follows some series, each a row. NaN and what cannot be squared are no samples."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._known = np.full((rows, _SLACK), np.inf)
        self._end = 0
        self._seen = np.zeros(rows, np.int64)
        self._level = FadingMomentsOfMany(rows, HALF_LIFE)
        self._ever = MomentsOfMany(rows)
        self._near = (MomentsOfMany(rows), MomentsOfMany(rows))
        self._residuals = (DeparturesOfMany(rows, SPIKE_SHARE), DeparturesOfMany(rows, SHIFT_SHARE))
        self._last_alarm = np.full(rows, _NEVER, np.int64)
        self._last_loudness = np.zeros(rows)

    @property
    def nbytes(self) -> int:
        """What the samples that are known take."""
        return self._known.nbytes

    def take(self, values: Values) -> ColumnReadings:
        """Readings of the next samples (rows, steps), in order; NaN where a series has none at a step."""
        told = ColumnReadings(
            np.zeros(values.shape), np.zeros(values.shape, np.bool_), np.zeros((len(SIGNS), *values.shape))
        )
        is_sample = np.abs(values) < TOO_LARGE
        for begin in range(0, values.shape[1], _BLOCK):
            block = slice(begin, begin + _BLOCK)
            rows = np.flatnonzero(is_sample[:, block].any(axis=1))
            if len(rows):
                self._take_block(values[:, block], is_sample[:, block], rows, _part(told, block))
        return told

    def _take_block(self, values: Values, is_sample: Flags, rows: Rows, told: ColumnReadings) -> None:
        """The samples of each row close up to the end of the block, which all rows reach."""
        order = np.argsort(is_sample[rows], axis=1, kind="stable")
        steps = int(is_sample[rows].sum(axis=1).max())
        order = order[:, order.shape[1] - steps :]
        counts = is_sample[rows].sum(axis=1)
        fresh = np.take_along_axis(values[rows], order, axis=1)
        known = self._append(rows, fresh, counts)
        near, residuals = self._measured(known, steps)
        for step in range(steps):
            active = np.flatnonzero(counts >= steps - step)
            here, places = rows[active], order[active, step]
            distances = self._distances(
                here,
                fresh[active, step],
                [part[active, step] for part in near],
                [part[active, step] for part in residuals],
            )
            loudness = np.where(self._seen[here] >= LEARNING, loudness_of(distances), 0.0)
            told.distances[:, here, places] = distances
            told.loudness[here, places] = loudness
            told.is_alarm[here, places] = self._tell_something(here, loudness)
            self._seen[here] += 1

    def _append(self, rows: Rows, fresh: Values, counts: Counts) -> Values:
        """The rows' samples with the fresh ones at the end, with infinity before the first."""
        steps = fresh.shape[1]
        self._make_room(steps)
        end = self._end + steps
        shifts = np.full(self._rows, steps, np.int64)
        shifts[rows] = steps - counts
        for row in np.flatnonzero(shifts).tolist():
            shift = int(shifts[row])
            self._known[row, shift : self._end + shift] = self._known[row, : self._end].copy()
            self._known[row, :shift] = np.inf
        for place, row in enumerate(rows.tolist()):
            count = int(counts[place])
            self._known[row, end - count : end] = fresh[place, steps - count :]
        self._end = end
        longest = int((self._seen[rows] + counts).max())
        begin = max(0, end - min(longest, CONTEXT + steps))
        return self._known[:, begin:end] if len(rows) == self._rows else self._known[rows, begin:end]

    def _make_room(self, steps: int) -> None:
        if self._end + steps <= self._known.shape[1]:
            return
        kept = min(self._end, CONTEXT)
        room = np.full((self._rows, kept + steps + _SLACK), np.inf)
        room[:, :kept] = self._known[:, self._end - kept : self._end]
        self._known, self._end = room, kept

    def _measured(self, known: Values, steps: int) -> tuple[tuple[Values, Values], tuple[Values, Values]]:
        """Distances to the nearest earlier stretches, and the residuals, of the newest steps of each row."""
        parts = [known[begin : begin + _TOGETHER] for begin in range(0, len(known), _TOGETHER)]
        near = [nearest_earlier(part, steps) for part in parts]
        found = [residuals_of(part, steps) for part in parts]
        short, long = np.concatenate([one.short for one in near]), np.concatenate([one.long for one in near])
        return (short, long), (np.concatenate([one[0] for one in found]), np.concatenate([one[1] for one in found]))

    def _distances(self, rows: Rows, values: Values, near: list[Values], residuals: list[Values]) -> Values:
        """(signs, rows); afterwards the samples are part of what is known."""
        floor = np.maximum(LEAST_RELATIVE * np.abs(self._ever.mean[rows]), 1e-300)
        spread = np.maximum(np.maximum(self._level.spread(rows), LEAST_SHARE * self._ever.spread(rows)), floor)
        level = np.where(
            self._level.count[rows] > 0, np.minimum(CAP, np.abs(values - self._level.mean[rows]) / spread), 0.0
        )
        strange = [_strangeness(part, rows, near[number], floor) for number, part in enumerate(self._near)]
        off = [part.judge(rows, residuals[number], floor) for number, part in enumerate(self._residuals)]
        self._level.take(rows, values)
        self._ever.take(rows, values)
        return np.stack([level, *strange, *off])

    def _tell_something(self, rows: Rows, loudness: Values) -> Flags:
        """Which are alarms: loud enough, and news after the last one."""
        seen = self._seen[rows]
        repeats = (seen - self._last_alarm[rows] <= QUIET) & (loudness < LOUDER * self._last_loudness[rows])
        is_alarm = (loudness >= 1) & ~repeats
        loud = rows[is_alarm]
        self._last_alarm[loud], self._last_loudness[loud] = self._seen[loud], loudness[is_alarm]
        return is_alarm


def loudness_of(distances: Values) -> Values:
    """How loud samples with these distances are (signs, …), 1 at the threshold."""
    level, short, long, spike, shift = distances
    joint = (level * short * long) ** (1 / 3)
    return np.maximum(np.maximum(joint / JOINT_THRESHOLD, shift / SHIFT_THRESHOLD), spike / SPIKE_THRESHOLD)


def _part(told: ColumnReadings, block: slice) -> ColumnReadings:
    return ColumnReadings(told.loudness[:, block], told.is_alarm[:, block], told.distances[:, :, block])


def _strangeness(distances: MomentsOfMany, rows: Rows, found: Values, floor: Values) -> Values:
    """How many spreads distances lie above the usual ones; 0 below them, or while they are few or there is none."""
    is_known = np.isfinite(found)
    strange = (found - distances.mean[rows]) / np.maximum(distances.spread(rows), floor)
    strange = np.where(is_known & (distances.count[rows] >= LEAST_DISTANCES), strange, 0.0)
    distances.take(rows[is_known], found[is_known])
    return np.minimum(CAP, np.maximum(0.0, strange))
