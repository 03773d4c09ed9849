"""What if in the panel: assuming, the frame and banner that mark it, what would follow, and the way back."""

from collections.abc import Callable
from datetime import datetime

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import Estate
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.maintenance import MaintenanceRecord
from quarterdeck.services.moments import Moment
from quarterdeck.services.relationships import RelationshipReport
from quarterdeck.services.what_if import WhatIfReader
from quarterdeck.ui.panels.relationships.presenter import RelationshipsPresenter
from quarterdeck.ui.panels.relationships.what_if_banner import WhatIfFrame
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.buttons import Button
from tests.support.graphs import BILL_PAY, DATABASE, ORDERS, PAYHUB, RAIL, crowd
from tests.ui.panels.overview.reports import LIVE
from tests.ui.panels.relationships.desk import Desk, table_in

LATER = Moment(LIVE.time_range, LIVE.at, live=False)


class Reported:
    """The estate of a report, to read and nothing else; each entity says of itself what is shown of it."""

    def __init__(self, told: RelationshipReport) -> None:
        self._told = told
        self.faults: list[OperatorError] = []

    @property
    def maintenance(self) -> "Reported":
        return self

    def records(self, window_id: str | None = None) -> tuple[MaintenanceRecord, ...]:
        return ()

    def estate(self, as_of_at: datetime) -> Estate:
        if self.faults:
            raise self.faults[0]
        return Estate(
            tuple(one.entity for one in self._told.entities), tuple(one.relation for one in self._told.relations)
        )

    def own_states_in(self, time_range: TimeRange, entity_keys: object = None) -> tuple[StateInterval, ...]:
        return tuple(
            StateInterval(one.key, one.state, one.reason, one.since_at or time_range.start_at)
            for one in self._told.entities
        )


class Supposing(Desk):
    """A desk at which something can be assumed."""

    def __init__(self, theme: Theme, show: Callable[[QWidget], QWidget], told: RelationshipReport = BILL_PAY) -> None:
        self.store = Reported(told)
        super().__init__(theme, show, told)
        presenter = RelationshipsPresenter(self.source, self.background, self.view, str, WhatIfReader(self.store))
        self.view.present(presenter, self.background)
        self.view.show_moment(LIVE)
        self.settle()

    @property
    def frame(self) -> WhatIfFrame:
        return self.view.findChildren(WhatIfFrame)[0]

    @property
    def menu(self) -> QMenu:
        return self.view._what_if._menu

    def offered(self) -> list[str]:
        return [action.text() for action in self.menu.actions() if action.text()]

    def choose(self, text: str) -> None:
        """Choose from the open menu."""
        action = next(one for one in self.menu.actions() if one.text() == text)
        self.menu.close()
        action.trigger()
        self.settle()

    def assume(self, key: str, text: str) -> None:
        self.view.show_selection(key)
        self.hands.run("what_if")
        self.choose(text)

    def state_of(self, name: str) -> HealthState:
        return self.scene.nodes[self.node(name)].state


@pytest.fixture
def desk(theme: Theme, show: Callable[[QWidget], QWidget]) -> Supposing:
    return Supposing(theme, show)


def test_without_a_selection_the_mode_begins_and_says_what_to_choose(desk: Supposing) -> None:
    desk.hands.run("what_if")
    assert desk.offered()[0] == "Choose an entity first, on the map or in a table"
    desk.menu.close()
    assert desk.frame.is_on
    assert desk.frame.banner.accessibleName() == "What if: nothing is assumed yet"
    assert "Nothing is assumed yet." in desk.said


