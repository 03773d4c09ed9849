"""What can be done in the Integrations panel: filters, folding, several rows at once, files; the past stays."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QMenu, QWidget

from quarterdeck.ui.panels.integrations.bar import FilterBar
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.day_grid import DayGrid
from quarterdeck.ui.widgets.pick_button import PickButton
from tests.ui.panels.integrations.lists import CALENDAR
from tests.ui.panels.integrations.test_presenter import Source
from tests.ui.panels.integrations.test_view import CORE_KEY, PAYHUB_KEY, Desk
from tests.ui.panels.overview.reports import LIVE


@pytest.fixture
def desk(theme: Theme, show: Callable[[QWidget], QWidget]) -> Desk:
    return Desk(theme, show, Source())


@pytest.fixture
def qt_settings(tmp_path: Path) -> Iterator[None]:
    """Qt's own dialog for files remembers its size in a file of its own."""
    native, user = QSettings.Format.NativeFormat, QSettings.Scope.UserScope
    usual = Path(QSettings(native, user, "QtProject").fileName()).parent
    QSettings.setPath(native, user, str(tmp_path / "settings"))
    yield
    QSettings.setPath(native, user, str(usual))


def filter_by(desk: Desk, *keys: str) -> None:
    desk.window.findChildren(PickButton)[0].picked.emit(keys)
    desk.settle()


def said(desk: Desk) -> str:
    return "\n".join(label.text() for label in desk.view.findChildren(QLabel) if label.isVisible())


def select(desk: Desk, *lines: int) -> None:
    for at, line in enumerate(lines):
        place = desk.table.visualRect(desk.table.model().index(line, 1)).center()
        modifier = Qt.KeyboardModifier.ControlModifier if at else Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(desk.table.viewport(), Qt.MouseButton.LeftButton, modifier, place)
    desk.settle()


def menu_texts(desk: Desk) -> list[str]:
    desk.view._page._open_menu(QPoint(10, 10))
    [menu] = desk.view.findChildren(QMenu)
    texts = [action.text() for action in menu.actions() if action.isEnabled()]
    menu.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return texts


def test_filters_are_named_and_taken_away_by_one_button(desk: Desk) -> None:
    filter_by(desk, "domain=Bill Pay", "partner=Northgate")
    assert desk.lines == ["[Bill Pay 1 integration · 1 in maintenance]", "Settlement files"]
    assert "Shown: domain Bill Pay · partner Northgate" in said(desk)
    assert "hidden from you: 4 by the filter" in desk.foot
    desk.press("Clear the filters")
    assert len([line for line in desk.lines if not line.startswith("[")]) == 5
    assert "Shown:" not in said(desk)


def test_filters_stay_when_another_grouping_is_shown(desk: Desk) -> None:
    filter_by(desk, "domain=Bill Pay")
    desk.press("By partner")
    assert [line for line in desk.lines if not line.startswith("[")] == ["Settlement files", "PayHub processor"]
    assert "Filters: 1" in {one.accessibleName().partition(": ")[2] for one in desk.window.findChildren(PickButton)}


def test_a_group_folds_and_the_rest_stays(desk: Desk) -> None:
    select(desk, 1)
    QTest.keyClick(desk.table, Qt.Key.Key_Left)
    assert desk.lines[:2] == ["[Account 2 integrations]", "[Bill Pay 2 integrations · 1 down, 1 in maintenance]"]
    assert "hidden from you" not in desk.foot
    QTest.keyClick(desk.table, Qt.Key.Key_Right)
    assert desk.lines[1] == "Core accounts"


def test_all_groups_fold_and_unfold_by_one_key(desk: Desk) -> None:
    desk.key("Z")
    assert all(line.startswith("[") for line in desk.lines)
    desk.key("Z")
    assert len(desk.lines) == 8


def test_what_is_searched_for_is_found_in_folded_groups(desk: Desk) -> None:
    desk.key("Z")
    desk.type("core")
    assert desk.lines == ["[Account 2 integrations]", "Core accounts"]
    desk.type("")
    assert all(line.startswith("[") for line in desk.lines)


def test_what_is_asked_for_by_name_comes_out_of_a_folded_group(desk: Desk) -> None:
    desk.key("Z")
    desk.view.show_target(PAYHUB_KEY)
    assert "PayHub processor" in desk.lines


def test_several_rows_are_counted_with_what_can_be_done(desk: Desk) -> None:
    select(desk, 1)
    assert "selected" not in said(desk)
    select(desk, 1, 4)
    assert "2 selected" in said(desk)
    spy = QSignalSpy(desk.view.panel_requested)
    desk.press("Plan maintenance…")
    assert spy.at(0) == ["maintenance", "plan?entity=integration%2Fcore-accounts&entity=integration%2Fpayhub-processor"]


