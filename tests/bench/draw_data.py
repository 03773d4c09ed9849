"""What the drawing bench shows: twelve series of 8.3 million samples each, as envelopes and as raw points."""

from dataclasses import dataclass

import numpy as np

from quarterdeck.ui.charts.line_data import FloatArray, LineData

LINES = 12
SAMPLES = 100_000_000
SECONDS = 24 * 3600.0
TOP = 220.0
RAW_POINTS = 200_000
"""As many raw points as a viewer hands over for a line; with fewer it would already lose extremes by itself."""
_PER_LINE = SAMPLES // LINES
_BLOCK = 64
_THIN = 8
_SERIES = tuple(range(LINES))


@dataclass(frozen=True, slots=True)
class Series:
    """One series: lowest and highest of each block of samples, and every eighth sample."""

    low: np.ndarray
    high: np.ndarray
    thin: np.ndarray

    def envelope(self, number: int, edges: FloatArray) -> LineData:
        """The extremes of columns between edges in seconds."""
        blocks = np.clip((edges / SECONDS * len(self.low)).astype(int), 0, len(self.low) - 1)
        low = np.minimum.reduceat(self.low, blocks[:-1])
        high = np.maximum.reduceat(self.high, blocks[:-1])
        return LineData(f"line {number}", "1", (edges[:-1] + edges[1:]) / 2, low, high, (low + high) / 2, number)

    def points(self, view: tuple[float, float]) -> tuple[FloatArray, FloatArray]:
        """Raw points of a range of seconds."""
        first, last = (int(at / SECONDS * len(self.thin)) for at in view)
        step = max(1, (last - first) // RAW_POINTS)
        values = self.thin[first:last:step].astype(np.float64)
        return np.linspace(*view, len(values)), values


def make_series() -> list[Series]:
    """All series, the same in every run."""
    return [_series(number) for number in _SERIES]


def _series(number: int) -> Series:
    random = np.random.default_rng(number)
    steps = random.standard_normal(_PER_LINE // _BLOCK, dtype=np.float32)
    course = 20 + 15 * number + np.cumsum(steps - 0.002 * np.cumsum(steps) / len(steps), dtype=np.float64) * 0.02
    noise = random.standard_normal((len(course), _BLOCK), dtype=np.float32) * np.float32(1.5)
    noise += course[:, None].astype(np.float32)
    return Series(
        noise.min(axis=1).astype(np.float64), noise.max(axis=1).astype(np.float64), noise.reshape(-1)[::_THIN].copy()
    )
