"""Arrays to what Qt draws, without a Python object for each point."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPolygonF
from shiboken6 import Shiboken

FloatArray = NDArray[np.float64]
_BYTES_PER_POINT = 16


def polyline(x: FloatArray, y: FloatArray) -> QPolygonF:
    """One polyline through points whose coordinates are finite and equally many."""
    shape = QPolygonF()
    if len(x) == 0:
        return shape
    shape.resize(len(x))
    _memory_of(shape)[:] = np.column_stack((x, y))
    return shape


def unbroken_runs(values: FloatArray) -> list[slice]:
    """The stretches without a gap: maximal runs of finite values, in order."""
    is_there = np.isfinite(values)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], is_there, [False])).astype(np.int8)))
    return [slice(int(start), int(end)) for start, end in edges.reshape(-1, 2)]


def polylines(x: FloatArray, y: FloatArray) -> list[QPolygonF]:
    """One polyline for each stretch without a gap; gaps are values of `y` that are not finite."""
    return [polyline(x[run], y[run]) for run in unbroken_runs(y)]


def _memory_of(shape: QPolygonF) -> FloatArray:
    # The stub of VoidPtr knows neither its arguments nor that it is a buffer.
    address: Any = Shiboken.VoidPtr
    memory = address(shape.data(), shape.size() * _BYTES_PER_POINT, True)
    return np.frombuffer(memory, dtype=np.float64).reshape(-1, 2)
