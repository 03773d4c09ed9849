"""Places on a map of layers: every node has a cell of a grid, and keeps it for as long as it is known.

A map that is laid out anew with every change cannot be learned by heart. So a place, once given, is kept, also while
its node is away; a node that comes takes the free cell nearest to what it is joined with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TypeAlias

import numpy as np

from quarterdeck.analysis.layered_order import FloatArray, IntArray, LayeredGraph, ordered

ROWS_WITHOUT_WRAPPING = 26
_KEPT_SHARE = 0.5
_LEAST_ROWS = 4


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A cell: the layer, the lane inside it (a long layer has several), and the row."""

    layer: int
    lane: int
    row: int


Places: TypeAlias = Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Cell:
    """How large a cell of the grid is on the screen, and how much wider than high the whole may be."""

    width: float
    height: float
    aspect: float


def placed(names: Sequence[str], graph: LayeredGraph, known: Places, cell: Cell) -> dict[str, Place]:
    """A place for each node, by name, and with them the places of nodes that are away.

    Places of `known` nodes that are still in their layer stay as they are, unless most of the nodes are new: then all
    are laid out together, near to where they were.
    """
    layers = graph.layer_of.tolist()
    kept = {
        name: at for name, layer in zip(names, layers, strict=True) if (at := known.get(name)) and at.layer == layer
    }
    if len(kept) < _KEPT_SHARE * len(names) or not kept:
        return _laid_out(names, graph, known, cell)
    return dict(known) | _Newcomers(names, graph, known, _without_doubles(kept)).placed()


def lanes_of(places: Places) -> dict[int, int]:
    """How many lanes each layer has."""
    lanes: dict[int, int] = {}
    for place in places.values():
        lanes[place.layer] = max(lanes.get(place.layer, 0), place.lane + 1)
    return lanes


def _without_doubles(kept: Places) -> dict[str, Place]:
    taken: set[Place] = set()
    singles: dict[str, Place] = {}
    for name, place in kept.items():
        if place not in taken:
            taken.add(place)
            singles[name] = place
    return singles


class _Newcomers:
    """Finds cells for nodes that have none, without moving the others."""

    def __init__(self, names: Sequence[str], graph: LayeredGraph, known: Places, kept: dict[str, Place]) -> None:
        self._names = names
        self._graph = graph
        self._kept = kept
        self._rows = max((place.row for place in known.values()), default=0) + 1
        self._lanes = lanes_of(known)
        self._reserved = set(known.values())

    def placed(self) -> dict[str, Place]:
        placed = dict(self._kept)
        taken = set(placed.values())
        for at, name in enumerate(self._names):
            if name not in placed:
                placed[name] = self._nearest(int(self._graph.layer_of[at]), self._wanted_row(at, placed), taken)
                taken.add(placed[name])
        return placed

    def _wanted_row(self, at: int, placed: Places) -> float:
        graph = self._graph
        joined = np.concatenate((graph.targets[graph.sources == at], graph.sources[graph.targets == at]))
        rows = [placed[name].row for other in joined if (name := self._names[int(other)]) in placed]
        return sum(rows) / len(rows) if rows else float(self._rows)

    def _nearest(self, layer: int, wanted: float, taken: set[Place]) -> Place:
        """A free cell; one that waits for a node that is away is taken only where there is no other."""
        lanes = range(self._lanes.setdefault(layer, 1))
        cells = [Place(layer, lane, row) for row in range(self._rows) for lane in lanes]
        free = [cell for cell in cells if cell not in taken]
        unreserved = [cell for cell in free if cell not in self._reserved]
        choice = unreserved or [Place(layer, 0, self._rows)]
        found = min(choice, key=lambda cell: (abs(cell.row - wanted), cell))
        self._rows = max(self._rows, found.row + 1)
        return found


def _laid_out(names: Sequence[str], graph: LayeredGraph, known: Places, cell: Cell) -> dict[str, Place]:
    if not names:
        return {}
    usual = float(max((place.row for place in known.values()), default=0))
    rows_before = [known[name].row if name in known else usual for name in names]
    order = ordered(graph, np.array(rows_before, dtype=np.float64) if known else None)
    height = _height([len(layer) for layer in order], cell)
    rows = _rows(graph, order, height)
    lanes = [_lane_count(len(layer), height) for layer in order]
    return {
        names[int(node)]: Place(number, at % lanes[number], int(rows[node]))
        for number, layer in enumerate(order)
        for at, node in enumerate(layer)
    }


def _height(sizes: Sequence[int], cell: Cell) -> int:
    """How many rows the map has: as many as its longest layer while that is short, else what gives it its shape."""
    longest = max(sizes)
    if longest <= ROWS_WITHOUT_WRAPPING:
        return max(longest, 1)
    for height in range(_LEAST_ROWS, longest):
        width = sum(_lane_count(size, height) for size in sizes) * cell.width
        if width <= cell.aspect * height * cell.height:
            return height
    return longest


def _lane_count(size: int, height: int) -> int:
    return max(1, ceil(size / height))


def _rows(graph: LayeredGraph, order: list[IntArray], height: int) -> FloatArray:
    """The row of each node: the longest layer is filled, the others follow what they are joined with."""
    rows = np.full(len(graph.layer_of), np.nan)
    by_size = sorted(range(len(order)), key=lambda number: -len(order[number]))
    for number in by_size:
        layer = order[number]
        lanes = _lane_count(len(layer), height)
        if lanes > 1 or not len(layer) or np.isnan(rows).all():
            rows[layer] = _packed(len(layer), lanes, height)
        else:
            rows[layer] = _aligned(_wanted(graph, layer, rows), height)
    return rows


def _packed(size: int, lanes: int, height: int) -> FloatArray:
    used = ceil(size / lanes)
    return (np.arange(size) // lanes + (height - used) // 2).astype(np.float64)


def _wanted(graph: LayeredGraph, layer: IntArray, rows: FloatArray) -> FloatArray:
    """The mean row of what each node of a layer is joined with and has a row; in between for those without."""
    ends = np.concatenate((graph.sources, graph.targets))
    others = np.concatenate((graph.targets, graph.sources))
    has_row = np.isfinite(rows[others])
    size = len(rows)
    sums = np.bincount(ends[has_row], rows[others[has_row]], size)[layer]
    counts = np.bincount(ends[has_row], minlength=size)[layer]
    is_joined = counts > 0
    at = np.arange(len(layer), dtype=np.float64)
    if not is_joined.any():
        return at + (np.nanmax(rows) - len(layer) + 1) / 2
    return np.interp(at, at[is_joined], sums[is_joined] / counts[is_joined])


def _aligned(wanted: FloatArray, height: int) -> FloatArray:
    """Whole rows in the given order, each another one, as near to the wanted ones as can be."""
    at = np.arange(len(wanted), dtype=np.float64)
    slack: FloatArray = np.clip(np.rint(_rising(wanted - at)), 0, height - len(wanted))
    return slack + at


def _rising(values: FloatArray) -> FloatArray:
    """The never falling sequence nearest to some values by least squares: pool adjacent violators."""
    means: list[float] = []
    sizes: list[int] = []
    for value in values.tolist():
        means.append(value)
        sizes.append(1)
        while len(means) > 1 and means[-2] > means[-1]:
            size = sizes[-2] + sizes[-1]
            means[-2:] = [(means[-2] * sizes[-2] + means[-1] * sizes[-1]) / size]
            sizes[-2:] = [size]
    return np.repeat(np.array(means, dtype=np.float64), sizes)
