"""Impact and causes in sentences, and which part of the map they are."""

from dataclasses import replace
from datetime import timedelta

from quarterdeck.domain.health import HealthState
from quarterdeck.services.relationships import RelationshipReport
from quarterdeck.ui.panels.relationships.state import Answer, Inquiry, Wish
from quarterdeck.ui.panels.relationships.words import relationships_state
from tests.support.graphs import (
    BILL_PAY,
    BUSINESS,
    DATABASE,
    ORDERS,
    OWNED,
    PAYHUB,
    PROCESSOR,
    RAIL,
    STATEMENTS,
    TEXT,
    link,
    report,
    thing,
)
from tests.ui.panels.overview.reports import LIVE, NOON


def answer(
    inquiry: Inquiry, key: str, told: RelationshipReport = BILL_PAY, collapsed: frozenset[str] = frozenset()
) -> Answer:
    wish = Wish(collapsed, inquiry=inquiry, inquiry_key=key)
    found = relationships_state(told, wish, {}, LIVE, tr=str)[0].answer
    assert found is not None
    return found


def test_a_loss_is_told_in_the_words_of_the_business() -> None:
    found = answer(Inquiry.IMPACT, PAYHUB.key)
    assert found.title == "If Payhub is lost"
    assert found.sentences == (
        "It would take with it 1 integration, 2 services.",
        "No longer happening: Accepted.",
        "Customers would not hear of it by Sms.",
        "This is the most it can take: a second way, where there is one, is not counted.",
    )
    assert found.facts == (("Domains", "Bill Pay, Notification"), ("Tier 1", "Processor"), ("To be told", "payments"))


def test_each_follower_says_how_far_it_is_and_by_which_way() -> None:
    lines = {line.name: (line.note, line.tip) for line in answer(Inquiry.IMPACT, PAYHUB.key).lines}
    assert lines["Processor"] == ("integration, directly", "Payhub → Processor")
    assert lines["Orders"] == ("service, 2 steps", "Payhub → Processor → Orders")


def test_a_loss_that_touches_nothing_says_so() -> None:
    found = answer(Inquiry.IMPACT, TEXT.key)
    assert found.sentences == ("Nothing in the estate depends on it.",)
    assert (found.facts, found.lines, found.node_ids) == ((), (), frozenset({TEXT.key}))


def test_many_names_are_counted_beyond_the_first_few() -> None:
    events = [thing(f"event_type/e{at}") for at in range(6)]
    links = [replace(link(BUSINESS, ORDERS.key, one.key)) for one in events]
    found = answer(Inquiry.IMPACT, ORDERS.key, report((ORDERS, *events), links))
    assert found.sentences[0] == "No longer happening: E0, E1, E2, E3 and 2 more."


def test_several_of_each_kind_are_counted() -> None:
    partners = [thing(f"partner/p{at}") for at in range(2)]
    components = [thing(f"component/c{at}") for at in range(2)]
    integrations = [thing(f"integration/i{at}") for at in range(2)]
    others = (*partners, *components, *integrations)
    found = answer(
        Inquiry.IMPACT, RAIL.key, report((RAIL, *others), [link(BUSINESS, RAIL.key, one.key) for one in others])
    )
    assert found.sentences[0] == "It would take with it 2 partners, 2 integrations, 2 components."


def test_only_lines_over_which_the_loss_spreads_are_lit() -> None:
    found = answer(Inquiry.IMPACT, DATABASE.key)
    lit = {one.key for one in BILL_PAY.relations if one.key in found.edge_ids}
    assert lit == {
        f"service_component:{ORDERS.key}>{DATABASE.key}",
        f"service_component:{RAIL.key}>{DATABASE.key}",
        f"event_notification:{ORDERS.key}>event_type/accepted",
        "event_notification:event_type/accepted>channel/sms",
    }
    assert found.relation_keys == found.edge_ids


def test_an_answer_lights_up_groups_too() -> None:
    found = answer(Inquiry.IMPACT, PAYHUB.key, collapsed=frozenset({"bill_pay"}))
    assert "group:2:bill_pay" in found.node_ids
    assert f"{PROCESSOR.key}>group:2:bill_pay" in found.edge_ids


