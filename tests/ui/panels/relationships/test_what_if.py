"""What if in the panel: assuming, the frame and banner that mark it, what would follow, and the way back."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QTableView, QWidget

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import HealthState
from quarterdeck.services.moments import Moment
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.buttons import Button
from tests.support.graphs import DATABASE, ORDERS, PAYHUB, RAIL, crowd
from tests.ui.panels.overview.reports import LIVE
from tests.ui.panels.relationships.desk import Desk, table_in
from tests.ui.panels.relationships.supposing import Supposing

LATER = Moment(LIVE.time_range, LIVE.at, live=False)


def table_words(desk: Supposing) -> str:
    """All words of the table beside the map."""
    assert desk.side is not None
    model = desk.side.findChildren(QTableView)[0].model()
    cells = [(row, column) for row in range(model.rowCount()) for column in range(model.columnCount())]
    return " ".join(str(model.index(row, column).data()) for row, column in cells)


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


def test_a_node_that_would_change_says_shortly_because_of_what(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    assert "Assumed, because of Payhub, Payments-db" in desk.scene.nodes[desk.node("Rail")].tip


def test_the_tables_show_what_is_assumed_under_the_same_banner(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    desk.view._bar.show_arrangement(desk.view._bar.arrangement.TABLE)
    desk.view._arrange()
    desk.settle()
    assert desk.frame.banner.isVisible()
    assert table_in(desk).isVisible()
    desk.assume(RAIL.key, "Degraded")
    assert "2 assumptions" in desk.frame.banner.accessibleName()


def test_news_and_other_moments_keep_what_is_assumed(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    desk.view.refresh(LIVE, frozenset())
    desk.settle()
    assert desk.state_of("Rail") is HealthState.UNREACHABLE
    desk.view.show_moment(LATER)
    desk.settle()
    assert desk.frame.is_on
    assert desk.frame.banner.accessibleName().endswith("1 assumption, as of 24 Nov 2026 12:32")


def test_what_was_at_a_moment_of_the_past_is_not_told_as_what_is_now(desk: Supposing) -> None:
    desk.view.show_moment(LATER)
    desk.assume(DATABASE.key, "Down")
    told = table_words(desk)
    assert "was: healthy" in told
    assert "now: " not in told
    assert desk.said.count("From how things stood at 24 Nov 2026 12:32.") == 1


def test_the_banner_tells_its_moment_whole_in_a_narrow_window(desk: Supposing) -> None:
    desk.view.show_moment(LATER)
    desk.assume(DATABASE.key, "Down")
    desk.window.resize(700, 500)
    desk.settle()
    banner = desk.frame.banner
    label = next(one for one in banner.findChildren(QLabel) if one.text() == banner.accessibleName())
    assert label.heightForWidth(label.width()) <= label.height()
    assert label.height() > label.fontMetrics().height()


def test_what_is_now_is_told_as_now(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    assert "now: healthy" in table_words(desk)
    assert "From how things stood" not in desk.said


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
