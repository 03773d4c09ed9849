"""What would follow from assumptions: who is hit and why, what goes on, what of the redundancy is left."""

from dataclasses import replace

import pytest

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import Entity, EntityKind, Relation
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.health_rules import HealthRule, RuleKind
from quarterdeck.services.what_if import WhatIf, WhatIfReader
from quarterdeck.services.what_if_words import redundancy_words, report_text, sentences
from quarterdeck.services.wording import dated_words
from tests.support.stores import NOON
from tests.unit.what_if.bank import BUSINESS, ENTITIES, OWNED, PAIR, RELATIONS, Bank

H, DEG, DOWN, UNREACHABLE = HealthState.HEALTHY, HealthState.DEGRADED, HealthState.DOWN, HealthState.UNREACHABLE


def told(states: dict[str, HealthState], bank: Bank | None = None) -> WhatIf:
    return WhatIfReader(bank or Bank()).what_if(NOON, states)


def after(found: WhatIf) -> dict[str, HealthState]:
    return {one.entity.key: one.after for one in found.changes}


def test_an_entity_that_is_not_in_the_estate_is_refused_in_words() -> None:
    with pytest.raises(OperatorError, match="partner/gone is not in the estate"):
        told({"partner/gone": DOWN})


def test_without_assumptions_nothing_is_other_than_it_is() -> None:
    found = told({})
    assert (found.changes, found.assumptions, found.redundancies) == ((), (), ())
    assert sentences(found) == ("Nothing is assumed yet.",)


def test_the_estate_and_the_states_are_those_of_the_moment() -> None:
    bank = Bank()
    WhatIfReader(bank).what_if(NOON.replace(hour=3), {"partner/hub": DOWN})
    assert bank.asked == [NOON.replace(hour=3)]


def test_a_lost_partner_takes_all_behind_it_although_they_say_now_that_they_are_well() -> None:
    found = told({"partner/hub": DOWN})
    assert after(found) == {
        "integration/bills": UNREACHABLE,
        "service/orders": UNREACHABLE,
        "event_type/paid": UNREACHABLE,
        "channel/sms": UNREACHABLE,
    }
    assert {root.key for one in found.changes for root in one.because} == {"partner/hub"}
    assert [one.key for one in found.unaffected] == ["integration/statements"]
    assert [one.key for one in found.partners] == ["partner/hub"]


def test_the_loss_of_one_of_two_leaves_none_to_spare_and_says_what_one_more_would_take() -> None:
    found = told({"component/node-a": DOWN})
    assert after(found) == {"service/orders": DEG}
    (group,) = found.redundancies
    assert (group.working_before, group.working, group.needed, group.left) == (2, 1, 1, 0)
    assert (group.is_last, group.is_lost) == (True, False)
    assert {one.key for one in group.taken_by_one_more} == {"service/orders", "event_type/paid", "channel/sms"}


def test_the_loss_of_both_takes_the_group() -> None:
    found = told({"component/node-a": DOWN, "component/node-b": DOWN})
    assert after(found)["service/orders"] is UNREACHABLE
    (group,) = found.redundancies
    assert (group.is_lost, group.taken_by_one_more) == (True, ())


def test_with_one_lost_already_the_next_takes_the_group() -> None:
    found = told({"component/node-b": DOWN}, Bank({"component/node-a": DOWN}))
    assert after(found)["service/orders"] is UNREACHABLE


def test_what_lives_without_a_lost_one_in_reality_is_not_lost_with_another() -> None:
    entities = (*ENTITIES, Entity("component/cache", EntityKind.COMPONENT, "Cache"))
    relations = (*RELATIONS, Relation(OWNED, "service/orders", "component/cache"))
    bank = Bank({"component/cache": DOWN}, entities, relations)
    assert after(told({"component/node-a": DOWN}, bank)) == {}


def test_what_lives_without_a_lost_one_is_lost_with_another_that_it_needs() -> None:
    entities = (*ENTITIES, Entity("component/cache", EntityKind.COMPONENT, "Cache"))
    relations = (*RELATIONS, Relation(OWNED, "service/orders", "component/cache"))
    bank = Bank({"component/cache": DOWN}, entities, relations)
    assert after(told({"integration/bills": DOWN}, bank))["service/orders"] is UNREACHABLE


