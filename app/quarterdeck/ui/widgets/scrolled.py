"""What scrolls where there is no room for all of it, on the ground that it stands on."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

_BAR_ROOM = 10


def scrolling(page: QWidget) -> QScrollArea:
    """A page in an area without a frame that scrolls up and down only."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.viewport().setAutoFillBackground(False)
    area.setWidget(page)
    # The area fills its widget's background when it takes it over.
    page.setAutoFillBackground(False)
    return area


def scrolled(content: QVBoxLayout) -> QScrollArea:
    """The column of widgets in such an area."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 4, _BAR_ROOM, 4)
    column.addLayout(content)
    column.addStretch(1)
    return scrolling(page)
