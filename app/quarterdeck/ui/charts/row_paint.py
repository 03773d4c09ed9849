"""Rows of values as images, painted with numpy: in shades, or as areas folded into bands. Any thread may paint."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from quarterdeck.ui.charts.column_raster import Picture
from quarterdeck.ui.charts.line_data import FloatArray

_STEPS = 256
_OPAQUE = 0xFF000000


class RowLook(StrEnum):
    """How a row shows its values: in shades from little to much, or as an area folded into bands of darker shades."""

    HEAT = "heat"
    HORIZON = "horizon"


def scale_colours(stops: tuple[str, ...], steps: int = _STEPS) -> NDArray[np.uint32]:
    """Colours from the first stop to the last in even steps, as `0xffrrggbb`."""
    channels = np.array([[int(stop[at : at + 2], 16) for at in (1, 3, 5)] for stop in stops], dtype=np.float64)
    places = np.linspace(0, len(stops) - 1, steps)
    red, green, blue = (
        np.interp(places, np.arange(len(stops)), channels[:, channel]).round().astype(np.uint32) for channel in range(3)
    )
    return np.uint32(_OPAQUE) | red << np.uint32(16) | green << np.uint32(8) | blue


def heat_rows(shares: FloatArray, height: int, colours: NDArray[np.uint32]) -> Picture:
    """Rows of shares (0 to 1, NaN unknown) as bars of one shade a pixel; unknown pixels stay clear."""
    is_known = np.isfinite(shares)
    places = np.rint(np.clip(np.where(is_known, shares, 0), 0, 1) * (len(colours) - 1)).astype(np.intp)
    line = np.where(is_known, colours[places], np.uint32(0))
    return np.repeat(line, height, axis=0)


def horizon_rows(shares: FloatArray, height: int, ground: int, bands: NDArray[np.uint32]) -> Picture:
    """Rows of shares as areas: what is higher than a band goes on from the foot of the row in the next, darker one."""
    is_known = np.isfinite(shares)
    levels = np.clip(np.where(is_known, shares, 0), 0, 1) * len(bands)
    full = np.minimum(levels.astype(np.intp), len(bands) - 1)
    part = levels - full
    shades = np.concatenate(([np.uint32(ground)], bands))
    heights = (height - np.arange(height) - 0.5) / height
    is_filled = heights[None, :, None] < part[:, None, :]
    filled = np.where(is_filled, shades[full + 1][:, None, :], shades[full][:, None, :])
    return np.where(is_known[:, None, :], filled, np.uint32(0)).reshape(-1, shares.shape[1])
