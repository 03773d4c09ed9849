"""Five states: nothing flashes, old never passes as fresh, and what cannot be shown says why and what to do."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.columns import ColumnSpec, StateCells, TableData
from quarterdeck.ui.widgets.coverage_bars import CoverageBars, CoverageKind, CoveragePart, CoverageRow
from quarterdeck.ui.widgets.staleness import state_as_shown
from quarterdeck.ui.widgets.state_marks import StateMark
from quarterdeck.ui.widgets.state_stack import Freshness, Message, Offer, StateStack


@pytest.fixture
def stack(theme: Theme, show: Callable[[QWidget], QWidget]) -> StateStack:
    made = StateStack(theme, QLabel("content"))
    show(made)
    made.resize(400, 200)
    return made


def visible_texts(stack: StateStack) -> list[str]:
    labels = (label for label in stack.findChildren(QLabel) if label.isVisible())
    return [label.text() for label in labels]


def is_skeleton_shown(stack: StateStack) -> bool:
    return any(child.accessibleName() == "Loading" and child.isVisible() for child in stack.findChildren(QWidget))


def test_the_skeleton_comes_only_after_a_while(stack: StateStack, qtbot: QtBot) -> None:
    stack.show_loading()
    assert not is_skeleton_shown(stack)
    qtbot.waitUntil(lambda: is_skeleton_shown(stack))


def test_data_that_comes_soon_is_never_preceded_by_a_skeleton(stack: StateStack) -> None:
    stack.show_loading()
    stack.show_fresh()
    assert not stack._delay.isActive()
    assert visible_texts(stack) == ["content"]


def test_asking_again_while_loading_does_not_put_the_skeleton_off(stack: StateStack, qtbot: QtBot) -> None:
    stack.show_loading()
    before = stack._delay.remainingTime()
    stack.show_loading()
    assert stack._delay.remainingTime() <= before
    qtbot.waitUntil(lambda: is_skeleton_shown(stack))


def test_stale_content_is_covered_and_told_in_words(stack: StateStack) -> None:
    stack.show_fresh()
    fresh = stack.grab().toImage()
    stack.show_stale("no fresh data since 11:58")
    assert stack.freshness is Freshness.STALE
    assert stack.grab().toImage() != fresh
    assert stack.accessibleDescription() == "no fresh data since 11:58"


def test_of_two_stale_places_one_in_the_other_only_the_outer_is_veiled(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    inner = StateStack(theme, QLabel("content"))
    outer = StateStack(theme, inner)
    show(outer)
    outer.resize(400, 200)
    inner.show_fresh()
    outer.show_stale("not read since 11:58")
    outer_only = outer.grab().toImage()
    inner.show_stale("no fresh data since 11:40")
    assert outer.grab().toImage() == outer_only
    outer.show_fresh()
    assert outer.grab().toImage() != outer_only


def test_fresh_content_says_nothing_of_staleness(stack: StateStack) -> None:
    stack.show_stale("no fresh data since 11:58")
    stack.show_fresh()
    assert stack.accessibleDescription() == ""
    assert visible_texts(stack) == ["content"]


def test_a_failure_says_what_happened_and_the_next_step(stack: StateStack) -> None:
    stack.show_failed(Message("The server refused.", "Check the password.", (Offer("edit", "Edit"),)))
    assert visible_texts(stack) == ["The server refused.", "Check the password."]
    assert stack.freshness is Freshness.FAILED


def test_an_offer_tells_its_key(stack: StateStack, qtbot: QtBot) -> None:
    stack.show_empty(Message("No flow is declared yet", offers=(Offer("draft", "Draft one", is_primary=True),)))
    (button,) = stack.findChildren(QPushButton)
    with qtbot.waitSignal(stack.action_requested) as asked:
        button.click()
    assert asked.args == ["draft"]


def test_a_later_message_replaces_the_offers_of_an_earlier_one(stack: StateStack, qtbot: QtBot) -> None:
    stack.show_failed(Message("One", offers=(Offer("a", "A"), Offer("b", "B"))))
    stack.show_failed(Message("Two", offers=(Offer("c", "C"),)))
    qtbot.waitUntil(lambda: [button.text() for button in stack.findChildren(QPushButton)] == ["C"])


def bars_received(theme: Theme) -> QWidget:
    bars = CoverageBars(theme, accessible_name="received")
    part = CoveragePart(0.0, 60.0, CoverageKind.RECEIVED)
    bars.set_rows((CoverageRow("A", (part,)),), start_seconds=0.0, end_seconds=60.0)
    return bars


def table_of_states(theme: Theme) -> QWidget:
    table = ColumnTable(theme, (ColumnSpec("state"),), accessible_name="states")
    table.set_data(TableData(ids=("a",), cells=(StateCells([HealthState.HEALTHY]),)))
    return table


CONTENTS: dict[str, Callable[[Theme], QWidget]] = {
    "mark": lambda theme: StateMark(theme, HealthState.HEALTHY),
    "bars": bars_received,
    "table": table_of_states,
}


def greenness(widget: QWidget) -> int:
    """By how much green outweighs the other colours at its greenest point."""
    image = widget.grab().toImage()
    colours = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return max(colour.green() - max(colour.red(), colour.blue()) for colour in colours)


@pytest.mark.parametrize("content", CONTENTS)
def test_nothing_green_is_left_in_what_is_stale(theme: Theme, show: Callable[[QWidget], QWidget], content: str) -> None:
    made = StateStack(theme, CONTENTS[content](theme))
    show(made)
    made.resize(260, 120)
    made.show_fresh()
    fresh = greenness(made)
    made.show_stale("no fresh data since 11:58")
    assert fresh > 10
    assert greenness(made) < 6
    made.show_fresh()
    assert greenness(made) == fresh


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        (HealthState.HEALTHY, HealthState.STALE),
        (HealthState.DOWN, HealthState.STALE),
        (HealthState.UNKNOWN, HealthState.UNKNOWN),
        (HealthState.MAINTENANCE, HealthState.MAINTENANCE),
    ],
)
def test_a_state_inside_stale_content_is_stale_unless_it_does_not_age(
    stack: StateStack, state: HealthState, shown: HealthState
) -> None:
    inside = stack.findChildren(QLabel)[0]
    assert state_as_shown(inside, state) is state
    stack.show_stale("no fresh data since 11:58")
    assert state_as_shown(inside, state) is shown
