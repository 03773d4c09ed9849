"""What in a series is unusual, told as the samples come: out of level, unlike any stretch before, shifted, or a spike.

Level and novelty count together as the geometric mean of three distances, so that each has to agree; a shift of the
level and a spike count by themselves too, for long shifts and short spikes escape the other. Thresholds were set on
generated ordinary series alone (`tests/bench/accuracy/ordinary.py`), so that none of their kinds alarms more than once
in 4,032 samples, a fortnight at five minutes. They are never chosen on labelled anomalies.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.novelty import CONTEXT, nearest_earlier
from quarterdeck.analysis.running import Departures, FadingMoments, Moments

Values = npt.NDArray[np.float64]

LEARNING = 288
"""Samples before the first alarm: a day at five minutes."""
HALF_LIFE = 400
QUIET = 80
"""So many samples after an alarm the next must be a louder one."""
LOUDER = 2.0
CAP = 50.0
"""Distances are alike beyond this, far above every threshold, so that one of three cannot speak for all."""

JOINT_THRESHOLD = 4.5
SHIFT_THRESHOLD = 7.0
SPIKE_THRESHOLD = 12.0
NOTABLE = 3.0
"""A part of the joint score is named as a reason from this distance on."""

_BLOCK = 64
TOO_LARGE = 1e150
LEAST_SHARE = 0.1
LEAST_RELATIVE = 1e-6
LEAST_DISTANCES = 30
_SPIKE_CONTEXT = 12
SPIKE_SHARE = 1.0
"""Spikes that come again and again widen what is usual of them."""
_SHIFT_AFTER, _SHIFT_BEFORE = 8, 24
SHIFT_SHARE = 0.3


class Sign(Enum):
    """What made a sample unusual."""

    LEVEL = "level"
    SHORT_NOVELTY = "short novelty"
    LONG_NOVELTY = "long novelty"
    SHIFT = "shift"
    SPIKE = "spike"


@dataclass(frozen=True, slots=True)
class Alarm:
    """An unusual sample: its place in everything taken, how loud it is (1 at the threshold), and the signs of it.

    `signs` come with their distance in spreads, the one that says most first.
    """

    place: int
    value: float
    loudness: float
    signs: tuple[tuple[Sign, float], ...]

    @property
    def once_in(self) -> float:
        """In how many samples of an ordinary series one as loud is seen."""
        return once_in(self.loudness)


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """Loudness of each sample taken (n, 1 at the threshold, 0 for NaN), and the alarms raised by them."""

    loudness: Values
    alarms: tuple[Alarm, ...]


RAREST = 60_000.0
"""Beyond that the generated series tell no more."""
_RARITY = ((0.0, 1.0), (0.25, 9.0), (0.5, 370.0), (0.75, 2_200.0), (1.0, 5_700.0), (1.25, 11_000.0), (1.5, RAREST))


def once_in(loudness: float) -> float:
    """In how many samples of an ordinary series one as loud is seen, counted in a million generated; at most 60,000."""
    levels, counts = zip(*_RARITY, strict=True)
    return float(np.exp(np.interp(loudness, levels, np.log(counts))))


@dataclass(slots=True)
class Watch:
    """Follows one series. What it says of a sample depends on the samples before it alone, however they were handed in.

    Samples count in their order, whatever the time between them; NaN and what cannot be squared are no samples.
    """

    taken: int = 0
    _past: Values = field(default_factory=lambda: np.empty(0))
    _level: FadingMoments = field(default_factory=lambda: FadingMoments(HALF_LIFE))
    _ever: Moments = field(default_factory=Moments)
    _short: Moments = field(default_factory=Moments)
    _long: Moments = field(default_factory=Moments)
    _spikes: Departures = field(default_factory=lambda: Departures(SPIKE_SHARE))
    _shifts: Departures = field(default_factory=lambda: Departures(SHIFT_SHARE))
    _last_alarm: int = -QUIET - 1
    _last_loudness: float = 0.0

    def take(self, values: Values) -> Readings:
        """Readings of the next samples, in order."""
        loudness, alarms = np.zeros(len(values)), list[Alarm]()
        numbers = np.flatnonzero(np.abs(values) < TOO_LARGE)
        for begin in range(0, len(numbers), _BLOCK):
            places = numbers[begin : begin + _BLOCK]
            self._take_block(values[places], places, loudness, alarms)
        self.taken += len(values)
        return Readings(loudness, tuple(alarms))

    def _take_block(self, fresh: Values, places: npt.NDArray[np.intp], loudness: Values, alarms: list[Alarm]) -> None:
        known = np.concatenate([self._past, fresh])
        distances = nearest_earlier(known, len(fresh))
        spikes, shifts = residuals_of(known, len(fresh))
        for number, place in enumerate(places.tolist()):
            value, seen = float(fresh[number]), self._ever.count
            signs = self._signs(
                value,
                (float(distances.short[number]), float(distances.long[number])),
                (float(spikes[number]), float(shifts[number])),
            )
            if seen >= LEARNING:
                loud = _loudness(signs)
                loudness[place] = loud
                if self._tells_something(seen, loud):
                    alarms.append(Alarm(self.taken + place, value, loud, _reasons(signs)))
        self._past = known[-CONTEXT:]

    def _signs(self, value: float, near: tuple[float, float], residuals: tuple[float, float]) -> dict[Sign, float]:
        """Distances in spreads; afterwards the sample is part of what is known."""
        floor = max(LEAST_RELATIVE * abs(self._ever.mean), 1e-300)
        spread = max(self._level.spread, LEAST_SHARE * self._ever.spread, floor)
        signs = {
            Sign.LEVEL: min(CAP, abs(value - self._level.mean) / spread) if self._level.count else 0.0,
            Sign.SHORT_NOVELTY: _strangeness(self._short, near[0], floor),
            Sign.LONG_NOVELTY: _strangeness(self._long, near[1], floor),
            Sign.SPIKE: 0.0 if math.isnan(residuals[0]) else self._spikes.judge(residuals[0], floor),
            Sign.SHIFT: 0.0 if math.isnan(residuals[1]) else self._shifts.judge(residuals[1], floor),
        }
        self._level.take(value)
        self._ever.take(value)
        return signs

    def _tells_something(self, seen: int, loudness: float) -> bool:
        """Whether this is an alarm: loud enough, and news after the last one."""
        repeats = seen - self._last_alarm <= QUIET and loudness < LOUDER * self._last_loudness
        if loudness < 1 or repeats:
            return False
        self._last_alarm, self._last_loudness = seen, loudness
        return True


def _strangeness(distances: Moments, distance: float, floor: float) -> float:
    """How many spreads a distance lies above the usual ones; 0 below them or while they are few."""
    if math.isnan(distance):
        return 0.0
    strange = 0.0
    if distances.count >= LEAST_DISTANCES:
        strange = (distance - distances.mean) / max(distances.spread, floor)
    distances.take(distance)
    return min(CAP, max(0.0, strange))


def _loudness(signs: dict[Sign, float]) -> float:
    joint = (signs[Sign.LEVEL] * signs[Sign.SHORT_NOVELTY] * signs[Sign.LONG_NOVELTY]) ** (1 / 3)
    return max(joint / JOINT_THRESHOLD, signs[Sign.SHIFT] / SHIFT_THRESHOLD, signs[Sign.SPIKE] / SPIKE_THRESHOLD)


def _reasons(signs: dict[Sign, float]) -> tuple[tuple[Sign, float], ...]:
    needed = {Sign.SHIFT: SHIFT_THRESHOLD, Sign.SPIKE: SPIKE_THRESHOLD}
    told = [(sign, distance) for sign, distance in signs.items() if distance >= needed.get(sign, NOTABLE)]
    return tuple(sorted(told, key=lambda one: one[1] / needed.get(one[0], JOINT_THRESHOLD), reverse=True))


def residuals_of(known: Values, fresh: int) -> tuple[Values, Values]:
    """For each fresh sample its distance to the local median, and that between the medians of now and before.

    `known` (n) holds what came before as well; of several series (rows, n), those with fewer samples begin with
    infinity. NaN while too few came before.
    """
    length: int = known.shape[-1]
    spikes, shifts = np.full((*known.shape[:-1], fresh), np.nan), np.full((*known.shape[:-1], fresh), np.nan)
    first = length - fresh
    places = np.arange(max(first, _SPIKE_CONTEXT), length)
    with np.errstate(invalid="ignore"):
        if len(places):
            found = known[..., places] - _medians(known, places - 1, _SPIKE_CONTEXT)
            spikes[..., places - first] = _where_begun(found, known[..., places - _SPIKE_CONTEXT])
        places = np.arange(max(first, _SHIFT_AFTER + _SHIFT_BEFORE - 1), length)
        if len(places):
            now, before = _medians(known, places, _SHIFT_AFTER), _medians(known, places - _SHIFT_AFTER, _SHIFT_BEFORE)
            shifts[..., places - first] = _where_begun(
                now - before, known[..., places - _SHIFT_AFTER - _SHIFT_BEFORE + 1]
            )
    return spikes, shifts


def _where_begun(residuals: Values, earliest: Values) -> Values:
    """NaN where the earliest sample that is needed is before the first of its series."""
    return np.where(np.isfinite(earliest), residuals, np.nan)


def _medians(values: Values, ends: npt.NDArray[np.intp], length: int) -> Values:
    """The median of an even number of values that end at each place."""
    windows = np.sort(values[..., ends[:, np.newaxis] - np.arange(length)], axis=-1)
    return (windows[..., length // 2 - 1] + windows[..., length // 2]) / 2
