"""Windows and previews in words: what fails already, who is silent, what covers nothing, and rules as they are."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.maintenance import MaintenanceWindow
from quarterdeck.services.maintenance_desk import BoardWindow, Period, WindowBoard
from quarterdeck.services.maintenance_preview import ClockChange, ClockNote, Uncovered, WindowPreview
from quarterdeck.services.moments import Moment
from quarterdeck.ui.panels.maintenance.preview_words import preview_state
from quarterdeck.ui.panels.maintenance.words import board_state, repeat_words
from tests.unit.maintenance.windows import record, window

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPAN = TimeRange(NOON + HOUR, NOON + 2 * HOUR)
WORK = MaintenanceWindow("w", SPAN.start_at, HOUR, "Upgrade", ("service/api",))
MOMENT = Moment(TimeRange(NOON - HOUR, NOON), NOON)


def entity(name: str) -> Entity:
    return Entity(f"service/{name.casefold()}", EntityKind.SERVICE, name)


def preview(**changes: object) -> WindowPreview:
    made = WindowPreview(
        window=WORK,
        occurrences=(SPAN,),
        has_more=False,
        is_over=False,
        is_under_way=False,
        covered=(entity("API"),),
        behind=(),
        dependents=(),
        overlaps=(),
        clock_notes=(),
        now=NOON,
    )
    return replace(made, **changes)


def remarks(**changes: object) -> list[tuple[str, HealthState | None]]:
    return [(one.words, one.state) for one in preview_state(preview(**changes), str).remarks]


def test_what_fails_already_and_is_not_covered_is_named_first() -> None:
    behind = (
        Uncovered(entity("Ledger"), HealthState.DOWN),
        Uncovered(entity("Queue"), HealthState.HEALTHY),
        Uncovered(entity("Cache"), HealthState.UNKNOWN),
    )
    assert remarks(behind=behind) == [
        (
            "Ledger is down now and is not covered: what depends on it stays red during the window.",
            HealthState.DOWN,
        ),
        (
            "Not covered: Queue, Cache. If one of them fails meanwhile, what depends on it stays red.",
            HealthState.DEGRADED,
        ),
    ]


def test_several_that_depend_on_it_are_told_shortened() -> None:
    [(words, _)] = remarks(dependents=tuple(entity(name) for name in "ABCDEF"))
    assert words.startswith("Not covered either: A, B, C, D and 2 more, which depend on this.")


def test_nobody_collecting_is_told() -> None:
    [(words, state)] = remarks(silent_since_at=NOON - HOUR)
    assert words.startswith("Nothing has been collecting since ")
    assert state is HealthState.STALE


def test_a_scope_without_entities_covers_nothing_yet() -> None:
    gone = preview_state(preview(covered=()), str)
    assert gone.covers == "Covers nothing that is in the estate at the moment."
    domain = replace(WORK, entity_keys=(), domains=("bill_pay",))
    assert preview_state(preview(covered=(), window=domain), str).covers == (
        "Covers nothing at the moment: no entity belongs to Bill Pay. What comes to belong to it is covered."
    )


def test_a_window_without_an_occurrence_left_is_told_by_its_scope_alone() -> None:
    told = preview_state(preview(occurrences=(), is_over=True), str)
    assert told.brief == "covers 1 entity · ▲ 1 to know, below"


def test_what_covers_several_counts_them_as_several() -> None:
    told = preview_state(preview(covered=(entity("API"), entity("Ledger"))), str)
    assert told.covers.startswith("Covers 2 entities: ")
    assert "covers 2 entities" in told.brief


def test_clocks_that_change_meanwhile_are_told_with_the_other_end() -> None:
    note = ClockNote(TimeRange(NOON, NOON + HOUR), ClockChange.OTHER_END)
    [(words, state)] = remarks(clock_notes=(note,))
    assert (words, state) == ("On 24 Nov 2026 the clocks change while it lasts: it ends at 13:00 by the clock.", None)


def test_another_year_is_named() -> None:
    later = replace(WORK, start_at=NOON.replace(year=2028))
    assert preview_state(preview(window=later), str).when == "Fri 24 Nov 2028 12:00, for 60 min (UTC)"


def test_an_end_on_another_day_names_the_day() -> None:
    nightly = replace(WORK, rule="FREQ=DAILY", length=20 * HOUR)
    span = TimeRange(NOON, NOON + 20 * HOUR)
    [line] = preview_state(preview(window=nightly, occurrences=(span,)), str).occurrences
    assert line == "Tue 24 Nov 12:00 – Wed 25 Nov 08:00"


def test_a_rule_that_no_choice_says_is_shown_as_it_is() -> None:
    assert repeat_words(replace(WORK, rule="FREQ=YEARLY"), str) == "FREQ=YEARLY"
    assert repeat_words(replace(WORK, rule="FREQ=MONTHLY;UNTIL=20270131"), str) == "monthly on day 24 until 2027-01-31"


def test_many_names_are_told_in_full_beside_the_list() -> None:
    keys = tuple(f"service/{number}" for number in range(15))
    named = record(window(entity_keys=keys, start_at=SPAN.start_at))
    one = BoardWindow(named, "ada", Period.PLANNED, SPAN, None, keys, 15)
    state = board_state(WindowBoard((one,), NOON - HOUR), MOMENT, str)
    assert state.lines[0].covers == "service/0 and 14 more"
    assert state.details[0].facts[0][1].splitlines()[-1] == "and 3 more"
    assert state.silence.startswith("Nothing has been collecting since ")