def test_a_trouble_is_traced_to_its_root() -> None:
    found = answer(Inquiry.CAUSES, ORDERS.key)
    assert found.title == "What explains Orders"
    assert found.sentences[0].startswith("Orders is degraded since ")
    assert found.sentences[0].endswith(": p95 response time 2.9 s, above 1.5 s.")
    assert found.sentences[1].startswith("It depends on Payhub, which is down since ")
    assert found.sentences[1].endswith(": Answered HTTP 503.")
    notes = {line.name: line.note for line in found.lines}
    assert notes == {"Payhub": "root, began with it", "Processor": "follows another, began with it"}
    assert found.lines[0].tip.splitlines() == ["Answered HTTP 503", "Payhub → Processor → Orders"]


def test_what_explains_a_trouble_is_lit_with_the_way_to_it() -> None:
    found = answer(Inquiry.CAUSES, ORDERS.key)
    assert found.node_ids == {PAYHUB.key, PROCESSOR.key, ORDERS.key}
    assert len(found.edge_ids) == 2


def test_an_earlier_and_a_later_trouble_say_by_how_much() -> None:
    early = thing("component/early", HealthState.DOWN, since_at=NOON - timedelta(minutes=44))
    late = thing("component/late", HealthState.DOWN, since_at=NOON - timedelta(minutes=4))
    told = report((ORDERS, early, late), (link(OWNED, ORDERS.key, early.key), link(OWNED, ORDERS.key, late.key)))
    notes = {line.name: line.note for line in answer(Inquiry.CAUSES, ORDERS.key, told).lines}
    assert notes == {"Early": "root, began 30 min before", "Late": "root, began 10 min later"}


def test_troubles_that_all_began_later_are_listed_without_blame() -> None:
    late = thing("component/late", HealthState.DOWN, since_at=NOON - timedelta(minutes=4))
    told = report((ORDERS, late), (link(OWNED, ORDERS.key, late.key),))
    assert answer(Inquiry.CAUSES, ORDERS.key, told).sentences[1] == "Of what it depends on, this is in trouble:"


def test_a_trouble_without_one_upstream_is_looked_for_in_itself() -> None:
    told = report((PROCESSOR, DATABASE, thing("partner/calm")), (link(BUSINESS, "partner/calm", PROCESSOR.key),))
    assert answer(Inquiry.CAUSES, PROCESSOR.key, told).sentences[1] == (
        "The only one it depends on is not in trouble: look for the cause in itself."
    )


def test_something_healthy_has_nothing_to_explain() -> None:
    told = report((RAIL, DATABASE), (link(OWNED, RAIL.key, DATABASE.key),))
    assert answer(Inquiry.CAUSES, RAIL.key, told).sentences == (
        "Rail is healthy: there is no trouble to explain.",
        "The only one it depends on is not in trouble.",
    )


def test_several_that_are_in_no_trouble_are_counted() -> None:
    calm = thing("component/calm")
    links = tuple(link(OWNED, RAIL.key, key) for key in (DATABASE.key, calm.key))
    told = report((RAIL, DATABASE, calm), links)
    assert answer(Inquiry.CAUSES, RAIL.key, told).sentences[1] == "None of the 2 it depends on is in trouble."


def test_something_that_depends_on_nothing_says_so() -> None:
    assert answer(Inquiry.CAUSES, PAYHUB.key).sentences[-1] == "It depends on nothing else in the estate."


def test_silence_upstream_is_no_absence_of_a_cause() -> None:
    assert answer(Inquiry.CAUSES, RAIL.key).sentences[-1] == (
        "Nothing fresh is known of Statements, on which it depends: a cause may hide there."
    )
    assert STATEMENTS.key not in answer(Inquiry.CAUSES, RAIL.key).node_ids


def test_a_trouble_of_which_nobody_knows_the_beginning_is_told_without_it() -> None:
    unknown = replace(PAYHUB, since_at=None)
    told = report((unknown, PROCESSOR), (link(BUSINESS, unknown.key, PROCESSOR.key),))
    found = answer(Inquiry.CAUSES, PROCESSOR.key, told)
    assert found.sentences[1] == "It depends on Payhub, which is down: Answered HTTP 503."
    assert found.lines[0].note == "root"
    assert answer(Inquiry.CAUSES, unknown.key, told).sentences[0] == "Payhub is down: Answered HTTP 503."


def test_without_a_selection_the_question_asks_for_one() -> None:
    assert answer(Inquiry.IMPACT, "").sentences[0].startswith("Choose what would be lost")
    assert answer(Inquiry.CAUSES, "").sentences[0].startswith("Choose what is to be explained")


def test_an_entity_that_is_not_there_at_the_moment_is_named() -> None:
    assert answer(Inquiry.IMPACT, "partner/x").sentences == ("partner/x is not in the estate at this moment.",)
