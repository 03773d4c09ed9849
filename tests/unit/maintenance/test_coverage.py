"""What windows cover: entities and domains, occurrences cut short, and where two coverages begin to differ."""

from dataclasses import replace
from typing import Any

import pytest

from quarterdeck.analysis.coverage import Coverage, differing, occurrences
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.maintenance import Cut, MaintenanceWindow
from tests.support.stores import NOON, after
from tests.unit.maintenance.windows import HOUR, WEEK, window

API = Entity("service/api", EntityKind.SERVICE, "API", domain="bill_pay")
APP = Entity("service/app", EntityKind.SERVICE, "App", domain="account")
RANGE = TimeRange(after(-WEEK), after(4 * WEEK))
WEEKLY = window(0, 1, rule="FREQ=WEEKLY")


def hours(given: MaintenanceWindow, time_range: TimeRange = RANGE) -> list[tuple[float, float]]:
    def since_noon(each: TimeRange) -> tuple[float, float]:
        return (each.start_at - NOON).total_seconds() / HOUR, (each.end_at - NOON).total_seconds() / HOUR

    return [since_noon(each) for each in occurrences(given, time_range)]


def ms(seconds: float) -> int:
    return to_ms(after(seconds))


def covering(*windows: MaintenanceWindow) -> Coverage:
    return Coverage.of(windows, (API, APP), RANGE)


def test_a_weekly_window_covers_an_hour_a_week() -> None:
    assert hours(WEEKLY)[:3] == [(0, 1), (168, 169), (336, 337)]


def test_an_occurrence_that_began_before_the_range_is_told_whole() -> None:
    assert hours(window(0, 3), TimeRange(after(2 * HOUR), after(9 * HOUR))) == [(0, 3)]
    assert hours(window(0, 3), TimeRange(after(3 * HOUR), after(9 * HOUR))) == []


def test_a_cut_ends_one_occurrence_and_leaves_the_others() -> None:
    cut = replace(WEEKLY, cuts=(Cut(after(WEEK), after(WEEK + HOUR / 2)), Cut(after(0), after(0))))
    assert hours(cut)[:2] == [(168, 168.5), (336, 337)]


def test_a_cut_never_makes_an_occurrence_longer() -> None:
    assert hours(window(0, 1, cuts=(Cut(after(0), after(9 * HOUR)),))) == [(0, 1)]


def test_a_closed_window_covers_nothing_from_then_on() -> None:
    assert hours(replace(WEEKLY, closed_at=after(WEEK + HOUR / 4))) == [(0, 1), (168, 168.25)]
    assert hours(replace(WEEKLY, closed_at=after(-1))) == []


def test_a_window_covers_what_it_names_and_nothing_else() -> None:
    found = covering(window(0, 1, API.key, "service/unheard-of"))
    assert (found.at(API.key, ms(0)) is not None, found.at(APP.key, ms(0))) == (True, None)
    assert found.at("service/unheard-of", ms(0)) is None


def test_a_domain_covers_all_that_belong_to_it() -> None:
    found = covering(MaintenanceWindow("d", NOON, WEEKLY.length, "Move", domains=("account", "no_such")))
    assert (found.at(APP.key, ms(0)) is not None, found.at(API.key, ms(0))) == (True, None)


@pytest.mark.parametrize(("seconds", "is_covered"), [(-0.001, False), (0, True), (3599.999, True), (3600, False)])
def test_a_window_covers_its_start_and_not_its_end(seconds: float, *, is_covered: bool) -> None:
    assert (covering(window()).at(API.key, ms(seconds)) is not None) is is_covered


def test_of_two_windows_the_longer_lasting_is_told() -> None:
    found = covering(window(0, 1), window(600, 2, id="w-2", reason="Move")).at(API.key, ms(700))
    assert found is not None
    assert found.reason == "Move"


def test_edges_come_in_the_order_of_time() -> None:
    found = covering(window(0, 1), MaintenanceWindow("d", after(60), WEEKLY.length, "Move", domains=("account",)))
    assert list(found.edges(ms(0), ms(HOUR + 60))) == [
        (ms(60), APP.key),
        (ms(HOUR), API.key),
        (ms(HOUR + 60), APP.key),
    ]


def differences(before: MaintenanceWindow | None, later: MaintenanceWindow) -> list[tuple[float, float]]:
    found = differing(before, later, after(2 * WEEK))
    return [
        ((each.start_at - NOON).total_seconds() / HOUR, (each.end_at - NOON).total_seconds() / HOUR) for each in found
    ]


def test_a_new_window_differs_wherever_it_covers() -> None:
    assert differences(None, WEEKLY) == [(0, 1), (168, 169)]


def test_a_window_cut_short_differs_in_that_occurrence_alone() -> None:
    assert differences(WEEKLY, replace(WEEKLY, cuts=(Cut(after(WEEK), after(WEEK + HOUR / 2)),))) == [
        (168, 168.5),
        (168, 169),
    ]
    assert differences(WEEKLY, WEEKLY) == []


@pytest.mark.parametrize(
    "other", [{"reason": "Move"}, {"entity_keys": ("service/app",)}, {"domains": ("account",)}], ids=str
)
def test_another_scope_or_reason_differs_in_all_occurrences(other: dict[str, Any]) -> None:
    assert differences(window(), replace(window(), **other)) == [(0, 1)]


def test_what_only_begins_later_is_no_difference_yet() -> None:
    assert differences(None, window(3 * WEEK)) == []


def test_windows_that_touch_or_overlap_cover_at_a_stretch() -> None:
    lengths = {0.0: 1.0, 0.2: 0.1, 1.0: 1.0, 1.5: 1.0, 4.0: 1.0}
    coverage = covering(*(window(at * HOUR, length, id=f"w-{at}") for at, length in lengths.items()))
    assert [(coverage.since_ms(API.key, ms(at * HOUR)) - ms(0)) / HOUR / 1000 for at in (0.5, 2.2, 4.5)] == [0, 0, 4]


def test_what_is_not_covered_is_covered_since_that_instant() -> None:
    assert covering(window(0, 1)).since_ms(APP.key, ms(HOUR / 2)) == ms(HOUR / 2)
