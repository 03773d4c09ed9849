"""The live end of a picture: where time went on by whole pixels only the new columns are painted, the rest stays."""

from __future__ import annotations

import itertools
from dataclasses import replace
from math import ceil

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from quarterdeck.ui.charts.line_data import LineData
from quarterdeck.ui.charts.line_picture import LineJob, LinePicture, paint_dense
from quarterdeck.ui.charts.pixel_columns import is_dense

_ALIGNED = 0.02
_REPAINTED = 4
"""Columns before the first new one that are painted anew: the weight of a line reaches into its neighbours."""
_LEAD = 4
_LARGEST_SHARE = 0.5


def follow(picture: LinePicture, job: LineJob) -> bool:
    """Bring a picture up to a job that shows the same with time gone on; False where it has to be painted anew.

    Values must be the same as before but for the last column of time; the range must have moved by whole pixels.
    """
    steps = _steps(picture.job, job)
    if steps is None or not all(map(_goes_on, picture.job.lines, job.lines)):
        return False
    width = picture.image.width()
    count = steps + _REPAINTED + _late_columns(picture.job, job)
    if count > _LARGEST_SHARE * width:
        return False
    tail = _tail(job, count + _LEAD).pixels[:, _LEAD:]
    picture.head = (picture.head + steps) % width
    places = (np.arange(width - count, width) + picture.head) % width
    picture.pixels[:, places] = tail
    picture.job = job
    return True


def _steps(before: LineJob, after: LineJob) -> int | None:
    """By how many pixels time went on; None where more than that changed, or where it is too much or not whole."""
    old, new = before.view, after.view
    is_alike = before.is_about_the_same(after) and all(is_dense(line, new) for line in after.lines)
    if not is_alike or replace(old, start_s=0.0, end_s=0.0) != replace(new, start_s=0.0, end_s=0.0):
        return None
    if [line.is_chosen for line in before.lines] != [line.is_chosen for line in after.lines]:
        return None
    moved = (new.start_s - old.start_s) * new.per_second
    stretched = abs(new.per_second / old.per_second - 1) * new.width
    steps = round(moved)
    is_whole = abs(moved - steps) < _ALIGNED and stretched < _ALIGNED
    return steps if is_whole and steps >= 0 else None


def _late_columns(before: LineJob, after: LineJob) -> int:
    """How many pixels left of the former right edge the first sample lies that may have changed."""
    changed_s = min(float(line.times_s[-1]) for line in before.lines)
    return max(0, ceil((before.view.end_s - changed_s) * after.view.per_second))


def _goes_on(before: LineData, after: LineData) -> bool:
    """Whether a line is the same as before, but for its last column and what came after it."""
    if len(before.times_s) == 0 or len(after.times_s) == 0:
        return False
    first = int(before.times_s.searchsorted(float(after.times_s[0])))
    count = len(before.times_s) - first - 1
    if count < 1 or count > len(after.times_s):
        return False
    mine, theirs = slice(first, first + count), slice(0, count)
    pairs = ((before.times_s, after.times_s), (before.low, after.low), (before.high, after.high))
    return all(_is_same(old[mine], new[theirs]) for old, new in pairs)


def _is_same(before: NDArray[np.float64], after: NDArray[np.float64]) -> bool:
    return np.array_equal(before, after) or np.array_equal(before, after, equal_nan=True)


def _tail(job: LineJob, columns: int) -> LinePicture:
    """The last columns of a job's picture."""
    view, plot = job.view, job.plot
    area = QRectF((job.left + view.width - columns) / job.ratio, plot.area.top(), columns / job.ratio, 0)
    area.setBottom(plot.area.bottom())
    start_s = view.end_s - columns / view.per_second
    tail = LinePicture(replace(job, plot=replace(plot, area=area, start_s=start_s, end_s=view.end_s)))
    for _, numbers in itertools.groupby(range(len(job.lines)), key=lambda number: job.lines[number].is_chosen):
        paint_dense(tail, list(numbers))
    return tail
