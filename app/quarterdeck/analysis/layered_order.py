"""Ordering a layered graph so that few of its edges cross: barycentre sweeps.

Method: Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures", IEEE Trans. SMC
11 (1981). The layers are given; only the order inside each is sought.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

SWEEPS = 100
"""The most sweeps: long chains of a shuffled graph need about so many to come straight, most graphs a handful."""


@dataclass(frozen=True, slots=True, eq=False)
class LayeredGraph:
    """Nodes by index: `layer_of` (n) counts from 0; edges lead from `sources` (m) to `targets` (m), in any direction.

    Edges inside one layer and edges over several layers are allowed, and so are cycles.
    """

    layer_of: IntArray
    sources: IntArray
    targets: IntArray

    @property
    def layers(self) -> list[IntArray]:
        """The nodes of each layer in the order of their indices."""
        count = int(self.layer_of.max()) + 1 if len(self.layer_of) else 0
        return [np.flatnonzero(self.layer_of == layer) for layer in range(count)]


def ordered(graph: LayeredGraph, start: FloatArray | None = None) -> list[IntArray]:
    """The nodes of each layer from first to last, in the order with the fewest crossings that the sweeps came by.

    `start` (n) orders the nodes at the beginning, the smaller first; nodes of the same number keep the order of their
    indices. The same graph and start always give the same order.
    """
    layers = graph.layers
    if start is not None:
        layers = [layer[np.argsort(start[layer], kind="stable")] for layer in layers]
    sweep = _Sweep(graph, len(layers))
    best, fewest = layers, crossings(graph, layers)
    earlier = layers
    for number in range(SWEEPS):
        swept = sweep.up(layers) if number % 2 else sweep.down(layers)
        count = crossings(graph, swept)
        if count <= fewest:
            best, fewest = swept, count
        if fewest == 0 or (number > 1 and all(map(np.array_equal, swept, earlier))):
            break
        earlier, layers = layers, swept
    return best


def crossings(graph: LayeredGraph, layers: list[IntArray]) -> int:
    """How often edges between the same two layers cross, in an order of the nodes."""
    rank = _ranks(layers, len(graph.layer_of))
    first, second = graph.layer_of[graph.sources], graph.layer_of[graph.targets]
    is_forward = first < second
    upper = np.where(is_forward, graph.sources, graph.targets)
    lower = np.where(is_forward, graph.targets, graph.sources)
    pair = np.minimum(first, second) * (len(layers) + 1) + np.maximum(first, second)
    is_between = first != second
    return sum(
        _inversions(rank[upper[edges]], rank[lower[edges]])
        for one in np.unique(pair[is_between])
        if len(edges := np.flatnonzero(is_between & (pair == one)))
    )


class _Sweep:
    """Orders one layer after the other by the mean place of what its nodes are joined with."""

    def __init__(self, graph: LayeredGraph, layer_count: int) -> None:
        self._graph = graph
        self._count = layer_count
        both = np.concatenate((graph.sources, graph.targets)), np.concatenate((graph.targets, graph.sources))
        self._ends, self._others = both
        self._above = graph.layer_of[self._others] < graph.layer_of[self._ends]
        self._below = graph.layer_of[self._others] > graph.layer_of[self._ends]
        self._beside = ~(self._above | self._below)

    def down(self, layers: list[IntArray]) -> list[IntArray]:
        """Every layer by what lies above it."""
        return self._swept(layers, range(1, self._count), self._above)

    def up(self, layers: list[IntArray]) -> list[IntArray]:
        """Every layer by what lies below it."""
        return self._swept(layers, range(self._count - 2, -1, -1), self._below)

    def _swept(self, layers: list[IntArray], numbers: range, edges: NDArray[np.bool_]) -> list[IntArray]:
        swept = list(layers)
        place = _shares(swept, len(self._graph.layer_of))
        for number in numbers:
            layer = swept[number]
            wanted = self._means(layer, place, edges)
            swept[number] = layer[np.argsort(wanted, kind="stable")]
            place[swept[number]] = _evenly(len(layer))
        return swept

    def _means(self, layer: IntArray, place: FloatArray, edges: NDArray[np.bool_]) -> FloatArray:
        """The mean place of each node's neighbours; beside it where there are none there, else its own place."""
        means = place[layer]
        for wanted in (self._beside, edges):
            found, counts = self._sums(place, wanted)
            has_some = counts[layer] > 0
            means = np.where(has_some, found[layer] / np.maximum(counts[layer], 1), means)
        return means

    def _sums(self, place: FloatArray, wanted: NDArray[np.bool_]) -> tuple[FloatArray, IntArray]:
        ends, others = self._ends[wanted], self._others[wanted]
        size = len(place)
        sums = np.bincount(ends, place[others], size).astype(np.float64)
        return sums, np.bincount(ends, minlength=size)


def _inversions(upper: IntArray, lower: IntArray) -> int:
    """How many pairs stand in one order above and in the other below."""
    seen: list[int] = []
    found = 0
    for value in lower[np.lexsort((lower, upper))].tolist():
        found += len(seen) - bisect_right(seen, value)
        insort(seen, value)
    return found


def _ranks(layers: list[IntArray], count: int) -> IntArray:
    rank = np.zeros(count, dtype=np.int64)
    for layer in layers:
        rank[layer] = np.arange(len(layer))
    return rank


def _shares(layers: list[IntArray], count: int) -> FloatArray:
    """Where in its layer each node stands, from 0 to 1, so that layers of any length can be compared."""
    place = np.zeros(count)
    for layer in layers:
        place[layer] = _evenly(len(layer))
    return place


def _evenly(count: int) -> FloatArray:
    return (np.arange(count) + 0.5) / max(1, count)
