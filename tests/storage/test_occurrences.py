"""Events, checks, changes, claims and allocations in a store."""

from datetime import timedelta

import pytest

from quarterdeck.domain.allocations import Allocation
from quarterdeck.domain.checks import CheckOutcome, CheckResult, ClaimedStatus
from quarterdeck.domain.events import Change, Event
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange
from quarterdeck.sdk.records import Batch
from quarterdeck.services.ports import EventQuery, Topic
from quarterdeck.storage.store import SqlStore
from tests.support.stores import NOON, after, take_in

ALL_TIME = TimeRange(NOON - timedelta(days=30), NOON + timedelta(days=30))


def event(number: int, *, type_name: str = "payment.submitted", entity: str = "", case: str = "") -> Event:
    return Event("feed", f"e{number}", type_name, after(number), entity, case, (("amount", str(number)),))


def check(seconds: float, outcome: CheckOutcome = CheckOutcome.PASSED, *, name: str = "login") -> CheckResult:
    return CheckResult("partner/payhub", name, after(seconds), outcome, "It answers.", 0.2, (("status", "200"),))


def claim(seconds: float, state: HealthState = HealthState.HEALTHY) -> ClaimedStatus:
    return ClaimedStatus("partner/payhub", after(seconds), state, "All systems operational", (("page", "status"),))


def disk(seconds: float, used: float, *, allocated: float = 100.0) -> Allocation:
    return Allocation("component/host", "/", "storage", "By", allocated, used, after(seconds))


def test_events_come_newest_first_by_their_number_and_in_pages(store: SqlStore) -> None:
    take_in(store, Batch(events=tuple(event(number) for number in range(10))), received_at=after(60))
    first = store.events(EventQuery(ALL_TIME, limit=4))
    second = store.events(EventQuery(ALL_TIME, before_id=first[-1].id, limit=4))
    assert [stored.event for stored in first + second] == [event(number) for number in range(9, 1, -1)]
    assert {stored.ingested_at for stored in first} == {after(60)}


def test_an_event_sent_again_is_kept_once(store: SqlStore) -> None:
    assert take_in(store, Batch(events=(event(1), event(2)))).new_events == 2
    assert take_in(store, Batch(events=(event(2), event(3), event(3)))).new_events == 1
    assert len(store.events(EventQuery(ALL_TIME))) == 3


def test_nothing_new_among_the_events_calls_no_reader(store: SqlStore) -> None:
    take_in(store, Batch(events=(event(1),)))
    before = store.versions()[Topic.EVENTS]
    take_in(store, Batch(events=(event(1),)))
    assert store.versions()[Topic.EVENTS] == before


def test_events_are_found_by_type_entity_case_and_time(store: SqlStore) -> None:
    take_in(
        store,
        Batch(
            events=(
                event(1, case="case-1"),
                event(2, type_name="payment.settled", case="case-1"),
                event(3, entity="partner/payhub"),
                event(4, type_name="payment.settled"),
            )
        ),
    )

    def found(query: EventQuery) -> list[str]:
        return [stored.event.event_id for stored in store.events(query)]

    assert found(EventQuery(ALL_TIME, types=("payment.settled",))) == ["e4", "e2"]
    assert found(EventQuery(ALL_TIME, entity_keys=("partner/payhub",))) == ["e3"]
    assert found(EventQuery(ALL_TIME, correlation_key="case-1")) == ["e2", "e1"]
    assert found(EventQuery(TimeRange(after(2), after(4)))) == ["e3", "e2"]
    assert store.count_events(TimeRange(after(0), after(4)), "payment.submitted") == 2


@pytest.mark.slow
def test_very_many_events_are_paged_like_few(store: SqlStore) -> None:
    kinds = ("payment.submitted", "payment.settled", "payment.lost")
    many = tuple(event(number, type_name=kinds[number % 3], entity=f"e{number % 2}") for number in range(66_000))
    take_in(store, Batch(events=many))
    all_time = TimeRange(NOON, NOON + timedelta(days=1))
    query = EventQuery(all_time, types=kinds[:2], entity_keys=("e0",), before_id=65_000, limit=3)
    assert [stored.event.event_id for stored in store.events(query)] == ["e64998", "e64996", "e64992"]
    page = store.events(EventQuery(TimeRange(after(100), after(60_000)), limit=2))
    assert [stored.event.event_id for stored in page] == ["e59999", "e59998"]


def test_hostile_text_is_kept_as_far_as_any_engine_can_and_harms_nothing(store: SqlStore) -> None:
    words = "nul \0, half a pair \ud83d, \u202eright to left, <img src=x>, '); DROP TABLE event; --"
    hostile = Event(words, words, words, NOON, words, words, ((words, words),))
    take_in(store, Batch(events=(hostile,), checks=(CheckResult(words, words, NOON, CheckOutcome.PASSED, words),)))
    assert take_in(store, Batch(events=(hostile,))).new_events == 0
    (stored,) = store.events(EventQuery(ALL_TIME))
    assert stored.event.type == words.replace("\0", "�").replace("\ud83d", "�")
    assert stored.event.facts == hostile.facts
    assert store.events(EventQuery(ALL_TIME, types=(words,), correlation_key=words)) == (stored,)
    assert store.latest_checks(NOON)[0].summary == stored.event.type


