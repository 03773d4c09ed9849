"""The Connectors panel in a window, over a scripted store."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget

from quarterdeck.ui.theme.theme import Theme
from tests.ui.panels.connectors.window import Window


@pytest.fixture
def window(theme: Theme, show: Callable[[QWidget], QWidget]) -> Window:
    """The panel with three connections."""
    made = Window(theme)
    show(made)
    made.open()
    return made
