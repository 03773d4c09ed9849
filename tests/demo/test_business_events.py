from collections import Counter
from itertools import pairwise

from quarterdeck.analysis.message_patterns import mined
from quarterdeck.demo.business_cases import BankEvent
from quarterdeck.demo.business_events import BusinessEvents
from quarterdeck.demo.event_server import cloud_event
from quarterdeck.domain.events import Event
from quarterdeck.domain.failures import failure_of
from quarterdeck.domain.instants import from_ms
from tests.demo.worlds import DAY_MS, MINUTE_MS, OPENED_MS, PaperBank, paper_bank

HOUR_MS = 60 * MINUTE_MS


def events_of(bank: PaperBank, seed: int = 1) -> BusinessEvents:
    return BusinessEvents(seed, bank.calendar, bank.faults, bank.clock.now_ms)


def read_all(events: BusinessEvents, limit: int = 700) -> list[BankEvent]:
    found: list[BankEvent] = []
    place = None
    while True:
        page = events.page(place, limit)
        found += page.events
        place = page.place
        if not page.has_more:
            return found


def counts(events: list[BankEvent]) -> Counter[str]:
    return Counter(event.type for event in events)


def test_paging_by_cursor_gives_every_event_of_the_day_once_and_in_order() -> None:
    bank = paper_bank()
    paged = read_all(events_of(bank))
    whole = events_of(bank).between(OPENED_MS - DAY_MS, OPENED_MS + 1)
    assert paged == whole
    assert len({event.event_id for event in paged}) == len(paged)
    assert 0.8 * 86_400 < len(paged) < 2.2 * 86_400
    assert all(one.at_ms <= other.at_ms for one, other in pairwise(paged))


def test_the_same_seed_tells_the_same_events() -> None:
    one = events_of(paper_bank()).between(OPENED_MS - HOUR_MS, OPENED_MS)
    other = events_of(paper_bank()).between(OPENED_MS - HOUR_MS, OPENED_MS)
    assert one == other
    assert one != events_of(paper_bank(), seed=2).between(OPENED_MS - HOUR_MS, OPENED_MS)


def test_an_accepted_payment_goes_on_to_its_settlement_and_its_notification() -> None:
    events = events_of(paper_bank()).between(OPENED_MS - 2 * HOUR_MS, OPENED_MS)
    case = next(event.correlation_key for event in events if event.type == "payment.accepted")
    steps = [event.type for event in events if event.correlation_key == case]
    assert steps[:2] == ["payment.submitted", "payment.accepted"]
    assert sorted(steps[2:]) == ["notification.delivered", "notification.requested", "payment.settled"]


def test_what_was_told_before_a_fault_stays_as_it_was_told() -> None:
    bank = paper_bank()
    events = events_of(bank)
    told = events.page(None, 2000)
    before = events.between(OPENED_MS - HOUR_MS, OPENED_MS + 1)
    for name in ("payhub_outage", "lost_notifications", "queue_buildup", "slow_aggregation", "bad_deploy"):
        bank.faults.start(name, OPENED_MS + 1)
    assert events.between(OPENED_MS - HOUR_MS, OPENED_MS + 1) == before
    assert events.page(None, 2000) == told


def test_a_live_reader_misses_nothing_and_sees_nothing_twice() -> None:
    bank = paper_bank()
    events = events_of(bank)
    place = events.page((OPENED_MS, ""), 500).place
    seen: list[BankEvent] = []
    for poll in range(60):
        bank.clock.ms += 5_000
        if poll == 20:
            bank.faults.start("payhub_outage", bank.clock.ms)
        page = events.page(place, 500)
        place = page.place
        seen += page.events
    assert seen == events.between(OPENED_MS + 1, bank.clock.ms + 1)


def test_an_outage_rejects_payments_with_503_and_says_which_host_timed_out() -> None:
    bank = paper_bank(opening=("payhub_outage",))
    bank.clock.ms += HOUR_MS
    events = events_of(bank).between(OPENED_MS, bank.clock.ms)
    rejected = [dict(event.facts) for event in events if event.type == "payment.rejected"]
    assert 0.25 < len(rejected) / counts(events)["payment.submitted"] < 0.5
    assert {facts["status"] for facts in rejected} == {"503"}
    assert "timed out after" in rejected[0]["message"]


