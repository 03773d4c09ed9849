"""The lines of edges over the grid of the map: around the nodes they pass, and drawn together where there are many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quarterdeck.ui.panels.relationships.state import (
    LANE_WIDTH,
    NODE_HEIGHT,
    NODE_WIDTH,
    ROW_HEIGHT,
    FloatArray,
    IntArray,
)

_BEND = 9
_SIDE = (LANE_WIDTH - NODE_WIDTH) / 2
_LONGEST_BOW = 34.0
_SHORTEST_BOW = 12.0
_BOW_GROWTH = 0.06
_TRACKS = 5
_TRACK_WIDTH = 1.6
_CLEARANCE = 2.0
_PULL = 0.85
"""How far a line is drawn towards the middle of its bundle."""


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Edges from a node to another: centres (m, 2) of both, the lane (m) of both counted over the whole map."""

    sources: FloatArray
    targets: FloatArray
    source_lanes: IntArray
    target_lanes: IntArray


def routes(lines: Lines) -> FloatArray:
    """The points (m, p, 2) of each line: out at a side, along the room between two rows, in at a side.

    Lines to the next lane go straight; lines inside a lane make a bow on the right.
    """
    is_far = np.abs(lines.target_lanes - lines.source_lanes) > 1
    points = _over(lines, _corridors(lines))
    points[~is_far] = _straight(lines)[~is_far]
    return _with_bows(points, lines)


def bundled_routes(lines: Lines, bundles: IntArray) -> FloatArray:
    """The same for lines of the same number in `bundles` (m) drawn together in the room nearest to their middle."""
    middle = (lines.sources[:, 1] + lines.targets[:, 1]) / 2
    counts = np.maximum(np.bincount(bundles), 1) if len(bundles) else np.ones(1)
    mean = np.bincount(bundles, middle, len(counts)) / counts
    return _with_bows(_over(lines, _beside_nodes(middle + (mean[bundles] - middle) * _PULL)), lines)


def _corridors(lines: Lines) -> FloatArray:
    """The room between two rows that is nearest to the middle of each line; neighbours in it lie side by side."""
    ends = lines.sources[:, 1] + lines.targets[:, 1]
    nearest = np.floor(ends / 2 / ROW_HEIGHT + 0.5) * ROW_HEIGHT
    return nearest + (np.rint(ends / ROW_HEIGHT) % _TRACKS - _TRACKS // 2) * _TRACK_WIDTH


def _beside_nodes(height: FloatArray) -> FloatArray:
    """The same heights inside the room between two rows, in the same order: a line over a node strikes its name out."""
    nearest = np.floor(height / ROW_HEIGHT + 0.5) * ROW_HEIGHT
    return nearest + (height - nearest) / ROW_HEIGHT * (ROW_HEIGHT - NODE_HEIGHT - 2 * _CLEARANCE)


def _over(lines: Lines, height: FloatArray) -> FloatArray:
    """Lines that bend to a height beside their source, follow it, and bend to their target beside that."""
    out_x, in_x = _ports(lines)
    is_far = np.abs(lines.target_lanes - lines.source_lanes) > 1
    reach = np.where(is_far, np.sign(in_x - out_x) * 2 * _SIDE, (in_x - out_x) / 2)
    first = _bend(out_x, lines.sources[:, 1], out_x + reach, height, count=_BEND)
    last = _bend(in_x - reach, height, in_x, lines.targets[:, 1], count=_BEND)
    return np.concatenate((first, last), axis=1)


def _straight(lines: Lines) -> FloatArray:
    out_x, in_x = _ports(lines)
    return _bend(out_x, lines.sources[:, 1], in_x, lines.targets[:, 1], count=2 * _BEND)


def _ports(lines: Lines) -> tuple[FloatArray, FloatArray]:
    """Where each line leaves and arrives: at the sides that face each other."""
    direction = np.sign(lines.target_lanes - lines.source_lanes).astype(np.float64)
    half = direction * NODE_WIDTH / 2
    return lines.sources[:, 0] + half, lines.targets[:, 0] - half


def _bend(from_x: FloatArray, from_y: FloatArray, to_x: FloatArray, to_y: FloatArray, *, count: int) -> FloatArray:
    """A smooth line (m, count, 2) that leaves and arrives level."""
    share = np.linspace(0.0, 1.0, count)
    smooth = share * share * (3 - 2 * share)
    x = from_x[:, None] + (to_x - from_x)[:, None] * share
    y = from_y[:, None] + (to_y - from_y)[:, None] * smooth
    return np.stack((x, y), axis=2)


def _with_bows(points: FloatArray, lines: Lines) -> FloatArray:
    """Lines between nodes of one lane go from the right side of one to the right side of the other."""
    is_beside = lines.source_lanes == lines.target_lanes
    points[is_beside] = _bows(lines.sources[is_beside], lines.targets[is_beside], points.shape[1])
    return points


def _bows(sources: FloatArray, targets: FloatArray, count: int) -> FloatArray:
    """Lines (m, count, 2) from the right side of a node to the right side of another in the same lane."""
    share = np.linspace(0.0, 1.0, count)
    width = np.clip(np.abs(targets[:, 1] - sources[:, 1]) * _BOW_GROWTH, _SHORTEST_BOW, _LONGEST_BOW)
    right = np.maximum(sources[:, 0], targets[:, 0]) + NODE_WIDTH / 2
    x = right[:, None] + width[:, None] * np.sin(np.pi * share) ** 0.5
    y = sources[:, 1, None] + (targets[:, 1] - sources[:, 1])[:, None] * share
    return np.stack((x, y), axis=2)
