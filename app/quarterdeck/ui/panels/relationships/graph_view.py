"""Which nodes and edges the map has: entities alone or collapsed by domain, all of them or those around one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quarterdeck.analysis.reach import reached
from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.health import SEVERITY, HealthState
from quarterdeck.services.consequences import dependents_of, needs_of
from quarterdeck.services.relationships import GraphEntity, GraphRelation, RelationshipReport
from quarterdeck.ui.panels.relationships.state import Focus, Wish

LAYERS: dict[EntityKind, int] = {
    EntityKind.PARTNER: 0,
    EntityKind.INTEGRATION: 1,
    EntityKind.SERVICE: 2,
    EntityKind.COMPONENT: 3,
    EntityKind.EVENT_TYPE: 4,
    EntityKind.CHANNEL: 4,
}
MOST_UNCOLLAPSED = 800
"""A map of more entities than this begins collapsed by domain."""

TROUBLE = frozenset({HealthState.DEGRADED, HealthState.DOWN, HealthState.UNREACHABLE})


@dataclass(frozen=True, slots=True)
class ViewNode:
    """A node: one entity, or several of one layer and one domain."""

    id: str
    layer: int
    domain: str
    members: tuple[GraphEntity, ...]
    is_group: bool

    @property
    def state(self) -> HealthState:
        """The state of the entity, the most urgent of several."""
        return max((member.state for member in self.members), key=SEVERITY.__getitem__)


@dataclass(frozen=True, slots=True)
class ViewEdge:
    """An edge between two nodes by index, and the relations behind it."""

    source: int
    target: int
    relations: tuple[GraphRelation, ...]


@dataclass(frozen=True, slots=True)
class GraphView:
    """Nodes by layer, domain and name, and the edges between them; `hidden_count` entities are out of the focus."""

    nodes: tuple[ViewNode, ...]
    edges: tuple[ViewEdge, ...]
    collapsed: frozenset[str]
    hidden_count: int


def graph_view(report: RelationshipReport, wish: Wish) -> GraphView:
    """The nodes and edges of a wish."""
    shown = _around(report, wish.focus)
    collapsed = wish.collapsed if wish.collapsed is not None else _collapsed_by_size(shown)
    nodes = _nodes(shown, collapsed)
    node_of = {member.key: at for at, node in enumerate(nodes) for member in node.members}
    return GraphView(
        nodes=nodes,
        edges=_edges(report.relations, node_of),
        collapsed=collapsed,
        hidden_count=len(report.entities) - len(shown),
    )


def domains_of(entities: Iterable[GraphEntity]) -> frozenset[str]:
    """All domains, the empty one among them where entities have none."""
    return frozenset(one.entity.domain for one in entities)


def edge_state(relations: Iterable[GraphRelation], states: dict[str, HealthState]) -> HealthState | None:
    """The state of the needed end where both ends are in trouble, the most urgent of several; None else."""
    found = [
        states[one.needed_key]
        for one in relations
        if states[one.needed_key] in TROUBLE and states[one.dependent_key] in TROUBLE
    ]
    return max(found, key=SEVERITY.__getitem__, default=None)


def _around(report: RelationshipReport, focus: Focus | None) -> Sequence[GraphEntity]:
    entities = report.by_key()
    if focus is None or focus.entity_key not in entities:
        return report.entities
    up = reached(focus.entity_key, needs_of(report.relations), focus.steps)
    down = reached(focus.entity_key, dependents_of(report.relations), focus.steps)
    wanted = up.steps.keys() | down.steps.keys()
    return [one for one in report.entities if one.key in wanted]


def _collapsed_by_size(shown: Sequence[GraphEntity]) -> frozenset[str]:
    return domains_of(shown) if len(shown) > MOST_UNCOLLAPSED else frozenset()


def _nodes(shown: Sequence[GraphEntity], collapsed: frozenset[str]) -> tuple[ViewNode, ...]:
    cells: dict[tuple[int, str], list[GraphEntity]] = defaultdict(list)
    for one in shown:
        cells[LAYERS[one.entity.kind], one.entity.domain].append(one)
    nodes: list[ViewNode] = []
    for (layer, domain), members in sorted(cells.items()):
        if domain in collapsed and len(members) > 1:
            nodes.append(ViewNode(f"group:{layer}:{domain}", layer, domain, tuple(members), is_group=True))
        else:
            by_name = sorted(members, key=lambda one: (one.entity.name.casefold(), one.key))
            nodes += [ViewNode(one.key, layer, domain, (one,), is_group=False) for one in by_name]
    return tuple(nodes)


def _edges(relations: Iterable[GraphRelation], node_of: dict[str, int]) -> tuple[ViewEdge, ...]:
    behind: dict[tuple[int, int], list[GraphRelation]] = defaultdict(list)
    for one in relations:
        source, target = node_of.get(one.relation.source_key), node_of.get(one.relation.target_key)
        if source is not None and target is not None and source != target:
            behind[source, target].append(one)
    return tuple(ViewEdge(*ends, tuple(found)) for ends, found in behind.items())
