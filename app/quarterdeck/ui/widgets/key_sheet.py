"""The sheet that `?` opens: the keys of the place and of the whole window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.actions import EVERYWHERE, ActionSpec, key_words
from quarterdeck.ui.widgets.tags import KeyChip
from quarterdeck.ui.widgets.text import PlainLabel, safe_line

_COLUMN_WIDTH = 240


class KeySheet(QDialog):
    """Two columns, the keys that hold here and those that hold everywhere; Esc closes it."""

    def __init__(self, theme: Theme, title: str, specs: tuple[ActionSpec, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle(safe_line(title))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(14)
        column.addWidget(PlainLabel(theme, title, role=FontRole.PANEL))
        row = QHBoxLayout()
        row.setSpacing(24)
        here = tuple(spec for spec in specs if spec.place != EVERYWHERE)
        everywhere = tuple(spec for spec in specs if spec.place == EVERYWHERE)
        for heading, group in ((self.tr("Here"), here), (self.tr("Everywhere"), everywhere)):
            if group:
                row.addLayout(self._build_group(heading, group), 1)
        column.addLayout(row)

    def _build_group(self, heading: str, specs: tuple[ActionSpec, ...]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(PlainLabel(self._theme, heading, role=FontRole.SECTION, tone=Tone.SECONDARY))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(1, _COLUMN_WIDTH - 90)
        grid.setColumnStretch(1, 1)
        for at, spec in enumerate(specs):
            grid.addWidget(KeyChip(self._theme, key_words(spec.key)), at, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(PlainLabel(self._theme, spec.text), at, 1)
        column.addLayout(grid)
        column.addStretch(1)
        return column
