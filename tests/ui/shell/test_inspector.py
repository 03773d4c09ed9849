"""The inspector tells everything known of what is selected, in words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from quarterdeck.domain.availability import Ledger
from quarterdeck.domain.checks import CheckOutcome, CheckResult, ClaimedStatus
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import Meaning
from quarterdeck.services.figures import Figure, FigureReading
from quarterdeck.services.inspector import EntityCard
from quarterdeck.services.moments import AVAILABILITY_DAYS, Moment
from quarterdeck.services.signals import Reading
from quarterdeck.ui.shell.inspector.pages import InspectorPage
from quarterdeck.ui.shell.inspector.presenter import InspectorPresenter, card_in_words
from quarterdeck.ui.shell.inspector.rows import MarkedRow
from quarterdeck.ui.shell.inspector.state import ChartedSeries, InspectorCard, SeriesList
from quarterdeck.ui.shell.inspector.view import InspectorView
from quarterdeck.ui.theme.theme import Theme
from tests.support.consoles import ConsoleBench, FixedClock, open_bank
from tests.support.pictured_bank import NOON
from tests.ui.panels.performance.test_unusual import unusual as performance_unusual
from tests.ui.shell.conftest import Benches

PAYHUB = "integration/payhub-processor"
NOW = Moment(TimeRange.ending(NOON, 6 * 3600), NOON)
MORNING = Moment(TimeRange.ending(NOON, 6 * 3600), NOON - timedelta(hours=2), live=False)


class InlineBackground:
    """A `Background` that does everything at once."""

    def run_query(self, work: Callable[[], Any], *, on_result: Any, on_error: Any, key: str = "") -> Any:
        try:
            result = work()
        except OperatorError as fault:
            on_error(fault)
        else:
            on_result(result)

    run_change = run_query


class NotedSurface:
    """An `InspectorSurface` that keeps what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.card: InspectorCard | None = None

    def show_loading(self) -> None:
        self.told.append("loading")

    def show_nothing(self) -> None:
        self.told.append("nothing")

    def show_card(self, card: InspectorCard) -> None:
        self.told.append("card")
        self.card = card

    def show_absent(self, entity_key: str) -> None:
        self.told.append(f"absent {entity_key}")

    def show_failure(self, error: OperatorError) -> None:
        self.told.append(error.message)

    def show_series(self, series: SeriesList) -> None:
        self.told.append("series")

    def show_course(self, course: ChartedSeries) -> None:
        self.told.append("course")


def card_of(benches: Benches, key: str, moment: Moment = NOW) -> InspectorCard:
    services = open_bank(benches.bank, FixedClock())
    surface = NotedSurface()
    InspectorPresenter(lambda: services.inspector, InlineBackground(), surface).show(key, moment)
    services.close()
    assert surface.card is not None
    return surface.card


def test_a_card_says_what_how_bad_since_when_and_why(benches: Benches) -> None:
    card = card_of(benches, PAYHUB)
    assert (card.name, card.kind, card.state, card.since) == (
        "PayHub processor",
        "integration",
        HealthState.DOWN,
        "14 min",
    )
    assert card.why.startswith("Error rate")


def test_readings_carry_their_unit(benches: Benches) -> None:
    readings = {line.label: line.value for line in card_of(benches, PAYHUB).readings}
    assert readings["error rate"].endswith("%")
    assert readings["throughput"].endswith("/s")


def test_the_ledger_behind_the_availability_is_told(benches: Benches) -> None:
    given = card_of(benches, PAYHUB).availability
    assert given.percent.endswith("%")
    assert given.down == "18 h"
    assert given.excluded == ""


def test_a_claim_that_differs_from_what_is_measured_is_marked(benches: Benches) -> None:
    claim = card_of(benches, PAYHUB).claim
    assert claim is not None
    assert claim.disagrees
    healthy = card_of(benches, "integration/core-accounts").claim
    assert healthy is None or not healthy.disagrees


