"""What is real beside what is assumed: patterns and drift, their marks and filters, and the way back to the map."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableView, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.domain.patterns import Verification
from quarterdeck.services.patterns import HeldEntity, PatternReport
from quarterdeck.ui.panels.relationships.pattern_presenter import PatternsPresenter
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.buttons import Button
from tests.support.graphs import BILL_PAY, DATABASE, PAYHUB, RAIL, STATEMENTS
from tests.ui.panels.overview.reports import LIVE, NOON
from tests.ui.panels.relationships.desk import table_in
from tests.ui.panels.relationships.supposing import Supposing
from tests.ui.panels.relationships.test_patterns import BROKEN, PatternSource


def shown_buttons(desk: Supposing) -> list[str]:
    """The buttons of the banner, as they stand."""
    return [one.text() for one in desk.frame.banner.findChildren(Button) if one.isVisible()]


def look_at_patterns(desk: Supposing) -> None:
    """A presenter of patterns behind the panel, which tells of one that deviates and one that conforms."""
    sound = HeldEntity(STATEMENTS.entity, (Verification(STATEMENTS.key, "shape", "Shape", 5),))
    told = PatternReport(NOON, (sound, BROKEN), {PAYHUB.key: "Payhub"})
    presenter = PatternsPresenter(PatternSource(told), desk.background, desk.view.patterns, str)
    desk.view._pattern_presenter = presenter
    desk.view.show_moment(LIVE)
    desk.settle()


def shown_keys(desk: Supposing) -> set[str]:
    """The entities of those at hand that are in the table in sight."""
    table = table_in(desk)
    return {one.key for one in BILL_PAY.entities if not table.place_of(one.key).isEmpty()}


@pytest.fixture
def desk(theme: Theme, show: Callable[[QWidget], QWidget]) -> Supposing:
    return Supposing(theme, show)


@pytest.mark.parametrize(("key", "name"), [("patterns", "Patterns"), ("drift", "Drift")])
def test_what_is_real_never_stands_in_the_frame_of_what_is_assumed(desk: Supposing, key: str, name: str) -> None:
    desk.assume(DATABASE.key, "Down")
    desk.hands.run(key)
    banner = desk.frame.banner
    assert not desk.frame.is_on
    assert banner.isVisible()
    assert banner.accessibleName() == "Patterns and drift are real; what is assumed is on the map (1 assumption)"
    assert shown_buttons(desk) == ["Show what is assumed", "Back to what is"]
    assert desk.side is None
    assert desk.view._page.arrangement.value == name.casefold()


def test_what_is_assumed_comes_back_framed_with_the_map(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    desk.hands.press("Close")
    desk.hands.run("patterns")
    desk.hands.press("Show what is assumed")
    assert desk.frame.is_on
    assert desk.frame.banner.accessibleName().startswith("Assumed, not real: 1 assumption")
    assert "Assumed: Payments-db is down" in desk.said


def test_what_is_assumed_from_a_real_view_is_shown_on_the_map(desk: Supposing) -> None:
    desk.view.show_selection(DATABASE.key)
    desk.hands.run("patterns")
    desk.hands.run("what_if")
    assert desk.frame.banner.accessibleName() == "Patterns and drift are real; on the map, nothing is assumed yet"
    desk.choose("Down")
    assert desk.frame.is_on
    assert desk.state_of("Rail") is HealthState.UNREACHABLE


def test_what_if_is_left_from_a_real_view_without_leaving_that_view(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    desk.assume(RAIL.key, "Down")
    desk.hands.run("drift")
    assert desk.frame.banner.accessibleName().endswith("(2 assumptions)")
    desk.hands.press("Back to what is")
    assert not desk.frame.banner.isVisible()
    assert desk.view._page.arrangement.value == "drift"


def test_the_patterns_are_filtered_and_marked_by_the_states_that_are(desk: Supposing) -> None:
    look_at_patterns(desk)
    desk.assume(STATEMENTS.key, "Down")
    desk.hands.run("patterns")
    assert shown_keys(desk) == {BROKEN.entity.key, STATEMENTS.key}
    desk.hands.choose("States shown", "Down")
    assert shown_keys(desk) == {BROKEN.entity.key}
    desk.view.show_selection(BROKEN.entity.key)
    assert "2 deviations" in desk.said


def test_what_a_pattern_concerns_is_marked_with_its_real_state_beside_the_patterns(desk: Supposing) -> None:
    look_at_patterns(desk)
    desk.assume(PAYHUB.key, "Healthy")
    desk.hands.run("patterns")
    desk.view.show_selection(BROKEN.entity.key)
    assert desk.side is not None
    model = desk.side.findChildren(QTableView)[0].model()
    spoken = {
        str(model.index(row, 1).data()): str(model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole))
        for row in range(model.rowCount())
    }
    assert "down" in spoken["Payhub"].casefold()


@pytest.mark.parametrize("inquiry", ["impact", "causes"])
@pytest.mark.parametrize("view", ["patterns", "drift"])
def test_answers_that_start_from_what_is_assumed_do_not_stand_beside_what_is(
    desk: Supposing, view: str, inquiry: str
) -> None:
    desk.assume(DATABASE.key, "Down")
    desk.hands.run(inquiry)
    assert desk.side is not None
    desk.hands.run(view)
    assert desk.side is None
    desk.hands.run(view)
    assert desk.side is not None


@pytest.mark.parametrize("inquiry", ["impact", "causes", ""])
def test_whatever_stands_beside_the_map_is_marked_while_something_is_assumed(desk: Supposing, inquiry: str) -> None:
    desk.assume(DATABASE.key, "Down")
    if inquiry:
        desk.hands.run(inquiry)
    assert desk.side is not None
    assert desk.side.accessibleName().startswith("Assumed, not real: ")
    assert desk.said.startswith("Assumed, not real")
    edge = desk.side.grab().toImage().pixelColor(2, desk.side.height() // 2)
    desk.view._what_if.leave()
    desk.settle()
    if inquiry:
        assert not desk.side.accessibleName().startswith("Assumed")
        assert "Assumed, not real" not in desk.said
        assert desk.side.grab().toImage().pixelColor(2, desk.side.height() // 2) != edge


def test_nothing_beside_the_map_is_marked_before_something_is_assumed(desk: Supposing) -> None:
    desk.hands.run("what_if")
    desk.menu.close()
    assert "Assumed, not real" not in desk.said


def test_a_relation_told_beside_the_map_is_marked_while_something_is_assumed(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    desk.hands.click(desk.spot_on_line("Rail → Payments-db"))
    assert "Rail" in desk.said
    assert desk.said.startswith("Assumed, not real")


def test_a_question_about_what_is_assumed_leads_from_what_is_to_the_map(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    desk.hands.run("drift")
    desk.hands.run("impact")
    assert desk.view._page.arrangement.value == "map"
    assert desk.frame.is_on
    assert "Payments-db" in desk.said


def test_a_question_about_what_is_stands_beside_drift_as_well(desk: Supposing) -> None:
    desk.view.show_selection(DATABASE.key)
    desk.hands.run("drift")
    desk.hands.run("impact")
    assert desk.view._page.arrangement.value == "drift"
    assert desk.side is not None


def test_whoever_comes_back_is_told_that_something_is_assumed_still(desk: Supposing) -> None:
    desk.assume(DATABASE.key, "Down")
    desk.hands.press("Close")
    assert desk.side is None
    desk.view.hide()
    assert desk.notices == []
    desk.view.show()
    desk.settle()
    assert desk.notices == ["What if still stands: what is shown is assumed. Back to what is ends it."]
    assert desk.frame.is_on
    assert "Assumed: Payments-db is down" in desk.said


def test_whoever_comes_back_to_what_is_is_told_nothing(desk: Supposing) -> None:
    desk.view.hide()
    desk.view.show()
    desk.settle()
    assert desk.notices == []
