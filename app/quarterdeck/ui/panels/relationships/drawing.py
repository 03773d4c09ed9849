"""Which nodes and edges of a scene stand out: those that match the filter, or are part of an answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quarterdeck.domain.health import HealthState, needs_attention
from quarterdeck.ui.panels.relationships.map_picture import Drawing, Flags
from quarterdeck.ui.panels.relationships.state import Answer, EdgeChoice, IntArray, MapNode, MapScene, Selection

MOST_SINGLE_EDGES = 400
"""From so many edges on lines are drawn in bundles, unless a person wants each by itself."""

_STATES = {
    Selection.ATTENTION: frozenset(state for state in HealthState if needs_attention(state)),
    Selection.DOWN: frozenset({HealthState.DOWN, HealthState.UNREACHABLE}),
    Selection.DEGRADED: frozenset({HealthState.DEGRADED}),
    Selection.SILENT: frozenset({HealthState.STALE, HealthState.UNKNOWN}),
    Selection.MAINTENANCE: frozenset({HealthState.MAINTENANCE}),
    Selection.HEALTHY: frozenset({HealthState.HEALTHY}),
}
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Highlight:
    """What a person looks for: words, states, an answer, relations of some kind, and what is chosen."""

    words: str = ""
    selection: Selection = Selection.ALL
    answer: Answer | None = None
    edges: EdgeChoice = EdgeChoice.FITTING
    chosen_node: int = -1


def is_selected(state: HealthState, selection: Selection) -> bool:
    """Whether a state belongs to a selection."""
    return selection is Selection.ALL or state in _STATES[selection]


def matching_nodes(scene: MapScene, highlight: Highlight) -> Flags:
    """Which nodes hold all the words looked for and are in a state looked for."""
    words = highlight.words.casefold().split()
    return np.fromiter((_matches(node, words, highlight.selection) for node in scene.nodes), np.bool_, len(scene.nodes))


def drawing_of(scene: MapScene, highlight: Highlight, *, is_old: bool) -> Drawing:
    """What is painted of a scene for a person who looks for something."""
    stands_out = matching_nodes(scene, highlight)
    ends = np.array([(edge.source, edge.target) for edge in scene.edges], dtype=np.int64).reshape(-1, 2)
    is_quiet = ~(stands_out[ends[:, 0]] & stands_out[ends[:, 1]])
    if highlight.answer is not None and highlight.answer.node_ids:
        answer = highlight.answer
        stands_out &= np.fromiter((node.id in answer.node_ids for node in scene.nodes), np.bool_, len(scene.nodes))
        is_quiet |= np.fromiter((edge.id not in answer.edge_ids for edge in scene.edges), np.bool_, len(scene.edges))
    choice = highlight.edges
    is_bundled = choice is EdgeChoice.BUNDLED or (choice is EdgeChoice.FITTING and len(scene.edges) > MOST_SINGLE_EDGES)
    return Drawing(
        scene=scene,
        lines=scene.bundles if is_bundled else scene.routes,
        shown_edges=_shown_edges(scene, ends, highlight),
        faint_nodes=~stands_out,
        faint_edges=is_quiet,
        is_old=is_old,
    )


def _shown_edges(scene: MapScene, ends: IntArray, highlight: Highlight) -> IntArray:
    count = len(scene.edges)
    match highlight.edges:
        case EdgeChoice.TROUBLED:
            wanted = np.fromiter((edge.state is not None for edge in scene.edges), np.bool_, count)
        case EdgeChoice.CHOSEN:
            wanted = (ends == highlight.chosen_node).any(axis=1)
        case _:
            wanted = np.ones(count, dtype=np.bool_)
    return np.flatnonzero(wanted).astype(np.int64)


def _matches(node: MapNode, words: list[str], selection: Selection) -> bool:
    if not is_selected(node.state, selection):
        return False
    told = node.tip[:_LONGEST].casefold() if words else ""
    return all(word in told for word in words)