def test_lost_notifications_are_requested_and_never_delivered() -> None:
    bank = paper_bank(opening=("lost_notifications",))
    seen = counts(events_of(bank).between(OPENED_MS, OPENED_MS + HOUR_MS))
    assert seen["notification.delivered"] < 0.75 * seen["notification.requested"]


def test_a_queue_that_builds_up_delays_settlements_beyond_a_minute() -> None:
    bank = paper_bank(opening=("queue_buildup",))
    events = events_of(bank).between(OPENED_MS, OPENED_MS + HOUR_MS)
    accepted = {event.correlation_key: event.at_ms for event in events if event.type == "payment.accepted"}
    delays = [
        event.at_ms - accepted[event.correlation_key]
        for event in events
        if event.type == "payment.settled" and event.correlation_key in accepted
    ]
    assert max(delays) > 60_000


def test_slow_aggregation_refreshes_fewer_balances() -> None:
    slow = counts(events_of(paper_bank(opening=("slow_aggregation",))).between(OPENED_MS, OPENED_MS + HOUR_MS))
    usual = counts(events_of(paper_bank()).between(OPENED_MS, OPENED_MS + HOUR_MS))
    assert slow["balance.refreshed"] < 0.75 * usual["balance.refreshed"]


def test_a_slow_aggregation_tells_which_refreshes_timed_out() -> None:
    events = events_of(paper_bank(opening=("slow_aggregation",))).between(OPENED_MS, OPENED_MS + HOUR_MS)
    failed = [dict(event.facts) for event in events if event.type == "balance.refresh_failed"]
    timed_out = [facts for facts in failed if facts["status"] == "504"]
    assert len(timed_out) > 0.9 * len(failed) > 20
    assert "/balances at agg-" in timed_out[0]["message"]


def test_an_ordinary_day_has_a_few_failures_of_several_kinds_and_patterns() -> None:
    events = events_of(paper_bank()).between(OPENED_MS - 12 * HOUR_MS, OPENED_MS - 6 * HOUR_MS)
    told = [failure_of(Event("bank", one.event_id, one.type, from_ms(one.at_ms), facts=one.facts)) for one in events]
    failures = [one for one in told if one is not None]
    patterns = mined(((one.message, 0) for one in failures), split_ms=0)
    assert 0 < len(failures) < 0.02 * len(events)
    assert len({one.code for one in failures}) >= 6
    assert 6 <= len(patterns) <= 12


def test_a_late_feed_holds_the_newest_five_minutes_back() -> None:
    bank = paper_bank(opening=("late_events",))
    newest = events_of(bank).page((OPENED_MS - 10 * MINUTE_MS, ""), 2000).events[-1]
    assert OPENED_MS - 6 * MINUTE_MS < newest.at_ms <= OPENED_MS - 5 * MINUTE_MS


def test_a_bad_release_is_told_as_a_deploy_and_its_end_as_a_rollback() -> None:
    bank = paper_bank()
    bank.faults.start("bad_deploy", OPENED_MS)
    bank.faults.end("bad_deploy", OPENED_MS + 10 * MINUTE_MS)
    seen = counts(events_of(bank).between(OPENED_MS, OPENED_MS + 11 * MINUTE_MS))
    assert seen["deploy.finished"] == seen["deploy.rolled_back"] == 1


def test_weeks_bring_releases_and_the_clearing_its_sunday_maintenance() -> None:
    week = counts(events_of(paper_bank()).changes(OPENED_MS - 6 * DAY_MS, OPENED_MS))
    assert week["deploy.finished"] >= 2
    assert week["maintenance.started"] == week["maintenance.ended"] == 1


def test_an_event_is_a_cloud_event_with_its_case_and_its_entity() -> None:
    event = events_of(paper_bank()).between(OPENED_MS - MINUTE_MS, OPENED_MS)[0]
    told = cloud_event(event)
    assert told["specversion"] == "1.0"
    assert told["id"] == event.event_id
    assert told["time"].endswith("Z")
    assert told["subject"] == event.entity_key
    assert told["correlationid"] == event.correlation_key
