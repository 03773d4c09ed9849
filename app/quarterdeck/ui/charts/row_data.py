"""Values by row and column of time: what heat maps and horizon charts show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quarterdeck.ui.charts.line_data import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class RowData:
    """`values` (rows, columns) of `labels` (rows) between `edges_s` (columns + 1, ascending seconds).

    NaN is unknown.
    """

    labels: tuple[str, ...]
    unit: str
    edges_s: FloatArray
    values: FloatArray

    def __post_init__(self) -> None:
        if self.values.shape != (len(self.labels), max(0, len(self.edges_s) - 1)):
            message = "there is a label for each row of values and an edge at either side of each column"
            raise ValueError(message)

    @classmethod
    def none(cls) -> RowData:
        """No rows at all."""
        return cls((), "1", np.empty(0), np.empty((0, 0)))

    @property
    def top(self) -> float:
        """The highest value there is, at least a little above `bottom`."""
        known = self.values[np.isfinite(self.values)]
        highest = float(known.max()) if len(known) else 1.0
        return highest if highest > self.bottom else self.bottom + 1.0

    @property
    def bottom(self) -> float:
        """Zero, or the lowest value where that lies below."""
        known = self.values[np.isfinite(self.values)]
        return min(0.0, float(known.min())) if len(known) else 0.0

    def column_at(self, at_s: float) -> int | None:
        """The column in which an instant lies."""
        found = int(np.searchsorted(self.edges_s, at_s, side="right")) - 1
        return found if 0 <= found < len(self.edges_s) - 1 else None

    def value_at(self, row: int, at_s: float) -> float:
        """The value of a row at an instant; NaN where it is unknown."""
        column = self.column_at(at_s)
        return float("nan") if column is None else float(self.values[row, column])


def per_pixel(data: RowData, range_s: tuple[float, float], width: int) -> FloatArray:
    """The highest value of each row in each of `width` pixels over a range (rows, width); NaN where all is unknown."""
    shown = np.full((len(data.labels), width), np.nan)
    if data.values.size == 0:
        return shown
    sides = np.linspace(*range_s, width + 1)
    first = np.searchsorted(data.edges_s, sides[:-1], side="right") - 1
    last = np.searchsorted(data.edges_s, sides[1:], side="left") - 1
    columns = data.values.shape[1]
    is_inside = (last >= 0) & (first < columns)
    first, last = np.clip(first, 0, columns - 1), np.clip(last, 0, columns - 1)
    known = np.where(np.isfinite(data.values), data.values, -np.inf)
    bounds = np.stack((first, np.maximum(last, first) + 1), axis=1).reshape(-1)
    highest = np.maximum.reduceat(np.pad(known, ((0, 0), (0, 1)), constant_values=-np.inf), bounds, axis=1)[:, ::2]
    highest[:, ~is_inside] = -np.inf
    np.copyto(shown, highest, where=np.isfinite(highest))
    return shown
