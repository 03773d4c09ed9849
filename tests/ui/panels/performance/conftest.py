"""The panel, furnished and shown."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from quarterdeck.ui.theme.theme import Theme
from tests.ui.panels.performance.desk import Bench


@pytest.fixture
def bench(theme: Theme, show: Callable[[QWidget], QWidget], qtbot: QtBot) -> Bench:
    made = Bench(theme)
    show(made.view)
    qtbot.waitUntil(lambda: made.view._page.is_furnished)
    for widget in made.view.bar_widgets():
        widget.setParent(made.view)
    made.show()
    return made
