"""The panel's moment put together: the map, the tables and the answer, in words; runs in a worker."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from quarterdeck.analysis.map_places import Place, Places
from quarterdeck.domain.facts import fact
from quarterdeck.domain.health import SEVERITY, HealthState
from quarterdeck.domain.instants import to_ms
from quarterdeck.services.mermaid import FlowEdge, FlowNode, flowchart
from quarterdeck.services.moments import Moment
from quarterdeck.services.relationships import GraphRelation, RelationshipReport
from quarterdeck.services.wording import count_words, domain_words, moment_words
from quarterdeck.ui.panels.relationships.answers import answer_of
from quarterdeck.ui.panels.relationships.graph_view import GraphView, domains_of, edge_state, graph_view
from quarterdeck.ui.panels.relationships.node_words import (
    FactWords,
    Translate,
    figure_words,
    kind_words,
    layer_titles,
    origin_words,
    relation_facts,
    relation_kind_words,
    since_words,
    state_counts,
    why_words,
)
from quarterdeck.ui.panels.relationships.scene import scene_of
from quarterdeck.ui.panels.relationships.state import (
    NO_SCENE,
    EntityColumns,
    MapScene,
    RelationColumns,
    RelationshipsState,
    Wish,
)
from quarterdeck.ui.theme.tokens import Tone

_UNFIT = re.compile(r"[^\w]+", re.ASCII)
_TONES = {
    HealthState.HEALTHY: Tone.SECONDARY,
    HealthState.DEGRADED: Tone.DEGRADED,
    HealthState.DOWN: Tone.DOWN,
    HealthState.UNREACHABLE: Tone.DOWN,
    HealthState.MAINTENANCE: Tone.MAINTENANCE,
}


def relationships_state(
    report: RelationshipReport,
    wish: Wish,
    known: Places,
    moment: Moment,
    *,
    tr: Translate,
    before: RelationshipsState | None = None,
) -> tuple[RelationshipsState, dict[str, Place]]:
    """The whole panel as of a moment, and the places of the map's nodes for the next one.

    Parts that are the same as `before` are those very objects.
    """
    at = moment.at
    view = graph_view(report, wish)
    facts = {one.key: relation_facts(one, at, tr) for one in report.relations}
    scene, places = scene_of(view, known, facts, at, tr=tr, before=before.scene if before else NO_SCENE)
    entities, relations = entity_columns(report, at, tr), relation_columns(report, facts, at, tr)
    since_at = report.silent_since_at
    silence = tr("Nothing is collecting: no fresh data since {time}")
    state = RelationshipsState(
        scene=scene,
        entities=before.entities if before and before.entities == entities else entities,
        relations=before.relations if before and before.relations == relations else relations,
        answer=answer_of(report, wish, view, at, tr),
        summary=summary_words(report, view, tr),
        wish=wish,
        collapsed=view.collapsed,
        domains=domains_of(report.entities),
        stale=silence.format(time=moment_words(since_at, at)) if since_at else "",
        title=_title(at, tr),
    )
    return state, places


def file_name(title: str) -> str:
    """A name for a file that any system takes, without an ending."""
    return _UNFIT.sub("-", title).strip("-").lower()[:80] or "relationships"


def summary_words(report: RelationshipReport, view: GraphView, tr: Translate) -> str:
    """How many entities and relations there are, how many are in which state, and what the map leaves out."""
    out = tr("hidden from you: {count} outside the focus")
    parts = [
        out.format(count=view.hidden_count) if view.hidden_count else "",
        count_words(len(report.entities), tr("1 entity"), tr("{count} entities")),
        count_words(len(report.relations), tr("1 relation"), tr("{count} relations")),
        state_counts(report.entities),
    ]
    unseen = sum(one.is_observed_only for one in report.relations)
    if unseen:
        parts.append(tr("seen, not declared: {count}").format(count=unseen))
    return " · ".join(part for part in parts if part)


def entity_columns(report: RelationshipReport, at: datetime, tr: Translate) -> EntityColumns:
    """The entities as a table, the most urgent first, then by name."""
    needs = Counter(one.dependent_key for one in report.relations)
    needed = Counter(one.needed_key for one in report.relations)
    ordered = sorted(report.entities, key=lambda one: (-SEVERITY[one.state], one.entity.name.casefold(), one.key))
    return EntityColumns(
        ids=tuple(one.key for one in ordered),
        states=tuple(one.state for one in ordered),
        names=tuple(one.entity.name for one in ordered),
        kinds=tuple(kind_words(one.entity.kind, tr) for one in ordered),
        domains=tuple(domain_words(one.entity.domain) for one in ordered),
        whys=tuple(why_words(one, tr) for one in ordered),
        why_tones=tuple(_TONES.get(one.state, Tone.TERTIARY) for one in ordered),
        sinces=tuple(since_words(one, at) for one in ordered),
        needs=tuple(float(needs[one.key]) for one in ordered),
        needed_by=tuple(float(needed[one.key]) for one in ordered),
        figures=tuple(figure_words(one) for one in ordered),
        owners=tuple(one.entity.owner for one in ordered),
        tiers=tuple(math.nan if one.is_missing else float(one.entity.tier) for one in ordered),
        tips=tuple(one.entity.description for one in ordered),
    )


def relation_columns(
    report: RelationshipReport, facts: Mapping[str, FactWords], at: datetime, tr: Translate
) -> RelationColumns:
    """The relations as a table, by the names of their ends."""
    names = {one.key: one.entity.name for one in report.entities}
    states = {one.key: one.state for one in report.entities}
    rows = sorted(report.relations, key=lambda one: (_name(one, names), one.key))
    return RelationColumns(
        ids=tuple(one.key for one in rows),
        ends=tuple((one.relation.source_key, one.relation.target_key) for one in rows),
        states=tuple(edge_state((one,), states) for one in rows),
        sources=tuple(names[one.relation.source_key] for one in rows),
        targets=tuple(names[one.relation.target_key] for one in rows),
        kinds=tuple(relation_kind_words(one.relation.kind, tr) for one in rows),
        protocols=_facts(rows, "protocol"),
        contracts=_facts(rows, "contract"),
        objectives=_facts(rows, "objective"),
        data_classes=_facts(rows, "data_class"),
        owners=_facts(rows, "owner"),
        origins=tuple(origin_words(one.origins, tr) for one in rows),
        seen=tuple(moment_words(one.last_seen_at, at) if one.last_seen_at else "" for one in rows),
        seen_ranks=tuple(float(to_ms(one.last_seen_at)) if one.last_seen_at else math.nan for one in rows),
        tips=tuple("\n".join(f"{label}: {value}" for label, value in facts[one.key]) for one in rows),
    )


def mermaid_of(scene: MapScene, title: str, tr: Translate) -> str:
    """The map as it is drawn, as a Mermaid flowchart."""
    return flowchart(
        title,
        layer_titles(tr),
        [FlowNode(node.layer, node.name, node.state) for node in scene.nodes],
        [FlowEdge(one.source, one.target, _protocol(one.facts, tr), one.is_observed_only) for one in scene.edges],
    )


def _protocol(facts: Sequence[tuple[str, str]], tr: Translate) -> str:
    return dict(facts).get(tr("Protocol"), "")


def _title(at: datetime, tr: Translate) -> str:
    return tr("Relationships as of {time}").format(time=at.astimezone().strftime("%Y-%m-%d %H:%M %Z"))


def _name(one: GraphRelation, names: dict[str, str]) -> tuple[str, str]:
    return names[one.relation.source_key].casefold(), names[one.relation.target_key].casefold()


def _facts(rows: Sequence[GraphRelation], key: str) -> tuple[str, ...]:
    return tuple(fact(one.relation.facts, key) for one in rows)
