"""Paints columns of pixels into a picture with numpy: opaque inside, faded at both ends as an antialiased stroke is.

A picture is an array of rows of premultiplied ARGB, one 32-bit number a pixel. No Qt is used, so that any thread may
paint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

import numpy as np
from numpy.typing import NDArray

from quarterdeck.ui.charts.pixel_columns import IndexArray, PixelArray, PixelColumns

Picture = NDArray[np.uint32]

_OPAQUE = 256
_ODD = np.uint32(0x00FF00FF)
_EVEN = np.uint32(0xFF00FF00)
_BYTE = np.uint32(8)
_DENSE_SHARE = 0.4
_THIN = 1e-3
_SLIGHT = 0.3
_FOOT = np.float32(2.0)
"""What Qt's slanted strokes between neighbours add beside a peak, measured against its own painting."""


@dataclass(frozen=True, slots=True)
class Weight:
    """By how much a line is heavier than a stroke of one pixel.

    It reaches `rise` pixels further up and down and `spread` pixels further to both sides. `dot` is the radius of what
    stands for a lone column.
    """

    rise: float = 0.0
    spread: float = 0.0
    dot: float = 1.6


def blank(width: int, height: int) -> Picture:
    """A picture that shows nothing."""
    return np.zeros((height, width), dtype=np.uint32)


def paint_columns(picture: Picture, columns: PixelColumns, colours: Sequence[int], weight: Weight) -> None:
    """Paint lines of one weight in opaque colours (`0xffrrggbb`), each over those before; what lies outside is cut."""
    top, bottom = _spread(columns, weight.spread)
    travel = columns.bottom - columns.top
    # A stroke of one pixel covers a pixel of every column it runs through; where it climbs, its own way is more.
    half = np.maximum(1 - travel, 0) * np.float32(0.5) + np.float32(weight.rise)
    brush = _Brush(picture, colours)
    brush.paint(columns.x, top - half, bottom + half, columns.bounds)
    if len(columns.lone):
        _paint_dots(brush, columns, weight.dot)


def _spread(columns: PixelColumns, spread: float) -> tuple[PixelArray, PixelArray]:
    """A line wider than a pixel is as wide where it is steep: columns reach towards where their neighbours reach."""
    top, bottom = columns.top, columns.bottom
    for done in range(max(1, ceil(spread))):
        share = min(1.0, spread - done)
        top = top - _reach(-top, columns.goes_on, share)
        bottom = bottom + _reach(bottom, columns.goes_on, share)
    return top, bottom


def _reach(height: PixelArray, goes_on: NDArray[np.bool_], share: float) -> PixelArray:
    """How much further columns reach so that each neighbour is wider by a share of a pixel; peaks by more."""
    climbs = (height[1:] - height[:-1]) * goes_on[:-1]
    ends = ~goes_on[:-1]
    is_peak = np.concatenate(([True], ends | (climbs > 0))) & np.concatenate((ends | (climbs < 0), [True]))
    shares = np.where(is_peak, np.float32(1), np.float32(share)) if share > _SLIGHT else is_peak * np.float32(_SLIGHT)
    reach = np.zeros_like(height)
    reach[:-1] = np.maximum(climbs, 0) * shares[1:]
    reach[1:] = np.maximum(reach[1:], -climbs * shares[:-1])
    return reach if share > _SLIGHT else np.minimum(reach, _FOOT)


def _paint_dots(brush: _Brush, columns: PixelColumns, radius: float) -> None:
    """A dot for each lone column that is too short to be seen."""
    is_short = columns.bottom[columns.lone] - columns.top[columns.lone] <= 2 * radius
    lone = columns.lone[is_short]
    bounds = lone.searchsorted(columns.bounds)
    middle = (columns.top[lone] + columns.bottom[lone]) / 2
    reach = ceil(radius)
    for aside in range(-reach, reach + 1):
        half = np.float32(max(0.0, radius**2 - aside**2) ** 0.5)
        if half > 0:
            brush.paint(columns.x[lone] + aside, middle - half, middle + half, bounds)


