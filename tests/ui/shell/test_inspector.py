"""The inspector tells everything known of what is selected, in words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.moments import Moment
from quarterdeck.ui.shell.inspector.presenter import InspectorPresenter
from quarterdeck.ui.shell.inspector.rows import MarkedRow
from quarterdeck.ui.shell.inspector.state import InspectorCard
from quarterdeck.ui.shell.inspector.view import InspectorView
from quarterdeck.ui.theme.theme import Theme
from tests.support.consoles import ConsoleBench, FixedClock, open_bank
from tests.support.pictured_bank import NOON
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


def card_of(benches: Benches, key: str, moment: Moment = NOW) -> InspectorCard:
    services = open_bank(benches.bank, FixedClock())
    surface = NotedSurface()
    InspectorPresenter(services.inspector, InlineBackground(), surface).show(key, moment)
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
    InspectorPresenter(services.inspector, InlineBackground(), surface).show("service/never-was", NOW)
    services.close()
    assert surface.told == ["loading", "absent service/never-was"]


def test_an_update_of_the_same_entity_shows_no_skeleton(benches: Benches) -> None:
    services = open_bank(benches.bank, FixedClock())
    surface = NotedSurface()
    presenter = InspectorPresenter(services.inspector, InlineBackground(), surface)
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
    InspectorPresenter(reader, InlineBackground(), surface).show(PAYHUB, NOW)
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