def test_an_assumed_loss_is_marked_and_shown_with_all_that_follows(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    assert desk.frame.is_on
    assert desk.frame.banner.accessibleName().startswith("Assumed, not real: 1 assumption")
    assert desk.state_of("Payments-db") is HealthState.DOWN
    assert desk.state_of("Rail") is HealthState.UNREACHABLE
    assert "Assumed: Payments-db is down" in desk.said
    assert "Services hit (2): " in desk.said
    assert desk.foot.startswith("ASSUMED, NOT REAL")
    assert "Assumed by you" in desk.scene.nodes[desk.node("Payments-db")].tip


def test_the_states_to_assume_are_offered_with_the_one_that_is_assumed_ticked(desk: Supposing) -> None:
    desk.assume(RAIL.key, "Degraded")
    desk.hands.run("what_if")
    offered = {action.text(): action.isChecked() for action in desk.menu.actions() if action.isCheckable()}
    desk.menu.close()
    assert offered == {
        "Down": False,
        "Unreachable": False,
        "Degraded": True,
        "In maintenance, out of use": False,
        "Without fresh data": False,
        "Without any data": False,
        "Healthy": False,
    }
    assert "As it really is" in desk.offered()


def test_a_right_click_on_a_node_selects_it_and_offers_its_states(desk: Supposing) -> None:
    desk.map.customContextMenuRequested.emit(desk.spot("Rail"))
    desk.settle()
    assert desk.offered()[0] == "Assume Rail is"
    desk.menu.close()
    assert desk.selected == [RAIL.key]


def test_a_right_click_beside_every_node_asks_about_the_selected(desk: Supposing) -> None:
    desk.view.show_selection(ORDERS.key)
    desk.map.customContextMenuRequested.emit(QPoint(3, desk.map.height() - 3))
    assert desk.offered()[0] == "Assume Orders is"
    desk.menu.close()


def test_an_assumption_is_removed_by_its_button(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    desk.hands.press("Remove the assumption Payments-db: down")
    assert desk.state_of("Rail") is HealthState.HEALTHY
    assert desk.frame.banner.accessibleName() == "What if: nothing is assumed yet"


def test_an_entity_is_let_be_as_it_is_from_its_menu(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    desk.assume(DATABASE.key, "As it really is")
    assert desk.state_of("Payments-db") is HealthState.HEALTHY


def test_every_assumption_is_removed_at_once_and_the_mode_stays(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    desk.assume(RAIL.key, "Down")
    desk.hands.press("Clear")
    assert desk.frame.is_on
    assert desk.state_of("Payments-db") is HealthState.HEALTHY


def test_what_is_assumed_stays_marked_until_what_is_stands_there_again(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    button = next(one for one in desk.frame.banner.findChildren(Button) if one.text() == "Back to what is")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert desk.frame.is_on
    assert desk.state_of("Payments-db") is HealthState.DOWN
    desk.settle()
    assert not desk.frame.is_on
    assert desk.state_of("Payments-db") is HealthState.HEALTHY
    assert desk.side is None


def test_more_assumptions_than_there_is_room_for_wait_in_a_menu(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    desk = Supposing(theme, show, crowd(40))
    for entity in crowd(40).entities[:5]:
        desk.assume(entity.key, "Down")
    desk.hands.press("and 2 more")
    menu = desk.frame.banner._menu
    assert len(menu.actions()) == 2
    menu.close()
    menu.actions()[0].trigger()
    desk.settle()
    assert len(desk.view._what_if.assumed or ()) == 4


def test_the_tables_show_what_is_assumed_under_the_same_banner(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    desk.view._bar.show_arrangement(desk.view._bar.arrangement.TABLE)
    desk.view._arrange()
    desk.settle()
    assert desk.frame.banner.isVisible()
    assert table_in(desk).isVisible()
    desk.assume(RAIL.key, "Degraded")
    assert "2 assumptions" in desk.frame.banner.accessibleName()


@pytest.mark.parametrize("key", ["patterns", "drift"])
def test_what_is_real_never_stands_in_the_frame_of_what_is_assumed(desk: Supposing, key: str) -> None:
    desk.assume(DATABASE.key, "Down")
    desk.hands.run(key)
    desk.settle()
    assert not desk.frame.is_on
    assert desk.frame.banner.accessibleName() == (
        "Patterns and drift are real; what is assumed is on the map (1 assumption)"
    )
    assert desk.side is None
    way_back = next(one for one in desk.frame.banner.findChildren(Button) if one.text() == "Show what is assumed")
    way_back.click()
    desk.settle()
    assert desk.frame.is_on
    assert "Assumed: Payments-db is down" in desk.said


def test_news_and_other_moments_keep_what_is_assumed(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    desk.view.refresh(LIVE, frozenset())
    desk.settle()
    assert desk.state_of("Rail") is HealthState.UNREACHABLE
    desk.view.show_moment(LATER)
    desk.settle()
    assert desk.frame.is_on
    assert f"{LATER.at.astimezone():%Y-%m-%d %H:%M}" in desk.frame.banner.accessibleName()


def test_what_was_assumed_and_is_not_in_the_estate_of_the_moment_is_said_so(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    desk.view._what_if.assume("service/gone", HealthState.DOWN)
    desk.settle()
    names = [one.accessibleName() for one in desk.frame.banner.findChildren(Button) if one.isVisible()]
    assert any("service/gone" in name for name in names)
    assert desk.state_of("Payments-db") is HealthState.DOWN


def test_what_would_follow_can_be_copied_and_says_that_it_is_assumed(desk: Supposing) -> None:
    desk.assume(PAYHUB.key, "Healthy")
    desk.hands.press("Copy")
    copied = QGuiApplication.clipboard().text()
    QGuiApplication.clipboard().clear()
    assert copied.startswith("ASSUMED, NOT REAL")
    assert desk.notices[-1] == "What would follow was copied, marked as assumed."


def test_what_would_follow_is_saved_as_text_that_says_that_it_is_assumed(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    (kind,) = desk.view._what_if._formats()
    assert kind.ending == ".txt"
    assert kind.write().startswith(b"ASSUMED, NOT REAL\n")


def test_a_saved_map_says_in_its_title_that_it_is_assumed(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    drawings: list[object] = []
    desk.view._page.map.drawing_requested.connect(drawings.append)
    desk.view._page.map.drawing_requested.disconnect(desk.view._save)
    desk.view._page.map.save()
    assert getattr(drawings[0], "title", "").startswith("ASSUMED, NOT REAL: Relationships as of")


def test_a_dead_store_keeps_what_was_shown_as_old_and_marked(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    desk.store.faults.append(OperatorError("The store does not answer.", "Look at the disk."))
    desk.view.refresh(LIVE, frozenset())
    desk.settle()
    assert desk.frame.is_on
    assert desk.state_of("Payments-db") is HealthState.DOWN


def test_a_moment_that_cannot_be_read_takes_the_mark_away_with_what_it_marked(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    desk.store.faults.append(OperatorError("The store does not answer.", "Look at the disk."))
    desk.view.show_moment(LATER)
    desk.settle()
    assert not desk.frame.is_on


def test_the_outcome_once_read_does_not_come_back_with_the_same_news(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    desk.hands.press("Close")
    assert desk.side is None
    desk.view.refresh(LIVE, frozenset())
    desk.settle()
    assert desk.side is None
    desk.assume(RAIL.key, "Down")
    assert "Assumed: 2 states" in desk.said


def test_a_presenter_without_what_if_shows_what_is(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    plain = Desk(theme, show)
    plain.view.show_selection(DATABASE.key)
    plain.view._what_if.assume(DATABASE.key, HealthState.DOWN)
    plain.settle()
    assert plain.scene.nodes[plain.node("Payments-db")].state is HealthState.HEALTHY
    assert not plain.view._what_if.frame.is_on
