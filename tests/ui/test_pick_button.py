"""Picking several of many: by keyboard and mouse, narrowed by words, never more than allowed."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.pick_button import PickButton, PickWords
from quarterdeck.ui.widgets.pick_list import Pick

WORDS = PickWords("Charted", "Filter", "At most 2 at once", "Most urgent", "Nothing is called that.")
PICKS = tuple(
    Pick(f"service/{name}", name, state)
    for name, state in (
        ("payments-api", HealthState.DOWN),
        ("accounts-api", HealthState.DEGRADED),
        ("dispatcher", HealthState.HEALTHY),
        ("ledger", HealthState.STALE),
    )
)


@pytest.fixture
def button(theme: Theme, show: Callable[[QWidget], QWidget]) -> PickButton:
    made = PickButton(theme, WORDS, most=2)
    made.show_picks(PICKS, (PICKS[1].key,), "1 service")
    show(made)
    return made


def opened(button: PickButton) -> tuple[QLineEdit, QListView]:
    button.click()
    field, rows = button.findChild(QLineEdit), button.findChild(QListView)
    assert field is not None
    assert rows is not None
    return field, rows


def picked(spy: QSignalSpy) -> list[tuple[str, ...]]:
    return [spy.at(number)[0] for number in range(spy.count())]


def test_the_list_opens_on_what_is_picked(button: PickButton) -> None:
    _, rows = opened(button)
    assert rows.currentIndex().data() == "accounts-api"


def test_enter_picks_and_picks_no_longer(button: PickButton) -> None:
    spy = QSignalSpy(button.picked)
    field, _ = opened(button)
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClick(field, Qt.Key.Key_Up)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert picked(spy) == [("service/accounts-api", "service/dispatcher"), ("service/dispatcher",)]


def test_a_click_picks(button: PickButton) -> None:
    spy = QSignalSpy(button.picked)
    _, rows = opened(button)
    place = rows.visualRect(rows.model().index(0, 0)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert picked(spy) == [("service/accounts-api", "service/payments-api")]


def test_no_more_than_the_limit_are_picked(button: PickButton) -> None:
    spy = QSignalSpy(button.picked)
    field, rows = opened(button)
    for _ in range(3):
        QTest.keyClick(field, Qt.Key.Key_Down)
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert picked(spy) == [("service/accounts-api", "service/dispatcher")]
    assert rows.currentIndex().data() == "ledger"


def test_typing_narrows_the_list_and_space_belongs_to_the_words(button: PickButton) -> None:
    spy = QSignalSpy(button.picked)
    field, rows = opened(button)
    QTest.keyClicks(field, "API pay")
    assert [rows.model().index(row, 0).data() for row in range(rows.model().rowCount())] == ["payments-api"]
    assert spy.count() == 0
    QTest.keyClicks(field, "x")
    assert rows.isHidden()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert spy.count() == 0


def test_the_reset_picks_nothing(button: PickButton) -> None:
    spy = QSignalSpy(button.picked)
    opened(button)
    next(one for one in button.findChildren(QWidget) if one.accessibleName() == "Most urgent").click()  # type: ignore[attr-defined] -- it is a button
    assert picked(spy) == [()]


def test_new_states_leave_the_keys_where_they_are(button: PickButton) -> None:
    _, rows = opened(button)
    turned = (PICKS[3], PICKS[1], PICKS[0], PICKS[2])
    button.show_picks(turned, (PICKS[1].key,), "1 service")
    assert rows.currentIndex().data() == "accounts-api"


def test_escape_closes_the_list(button: PickButton) -> None:
    field, _ = opened(button)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert QApplication.activePopupWidget() is None


def test_assistive_tools_hear_name_state_and_what_is_picked(button: PickButton) -> None:
    assert button.accessibleName() == "Charted: 1 service"
    _, rows = opened(button)
    row = rows.model().index(1, 0)
    assert row.data(Qt.ItemDataRole.AccessibleTextRole) == "accounts-api, degraded"
    assert row.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    assert QAccessible.queryAccessibleInterface(rows).text(QAccessible.Text.Name) == "Charted"