def test_what_fails_only_because_of_another_is_well_when_that_is_assumed_to_be_well() -> None:
    bank = Bank({"partner/hub": DOWN, "integration/bills": DOWN})
    found = told({"partner/hub": H}, bank)
    assert (
        after(found) == {"integration/bills": H, "event_type/paid": HealthState.UNKNOWN}
        or after(found)["integration/bills"] is H
    )
    assert not found.hit()
    assert found.relieved


def test_what_fails_by_itself_stays_as_it_is() -> None:
    bank = Bank({"integration/statements": DOWN})
    found = told({"partner/hub": DOWN}, bank)
    assert "integration/statements" not in after(found)


def test_what_has_no_fresh_data_is_lost_behind_a_loss() -> None:
    found = told({"partner/hub": DOWN}, Bank({"integration/bills": HealthState.STALE}))
    assert after(found)["integration/bills"] is UNREACHABLE
    assert after(found)["service/orders"] is UNREACHABLE


def test_an_assumed_degradation_names_who_may_feel_it() -> None:
    found = told({"integration/bills": DEG})
    assert found.hit() == ()
    assert {one.key for one in found.uncertain} == {"service/orders", "event_type/paid", "channel/sms"}
    assert "May be slowed" in " ".join(sentences(found))


@pytest.mark.parametrize("state", [UNREACHABLE, HealthState.MAINTENANCE])
def test_what_cannot_be_used_takes_along_what_needs_it(state: HealthState) -> None:
    found = told({"partner/hub": state})
    assert after(found)["service/orders"] in {UNREACHABLE, HealthState.MAINTENANCE}
    assert found.assumptions[0].state is state


def test_assuming_what_is_changes_nothing() -> None:
    found = told({one.key: H for one in ENTITIES if one.kind is not EntityKind.CHANNEL})
    assert not found.hit()


@pytest.mark.parametrize("state", [DOWN, DEG])
def test_assuming_a_trouble_that_is_there_names_nobody_as_hit(state: HealthState) -> None:
    found = told(
        {"partner/hub": state, "integration/bills": state},
        Bank(dict.fromkeys(("partner/hub", "integration/bills"), state)),
    )
    assert (found.changes, found.partners, found.uncertain, found.roots) == ((), (), (), ())
    assert sentences(found)[0] == "Nothing else would be in another state."


def test_a_cycle_of_dependencies_is_told_to_its_end() -> None:
    relations = (*RELATIONS, Relation(BUSINESS, "service/orders", "integration/bills"))
    found = told({"service/orders": DOWN}, Bank(relations=relations))
    assert after(found)["integration/bills"] is UNREACHABLE


def test_a_weighted_group_tells_the_share_that_is_left() -> None:
    rule = HealthRule(
        RuleKind.WEIGHTED,
        ("component/node-a", "component/node-b"),
        weights=(("component/node-a", 3.0), ("component/node-b", 1.0)),
    )
    entities = tuple(replace(one, rules=(rule,)) if one.key == "service/orders" else one for one in ENTITIES)
    found = told({"component/node-b": DOWN}, Bank(entities=entities))
    (group,) = found.redundancies
    assert (group.needed, group.left, group.share, group.is_last) == (None, None, 0.75, True)
    assert "75% of the weight works" in report_text(found)


def grouped(rule: HealthRule, **states: HealthState) -> tuple[WhatIf, str]:
    """What is told of orders that need only a group of nodes, of which nobody tells anything; nodes by letter."""
    orders = replace(ENTITIES[4], rules=(rule,))
    nodes = tuple(Entity(key, EntityKind.COMPONENT, key[-1].upper()) for key in rule.members)
    untold = dict.fromkeys((orders.key, *rule.members), HealthState.UNKNOWN)
    relations = tuple(Relation(OWNED, orders.key, key) for key in rule.members)
    bank = Bank(untold, (orders, *nodes), relations)
    found = told({f"component/node-{letter}": state for letter, state in states.items()}, bank)
    return found, redundancy_words(found.redundancies[0])


@pytest.mark.parametrize("others", [{}, {"b": HealthState.STALE}], ids=["no-data", "stale"])
def test_a_member_of_which_nothing_is_known_is_told_neither_as_lost_nor_as_working(
    others: dict[str, HealthState],
) -> None:
    found, words = grouped(PAIR, a=DOWN, **others)
    assert words == "at most 1 of 2 working, 1 needed: not known"
    assert after(found).get("service/orders") is not UNREACHABLE
    assert (found.redundancies[0].is_lost, found.redundancies[0].is_last) == (False, False)