def test_a_past_moment_takes_away_what_writes_and_says_why(desk: Desk) -> None:
    desk.view.show_moment(replace(LIVE, live=False))
    desk.settle()
    select(desk, 1, 4)
    spy = QSignalSpy(desk.view.panel_requested)
    desk.key("M")
    assert spy.count() == 0
    assert menu_texts(desk) == ["Copy", "Copy as CSV", "Export as CSV…"]
    button = next(one for one in desk.view.findChildren(QAbstractButton) if one.accessibleName() == "Plan maintenance…")
    assert button.accessibleDescription() == "You look at the past; L goes back to live."


def test_the_menu_of_one_row_opens_it_too(desk: Desk) -> None:
    select(desk, 1)
    assert menu_texts(desk)[0] == "Open in Performance"
    spy = QSignalSpy(desk.view.entity_open_requested)
    desk.key("Return")
    assert spy.at(0) == [CORE_KEY]


def test_what_ends_is_planned_for_from_its_own_row(desk: Desk) -> None:
    spy, notices = QSignalSpy(desk.view.panel_requested), list[str]()
    desk.view.notice_raised.connect(notices.append)
    desk.press("Calendar")
    desk.key("M")
    select(desk, 1)
    assert menu_texts(desk) == ["Open in Performance", "Plan maintenance…"]
    desk.key("M")
    assert (spy.at(0), notices) == (["maintenance", "plan?entity=partner%2Fcarillon"], ["Nothing is selected."])


def test_what_is_copied_is_counted(desk: Desk) -> None:
    notices: list[str] = []
    desk.view.notice_raised.connect(notices.append)
    desk.key("Ctrl+C")
    select(desk, 1)
    desk.key("Ctrl+C")
    select(desk, 1, 2)
    desk.press("Copy as CSV")
    assert notices == ["No integration is selected.", "1 integration is copied.", "2 integrations are copied."]
    assert QGuiApplication.clipboard().text().splitlines()[1].startswith("Core accounts,integration/core-accounts")


@pytest.mark.usefixtures("qt_settings")
@pytest.mark.parametrize(("ending", "content"), [(".ics", ".ics of 4"), (".csv", ".csv of 4")], ids=["ics", "csv"])
def test_the_calendar_is_saved_as_what_the_name_says(desk: Desk, tmp_path: Path, ending: str, content: str) -> None:
    desk.press("Calendar")
    desk.press("Export…")
    save_as(desk, tmp_path / f"expiry{ending}")
    assert (tmp_path / f"expiry{ending}").read_text() == content


@pytest.mark.usefixtures("qt_settings")
def test_selected_rows_are_saved_as_a_table(desk: Desk, tmp_path: Path) -> None:
    select(desk, 1, 2)
    desk.press("Export as CSV…")
    save_as(desk, tmp_path / "rows.csv")
    assert len((tmp_path / "rows.csv").read_text().splitlines()) == 3


def save_as(desk: Desk, path: Path) -> None:
    dialog = desk.view.findChildren(QFileDialog)[0]
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    dialog.setParent(None)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    desk.settle()


def test_the_calendar_is_divided_by_weeks_or_months(desk: Desk) -> None:
    desk.press("Calendar")
    assert desk.lines[:2] == ["[Already ended 1 entry]", "Carillon"]
    desk.press("Months")
    assert desk.lines[-3:] == ["[No date known 2 entries]", "Push", "Files"]
    spy = QSignalSpy(desk.view.entity_selected)
    select(desk, len(desk.lines) - 2)
    assert spy.at(0) == ["integration/push"]


def test_a_day_that_is_clicked_leads_to_what_ends_then(desk: Desk) -> None:
    desk.press("Calendar")
    desk.key("Z")
    grid = desk.view.findChildren(DayGrid)[0]
    assert grid.isVisible()
    spy = QSignalSpy(desk.view.entity_selected)
    grid.day_chosen.emit(CALENDAR.entries[2].ends_at.astimezone().date())
    desk.settle()
    assert spy.at(0) == ["partner/tessera"]
    desk.press("By domain")
    assert not grid.isVisible()


def test_controls_without_a_window_stay_hidden(theme: Theme) -> None:
    bar = FilterBar(theme)
    assert not any(widget.isVisible() for widget in bar.widgets)
    for widget in bar.widgets:
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
