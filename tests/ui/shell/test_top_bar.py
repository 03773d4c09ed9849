"""The bar above the page: what it says of the time, and what gives way where there is little room."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QPushButton, QWidget

from quarterdeck.ui.shell.top_bar import LiveToggle, TopBar
from quarterdeck.ui.theme.theme import Theme


@pytest.fixture
def bar(theme: Theme, show: Callable[[QWidget], QWidget]) -> TopBar:
    window = QWidget()
    made = TopBar(theme, QPushButton("Last 6 hours"), "Ctrl+K")
    made.setParent(window)
    made.show_panel("overview", "Overview")
    show(window)
    return made


def live_of(bar: TopBar) -> LiveToggle:
    return next(iter(bar.findChildren(LiveToggle)))


def settle(bar: TopBar, width: int) -> None:
    bar.setGeometry(0, 0, width, bar.height())
    QCoreApplication.processEvents()


def test_the_way_back_to_live_stands_beside_the_moment_shown(bar: TopBar) -> None:
    settle(bar, 900)
    bar.show_live(is_live=False, words="As of 12:18")
    assert live_of(bar).text() == "As of 12:18 · Back to live"
    bar.show_live(is_live=True, words="")
    assert live_of(bar).text() == "Live"


def test_the_way_back_to_live_gives_way_where_there_is_no_room_and_stays_in_the_tip(bar: TopBar) -> None:
    bar.show_live(is_live=False, words="As of 12:18")
    settle(bar, 420)
    assert live_of(bar).text() == "As of 12:18"
    assert live_of(bar).toolTip().endswith("L goes back to live.")
    assert live_of(bar).accessibleName() == "As of 12:18. Back to live"
    settle(bar, 900)
    assert live_of(bar).text() == "As of 12:18 · Back to live"
