"""What nodes and edges of the map say: on them, in their tool tips, and to a screen reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from quarterdeck.domain.estate import EntityKind, Origin, RelationKind
from quarterdeck.domain.facts import fact
from quarterdeck.domain.health import SEVERITY, HealthState
from quarterdeck.domain.instants import duration_words
from quarterdeck.domain.series import Meaning
from quarterdeck.services.relationships import GraphEntity, GraphRelation
from quarterdeck.services.wording import domain_words, moment_words, percent, quantity, state_words
from quarterdeck.ui.panels.relationships.graph_view import GraphView, ViewEdge, ViewNode, edge_state
from quarterdeck.ui.panels.relationships.state import MapEdge, MapNode

Translate = Callable[[str], str]
FactWords: TypeAlias = tuple[tuple[str, str], ...]
"""Labels and values."""

KNOWN_FACTS = ("contract", "protocol", "objective", "data_class", "owner")
_BROKEN = frozenset({HealthState.DEGRADED, HealthState.DOWN, HealthState.UNREACHABLE})
_MOST_NAMED = 12
_MOST_SOUGHT = 4000
_BUSY = 10


def layer_titles(tr: Translate) -> tuple[str, ...]:
    """The layers from left to right."""
    return (tr("External"), tr("Integration"), tr("Service"), tr("Component"), tr("Event → notification"))


def kind_words(kind: EntityKind, tr: Translate) -> str:
    """A kind in a word or two."""
    words = {
        EntityKind.PARTNER: tr("partner"),
        EntityKind.INTEGRATION: tr("integration"),
        EntityKind.SERVICE: tr("service"),
        EntityKind.COMPONENT: tr("component"),
        EntityKind.EVENT_TYPE: tr("event type"),
        EntityKind.CHANNEL: tr("channel"),
    }
    return words[kind]


def relation_kind_words(kind: RelationKind, tr: Translate) -> str:
    """A kind of relation as the specification names it."""
    words = {
        RelationKind.EXTERNAL_INTERNAL: tr("External → Internal"),
        RelationKind.SERVICE_COMPONENT: tr("Service → Component"),
        RelationKind.EVENT_NOTIFICATION: tr("Event → Notification"),
    }
    return words[kind]


def origin_words(origins: frozenset[Origin], tr: Translate) -> str:
    """Who tells of a relation: an estate document, a connector, or both."""
    if Origin.DECLARED not in origins:
        return tr("seen, not declared")
    return tr("declared and seen") if Origin.OBSERVED in origins else tr("declared")


def why_words(one: GraphEntity, tr: Translate) -> str:
    """Why an entity is in its state, or its state alone where nothing tells why."""
    if one.is_missing:
        return tr("named by relations only")
    if one.state is HealthState.HEALTHY and not one.reason:
        return state_words(one.state)
    reason = one.reason.removesuffix(".")
    return reason or state_words(one.state)


def figure_words(one: GraphEntity) -> str:
    """The figures of an entity in a few letters: `312 /s · 84 ms`; empty where it tells none."""
    rate, response = one.value(Meaning.THROUGHPUT), one.value(Meaning.RESPONSE_TIME)
    errors, depth = one.value(Meaning.ERROR_RATE), one.value(Meaning.QUEUE_DEPTH)
    storage, load = one.value(Meaning.STORAGE), one.value(Meaning.SATURATION)
    parts = [
        "" if rate is None else f"{rate:,.0f} /s" if rate >= _BUSY else quantity(rate, "1/s"),
        "" if response is None else quantity(response, "s"),
    ]
    if not any(parts):
        parts = [percent(value) for value in (errors, storage, load) if value is not None][:1]
        parts += [] if depth is None else [f"{depth:,.0f}"]
    return " · ".join(part for part in parts if part)


def since_words(one: GraphEntity, at: datetime) -> str:
    """For how long the state has held; empty where that is not known."""
    return duration_words((at - one.since_at).total_seconds()) if one.since_at else ""


def state_counts(members: Iterable[GraphEntity]) -> str:
    """How many of several are in which state, the most urgent first: `1 down, 12 healthy`."""
    counts = Counter(member.state for member in members)
    ordered = sorted(counts, key=lambda state: -SEVERITY[state])
    return ", ".join(f"{counts[state]} {state_words(state)}" for state in ordered)


def node_words(node: ViewNode, at: datetime, tr: Translate) -> MapNode:
    """A node as it is drawn and spoken."""
    if node.is_group:
        return _group(node, tr)
    one = node.members[0]
    kind = kind_words(one.entity.kind, tr)
    about = ", ".join(part for part in (kind, domain_words(one.entity.domain)) if part)
    state = _state(one, at, tr)
    tip = "\n".join(part for part in (one.entity.name, about, state, _about(one, tr)) if part)
    return MapNode(
        id=node.id,
        entity_keys=(one.key,),
        layer=node.layer,
        domain=node.domain,
        state=one.state,
        name=one.entity.name,
        line=_line(one, tr),
        tip=tip,
        spoken=f"{one.entity.name}, {about}, {state}",
        sought=tip[:_MOST_SOUGHT].casefold(),
        is_missing=one.is_missing,
    )


def edge_words(
    view: GraphView, nodes: Sequence[MapNode], facts: Mapping[str, FactWords], tr: Translate
) -> tuple[MapEdge, ...]:
    """The edges as they are drawn and spoken; `facts` in words of each relation by its key."""
    states = {member.key: member.state for node in view.nodes for member in node.members}
    return tuple(_edge(edge, nodes, states, facts, tr=tr) for edge in view.edges)


def edge_id(nodes: Sequence[ViewNode] | Sequence[MapNode], edge: ViewEdge) -> str:
    """The key of the one relation behind an edge, else a name for all that are behind it."""
    if len(edge.relations) == 1:
        return edge.relations[0].key
    return f"{nodes[edge.source].id}>{nodes[edge.target].id}"


def relation_facts(one: GraphRelation, at: datetime, tr: Translate) -> FactWords:
    """Everything known of a relation, as labels and values."""
    known = dict(one.relation.facts)
    labels = (tr("Contract"), tr("Protocol"), tr("Objective"), tr("Data class"), tr("Owner"))
    others = [(key.replace("_", " ").capitalize(), value) for key, value in known.items() if key not in KNOWN_FACTS]
    seen = moment_words(one.last_seen_at, at) if one.last_seen_at else ""
    told = [
        (tr("Kind"), relation_kind_words(one.relation.kind, tr)),
        *((label, known.get(key, "")) for key, label in zip(KNOWN_FACTS, labels, strict=True)),
        *others,
        (tr("Known"), origin_words(one.origins, tr)),
        (tr("Told by"), one.source),
        (tr("Since"), moment_words(one.first_at, at)),
        (tr("Last seen"), seen),
    ]
    return tuple((label, value) for label, value in told if value)


def _state(one: GraphEntity, at: datetime, tr: Translate) -> str:
    word = state_words(one.state)
    if one.is_missing:
        return tr("{state}: named by relations, told of by nothing").format(state=word)
    since = since_words(one, at)
    held = tr("{state} for {time}").format(state=word, time=since) if since else word
    return f"{held}: {one.reason.removesuffix('.')}" if one.reason else held


def _about(one: GraphEntity, tr: Translate) -> str:
    figures = figure_words(one)
    owner = tr("Owner {owner}").format(owner=one.entity.owner) if one.entity.owner else ""
    tier = "" if one.is_missing else tr("Tier {tier}").format(tier=one.entity.tier)
    return "\n".join(part for part in (figures, one.entity.description, owner, tier) if part)


def _line(one: GraphEntity, tr: Translate) -> str:
    """What stands below the name: what is wrong, else the figures, else what else there is to say of the state."""
    if one.is_missing:
        return tr("not declared")
    if one.state in _BROKEN and one.reason:
        return one.reason.partition(", ")[0].replace(" response time", "").removesuffix(".")
    figures = figure_words(one) if one.state is HealthState.HEALTHY else ""
    return figures or state_words(one.state)


def _group(node: ViewNode, tr: Translate) -> MapNode:
    domain = domain_words(node.domain) or tr("No domain")
    count = len(node.members)
    layer = layer_titles(tr)[node.layer]
    counts = state_counts(node.members)
    worst_first = sorted(node.members, key=lambda one: (-SEVERITY[one.state], one.entity.name.casefold()))
    names = [f"{one.entity.name}: {state_words(one.state)}" for one in worst_first[:_MOST_NAMED]]
    more = [tr("and {count} more").format(count=count - _MOST_NAMED)] if count > _MOST_NAMED else []
    return MapNode(
        id=node.id,
        entity_keys=tuple(one.key for one in node.members),
        layer=node.layer,
        domain=node.domain,
        state=node.state,
        name=f"{domain} · {count}",
        line=counts,
        tip="\n".join((f"{domain} · {layer} · {count}", counts, *names, *more)),
        sought="\n".join((domain, counts, *(one.entity.name for one in node.members)))[:_MOST_SOUGHT].casefold(),
        spoken=tr("Group {domain}, {layer}, {count} entities: {states}").format(
            domain=domain, layer=layer, count=count, states=counts
        ),
        is_group=True,
    )


def _edge(
    edge: ViewEdge,
    nodes: Sequence[MapNode],
    states: dict[str, HealthState],
    facts: Mapping[str, FactWords],
    *,
    tr: Translate,
) -> MapEdge:
    source, target = nodes[edge.source], nodes[edge.target]
    title = f"{source.name} → {target.name}"
    one = edge.relations[0] if len(edge.relations) == 1 else None
    told = facts[one.key] if one else _joint_facts(edge.relations, tr)
    return MapEdge(
        id=edge_id(nodes, edge),
        source=edge.source,
        target=edge.target,
        state=edge_state(edge.relations, states),
        count=len(edge.relations),
        is_observed_only=all(one.is_observed_only for one in edge.relations),
        title=title,
        facts=told,
        spoken=tr("Relation from {source} to {target}: {facts}").format(
            source=source.name, target=target.name, facts=", ".join(value for _, value in told)
        ),
    )


def _joint_facts(relations: Sequence[GraphRelation], tr: Translate) -> FactWords:
    """What several relations between the same two nodes have: how many, and of each fact the different values."""

    def values(key: str) -> str:
        return ", ".join(sorted({fact(one.relation.facts, key) for one in relations} - {""})[:_MOST_NAMED])

    kinds = sorted({relation_kind_words(one.relation.kind, tr) for one in relations})
    told = (
        (tr("Relations"), str(len(relations))),
        (tr("Kind"), ", ".join(kinds)),
        (tr("Contract"), values("contract")),
        (tr("Protocol"), values("protocol")),
        (tr("Data class"), values("data_class")),
    )
    return tuple((label, value) for label, value in told if value)
