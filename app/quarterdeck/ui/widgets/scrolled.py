"""A column of widgets that scrolls where there is no room for all of it, on the ground that it stands on."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

_BAR_ROOM = 10


def scrolled(content: QVBoxLayout) -> QScrollArea:
    """The column in an area without a frame; it scrolls up and down only."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 4, _BAR_ROOM, 4)
    column.addLayout(content)
    column.addStretch(1)
    area = QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.viewport().setAutoFillBackground(False)
    page.setAutoFillBackground(False)
    return area
