"""Numbers out of text, very many at once: digits as matrices, and letter by letter only what is written otherwise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

WIDTH = 20
PADDING = b"\n" * (WIDTH + 4)
"""Stands before the text, so that every number has as many letters before it as the widest may take."""

_ROWS = 16_384
_ZERO, _POINT, _MINUS, _PLUS, _E = b"0.-+e"
_POINT_DIGIT = (_POINT - _ZERO) % 256
_EXPONENT_WIDTH = 4
_TEN = 10
_MOST_DIGITS, _MOST_SHIFT = 17, 22
_SCALES = np.array([float(10**size) for size in range(_MOST_SHIFT + 1)])
_EXACT = 2**53

Codes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def numbers_at(codes: Codes, starts: Positions, ends: Positions) -> tuple[Values, Flags]:
    """The numbers between positions of a text that begins with `PADDING`, each as exact as `float` reads it.

    Beside them, whether each is one; what is none is NaN.
    """
    values = np.empty(len(starts))
    fits = np.empty(len(starts), np.bool_)
    for first in range(0, len(starts), _ROWS):
        rows = slice(first, first + _ROWS)
        values[rows], fits[rows] = _plain_numbers(codes, starts[rows], ends[rows])
        others = np.flatnonzero(~fits[rows]) + first
        for at in others.tolist():
            values[at], fits[at] = _written_otherwise(bytes(codes[starts[at] : ends[at]]))
    return values, fits


def _plain_numbers(codes: Codes, starts: Positions, ends: Positions) -> tuple[Values, Flags]:
    """Those of digits with at most one point, a leading minus and two digits of exponent, few enough to be exact.

    A number of up to 53 bits times or over a power of ten up to 22 is rounded once by one operation (Clinger 1990).
    Flags say for which of them that holds.
    """
    exponents, shorter = _exponents(
        np.lib.stride_tricks.sliding_window_view(codes, _EXPONENT_WIDTH)[ends - _EXPONENT_WIDTH]
    )
    ends = ends - shorter
    is_minus = codes[starts] == _MINUS
    lengths = ends - starts - is_minus
    width = min(WIDTH, int(lengths.max(initial=1)))
    windows = np.lib.stride_tricks.sliding_window_view(codes, width)[ends - width]
    read = _Reading.of(np.ascontiguousarray(windows.T), width - lengths)
    shift = read.fraction - exponents
    bare = lengths - read.points
    fits = (read.most < _TEN) & (read.points <= 1) & (bare > 0) & (bare <= _MOST_DIGITS)
    fits &= (read.mantissa < _EXACT) & (np.abs(shift) <= _MOST_SHIFT)
    scale = _SCALES[np.minimum(np.abs(shift), _MOST_SHIFT)]
    values = np.where(shift >= 0, read.mantissa / scale, read.mantissa * scale)
    return np.where(is_minus, -values, values), fits


@dataclass(frozen=True, slots=True, eq=False)
class _Reading:
    """What letters say when read as digits from left to right, a point counting as none."""

    mantissa: Positions
    fraction: npt.NDArray[np.int16]
    points: npt.NDArray[np.uint8]
    most: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, letters: Codes, skipped: Positions) -> _Reading:
        """From a row for each place, a column for each number; so many letters of each come before it."""
        count = letters.shape[1]
        mantissa = np.zeros(count, np.int64)
        fraction, points, most = (np.zeros(count, np.uint8) for _ in range(3))
        for place, row in enumerate(letters):
            digit = row - np.uint8(_ZERO)
            digit[skipped > place] = 0
            is_point = digit == _POINT_DIGIT
            digit[is_point] = 0
            mantissa *= np.where(is_point, 1, _TEN)
            mantissa += digit
            fraction += (points > 0) & ~is_point
            points += is_point
            np.maximum(most, digit, out=most)
        return cls(mantissa, fraction.astype(np.int16), points, most)


def _exponents(endings: Codes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Exponents written as `e-05`, 0 for none, and how many letters they take."""
    tens, ones = endings[:, 2] - _ZERO, endings[:, 3] - _ZERO
    is_minus = endings[:, 1] == _MINUS
    there = (endings[:, 0] == _E) & (is_minus | (endings[:, 1] == _PLUS)) & (tens < _TEN) & (ones < _TEN)
    size = tens.astype(np.int64) * _TEN + ones
    return np.where(there, np.where(is_minus, -size, size), 0), np.where(there, _EXPONENT_WIDTH, 0)


def _written_otherwise(letters: bytes) -> tuple[float, bool]:
    if b"_" not in letters:  # which a number of Python's may have
        try:
            return float(letters), True
        except ValueError:
            pass
    return float("nan"), False
