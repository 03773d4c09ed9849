"""A panel to work with."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget

from quarterdeck.ui.theme.theme import Theme
from tests.ui.panels.relationships.desk import Desk


@pytest.fixture
def desk(theme: Theme, show: Callable[[QWidget], QWidget]) -> Desk:
    return Desk(theme, show)
