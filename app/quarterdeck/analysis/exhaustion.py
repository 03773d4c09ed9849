"""When something that grows reaches its limit: a line with at most one change of pace, and how sure its date is.

Daily values are followed by a line, a wave of the week, and at most one knot where the pace changed; what is far off
is drawn in (Huber 1964), and the knot has to earn its place by Schwarz's criterion. The band of the date comes from
fitting again to what the residuals, moved in blocks of a week, could as well have been. Without a slope that is surely
above nothing there is no date.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

WEEK_DAYS = 7
LEAST_DAYS = 14
LEAST_PIECE = 10
"""Days on either side of a knot."""
NOMINAL = 0.8
"""The share of dates that the interval is to hold."""
SURENESS = 0.995
"""The share of refits whose slope has to be above nothing before a date is told."""
LEAST_SHARE_OF_ROOM = 1e-9
FURTHEST_SPANS = 6.0
"""No date is told that lies further off than so many times the time looked back on."""
_REFITS = 400
_ROUNDS = 5
_HUBER = 1.5
_FAR = 3.0
_MOST_KNOTS = 120
_WIDENED = 1.15
"""A few blocks of a week know less than all of the spread that they are drawn from."""
_MAD_OF_NORMAL = 1.4826
_KNOT_PRICE = 3.0
_SEED = 20_260


@dataclass(frozen=True, slots=True)
class Growth:
    """The pace that holds now, in units a day with the bounds of an 80% interval, and the level at the last day.

    `knot` is the day since when it holds, None where it held all along; `earlier` is the pace before that.
    """

    level: float
    slope: float
    low: float
    high: float
    knot: float | None
    earlier: float | None
    is_growing: bool


@dataclass(frozen=True, slots=True)
class Exhaustion:
    """In how many days from the last one the limit is met, with the bounds of an 80% interval (`latest` may be inf)."""

    days: float
    earliest: float
    latest: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """The growth, and when the limit is met; None without a trend, or when that lies too far off to be told."""

    growth: Growth
    exhaustion: Exhaustion | None


def outlook(days: Values, values: Values, limit: float) -> Outlook | None:
    """The outlook from one value for each day (n, days ascending, gaps allowed); None with too few of them.

    `values` are in the unit of the limit. A limit that is already met is met in 0 days.
    """
    known = np.isfinite(values)
    days, values = days[known], values[known]
    if len(days) < LEAST_DAYS or days[-1] - days[0] < LEAST_DAYS - 1:
        return None
    scale = max(float(np.median(np.abs(values - np.median(values)))), LEAST_SHARE_OF_ROOM * max(abs(limit), 1.0))
    fits = _fits_of(np.ascontiguousarray(days).tobytes())
    drawn = _drawn_in(fits, values, scale)
    found = fits.best(drawn)
    levels, slopes = _refits(fits, found, _left(values, found, scale))
    growth = _growth(fits, found, slopes)
    return Outlook(growth, _exhaustion(growth, levels, slopes, limit, float(days[-1] - days[0])))


def line_ahead(days: Values, values: Values, future: Values) -> Values | None:
    """What the line with its wave of the week says of days to come (m), on the scale of `days`; None with too few."""
    known = np.isfinite(values)
    days, values = days[known], values[known]
    if len(days) < LEAST_DAYS or days[-1] - days[0] < LEAST_DAYS - 1:
        return None
    fits = _fits_of(np.ascontiguousarray(days).tobytes())
    found = fits.best(_drawn_in(fits, values, max(float(np.median(np.abs(values - np.median(values)))), 1e-9)))
    design = _design(np.concatenate((days, future)), fits.knots[found.number], end=float(days[-1]))
    return design[len(days) :] @ found.weights


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """A line with the knot of this number (0 for none): its coefficients and what it leaves."""

    number: int
    weights: Values
    fitted: Values


@dataclass(frozen=True, slots=True, eq=False)
class _Fits:
    """Every line that could be: one without a knot and one for each place of it, ready to be fitted.

    Columns: level at the last day, pace until the knot or all along, what is added behind it, the wave of the week.
    """

    days: Values
    knots: tuple[float | None, ...]
    designs: tuple[Values, ...]
    solvers: tuple[Values, ...]

    @classmethod
    def of(cls, days: Values) -> _Fits:
        knots = (None, *_places(days))
        designs = tuple(_design(days, knot) for knot in knots)
        return cls(days, knots, designs, tuple(np.asarray(np.linalg.pinv(design), np.float64) for design in designs))

    def best(self, values: Values) -> _Fit:
        """By Schwarz's criterion, a knot counting for its place as well as for its pace."""
        fits = [self.fit(number, values) for number in range(len(self.knots))]
        count = len(values)
        costs = [
            count * math.log(max(float(np.mean((values - one.fitted) ** 2)), 1e-300))
            + math.log(count) * (one.weights.size + (_KNOT_PRICE if one.number else 0.0))
            for one in fits
        ]
        return fits[int(np.argmin(costs))]

    def fit(self, number: int, values: Values) -> _Fit:
        weights = self.solvers[number] @ values
        return _Fit(number, weights, self.designs[number] @ weights)

    def end(self, number: int, weights: Values) -> tuple[Values, Values]:
        """Level and pace at the last day; weights may be of one fit or of many, in columns."""
        if self.knots[number] is None:
            return weights[0], weights[1]
        return weights[0], weights[1] + weights[2]


