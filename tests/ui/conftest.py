"""What tests of the window share: a theme, and a place to put widgets that are gone afterwards."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from quarterdeck.ui.theme.scheme import ThemeChoice
from quarterdeck.ui.theme.theme import Theme

Shown = TypeVar("Shown", bound=QWidget)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The dark theme, applied to the application."""
    made = Theme(qapp, choice=ThemeChoice.DARK)
    yield made
    made.deleteLater()


@pytest.fixture
def show(qtbot: QtBot) -> Callable[[Shown], Shown]:
    """Shows a widget for the length of the test and hands it back."""

    def shown(widget: Shown) -> Shown:
        qtbot.addWidget(widget)
        with qtbot.waitExposed(widget):
            widget.show()
        return widget

    return shown
