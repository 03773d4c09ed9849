"""What a window would come to: its next occurrences, what it covers and leaves red, and what the clocks do to it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from quarterdeck.domain.estate import Entity, EntityKind, Estate, Relation, RelationKind
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.maintenance import last_occurrence
from quarterdeck.services.maintenance_preview import (
    ClockChange,
    Uncovered,
    clock_notes,
    covered_entities,
    next_occurrences,
    overlapping,
    uncovered_behind,
    uncovered_dependents,
)
from tests.support.stores import NOON, after
from tests.unit.maintenance.windows import HOUR, record, window

PARTNER = Entity("partner/hub", EntityKind.PARTNER, "Hub")
LINK = Entity("integration/pay", EntityKind.INTEGRATION, "Pay", domain="bill_pay")
API = Entity("service/api", EntityKind.SERVICE, "API", domain="bill_pay")
DATABASE = Entity("component/db", EntityKind.COMPONENT, "Database")
ESTATE = Estate(
    (DATABASE, API, LINK, PARTNER),
    (
        Relation(RelationKind.EXTERNAL_INTERNAL, PARTNER.key, LINK.key),
        Relation(RelationKind.EXTERNAL_INTERNAL, LINK.key, API.key),
        Relation(RelationKind.SERVICE_COMPONENT, API.key, DATABASE.key),
    ),
)
DAY = 24 * HOUR


def span(start: float, end: float) -> TimeRange:
    return TimeRange(after(start), after(end))


def test_entities_and_domains_cover_what_they_name() -> None:
    assert covered_entities(window(0, 1, DATABASE.key), ESTATE) == (DATABASE,)
    assert covered_entities(window(entity_keys=(), domains=("bill_pay",)), ESTATE) == (LINK, API)
    assert covered_entities(window(0, 1, "service/gone"), ESTATE) == ()


def test_what_lies_behind_and_is_not_covered_is_told_the_worst_first() -> None:
    states = {DATABASE.key: HealthState.DOWN, PARTNER.key: HealthState.HEALTHY}
    found = uncovered_behind({API.key}, ESTATE, states)
    assert [(one.entity.name, one.is_failing) for one in found] == [("Database", True), ("Pay", False), ("Hub", False)]
    assert found[1] == Uncovered(LINK, HealthState.UNKNOWN)
    assert uncovered_behind({DATABASE.key}, ESTATE, states) == ()


def test_what_depends_on_it_is_judged_as_ever() -> None:
    assert uncovered_dependents({LINK.key}, ESTATE) == (API,)
    assert uncovered_dependents({LINK.key, API.key}, ESTATE) == ()


def test_a_few_occurrences_are_told_and_that_more_follow() -> None:
    found, has_more = next_occurrences(window(rule="FREQ=DAILY"), after(2 * HOUR))
    assert (found[0], len(found), has_more) == (span(DAY, DAY + HOUR), 5, True)
    assert next_occurrences(window(), NOON) == ((span(0, HOUR),), False)


def test_of_a_window_that_is_over_the_last_occurrence_is_told() -> None:
    assert next_occurrences(window(), after(2 * HOUR)) == ((span(0, HOUR),), False)
    assert next_occurrences(window(closed_at=NOON), after(2 * HOUR)) == ((), False)
    assert last_occurrence(window(), after(-HOUR)) is None
    assert last_occurrence(window(rule="FREQ=DAILY"), after(DAY + 30 * 60)) == span(0, HOUR)
    assert last_occurrence(window(rule="FREQ=DAILY;COUNT=2"), after(4000 * DAY)) == span(DAY, DAY + HOUR)


def test_another_window_over_the_same_at_the_same_time_is_named_once() -> None:
    mine = window(1, 1, API.key, id="", start_at=after(DAY))
    nightly = record(
        window(entity_keys=(), domains=("bill_pay",), id="nightly", rule="FREQ=DAILY", length=timedelta(hours=2))
    )
    elsewhere = record(window(0, 48, DATABASE.key, id="elsewhere"))
    later = record(window(90, 1, API.key, id="later", start_at=after(9 * DAY)))
    broken = record(window(0, 1, API.key, id="broken", rule="FREQ=MARS"))
    found = overlapping(mine, (nightly, elsewhere, later, broken), ESTATE, NOON)
    assert [(one.record.window.id, one.shared, one.entity_keys) for one in found] == [
        ("nightly", span(DAY, DAY + HOUR), (API.key,))
    ]


def test_a_window_does_not_overlap_with_itself() -> None:
    assert overlapping(window(), (record(window()),), ESTATE, NOON) == ()


def test_windows_that_only_touch_do_not_overlap() -> None:
    before = record(window(0, 1, API.key, id="before"))
    assert overlapping(window(1, 1, API.key, id="", start_at=after(HOUR)), (before,), ESTATE, NOON) == ()


def test_a_change_of_the_clocks_is_told_by_what_it_does() -> None:
    nightly = replace(window(rule="FREQ=DAILY", zone="Europe/Berlin"), start_at=datetime(2026, 3, 2, 1, 30, tzinfo=UTC))
    found = clock_notes(nightly, NOON)
    assert [(note.occurrence.start_at.date().isoformat(), note.change) for note in found] == [
        ("2026-03-29", ClockChange.MOVED_START),
        ("2026-10-25", ClockChange.FIRST_OF_TWO),
    ]


def test_a_window_over_the_change_of_the_clocks_ends_at_another_hour() -> None:
    night = window(0, 6, zone="Europe/Berlin", start_at=datetime(2026, 3, 28, 22, tzinfo=UTC))
    assert [note.change for note in clock_notes(night, NOON)] == [ClockChange.OTHER_END]
    assert clock_notes(window(), NOON) == ()
