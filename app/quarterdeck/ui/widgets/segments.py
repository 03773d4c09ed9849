"""One of several: the views of a panel as a segmented control, the pages of the inspector as underlined tabs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from quarterdeck.ui.theme.measures import CONTROL_HEIGHT, RADIUS_CONTROL
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.text import safe_line

_PADDING = 10
_TAB_GAP = 18
_TAB_BAR_HEIGHT = 30


@dataclass(frozen=True, slots=True)
class Segment:
    """One choice: its key in signals and its words."""

    key: str
    text: str


class SegmentLook(StrEnum):
    """Boxed for the views of a panel, tabs for pages inside a narrow place."""

    BOXED = "boxed"
    TABS = "tabs"


class SegmentedControl(QWidget):
    """Shows all choices side by side, one chosen; arrow keys move between them.

    `chosen` carries the key when a person chooses, not when `set_current` is called.
    """

    chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        segments: tuple[Segment, ...],
        *,
        accessible_name: str,
        look: SegmentLook = SegmentLook.BOXED,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._look = look
        self._buttons: dict[str, _SegmentButton] = {}
        self._group = QButtonGroup(self)
        self.setAccessibleName(safe_line(accessible_name))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_TAB_GAP if look is SegmentLook.TABS else 0)
        if look is SegmentLook.TABS:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._row.setAlignment(Qt.AlignmentFlag.AlignLeft)
        theme.changed.connect(self.update)
        self.set_segments(segments)

    @property
    def current(self) -> str:
        """The key of the chosen segment; empty when there are none."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def set_current(self, key: str) -> None:
        """Choose a segment without a signal; an unknown key changes nothing."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)
            self.update()

    def set_segments(self, segments: tuple[Segment, ...]) -> None:
        """Show other choices; the chosen key stays chosen if it is among them, else the first is."""
        before = self.current
        if tuple(self._buttons) == tuple(segment.key for segment in segments):
            for segment in segments:
                self._buttons[segment.key].set_words(segment.text)
            return
        for button in self._buttons.values():
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.deleteLater()
        self._buttons = {segment.key: self._add(segment) for segment in segments}
        self.set_current(before if before in self._buttons else next(iter(self._buttons), ""))

    def _add(self, segment: Segment) -> _SegmentButton:
        button = _SegmentButton(self._theme, segment, self._look)
        button.clicked.connect(self._choose)
        self._group.addButton(button)
        self._row.addWidget(button)
        return button

    def _choose(self) -> None:
        self.update()
        self.chosen.emit(self.current)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        tokens = self._theme.tokens
        if self._look is SegmentLook.TABS:
            painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(tokens.line))
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        outline = QPainterPath()
        outline.addRoundedRect(box, RADIUS_CONTROL, RADIUS_CONTROL)
        painter.fillPath(outline, QColor(tokens.raised))
        painter.save()
        painter.setClipPath(outline)
        for button in self._buttons.values():
            if button.isChecked() or button.underMouse():
                painter.fillRect(button.geometry(), QColor(tokens.hover))
        painter.restore()
        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.drawPath(outline)


class _SegmentButton(QAbstractButton):
    """One choice of a segmented control; the control paints what lies behind it."""

    def __init__(self, theme: Theme, segment: Segment, look: SegmentLook) -> None:
        super().__init__()
        self._theme = theme
        self._look = look
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_words(segment.text)
        theme.changed.connect(self.update)

    def set_words(self, text: str) -> None:
        self.setText(safe_line(text))
        self.setAccessibleName(safe_line(text))
        self.updateGeometry()

    @override
    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.text())
        if self._look is SegmentLook.TABS:
            return QSize(width, _TAB_BAR_HEIGHT)
        return QSize(width + 2 * _PADDING, CONTROL_HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        tokens = self._theme.tokens
        is_strong = self.isChecked() or self.underMouse()
        painter.setPen(QColor(tokens.text if is_strong else tokens.text_secondary))
        room = self.rect().adjusted(0, 0, 0, -2) if self._look is SegmentLook.TABS else self.rect()
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self.text())
        if self._look is SegmentLook.TABS and self.isChecked():
            painter.fillRect(0, self.height() - 2, self.width(), 2, QColor(tokens.accent))
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(tokens.accent), 1))
            inner = QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5)
            painter.drawRoundedRect(inner, RADIUS_CONTROL - 2, RADIUS_CONTROL - 2)
