"""What a form means: every fault beside its field with the next step, and a window comes back as it was typed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from quarterdeck.domain.maintenance import Cut, MaintenanceWindow
from quarterdeck.domain.maintenance_scope import MaintenanceScope
from quarterdeck.services.maintenance_forms import Field, Repeat, TypedWindow, changed_window, read_typed, typed_of
from tests.support.stores import NOON, after
from tests.unit.maintenance.windows import HOUR, window

SCOPE = MaintenanceScope(("service/api",))
SUNDAY = TypedWindow(SCOPE, "Core upgrade", "2026-11-29 02:00", "2026-11-29 03:30", "Europe/Berlin")
WEEKLY = replace(SUNDAY, repeat=Repeat.WEEKLY, weekdays=("SU", "MO"))


def meant(typed: TypedWindow) -> MaintenanceWindow:
    reading = read_typed(typed)
    assert reading.window is not None, reading.faults
    return reading.window


def fault(typed: TypedWindow) -> tuple[Field, str]:
    faults = read_typed(typed).faults
    assert len(faults) == 1, faults
    return faults[0]


def test_an_empty_form_is_told_every_fault_at_once() -> None:
    faults = read_typed(TypedWindow()).faults
    assert [place for place, _ in faults] == [Field.SCOPE, Field.REASON, Field.START]


@pytest.mark.parametrize(
    ("fields", "place", "words"),
    [
        ({"scope": MaintenanceScope()}, Field.SCOPE, "does not say what it covers. Choose"),
        ({"reason": "  "}, Field.REASON, "does not say why. A few words"),
        ({"start": ""}, Field.START, "does not say when it begins. Write a time like"),
        ({"start": "soon"}, Field.START, "'soon' is no time. Write it like"),
        ({"start": "2026-03-29 02:30"}, Field.START, "the clocks are put forward then. Say a time before or after."),
        ({"end": ""}, Field.END, "does not say when it ends. Say a later end"),
        ({"end": "later"}, Field.END, "'later' is no time. Write it like"),
        ({"end": "2026-11-29 01:00"}, Field.END, "ends before it begins, or as it begins. Say a later end"),
        ({"end": "500d"}, Field.START, "The window lasts 500 days. Plan at most 366 days"),
        (
            {"start": "1999-01-01 02:00", "end": "1h"},
            Field.START,
            "The window begins in 1999",
        ),
        ({"zone": "Europe/Berln"}, Field.ZONE, "is no time zone. Did you mean Europe/Berlin?"),
        ({"zone": "?"}, Field.ZONE, "'?' is no time zone. Name one such as"),
        ({"repeat": Repeat.WEEKLY}, Field.WEEKDAYS, "No day of the week is chosen. The start is on a Sunday"),
        ({"repeat": Repeat.WEEKLY, "weekdays": ("MO",)}, Field.WEEKDAYS, "Choose Sunday too, or move the start."),
        ({"repeat": Repeat.DAILY, "last_day": "never"}, Field.LAST_DAY, "'never' is no day. Write it like 2027-03-31"),
        ({"repeat": Repeat.DAILY, "last_day": "2026-11-28"}, Field.LAST_DAY, "The last day lies before the start."),
        ({"repeat": Repeat.RULE}, Field.RULE, "The rule is empty. Write one such as"),
        ({"repeat": Repeat.RULE, "rule": "FREQ=HOURLY"}, Field.RULE, "comes too often: HOURLY"),
        ({"repeat": Repeat.RULE, "rule": "FREQ=WEEKLY;BYDAY=MO"}, Field.RULE, "none of those that the rule names."),
    ],
    ids=lambda value: str(value)[:24] if isinstance(value, str) else "",
)
def test_what_is_wrong_stands_beside_its_field_with_the_next_step(
    fields: dict[str, object], place: Field, words: str
) -> None:
    found, told = fault(replace(SUNDAY, **fields))
    assert found is place
    assert words in told


def test_an_end_may_be_a_time_of_day_after_the_start() -> None:
    assert meant(replace(SUNDAY, end="04:15")).length == timedelta(hours=2, minutes=15)
    assert meant(replace(SUNDAY, end="01:00")).length == timedelta(hours=23)
    assert meant(replace(SUNDAY, end="90min")).length == timedelta(minutes=90)


def test_a_time_of_day_in_the_hour_left_out_is_refused_at_the_end() -> None:
    place, told = fault(replace(SUNDAY, start="2026-03-29 01:00", end="02:30"))
    assert (place, "the clocks are put forward" in told) == (Field.END, True)


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({}, ""),
        ({"repeat": Repeat.DAILY}, "FREQ=DAILY"),
        ({"repeat": Repeat.WEEKLY, "weekdays": ("SU", "MO")}, "FREQ=WEEKLY;BYDAY=MO,SU"),
        ({"repeat": Repeat.MONTHLY, "last_day": "2027-03-31"}, "FREQ=MONTHLY;UNTIL=20270331"),
        ({"repeat": Repeat.RULE, "rule": "freq=weekly;byday=su;count=3"}, "FREQ=WEEKLY;BYDAY=SU;COUNT=3"),
    ],
    ids=["once", "daily", "weekly", "monthly", "rule"],
)
def test_plain_choices_become_a_rule_and_come_back_as_they_were(fields: dict[str, object], rule: str) -> None:
    typed = replace(SUNDAY, **fields)
    window = meant(typed)
    assert window.rule == rule
    assert meant(typed_of(window)) == window
    assert typed_of(window).repeat is typed.repeat


def test_a_rule_that_no_choice_says_comes_back_as_its_text() -> None:
    typed = typed_of(replace(meant(SUNDAY), rule="FREQ=MONTHLY;BYDAY=SU"))
    assert (typed.repeat, typed.rule) == (Repeat.RULE, "FREQ=MONTHLY;BYDAY=SU")


def test_a_weekly_rule_without_days_comes_on_the_day_of_its_start() -> None:
    assert typed_of(replace(meant(SUNDAY), rule="FREQ=WEEKLY")).weekdays == ("SU",)


def test_the_second_of_two_equal_local_times_comes_back_with_its_offset() -> None:
    window = meant(replace(SUNDAY, start="2026-10-25T02:30+01:00", end="1h"))
    assert typed_of(window).start == "2026-10-25T02:30+01:00"
    assert meant(typed_of(window)).start_at == window.start_at


def test_a_window_ended_early_is_shown_with_the_end_it_had() -> None:
    ended = window(closed_at=after(600))
    assert typed_of(ended).end == "2026-03-02 12:10"
    assert typed_of(window(cuts=(Cut(NOON, after(1200)),))).end == "2026-03-02 12:20"
    assert typed_of(window(closed_at=after(-600))).end == "2026-03-02 13:00"


def test_a_correction_of_words_leaves_an_early_end_as_it_is() -> None:
    ended = window(closed_at=after(600))
    changed = changed_window(ended, meant(replace(typed_of(ended), reason="Other words")))
    assert changed == replace(ended, reason="Other words")


def test_a_correction_of_times_takes_back_an_early_end() -> None:
    ended = window(closed_at=after(600))
    changed = changed_window(ended, meant(replace(typed_of(ended), end="20min")))
    assert (changed.closed_at, changed.length, changed.id) == (None, timedelta(minutes=20), ended.id)


def test_occurrences_left_out_stay_so_where_the_rule_stays() -> None:
    held = window(rule="FREQ=DAILY", cuts=(Cut(after(24 * HOUR), after(24 * HOUR)),))
    longer = changed_window(held, meant(replace(typed_of(held), end="2h")))
    moved = changed_window(held, meant(replace(typed_of(held), start="2026-03-02 13:00", end="1h")))
    assert (longer.cuts, moved.cuts) == (held.cuts, ())


def test_a_scope_is_handed_on_in_one_line_without_a_slash() -> None:
    scope = MaintenanceScope(("integration/pay hub&co", "service/api"), ("bill_pay",))
    assert "/" not in scope.written()
    assert MaintenanceScope.read(scope.written()) == scope
    assert MaintenanceScope.read("nonsense").is_empty
