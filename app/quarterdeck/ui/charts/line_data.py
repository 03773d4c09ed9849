"""What a chart shows, as immutable arrays and spans."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quarterdeck.ui.theme.tokens import Tone

FloatArray = NDArray[np.float64]
MOST_LINES = 6
"""More lines than this become small multiples."""


@dataclass(frozen=True, slots=True, eq=False)
class LineData:
    """One line as an envelope: for each column of time its lowest, highest and representative value.

    `times_s` are the middles of the columns in ascending seconds since the epoch; all arrays are equally long; NaN is
    a gap. `slot` picks the colour of the theme's series, so that a line keeps it across charts; None takes the line's
    place in the chart. A ghost is an earlier period, drawn dotted and without a value in the legend. The chosen line
    is the one that a person selected, drawn a little stronger and over the others, which fade.
    The last value is drawn on to `held_until_s`, up to where its source vouches for it; it is no column of its own.
    """

    label: str
    unit: str
    times_s: FloatArray
    low: FloatArray
    high: FloatArray
    value: FloatArray
    slot: int | None = None
    is_ghost: bool = False
    is_chosen: bool = False
    held_until_s: float | None = None

    def __post_init__(self) -> None:
        if not len(self.times_s) == len(self.low) == len(self.high) == len(self.value):
            message = "the arrays of a line are equally long"
            raise ValueError(message)

    @classmethod
    def of_samples(cls, label: str, unit: str, times_s: FloatArray, values: FloatArray) -> LineData:
        """A line of plain samples, not reduced: each is its own lowest and highest."""
        return cls(label, unit, times_s, values, values, values)


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """The expected range, drawn faintly behind the lines; NaN where nothing is expected."""

    times_s: FloatArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled stretch of time: an incident, a maintenance; an `end_s` of None lasts on.

    With `end_s` equal to `start_s` it is a moment, such as a change, and only its line is drawn.
    """

    start_s: float
    end_s: float | None
    label: str
    tone: Tone = Tone.DOWN


@dataclass(frozen=True, slots=True)
class Stale:
    """From when on there is no fresh data, and the words for it, such as `no fresh data since 11:58`."""

    since_s: float
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class ChartContent:
    """All that a chart shows, but for the range and what follows the pointer.

    Without `labels_spans` the spans are painted without words, because a chart above has written them. `extent` are
    values that the axis holds as well, so that charts beside each other can be compared.
    """

    lines: tuple[LineData, ...] = ()
    band: Band | None = None
    spans: tuple[Span, ...] = ()
    stale: Stale | None = None
    labels_spans: bool = True
    extent: tuple[float, float] | None = None

    def slot(self, number: int) -> int:
        """The colour slot of a line by its number."""
        slot = self.lines[number].slot
        return number if slot is None else slot

    def is_named(self, number: int) -> bool:
        """Whether a line has a place in the legend: a ghost in the colour of its own line needs none."""
        is_ghost, slot = self.lines[number].is_ghost, self.slot(number)
        return not is_ghost or all(line.is_ghost or self.slot(at) != slot for at, line in enumerate(self.lines))

    def is_faded(self, number: int) -> bool:
        """Whether a line stands back, because another one is chosen."""
        return not self.lines[number].is_chosen and any(line.is_chosen for line in self.lines)


def value_at(line: LineData, at_s: float) -> float:
    """The line's value in the column nearest to an instant; NaN in gaps and further than a column outside."""
    if len(line.times_s) == 0:
        return float("nan")
    at = int(np.clip(line.times_s.searchsorted(at_s), 1, max(1, len(line.times_s) - 1)))
    if at < len(line.times_s) and abs(line.times_s[at] - at_s) < abs(line.times_s[at - 1] - at_s):
        nearest = at
    else:
        nearest = at - 1
    is_inside = line.times_s[0] <= at_s <= line.times_s[-1]
    is_near = is_inside or abs(float(line.times_s[nearest]) - at_s) <= _column_s(line.times_s)
    return float(line.value[nearest]) if is_near else float("nan")


def extent_within(lines: tuple[LineData, ...], start_s: float, end_s: float) -> tuple[float, float]:
    """The lowest and highest value of all lines between two instants; NaN twice where there is none."""
    lows: list[float] = []
    highs: list[float] = []
    for line in lines:
        inside = visible(line.times_s, start_s, end_s)
        low, high = line.low[inside], line.high[inside]
        is_there = np.isfinite(low) & np.isfinite(high)
        if is_there.any():
            lows.append(float(low[is_there].min()))
            highs.append(float(high[is_there].max()))
    return (min(lows), max(highs)) if lows else (float("nan"), float("nan"))


def visible(times_s: FloatArray, start_s: float, end_s: float) -> slice:
    """The columns between two instants, with one more at either side so that lines run to the edge."""
    first = int(times_s.searchsorted(start_s, side="left"))
    last = int(times_s.searchsorted(end_s, side="right"))
    return slice(max(0, first - 1), min(len(times_s), last + 1))


def _column_s(times_s: FloatArray) -> float:
    return float(np.median(np.diff(times_s))) if len(times_s) > 1 else float("inf")