def test_the_newest_check_of_each_name_is_told_as_of_any_moment(store: SqlStore) -> None:
    take_in(store, Batch(checks=(check(0), check(20, CheckOutcome.FAILED), check(10, name="certificate"))))
    assert store.latest_checks(after(-1)) == ()
    assert store.latest_checks(after(15)) == (check(10, name="certificate"), check(0))
    assert store.latest_checks(after(20)) == (check(10, name="certificate"), check(20, CheckOutcome.FAILED))


def test_a_check_older_than_a_day_tells_nothing_any_more(store: SqlStore) -> None:
    take_in(store, Batch(checks=(check(0),)))
    assert store.latest_checks(after(86_400)) == (check(0),)
    assert store.latest_checks(after(86_400.001)) == ()


def test_checks_of_an_entity_come_oldest_first_and_a_repeated_one_replaces(store: SqlStore) -> None:
    take_in(store, Batch(checks=(check(20), check(0), check(10))))
    take_in(store, Batch(checks=(check(10, CheckOutcome.WARNING),)))
    found = store.checks_in("partner/payhub", TimeRange(after(0), after(20)))
    assert [(result.checked_at, result.outcome) for result in found] == [
        (after(0), CheckOutcome.PASSED),
        (after(10), CheckOutcome.WARNING),
    ]


def test_changes_come_oldest_first_and_one_told_again_replaces_what_was_told(store: SqlStore) -> None:
    deploy = Change("d1", "deploy", after(10), "Version 2", "service/payments", (("by", "ci"),))
    notice = Change("n1", "notice", after(5), "Maintenance")
    take_in(store, Batch(changes=(deploy, notice)))
    take_in(store, Batch(changes=(Change("d1", "deploy", after(10), "Version 2.1"),)))
    assert [change.summary for change in store.changes(TimeRange(after(0), after(11)))] == [
        "Maintenance",
        "Version 2.1",
    ]


def test_what_a_partner_claims_is_told_as_of_any_moment(store: SqlStore) -> None:
    take_in(store, Batch(claimed=(claim(0), claim(60, HealthState.DOWN))))
    assert store.claimed_at(after(-1)) == {}
    assert store.claimed_at(after(59)) == {"partner/payhub": claim(0)}
    assert store.claimed_at(after(60)) == {"partner/payhub": claim(60, HealthState.DOWN)}


def test_of_a_run_of_equal_claims_the_first_and_the_newest_are_kept(store: SqlStore) -> None:
    for seconds in range(0, 100, 10):
        take_in(store, Batch(claimed=(claim(seconds),)))
    assert store.claimed_at(after(95)) == {"partner/payhub": claim(90)}
    assert store.claimed_at(after(89)) == {"partner/payhub": claim(0)}


def test_claims_of_a_range_come_with_the_last_before_and_the_first_after_it(store: SqlStore) -> None:
    states = (HealthState.HEALTHY, HealthState.DEGRADED, HealthState.DOWN, HealthState.DEGRADED, HealthState.HEALTHY)
    told = tuple(claim(60 * at, state) for at, state in enumerate(states))
    take_in(store, Batch(claimed=told))
    assert store.claims_in(TimeRange(after(90), after(150)), ["partner/payhub"]) == told[1:4]
    assert store.claims_in(TimeRange(after(-90), after(-10)), ["partner/payhub"]) == told[:1]
    assert store.claims_in(TimeRange(after(900), after(999)), ["partner/payhub"]) == told[4:]
    assert store.claims_in(TimeRange(after(0), after(999)), ["partner/other"]) == ()


def test_the_newest_allocation_of_each_resource_is_told_as_of_any_moment(store: SqlStore) -> None:
    memory = Allocation("component/host", "memory", "memory", "By", 8.0, None, after(0))
    take_in(store, Batch(allocations=(disk(0, 10), disk(120, 20), memory)))
    assert store.allocations_at(after(-1)) == ()
    assert store.allocations_at(after(119)) == (memory, disk(0, 10))
    assert store.allocations_at(after(120)) == (memory, disk(120, 20))


def test_allocations_are_kept_once_a_minute_besides_the_newest_and_every_change_of_size(store: SqlStore) -> None:
    for seconds, used in ((0, 1.0), (10, 2.0), (20, 3.0), (30, 4.0)):
        take_in(store, Batch(allocations=(disk(seconds, used),)))
    take_in(store, Batch(allocations=(disk(40, 5.0, allocated=200.0),)))
    take_in(store, Batch(allocations=(disk(70, 6.0, allocated=200.0),)))
    told = [store.allocations_at(after(seconds))[0].used for seconds in (0, 15, 25, 30, 40, 70)]
    assert told == [1.0, 1.0, 1.0, 4.0, 5.0, 6.0]