@pytest.mark.parametrize(
    ("count", "states", "words"),
    [
        (2, {"a": DOWN, "b": DOWN}, "at most 1 of 3 working, 2 needed; too few: it is lost"),
        (1, {"a": DOWN, "b": H}, "at least 1 of 3 working, 1 needed; whether one more may fail is not known"),
        (1, {"a": H, "b": H}, "at least 2 of 3 working, 1 needed; at least 1 more may fail"),
        (1, {"a": H, "b": H, "c": H}, "3 of 3 working, 1 needed; 2 more may fail"),
        (1, {"a": H, "b": DOWN, "c": H}, "2 of 3 working, 1 needed; 1 more may fail"),
    ],
    ids=["lost", "holds", "spare", "all", "one-lost"],
)
def test_what_is_left_is_told_as_far_as_it_is_known(count: int, states: dict[str, HealthState], words: str) -> None:
    members = tuple(f"component/node-{letter}" for letter in "abc")
    found, said = grouped(HealthRule(RuleKind.AT_LEAST, members, count=count), **states)
    assert said == words
    assert (after(found).get("service/orders") is UNREACHABLE) is found.redundancies[0].is_lost


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ({"a": DOWN}, "at most 67% of the weight works, 50% needed: not known"),
        ({"a": DOWN, "b": DOWN}, "at most 33% of the weight works, 50% needed; too few: it is lost"),
        (
            {"a": H, "b": H},
            "at least 67% of the weight works, 50% needed; whether one more may fail is not known",
        ),
    ],
    ids=["unsure", "lost", "holds"],
)
def test_the_weight_that_is_not_known_is_told_as_not_known(states: dict[str, HealthState], words: str) -> None:
    members = tuple(f"component/node-{letter}" for letter in "abc")
    assert grouped(HealthRule(RuleKind.WEIGHTED, members), **states)[1] == words


def test_members_that_the_estate_does_not_hold_are_not_counted_as_lost() -> None:
    rule = HealthRule(RuleKind.AT_LEAST, ("component/node-a", "component/node-b", "component/gone"), count=2)
    entities = tuple(replace(one, rules=(rule,)) if one.key == "service/orders" else one for one in ENTITIES)
    (group,) = told({"component/node-a": DOWN}, Bank(entities=entities)).redundancies
    assert (len(group.members), group.needed, group.left) == (2, 1, 0)


def test_the_text_says_first_and_last_that_it_is_assumed() -> None:
    lines = report_text(told({"component/node-a": DOWN})).splitlines()
    assert lines[0] == "ASSUMED, NOT REAL"
    assert lines[-1].startswith("None of this has happened")
    assert "Assumed: Node A down (really healthy)" in lines
    assert "  Orders: healthy → degraded, because of Node A" in lines
    taken = "one more would take Orders, and with it Bill paid, Text message"
    assert f"  Orders: 1 of 2 working, 1 needed; none to spare: {taken}" in lines


def test_a_text_of_a_moment_of_the_past_tells_that_moment_and_not_now() -> None:
    bank = Bank()
    states = {"partner/hub": DOWN}
    lines = report_text(told(states, bank), past="24 Nov 2026 10:00").splitlines()
    assert not any("now" in line.split() for line in lines)
    assert lines[1].endswith(dated_words(NOON))


@pytest.mark.parametrize(
    ("past", "words"),
    [("", "Better off than now (4): "), ("1 May 2026 10:00", "Better off than at 1 May 2026 10:00 (4): ")],
    ids=["now", "past"],
)
def test_who_would_be_better_off_is_told_against_the_moment_it_starts_from(past: str, words: str) -> None:
    found = told({"partner/hub": DOWN})
    relieved = replace(found, changes=tuple(replace(one, before=one.after, after=one.before) for one in found.changes))
    assert any(line.startswith(words) for line in sentences(relieved, past=past))


def test_a_name_from_outside_cannot_start_a_line_of_its_own() -> None:
    entities = tuple(
        replace(one, name="Hub\nReal: all is well") if one.key == "partner/hub" else one for one in ENTITIES
    )
    lines = report_text(told({"partner/hub": DOWN}, Bank(entities=entities))).splitlines()
    assert not any(line.startswith("Real") for line in lines)
