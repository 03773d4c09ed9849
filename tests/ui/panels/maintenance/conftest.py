"""Rooms for the panel's tests, closed afterwards."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget

from quarterdeck.services.maintenance_forms import TypedWindow
from quarterdeck.ui.theme.theme import Theme
from tests.ui.panels.maintenance.room import Room

MakeRoom = Callable[..., Room]


@pytest.fixture
def make_room(theme: Theme, show: Callable[[QWidget], QWidget], tmp_path: Path) -> Iterator[MakeRoom]:
    """Makes a room with some windows planned the day before, and shows it."""
    made: list[Room] = []

    def make(*plans: TypedWindow) -> Room:
        room = Room(theme, tmp_path, *plans)
        made.append(room)
        show(room.window)
        return room

    yield make
    for room in made:
        room.close()


@pytest.fixture
def qt_settings(tmp_path: Path) -> Iterator[None]:
    """Qt's own dialog for files remembers its size in a file of its own."""
    native, user = QSettings.Format.NativeFormat, QSettings.Scope.UserScope
    usual = Path(QSettings(native, user, "QtProject").fileName()).parent
    QSettings.setPath(native, user, str(tmp_path / "settings"))
    yield
    QSettings.setPath(native, user, str(usual))
