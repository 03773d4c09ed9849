"""The map of a moment: nodes in their places, lines between them, and what each says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import numpy as np

from quarterdeck.analysis.layered_order import LayeredGraph
from quarterdeck.analysis.map_places import Cell, Place, Places, lanes_of, placed
from quarterdeck.ui.panels.relationships.edge_looks import code_of
from quarterdeck.ui.panels.relationships.graph_view import GraphView
from quarterdeck.ui.panels.relationships.node_words import FactWords, Translate, edge_words, layer_titles, node_words
from quarterdeck.ui.panels.relationships.routes import Lines, bundled_routes, routes
from quarterdeck.ui.panels.relationships.state import (
    LANE_WIDTH,
    NO_SCENE,
    NODE_WIDTH,
    ROW_HEIGHT,
    EdgeLines,
    FloatArray,
    Heading,
    IntArray,
    MapEdge,
    MapNode,
    MapScene,
)

CELL = Cell(LANE_WIDTH, ROW_HEIGHT, 1.7)
"""How large a cell is, and how much wider than high a map may become that is not narrow by itself."""


def scene_of(
    view: GraphView,
    known: Places,
    facts: Mapping[str, FactWords],
    at: datetime,
    *,
    tr: Translate,
    before: MapScene = NO_SCENE,
) -> tuple[MapScene, dict[str, Place]]:
    """The map, and the places of its nodes for the next one; `facts` in words of each relation by its key.

    What is the same as in the map `before` is that very object, so that nobody needs to compare it again.
    """
    if not view.nodes:
        return NO_SCENE, dict(known)
    ids = [node.id for node in view.nodes]
    ends = _ends(view)
    layer_of = np.array([node.layer for node in view.nodes], dtype=np.int64)
    places = placed(ids, LayeredGraph(layer_of, ends[:, 0], ends[:, 1]), known, CELL)
    nodes = tuple(node_words(node, at, tr) for node in view.nodes)
    scene = _drawn(view, places, nodes, edge_words(view, nodes, facts, tr), headings=layer_titles(tr))
    return _sharing(scene, before), places


def _drawn(
    view: GraphView,
    places: Places,
    nodes: tuple[MapNode, ...],
    edges: tuple[MapEdge, ...],
    *,
    headings: tuple[str, ...],
) -> MapScene:
    lane_counts = lanes_of(places)
    first_lanes = _first_lanes(lane_counts)
    own = [places[node.id] for node in view.nodes]
    lanes = np.array([first_lanes[place.layer] + place.lane for place in own], dtype=np.int64)
    rows = np.array([place.row for place in own], dtype=np.float64)
    centres: FloatArray = np.column_stack((lanes * LANE_WIDTH + NODE_WIDTH / 2, (rows + 0.5) * ROW_HEIGHT)).astype(
        np.float64
    )
    ends = _ends(view)
    sources, targets = ends[:, 0], ends[:, 1]
    lines = Lines(centres[sources], centres[targets], lanes[sources], lanes[targets])
    drawn = routes(lines)
    right = (sum(lane_counts.values()) - 1) * LANE_WIDTH + NODE_WIDTH
    return MapScene(
        nodes=nodes,
        edges=edges,
        centres=centres,
        ends=ends,
        edge_codes=np.fromiter(map(code_of, edges), np.int64, len(edges)),
        routes=EdgeLines.of(drawn),
        bundles=EdgeLines.of(bundled_routes(lines, _bundles(view, ends))),
        headings=_headings(lane_counts, headings),
        width=float(max(right, drawn[:, :, 0].max(initial=0.0))),
        height=float(centres[:, 1].max() + ROW_HEIGHT / 2),
        number=1,
    )


def _ends(view: GraphView) -> IntArray:
    return np.array([(edge.source, edge.target) for edge in view.edges], dtype=np.int64).reshape(-1, 2)


def _first_lanes(lane_counts: Mapping[int, int]) -> dict[int, int]:
    """The lane of the whole map with which each layer begins; a layer that never had a node takes no room."""
    first: dict[int, int] = {}
    count = 0
    for layer in sorted(lane_counts):
        first[layer] = count
        count += lane_counts[layer]
    return first


def _bundles(view: GraphView, ends: IntArray) -> IntArray:
    """A number for each pair of a domain in a layer and another one."""
    cells: dict[tuple[int, str], int] = {}
    cell_of = [cells.setdefault((node.layer, node.domain), len(cells)) for node in view.nodes]
    joined = np.array(cell_of, dtype=np.int64)[ends]
    pairs = joined[:, 0] * len(cells) + joined[:, 1]
    return np.unique(pairs, return_inverse=True)[1].astype(np.int64)


def _headings(lane_counts: Mapping[int, int], titles: tuple[str, ...]) -> tuple[Heading, ...]:
    return tuple(
        Heading(titles[layer], first * LANE_WIDTH, lane_counts[layer] * LANE_WIDTH)
        for layer, first in _first_lanes(lane_counts).items()
    )


def _sharing(scene: MapScene, before: MapScene) -> MapScene:
    is_same_shape = (
        [node.id for node in scene.nodes] == [node.id for node in before.nodes]
        and [edge.id for edge in scene.edges] == [edge.id for edge in before.edges]
        and _equal(scene.centres, before.centres)
    )
    if not is_same_shape:
        return replace(scene, number=before.number + 1)
    if scene.nodes == before.nodes and scene.edges == before.edges:
        return before
    return replace(scene, number=before.number)


def _equal(one: FloatArray, other: FloatArray) -> bool:
    return bool(np.array_equal(one, other))