@lru_cache(maxsize=6)
def _fits_of(days: bytes) -> _Fits:
    """Kept, because many series have values of the very same days and making the solvers takes half of the time."""
    return _Fits.of(np.frombuffer(days, np.float64))


def _places(days: Values) -> list[float]:
    """Where a knot may be: every few days, so that both pieces are long enough."""
    first, last = float(days[0]) + LEAST_PIECE, float(days[-1]) - LEAST_PIECE
    step = max(1.0, (days[-1] - days[0]) / _MOST_KNOTS)
    return np.arange(first, last + 1e-9, step).tolist()


def _design(days: Values, knot: float | None, *, end: float | None = None) -> Values:
    """The columns for days up to the last one known, `end`; it is the last of them unless told."""
    end = float(days[-1]) if end is None else end
    columns = [np.ones_like(days), days - end]
    if knot is not None:
        # Added behind the knot and nothing at the last day, so that the first column stays the level there.
        columns.append(np.maximum(0.0, days - knot) - (end - knot))
    if end - days[0] >= 3 * WEEK_DAYS:
        angle = 2 * np.pi * days / WEEK_DAYS
        columns += [part for turn in (1, 2, 3) for part in (np.sin(turn * angle), np.cos(turn * angle))]
    return np.stack(columns, axis=1)


def _drawn_in(fits: _Fits, values: Values, scale: float) -> Values:
    """Values with what is far from the line brought nearer, as Huber's weights would count it."""
    drawn = np.clip(values, *_fences(values))
    for _ in range(_ROUNDS):
        fitted = fits.best(drawn).fitted
        off = values - fitted
        reach = _HUBER * max(_MAD_OF_NORMAL * float(np.median(np.abs(off))), 1e-6 * scale)
        drawn = fitted + np.clip(off, -reach, reach)
    return drawn


def _left(values: Values, found: _Fit, scale: float) -> Values:
    """What the fit leaves, without the outliers."""
    off = values - found.fitted
    reach = _FAR * max(_MAD_OF_NORMAL * float(np.median(np.abs(off))), 1e-6 * scale)
    return np.clip(off, -reach, reach)


def _fences(values: Values) -> tuple[float, float]:
    low, high = np.quantile(values, [0.1, 0.9])
    width = max(float(high - low), 1e-12)
    return float(low) - 3 * width, float(high) + 3 * width


def _refits(fits: _Fits, found: _Fit, off: Values) -> tuple[Values, Values]:
    """Levels and paces at the last day of fits to what could have been, the knot free to move near where it is."""
    freedom = max(1, len(off) - found.weights.size)
    off = (off - off.mean()) * _WIDENED * math.sqrt(len(off) / freedom)
    rng = np.random.default_rng(_SEED)
    block = min(len(off), WEEK_DAYS)
    starts = rng.integers(0, len(off), (_REFITS, -(-len(off) // block)))
    places = (starts[:, :, np.newaxis] + np.arange(block)).reshape(_REFITS, -1)[:, : len(off)] % len(off)
    made = found.fitted[:, np.newaxis] + off[places].T
    numbers = [0] if found.number == 0 else list(range(1, len(fits.knots)))
    weights = [fits.solvers[number] @ made for number in numbers]
    errors = np.stack(
        [np.sum((made - fits.designs[n] @ w) ** 2, axis=0) for n, w in zip(numbers, weights, strict=True)]
    )
    chosen = np.argmin(errors, axis=0)
    ends = [fits.end(number, weight) for number, weight in zip(numbers, weights, strict=True)]
    every = np.arange(_REFITS)
    return (
        np.stack([np.broadcast_to(end[0], _REFITS) for end in ends])[chosen, every],
        np.stack([np.broadcast_to(end[1], _REFITS) for end in ends])[chosen, every],
    )


def _growth(fits: _Fits, found: _Fit, slopes: Values) -> Growth:
    level, slope = fits.end(found.number, found.weights)
    low, high = np.quantile(slopes, [(1 - NOMINAL) / 2, (1 + NOMINAL) / 2])
    sure = float(np.quantile(slopes, 1 - SURENESS))
    knot = fits.knots[found.number]
    return Growth(
        level=float(level),
        slope=float(slope),
        low=float(low),
        high=float(high),
        knot=knot,
        earlier=None if knot is None else float(found.weights[1]),
        is_growing=sure > 0 and float(slope) > 0,
    )


def _exhaustion(growth: Growth, levels: Values, slopes: Values, limit: float, span: float) -> Exhaustion | None:
    if growth.level >= limit:
        return Exhaustion(0.0, 0.0, 0.0)
    days = (limit - growth.level) / growth.slope if growth.is_growing else math.inf
    if days > FURTHEST_SPANS * span:
        return None
    with np.errstate(divide="ignore"):
        dates = np.where(slopes > 0, np.maximum(0.0, limit - levels) / np.maximum(slopes, 1e-300), np.inf)
    earliest, latest = np.quantile(dates, [(1 - NOMINAL) / 2, (1 + NOMINAL) / 2], method="nearest")
    return Exhaustion(days, min(days, float(earliest)), max(days, float(latest)))