@pytest.mark.parametrize(
    ("claimed", "measured"), [(HealthState.DEGRADED, HealthState.HEALTHY), (HealthState.MAINTENANCE, HealthState.DOWN)]
)
def test_a_claim_that_the_integrations_do_not_dispute_is_not_disputed_here_either(
    claimed: HealthState, measured: HealthState
) -> None:
    card = replace(
        plain_card(),
        state=StateInterval("service/a", measured, "", NOON - timedelta(minutes=5)),
        claimed=ClaimedStatus("partner/a", NOON, claimed, ""),
    )
    claim = card_in_words(card, NOW).claim
    assert claim is not None
    assert not claim.disagrees


def test_what_is_outside_its_usual_range_stands_in_lines_with_what_is_recorded_near_it() -> None:
    found = tuple(replace(performance_unusual(), name="A") for _ in range(7))
    card = card_in_words(replace(plain_card(), unusual=found, changed="What changed at 12:18."), NOW)
    assert [line.label for line in card.unusual] == [*(["P95 response time"] * 5), "Besides", "Near it"]
    assert "12 times its usual spread since" in card.unusual[0].value
    assert card.unusual[5].value == "2 more in the last day"
    assert card_in_words(plain_card(), NOW).unusual == ()


A_WHOLE_MONTH = AVAILABILITY_DAYS * 86400.0
ALL_UP = Ledger(A_WHOLE_MONTH, 0, 0, 0)


def plain_card(*readings: Reading, ledger: Ledger = ALL_UP) -> EntityCard:
    entity = Entity("service/a", EntityKind.SERVICE, "A")
    return EntityCard(entity, None, None, ledger, readings, (), None, (), (), ())


def reading_of(meaning: Meaning, minutes_old: float, name: str = "") -> Reading:
    return Reading(meaning, "", "1", 4.0, NOON - timedelta(minutes=minutes_old), not minutes_old, name)


def words_shown(theme: Theme, show: Callable[[QWidget], QWidget], card: EntityCard, moment: Moment) -> list[str]:
    view = InspectorView(theme)
    show(view)
    view.show_card(card_in_words(card, moment))
    QCoreApplication.processEvents()
    return [label.text() for label in view.findChildren(QLabel) if label.isVisible()]


def test_a_reading_without_a_meaning_of_ours_bears_its_own_name() -> None:
    card = card_in_words(plain_card(reading_of(Meaning.OTHER, 0, "node_load1")), NOW)
    assert [line.label for line in card.readings] == ["node_load1"]


def test_what_one_looks_for_first_stands_before_what_else_is_told() -> None:
    disk = FigureReading(Figure.DISK, reading_of(Meaning.STORAGE, 0), "/data")
    others = (reading_of(Meaning.AVAILABILITY, 0), reading_of(Meaning.OTHER, 0, "file_handles"))
    card = card_in_words(replace(plain_card(*others), figures=(disk,)), NOW)
    assert [line.label for line in card.now] == ["fullest disk (/data)", "answers"]
    assert [line.label for line in card.readings] == ["fullest disk (/data)", "answers", "file_handles"]


def test_where_nothing_one_looks_for_is_told_whatever_is_told_stands_there() -> None:
    card = card_in_words(plain_card(reading_of(Meaning.OTHER, 0, "file_handles")), NOW)
    assert [line.label for line in card.now] == ["file_handles"]


