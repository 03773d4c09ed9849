"""What a loss takes along, and what upstream explains a trouble: along the direction in which things depend."""

from dataclasses import replace
from datetime import timedelta

from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.series import Meaning
from quarterdeck.services.consequences import Causes, Impact, causes_of, impact_of
from quarterdeck.services.relationships import RelationshipReport
from quarterdeck.services.signals import Reading
from tests.support.graphs import (
    ACCEPTED,
    BILL_PAY,
    BUSINESS,
    DATABASE,
    ORDERS,
    OWNED,
    PAYHUB,
    PROCESSOR,
    RAIL,
    TEXT,
    link,
    report,
    thing,
)
from tests.support.pictured_bank import NOON


def impact(key: str, told: RelationshipReport = BILL_PAY) -> Impact:
    found = impact_of(key, told)
    assert found is not None
    return found


def causes(key: str, told: RelationshipReport = BILL_PAY) -> Causes:
    found = causes_of(key, told)
    assert found is not None
    return found


def rate(value: float) -> dict[Meaning, Reading]:
    return {Meaning.THROUGHPUT: Reading(Meaning.THROUGHPUT, "", "1/s", value, NOON, fresh=True)}


def test_the_loss_of_a_partner_reaches_the_customers() -> None:
    followers = [(one.entity.key, one.steps) for one in impact(PAYHUB.key).followers]
    assert followers == [(PROCESSOR.key, 1), (ORDERS.key, 2), (RAIL.key, 2), (ACCEPTED.key, 3), (TEXT.key, 4)]


def test_the_loss_of_a_component_takes_the_services_that_need_it() -> None:
    found = impact(DATABASE.key)
    assert {one.key for one in found.of_kind(EntityKind.SERVICE)} == {ORDERS.key, RAIL.key}
    assert found.of_kind(EntityKind.INTEGRATION) == ()


def test_a_follower_knows_the_way_from_what_was_lost() -> None:
    ways = {one.entity.key: one.way for one in impact(PAYHUB.key).followers}
    assert ways[ACCEPTED.key] == (PAYHUB.key, PROCESSOR.key, ORDERS.key, ACCEPTED.key)


def test_domains_and_owners_that_are_touched_are_named() -> None:
    found = impact(PROCESSOR.key)
    assert (found.domains, found.owners) == (("bill_pay", "notification"), ("payments",))


def test_the_requests_at_stake_are_its_own_or_those_of_its_integrations() -> None:
    told = report(
        (PAYHUB, replace(PROCESSOR, readings=rate(194.0)), thing("integration/other")),
        (link(BUSINESS, PAYHUB.key, PROCESSOR.key), link(BUSINESS, PAYHUB.key, "integration/other")),
    )
    assert impact(PAYHUB.key, told).requests_per_second == 194.0
    assert impact(PROCESSOR.key, told).requests_per_second == 194.0
    assert impact("integration/other", told).requests_per_second is None


def test_a_circle_of_dependence_ends() -> None:
    told = report((ORDERS, RAIL), (link(OWNED, ORDERS.key, RAIL.key), link(OWNED, RAIL.key, ORDERS.key)))
    assert [one.entity.key for one in impact(ORDERS.key, told).followers] == [RAIL.key]


def test_the_root_comes_before_what_follows_it() -> None:
    found = causes(ORDERS.key)
    assert [(one.entity.key, one.is_root) for one in found.causes] == [(PAYHUB.key, True), (PROCESSOR.key, False)]
    assert found.causes[0].way == (PAYHUB.key, PROCESSOR.key, ORDERS.key)
    assert (found.is_in_trouble, found.upstream_count) == (True, 3)


def test_a_trouble_that_began_later_comes_last() -> None:
    late = thing("component/payments-db", HealthState.DOWN, since_at=NOON - timedelta(minutes=5))
    told = report(
        (PROCESSOR, ORDERS, late),
        (link(BUSINESS, PROCESSOR.key, ORDERS.key), link(OWNED, ORDERS.key, late.key)),
    )
    found = causes(ORDERS.key, told).causes
    assert [one.entity.key for one in found] == [PROCESSOR.key, late.key]
    assert [one.began_later for one in found] == [False, True]
    assert found[1].seconds_before == -540


def test_two_minutes_count_as_the_same_time() -> None:
    (cause,) = causes(PROCESSOR.key).causes
    assert (cause.entity.key, cause.seconds_before, cause.began_later) == (PAYHUB.key, -60, False)


def test_what_is_silent_upstream_is_told_beside_the_causes() -> None:
    found = causes(RAIL.key)
    assert [one.key for one in found.silent] == ["integration/statements"]
    assert not found.is_in_trouble
    assert {one.seconds_before for one in found.causes} == {None}


def test_something_that_depends_on_itself_is_its_own_root() -> None:
    loop = replace(PAYHUB, entity=replace(PAYHUB.entity, key="partner/loop"))
    told = report((loop, ORDERS), (link(BUSINESS, loop.key, loop.key), link(BUSINESS, loop.key, ORDERS.key)))
    assert [one.is_root for one in causes(ORDERS.key, told).causes] == [True]


def test_nothing_is_told_of_what_is_not_there() -> None:
    assert impact_of("partner/nobody", BILL_PAY) is None
    assert causes_of("partner/nobody", BILL_PAY) is None
