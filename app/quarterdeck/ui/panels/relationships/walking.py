"""Where a key leads on the map: to the next node up or down, along relations to the side, from relation to relation."""

from __future__ import annotations

from enum import Enum

import numpy as np

from quarterdeck.ui.panels.relationships.state import IntArray, MapScene

_SAME_LANE = 1.0
_ASIDE = 2.0
"""How much farther a node counts that lies aside of the direction of a step than one that lies in it."""


class Step(Enum):
    """A direction on the map, as a sign along x and along y."""

    LEFT = (-1, 0)
    RIGHT = (1, 0)
    UP = (0, -1)
    DOWN = (0, 1)


def first_node(scene: MapScene) -> int:
    """The node at the upper left; -1 where there is none."""
    if not scene.nodes:
        return -1
    return int(np.lexsort((scene.centres[:, 1], scene.centres[:, 0]))[0])


def reading_order(scene: MapScene) -> IntArray:
    """The nodes lane by lane, each from top to bottom."""
    return np.lexsort((scene.centres[:, 1], scene.centres[:, 0])).astype(np.int64)


def node_beside(scene: MapScene, node: int, step: Step) -> int:
    """The node a step leads to; the same one where there is none.

    To the side it follows relations first; up and down it stays in the lane.
    """
    across, down = step.value
    offsets = scene.centres - scene.centres[node]
    ahead = offsets[:, 0] * across + offsets[:, 1] * down > _SAME_LANE
    if down:
        ahead &= np.abs(offsets[:, 0]) < _SAME_LANE
        return _nearest(offsets, ahead, node)
    joined = np.zeros(len(scene.nodes), dtype=np.bool_)
    joined[_neighbours(scene, node)] = True
    if (ahead & joined).any():
        ahead &= joined
    return _nearest(offsets, ahead, node)


def edges_of(scene: MapScene, node: int) -> list[int]:
    """The edges at a node: those to the left first, each side from top to bottom."""
    found: list[int] = np.flatnonzero((scene.ends == node).any(axis=1)).tolist()
    return sorted(found, key=lambda at: tuple(scene.centres[other_end(scene, at, node)]))


def other_end(scene: MapScene, edge: int, node: int) -> int:
    """The node at the other end of an edge."""
    one = scene.edges[edge]
    return one.target if one.source == node else one.source


def end_towards(scene: MapScene, edge: int, step: Step) -> int:
    """The end of an edge that lies farther in a direction."""
    one = scene.edges[edge]
    across, down = step.value
    ends = scene.centres[[one.source, one.target]]
    along = ends[:, 0] * across + ends[:, 1] * down
    return one.source if along[0] > along[1] else one.target


def _neighbours(scene: MapScene, node: int) -> list[int]:
    return [other_end(scene, at, node) for at in edges_of(scene, node)]


def _nearest(offsets: np.ndarray[tuple[int, ...], np.dtype[np.float64]], ahead: object, node: int) -> int:
    candidates = np.flatnonzero(np.asarray(ahead))
    if not len(candidates):
        return node
    away = np.abs(offsets[candidates, 0]) + _ASIDE * np.abs(offsets[candidates, 1])
    return int(candidates[np.argmin(away)])