def test_fresh_readings_of_the_present_are_headed_now(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    assert "Now" in words_shown(theme, show, plain_card(reading_of(Meaning.MEMORY, 0)), NOW)


def test_readings_of_the_past_are_headed_by_their_moment(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    shown = words_shown(theme, show, plain_card(reading_of(Meaning.MEMORY, 0)), replace(NOW, live=False))
    local = NOON.astimezone()
    assert f"At {local:%H:%M} on {local.day} Nov" in shown
    assert "Now" not in shown


def test_readings_that_are_all_old_are_headed_by_their_age(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    card = plain_card(reading_of(Meaning.MEMORY, 22), reading_of(Meaning.STORAGE, 22))
    shown = words_shown(theme, show, card, NOW)
    assert "22 min old" in shown
    assert "Now" not in shown


def test_old_readings_of_different_ages_tell_their_own(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    card = plain_card(reading_of(Meaning.MEMORY, 22), reading_of(Meaning.STORAGE, 40))
    shown = words_shown(theme, show, card, replace(NOW, live=False))
    local = NOON.astimezone()
    assert f"At {local:%H:%M} on {local.day} Nov: nothing fresh" in shown
    assert {"4.00 · 22 min old", "4.00 · 40 min old"} <= set(shown)


def test_what_is_fresh_speaks_for_now_without_what_is_old(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    card = plain_card(reading_of(Meaning.MEMORY, 0), reading_of(Meaning.STORAGE, 40))
    assert "storage in use" not in words_shown(theme, show, card, NOW)


def test_a_store_that_cannot_be_read_leaves_nothing_headed_now(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    view = InspectorView(theme)
    show(view)
    view.show_card(card_in_words(plain_card(reading_of(Meaning.MEMORY, 0)), NOW))
    view.show_stale("not read since 12:32")
    shown = {label.text() for label in view.findChildren(QLabel) if label.isVisible()}
    assert "Now" not in shown
    assert "When last read" in shown


def test_a_page_turned_to_while_the_store_is_lost_heads_nothing_now(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    view = InspectorView(theme)
    show(view)
    view.show_page("facts")
    view.show_card(card_in_words(plain_card(reading_of(Meaning.MEMORY, 0)), NOW))
    view.show_stale("not read since 12:32")
    view.show_page("why")
    assert "When last read" in {label.text() for label in view.findChildren(QLabel) if label.isVisible()}


def test_a_page_is_made_when_it_is_turned_to_and_tells_of_the_card_that_is_shown(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    view = InspectorView(theme)
    show(view)
    view.show_card(card_in_words(plain_card(reading_of(Meaning.OTHER, 0, "file_handles")), NOW))
    QCoreApplication.processEvents()
    assert len(view.findChildren(InspectorPage)) == 1
    view.show_page("signals")
    assert "file_handles" in {label.text() for label in view.findChildren(QLabel) if label.isVisible()}
    view.show_card(card_in_words(plain_card(), NOW))
    assert "No signal has come yet." in {label.text() for label in view.findChildren(QLabel) if label.isVisible()}


def test_what_comes_right_after_a_first_card_is_what_stays(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    view = InspectorView(theme)
    show(view)
    view.show_card(card_in_words(plain_card(), NOW))
    view.show_nothing()
    QCoreApplication.processEvents()
    assert "Nothing is selected" in {label.text() for label in view.findChildren(QLabel) if label.isVisible()}


def test_an_availability_of_minutes_names_the_minutes(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    minutes = Ledger(22 * 60.0, 0, A_WHOLE_MONTH - 22 * 60.0, 0)
    assert "100% of 22 min counted" in words_shown(theme, show, plain_card(ledger=minutes), NOW)
    assert "100% over 30 days" in words_shown(theme, show, plain_card(), NOW)


def test_an_availability_of_which_nothing_was_counted_says_so(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    shown = words_shown(theme, show, plain_card(ledger=Ledger(0, 0, 0, A_WHOLE_MONTH)), NOW)
    assert "nothing counted yet" in shown


def test_a_check_of_a_stale_entity_is_stale_as_well() -> None:
    passed = CheckResult("service/a", "answers", NOON - timedelta(minutes=22), CheckOutcome.PASSED, "Answered.")
    stale = StateInterval("service/a", HealthState.STALE, "No fresh data", NOON - timedelta(minutes=20))
    fresh = replace(plain_card(), checks=(passed,))
    assert card_in_words(fresh, NOW).checks[0].state is HealthState.HEALTHY
    assert card_in_words(replace(fresh, state=stale), NOW).checks[0].state is HealthState.STALE


def test_neighbours_lead_to_their_own_cards(benches: Benches) -> None:
    card = card_of(benches, PAYHUB)
    assert [(line.title, line.key) for line in card.upstream] == [("PayHub", "partner/payhub")]
    assert all(line.key for line in card.downstream)


def test_the_past_is_told_as_it_was(benches: Benches) -> None:
    card = card_of(benches, PAYHUB, MORNING)
    assert card.state is HealthState.HEALTHY
    assert card.changes[0].state is HealthState.HEALTHY


def test_what_is_not_in_the_estate_is_said_to_be_absent(benches: Benches) -> None:
    services = open_bank(benches.bank, FixedClock())
    surface = NotedSurface()
    InspectorPresenter(lambda: services.inspector, InlineBackground(), surface).show("service/never-was", NOW)
    services.close()
    assert surface.told == ["loading", "absent service/never-was"]


def test_an_update_of_the_same_entity_shows_no_skeleton(benches: Benches) -> None:
    services = open_bank(benches.bank, FixedClock())
    surface = NotedSurface()
    presenter = InspectorPresenter(lambda: services.inspector, InlineBackground(), surface)
    presenter.show(PAYHUB, NOW)
    presenter.show(PAYHUB, NOW)
    services.close()
    assert surface.told == ["loading", "card", "card"]


def test_a_store_that_fails_is_said_in_its_words() -> None:
    class Failing:
        def card(self, entity_key: str, moment: Moment) -> None:
            raise OperatorError("The disk does not answer.", "Look at it.")

    surface = NotedSurface()
    reader: Any = Failing()
    InspectorPresenter(lambda: reader, InlineBackground(), surface).show(PAYHUB, NOW)
    assert surface.told == ["loading", "The disk does not answer."]


def test_nothing_selected_is_said(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    view = InspectorView(theme)
    show(view)
    view.show_nothing()
    assert "Nothing is selected" in {label.text() for label in view.findChildren(QLabel) if label.isVisible()}


def test_a_press_on_a_neighbour_selects_it(bench: ConsoleBench) -> None:
    bench.console.conductor.select(PAYHUB)
    bench.settle()
    rows = [row for row in bench.console.window.inspector.findChildren(MarkedRow) if row.isVisible()]
    partner = next(row for row in rows if row.accessibleName().startswith("PayHub"))
    bench.clock.at += timedelta(seconds=5)
    QTest.mouseClick(partner, Qt.MouseButton.LeftButton)
    bench.settle()
    assert bench.console.conductor.place.entity_key == "partner/payhub"
    bench.console.registry.trigger("place.back")
    assert bench.console.conductor.place.entity_key == PAYHUB


def test_the_inspector_comes_with_a_selection_and_goes_with_its_key(bench: ConsoleBench) -> None:
    side = bench.console.window.side
    assert not side.is_inspector_shown
    bench.console.conductor.select(PAYHUB)
    assert side.is_inspector_shown
    bench.console.registry.trigger("frame.inspector")
    assert not side.is_inspector_shown
    assert not bench.preferences.preferences.inspector_shown or not bench.runner.is_idle
    bench.console.registry.trigger("frame.inspector")
    assert side.is_inspector_shown


def test_a_panel_may_put_its_own_page_in_the_inspectors_place(bench: ConsoleBench, panels: dict[str, Any]) -> None:
    page = QLabel("form")
    panels["overview"].side_page_changed.emit(page)
    bench.settle()
    assert page.isVisible()
    bench.console.conductor.open_panel("performance")
    bench.settle()
    assert not page.isVisible()
    panels["overview"].side_page_changed.emit(None)
    assert bench.console.window.side.indexOf(page) == -1
    page.deleteLater()
