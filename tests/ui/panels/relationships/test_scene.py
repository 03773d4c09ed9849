"""The map of a moment: which nodes and edges it has, where they stand, and what they say."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from quarterdeck.domain.estate import Origin
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.series import Meaning
from quarterdeck.services.relationships import RelationshipReport
from quarterdeck.services.signals import Reading
from quarterdeck.ui.panels.relationships.edge_looks import BRIGHT, EdgeLook, code_of, look_of
from quarterdeck.ui.panels.relationships.graph_view import MOST_UNCOLLAPSED
from quarterdeck.ui.panels.relationships.state import (
    LANE_WIDTH,
    NODE_HEIGHT,
    NODE_WIDTH,
    ROW_HEIGHT,
    Focus,
    MapEdge,
    MapNode,
    RelationshipsState,
    Wish,
)
from quarterdeck.ui.panels.relationships.words import mermaid_of, relationships_state
from tests.support.graphs import (
    BILL_PAY,
    BUSINESS,
    DATABASE,
    EVENTS,
    ORDERS,
    OWNED,
    PAYHUB,
    PROCESSOR,
    RAIL,
    STATEMENTS,
    crowd,
    link,
    report,
    thing,
)
from tests.ui.panels.overview.reports import LIVE, NOON


def shown(told: RelationshipReport = BILL_PAY, wish: Wish | None = None) -> RelationshipsState:
    return relationships_state(told, wish or Wish(), {}, LIVE, tr=str)[0]


def node(state: RelationshipsState, key: str) -> MapNode:
    return next(one for one in state.scene.nodes if key in one.entity_keys)


def edge(state: RelationshipsState, key: str) -> MapEdge:
    return next(one for one in state.scene.edges if one.id == key)


def readings(**values: float) -> dict[Meaning, Reading]:
    units = {"throughput": "1/s", "response_time": "s", "storage": "ratio", "queue_depth": "1"}
    return {
        Meaning(name): Reading(Meaning(name), "", units[name], value, NOON, fresh=True)
        for name, value in values.items()
    }


def test_layers_stand_side_by_side_from_the_outside_in() -> None:
    scene = shown().scene
    lanes = {one.name: float(x) for one, x in zip(scene.nodes, scene.centres[:, 0], strict=True)}
    assert lanes["Payhub"] < lanes["Processor"] < lanes["Orders"] < lanes["Payments-db"] < lanes["Accepted"]
    assert lanes["Accepted"] == lanes["Sms"]
    assert [heading.title for heading in scene.headings] == [
        "External",
        "Integration",
        "Service",
        "Component",
        "Event → notification",
    ]


def test_every_line_leads_from_the_side_of_one_node_to_the_side_of_the_other() -> None:
    scene = shown().scene
    for one, line in zip(scene.edges, scene.routes.points, strict=True):
        for end, at in ((one.source, 0), (one.target, -1)):
            away = np.abs(line[at] - scene.centres[end])
            assert away[0] == pytest.approx(NODE_WIDTH / 2)
            assert away[1] == pytest.approx(0)


def test_a_line_over_several_layers_runs_between_the_rows() -> None:
    told = report(
        (*(thing(f"component/c{at}") for at in range(5)), ORDERS, thing("event_type/e")),
        (*(link(OWNED, ORDERS.key, f"component/c{at}") for at in range(5)), link(EVENTS, ORDERS.key, "event_type/e")),
    )
    scene = shown(told).scene
    far = next(at for at, one in enumerate(scene.edges) if one.id.startswith("event_notification"))
    middle = scene.routes.points[far][8:10, 1]
    offsets = np.abs(middle / ROW_HEIGHT - np.round(middle / ROW_HEIGHT)) * ROW_HEIGHT
    assert (offsets <= 4).all()


def test_a_line_inside_a_layer_makes_a_bow_beside_it() -> None:
    told = report((ORDERS, RAIL), (link(OWNED, ORDERS.key, RAIL.key),))
    scene = shown(told).scene
    assert scene.routes.points[0][:, 0].max() > scene.centres[:, 0].max() + NODE_WIDTH / 2
    assert scene.width >= scene.routes.points[0][:, 0].max()


def test_a_line_against_the_layers_arrives_from_the_right() -> None:
    told = report((PROCESSOR, ORDERS), (link(BUSINESS, ORDERS.key, PROCESSOR.key),))
    line = shown(told).scene.routes.points[0]
    assert line[0, 0] > line[-1, 0]


def test_lines_of_a_bundle_meet_in_the_middle() -> None:
    scene = shown(crowd(500)).scene
    pairs = {(one.layer, one.domain) for one in scene.nodes}
    spread = np.ptp(scene.routes.points[:, 9, 1])
    assert len(pairs) > 20
    middles: dict[tuple[object, ...], list[float]] = {}
    for one, routed in zip(scene.edges, scene.bundles.points, strict=True):
        source, target = scene.nodes[one.source], scene.nodes[one.target]
        key = (source.layer, source.domain, target.layer, target.domain)
        middles.setdefault(key, []).append(float(routed[9, 1]))
    largest = max(middles.values(), key=len)
    assert np.ptp(largest) < spread / 4


def test_no_line_of_a_bundle_strikes_out_the_name_of_a_node_it_passes() -> None:
    scene = shown(crowd(500)).scene
    lanes_apart = np.abs(np.diff(scene.centres[scene.ends][:, :, 0])[:, 0]) / LANE_WIDTH
    middles, far = scene.bundles.points[:, 9, 1], lanes_apart > 1
    away = np.abs(middles[far] - np.round(middles[far] / ROW_HEIGHT) * ROW_HEIGHT)
    assert far.sum() > 100
    assert away.max() < (ROW_HEIGHT - NODE_HEIGHT) / 2


def test_a_node_says_what_is_wrong_and_else_its_figures() -> None:
    told = report(
        (
            PROCESSOR,
            replace(ORDERS, reason="p95 response time 2.9 s, above 1.5 s"),
            replace(RAIL, readings=readings(throughput=312.4, response_time=0.084)),
            replace(DATABASE, readings=readings(storage=0.42)),
            thing("component/queue", readings=readings(queue_depth=1200)),
            thing("service/slow", readings=readings(throughput=0.4)),
            STATEMENTS,
        )
    )
    state = shown(told)
    lines = {one.name: one.line for one in state.scene.nodes}
    assert lines == {
        "Processor": "Error rate 38%",
        "Statements": "no fresh data",
        "Orders": "p95 2.9 s",
        "Rail": "312 /s · 84 ms",
        "Payments-db": "42%",
        "Queue": "1,200",
        "Slow": "0.40 /s",
    }


def test_a_node_tells_all_about_itself_in_its_tip_and_to_a_screen_reader() -> None:
    one = node(shown(), PROCESSOR.key)
    assert one.spoken == "Processor, integration, Bill Pay, down for 14 min: Error rate 38%, above 25%"
    assert one.tip.splitlines() == [
        "Processor",
        "integration, Bill Pay",
        "down for 14 min: Error rate 38%, above 25%",
        "Owner payments",
        "Tier 1",
    ]


def test_unreachable_is_told_with_what_it_follows() -> None:
    follower = thing("service/follower", HealthState.UNREACHABLE, reason="Unreachable because PayHub is down")
    one = node(shown(report((follower,))), follower.key)
    assert one.line == "Unreachable because PayHub is down"
    assert "unreachable for 14 min" in one.spoken


def test_a_node_that_nothing_declares_says_so() -> None:
    ghost = replace(thing("partner/ghost", HealthState.UNKNOWN, since_at=None), is_missing=True)
    state = shown(report((ghost,)))
    one = state.scene.nodes[0]
    assert (one.line, one.is_missing) == ("not declared", True)
    assert one.spoken.endswith("no data yet: named by relations, told of by nothing")
    assert state.entities.whys == ("named by relations only",)


def test_an_edge_tells_the_facts_of_its_relation() -> None:
    told = replace(
        BILL_PAY.relations[0],
        origins=frozenset({Origin.DECLARED, Origin.OBSERVED}),
        last_seen_at=NOON - timedelta(minutes=3),
    )
    state = shown(report((PAYHUB, PROCESSOR), (told,)))
    one = edge(state, told.key)
    assert one.title == "Payhub → Processor"
    facts = dict(one.facts)
    assert facts["Contract"] == "C-1182"
    assert facts["Objective"] == "99.9%"
    assert facts["Known"] == "declared and seen"
    assert facts["Told by"] == "bank"
    assert set(facts) >= {"Kind", "Protocol", "Since", "Last seen"}
    assert one.spoken.startswith("Relation from Payhub to Processor: External → Internal, C-1182, HTTPS/JSON")


def test_a_fact_that_nobody_foresaw_is_told_too() -> None:
    relation = link(BUSINESS, PAYHUB.key, PROCESSOR.key, settlement_day="Tuesday")
    assert ("Settlement day", "Tuesday") in edge(shown(report((PAYHUB, PROCESSOR), (relation,))), relation.key).facts


def test_only_an_edge_between_two_in_trouble_is_marked() -> None:
    state = shown()
    marked = {one.title: one.state for one in state.scene.edges if one.state is not None}
    assert marked == {"Payhub → Processor": HealthState.DOWN, "Processor → Orders": HealthState.DOWN}


def test_a_relation_that_was_only_seen_looks_and_counts_as_such() -> None:
    relation = replace(BILL_PAY.relations[0], origins=frozenset({Origin.OBSERVED}))
    state = shown(report((PAYHUB, PROCESSOR), (relation,)))
    assert look_of(code_of(state.scene.edges[0])).is_dashed
    assert state.summary == "2 entities · 1 relation · 2 down · seen, not declared: 1"


def test_a_collapsed_domain_is_one_node_in_each_layer() -> None:
    state = shown(wish=Wish(frozenset({"bill_pay"})))
    names = {one.name for one in state.scene.nodes}
    assert names == {"Payhub", "Processor", "Statements", "Bill Pay · 2", "Payments-db", "Accepted", "Sms"}
    group = node(state, ORDERS.key)
    assert (group.state, group.line, group.entity_key) == (HealthState.DEGRADED, "1 degraded, 1 healthy", "")
    assert group.spoken == "Group Bill Pay, Service, 2 entities: 1 degraded, 1 healthy"
    assert "rail" in group.sought


def test_relations_between_groups_are_drawn_as_one() -> None:
    state = shown(wish=Wish(frozenset({"bill_pay"})))
    joined = next(one for one in state.scene.edges if one.count == 2 and "Processor" in one.title)
    assert joined.state is HealthState.DOWN
    assert dict(joined.facts) == {"Relations": "2", "Kind": "External → Internal", "Protocol": "gRPC"}


def test_a_large_estate_begins_collapsed_and_can_be_opened() -> None:
    told = crowd(MOST_UNCOLLAPSED + 50)
    assert len(shown(told).scene.nodes) < 60
    assert len(shown(told, Wish(frozenset())).scene.nodes) > MOST_UNCOLLAPSED


def test_an_estate_without_domains_can_be_collapsed_too() -> None:
    told = report([thing(f"service/s{at}", domain="") for at in range(3)])
    assert [one.name for one in shown(told, Wish(frozenset({""}))).scene.nodes] == ["No domain · 3"]


def test_a_group_names_only_the_most_urgent_of_many() -> None:
    told = report([thing(f"service/s{at:02}") for at in range(20)])
    tip = shown(told, Wish(frozenset({"bill_pay"}))).scene.nodes[0].tip
    assert tip.splitlines()[-1] == "and 8 more"


def test_a_focus_follows_dependence_both_ways_and_no_farther() -> None:
    state = shown(wish=Wish(focus=Focus(ORDERS.key, 2)))
    assert {one.id for one in state.scene.nodes} == {
        PAYHUB.key,
        PROCESSOR.key,
        ORDERS.key,
        DATABASE.key,
        "event_type/accepted",
        "channel/sms",
    }


def test_five_hundred_nodes_have_the_shape_of_a_screen() -> None:
    scene = shown(crowd(500)).scene
    assert 0.8 < scene.width / scene.height < 2.2
    assert scene.width < 40 * LANE_WIDTH


def test_the_map_as_a_flowchart_has_every_node_and_every_edge() -> None:
    state = shown()
    text = mermaid_of(state.scene, state.title, str)
    assert text.count(" --> ") + text.count(" -->|") == len(state.scene.edges)
    assert all(f'"{one.name}' in text for one in state.scene.nodes)


def test_looks_survive_being_numbers() -> None:
    for state in (None, *HealthState):
        for is_dashed in (False, True):
            look = EdgeLook(state, is_faint=True, is_dashed=is_dashed, weight=3)
            assert look_of(look.code) == look
            assert look_of(look.code + BRIGHT) == replace(look, is_faint=False)


def test_tables_list_everything_the_most_urgent_first() -> None:
    state = shown()
    assert state.entities.names[:4] == ("Payhub", "Processor", "Orders", "Statements")
    assert state.entities.needs[state.entities.ids.index(ORDERS.key)] == 2
    assert state.entities.needed_by[state.entities.ids.index(DATABASE.key)] == 2
    assert len(state.relations.ids) == len(BILL_PAY.relations)
    assert state.relations.sources[0] == "Accepted"