class _Brush:
    """The colours of lines on one picture, whose rows lie behind each other without a gap."""

    def __init__(self, picture: Picture, colours: Sequence[int]) -> None:
        self._height, self._width = picture.shape
        self._picture = picture
        self._pixels = picture.reshape(-1)
        self._colours = colours

    def paint(self, x: IndexArray, top: PixelArray, bottom: PixelArray, bounds: IndexArray) -> None:
        """Paint columns from `top` to `bottom`; those of a line ascend, and none comes twice in it."""
        is_inside = (x >= 0) & (x < self._width)
        if not is_inside.all():
            x, top, bottom = x[is_inside], top[is_inside], bottom[is_inside]
            bounds = np.concatenate(([0], np.cumsum(is_inside)))[bounds]
        edge = np.float32(self._height - _THIN)
        top, bottom = np.clip(top, 0, edge), np.clip(bottom, 0, edge)
        first, last = top.astype(np.intp), bottom.astype(np.intp)
        upper, lower = first * self._width + x, last * self._width + x
        upper_alpha = _alpha(np.minimum(first + 1, bottom) - top)
        lower_alpha = _alpha((bottom - last) * (last > first))
        for colour, begin, end in zip(self._colours, bounds[:-1], bounds[1:], strict=True):
            if begin < end:
                some = slice(begin, end)
                self._fill(x[some], first[some] + 1, last[some], np.uint32(colour))
                self._fade(upper[some], upper_alpha[some], _faded(colour))
                self._fade(lower[some], lower_alpha[some], _faded(colour))

    def _fill(self, x: IndexArray, begin: IndexArray, end: IndexArray, colour: np.uint32) -> None:
        lengths = np.maximum(end - begin, 0)
        total = int(lengths.sum())
        upper, lower = int(begin.min()), int(end.max())
        if total > _DENSE_SHARE * (lower - upper) * self._width:
            self._fill_rows(x, begin, lengths, colour)
            return
        offsets = np.cumsum(lengths) - lengths
        starts: IndexArray = np.repeat(x + (begin - offsets) * self._width, lengths)
        self._pixels[starts + np.arange(0, total * self._width, self._width)] = colour

    def _fill_rows(self, x: IndexArray, begin: IndexArray, lengths: IndexArray, colour: np.uint32) -> None:
        """The same row by row, which takes less where most of the pixels between two rows are painted."""
        first = np.zeros(self._width, dtype=np.int16)
        many = np.zeros(self._width, dtype=np.uint16)
        first[x], many[x] = begin, lengths
        rows = (int(begin.min()), int((begin + lengths).max()))
        upper, lower = int(first.max()), int((first + many.view(np.int16)).min())
        if upper < lower:
            self._picture[upper:lower] = colour
        else:
            upper = lower = rows[1]
        for some in (slice(rows[0], upper), slice(lower, rows[1])):
            below = np.arange(some.start, some.stop, dtype=np.int16)[:, None] - first
            # What lies above the first row becomes a number larger than any length.
            np.copyto(self._picture[some], colour, where=below.view(np.uint16) < many)

    def _fade(self, places: IndexArray, alpha: Picture, faded: Picture) -> None:
        """Blend single pixels of a line."""
        ground, rest = self._pixels[places], _OPAQUE - alpha
        even = (ground >> _BYTE & _ODD) * rest & _EVEN
        odd = (ground & _ODD) * rest >> _BYTE & _ODD
        self._pixels[places] = faded[alpha] + (even | odd)


def _alpha(cover: PixelArray) -> Picture:
    """The share of a pixel that is covered, in 256ths."""
    return (cover * _OPAQUE + np.float32(0.5)).astype(np.uint32)


@lru_cache(maxsize=64)
def _faded(colour: int) -> Picture:
    """The premultiplied colour for each alpha from 0 to 256, a pixel each."""
    alpha = np.arange(_OPAQUE + 1, dtype=np.uint32)
    faded = np.zeros(_OPAQUE + 1, dtype=np.uint32)
    for shift in (0, 8, 16, 24):
        faded |= ((colour >> shift & 0xFF) * alpha >> _BYTE) << np.uint32(shift)
    return faded
