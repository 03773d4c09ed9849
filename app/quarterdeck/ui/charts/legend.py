"""The legend of a chart: a dash in the line's colour, its name, and its value under the cross-hair, all plain text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.text import safe_line

_DASH_WIDTH = 10
_DASH_GAP = 5
_VALUE_GAP = 4
_ENTRY_GAP = 14
_LONGEST_NAME = 150
_HEIGHT = 18


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line's place in the legend; a value is empty for a ghost, ghosts and stale lines are faint.

    The name of the chosen line is written as strongly as its value.
    """

    name: str
    value: str
    slot: int
    is_faint: bool = False
    is_chosen: bool = False


class Legend(QWidget):
    """Entries side by side, at the right; names give way when there is no room."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._entries: tuple[LegendEntry, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def entries(self) -> tuple[LegendEntry, ...]:
        """What is shown."""
        return self._entries

    def set_entries(self, entries: tuple[LegendEntry, ...]) -> None:
        """Show these entries."""
        if entries == self._entries:
            return
        self._entries = tuple(
            replace(entry, name=safe_line(entry.name, 120), value=safe_line(entry.value, 40)) for entry in entries
        )
        self.setAccessibleName(", ".join(f"{entry.name} {entry.value}".strip() for entry in self._entries))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        names = QFontMetrics(self._theme.fonts.note)
        widths = [
            self._width(entry, min(_LONGEST_NAME, names.horizontalAdvance(entry.name))) for entry in self._entries
        ]
        return QSize(int(sum(widths) + _ENTRY_GAP * max(0, len(widths) - 1)) + 2, _HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(min(60, self.sizeHint().width()), _HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        names = QFontMetrics(self._theme.fonts.note)
        longest = self._longest_name(names)
        right = float(self.width())
        for entry in reversed(self._entries):
            name = names.elidedText(entry.name, Qt.TextElideMode.ElideRight, int(longest))
            width = self._width(entry, names.horizontalAdvance(name))
            self._paint_entry(painter, entry, name, right - width)
            right -= width + _ENTRY_GAP

    def _longest_name(self, names: QFontMetrics) -> float:
        """The longest name that leaves room for all entries."""
        missing = self.sizeHint().width() - self.width()
        if missing <= 0 or not self._entries:
            return _LONGEST_NAME
        widest = max(min(_LONGEST_NAME, names.horizontalAdvance(entry.name)) for entry in self._entries)
        return max(0.0, widest - missing / len(self._entries))

    def _paint_entry(self, painter: QPainter, entry: LegendEntry, name: str, left: float) -> None:
        tokens = self._theme.tokens
        colour = QColor(tokens.series[entry.slot % len(tokens.series)])
        colour.setAlphaF(0.5 if entry.is_faint else 1.0)
        painter.fillRect(QRectF(left, self.height() / 2 - 1, _DASH_WIDTH, 2), colour)
        left += _DASH_WIDTH + _DASH_GAP
        painter.setFont(self._theme.fonts.note)
        painter.setPen(QColor(tokens.text if entry.is_chosen else tokens.text_secondary))
        width = painter.fontMetrics().horizontalAdvance(name)
        painter.drawText(QRectF(left, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(self._theme.fonts.section)
        painter.setPen(QColor(tokens.text))
        box = QRectF(left + width + _VALUE_GAP, 0, self._value_width(entry) + 2, self.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, entry.value)

    def _width(self, entry: LegendEntry, name_width: float) -> float:
        return _DASH_WIDTH + _DASH_GAP + name_width + _VALUE_GAP + self._value_width(entry)

    def _value_width(self, entry: LegendEntry) -> int:
        return QFontMetrics(self._theme.fonts.section).horizontalAdvance(entry.value)
