"""Tool tips are plain text wherever they come from: widgets, cells, headers, tabs, painted places."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QStringListModel, Qt
from PySide6.QtWidgets import QApplication, QLabel, QListView, QTabBar, QToolTip, QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.coverage_bars import CoverageBars, CoverageKind, CoveragePart, CoverageRow
from quarterdeck.ui.widgets.tool_tips import PlainToolTips, plain_tip
from tests.support.markup import remove_tool_tips, tool_tip_shown

MARKUP = "<img src='file:///etc/hostname'><b>bold</b>"


@pytest.fixture(autouse=True)
def plain_tips(qapp: QApplication) -> Iterator[PlainToolTips]:
    tips = PlainToolTips(qapp)
    yield tips
    remove_tool_tips()
    qapp.removeEventFilter(tips)
    tips.deleteLater()


class TippedModel(QStringListModel):
    @override
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole, /) -> object:
        return MARKUP if role == Qt.ItemDataRole.ToolTipRole else super().data(index, role)


def assert_plain(label: QLabel | None, text: str = MARKUP) -> None:
    assert label is not None
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.text().replace("\n", " ") == text


def test_a_widgets_tool_tip_is_plain(show: Callable[[QWidget], QWidget]) -> None:
    widget = show(QWidget())
    widget.setToolTip(MARKUP)
    assert_plain(tool_tip_shown(widget))


def test_the_tool_tip_of_a_list_entry_is_plain(show: Callable[[QWidget], QWidget]) -> None:
    view = QListView()
    show(view)
    view.setModel(TippedModel(["one"], view))
    assert_plain(tool_tip_shown(view.viewport(), QPoint(5, 5)))


def test_the_tool_tip_of_a_tab_is_plain(show: Callable[[QWidget], QWidget]) -> None:
    bar = QTabBar()
    bar.addTab("one")
    bar.setTabToolTip(0, MARKUP)
    show(bar)
    assert_plain(tool_tip_shown(bar, QPoint(8, 8)))


def test_a_tool_tip_that_qt_shows_on_its_own_is_plain(show: Callable[[QWidget], QWidget], qapp: QApplication) -> None:
    widget = show(QWidget())
    QToolTip.showText(widget.mapToGlobal(QPoint(4, 4)), MARKUP, widget)
    labels = (each for each in QApplication.topLevelWidgets() if isinstance(each, QLabel) and each.isVisible())
    assert_plain(next(labels))


def test_a_painted_place_has_the_tool_tip_of_its_part(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    bars = CoverageBars(theme, accessible_name="Received")
    part = CoveragePart(0, 1, CoverageKind.LATE, MARKUP)
    bars.set_rows((CoverageRow("push", (part,)),), start_seconds=0, end_seconds=1)
    show(bars)
    assert_plain(tool_tip_shown(bars, QPoint(bars.width() - 20, 8)))


def test_a_widget_without_a_tool_tip_shows_that_of_its_parent(show: Callable[[QWidget], QWidget]) -> None:
    parent = QWidget()
    child = QWidget()
    QVBoxLayout(parent).addWidget(child)
    parent.setToolTip("of the parent")
    show(parent)
    assert_plain(tool_tip_shown(child), "of the parent")


def test_a_widget_without_any_tool_tip_shows_none(show: Callable[[QWidget], QWidget]) -> None:
    assert tool_tip_shown(show(QWidget())) is None


def test_a_long_tool_tip_is_cut_and_broken() -> None:
    lines = plain_tip("word " * 5000).splitlines()
    assert max(map(len, lines)) <= 72
    assert sum(map(len, lines)) <= 600
    assert max(map(len, plain_tip("A" * 300_000).splitlines())) <= 72
