"""Which nodes and edges of a scene stand out: those that match the filter, or are part of an answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quarterdeck.domain.health import HealthState, needs_attention
from quarterdeck.ui.panels.relationships.edge_looks import BRIGHT, without_state
from quarterdeck.ui.panels.relationships.map_picture import Drawing, Flags
from quarterdeck.ui.panels.relationships.state import Answer, EdgeChoice, IntArray, MapScene, Selection

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


def matching_nodes(scene: MapScene, words: str, selection: Selection) -> Flags:
    """Which nodes hold all the words looked for and are in a state looked for."""
    sought = words.casefold().split()
    found = (is_selected(node.state, selection) and all(word in node.sought for word in sought) for node in scene.nodes)
    return np.fromiter(found, np.bool_, len(scene.nodes))


def drawing_of(scene: MapScene, highlight: Highlight, *, is_old: bool) -> Drawing:
    """What is painted of a scene for a person who looks for something."""
    stands_out = matching_nodes(scene, highlight.words, highlight.selection)
    ends = scene.ends
    is_bright = stands_out[ends[:, 0]] & stands_out[ends[:, 1]]
    answer = highlight.answer if highlight.answer is not None and highlight.answer.node_ids else None
    if answer is not None:
        stands_out &= np.fromiter((node.id in answer.node_ids for node in scene.nodes), np.bool_, len(scene.nodes))
        is_bright &= np.fromiter((edge.id in answer.edge_ids for edge in scene.edges), np.bool_, len(scene.edges))
    choice = highlight.edges
    is_many = choice is EdgeChoice.FITTING and len(scene.edges) > MOST_SINGLE_EDGES
    codes = without_state(scene.edge_codes) if is_old else scene.edge_codes
    return Drawing(
        scene=scene,
        lines=scene.bundles if is_many or choice is EdgeChoice.BUNDLED else scene.routes,
        shown_edges=_shown_edges(scene, highlight),
        edge_codes=codes + is_bright * BRIGHT,
        faint_nodes=~stands_out,
        is_old=is_old,
        is_answer=answer is not None,
    )


def _shown_edges(scene: MapScene, highlight: Highlight) -> IntArray:
    count = len(scene.edges)
    match highlight.edges:
        case EdgeChoice.TROUBLED:
            wanted = np.fromiter((edge.state is not None for edge in scene.edges), np.bool_, count)
        case EdgeChoice.CHOSEN:
            wanted = (scene.ends == highlight.chosen_node).any(axis=1)
        case _:
            wanted = np.ones(count, dtype=np.bool_)
    return np.flatnonzero(wanted).astype(np.int64)
