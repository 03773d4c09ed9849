"""The head of a chart: its title always stands; what is beside it gives way where the chart is narrow."""

from __future__ import annotations

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from quarterdeck.ui.charts.legend import Legend, LegendEntry
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.text import ElidedLabel, PlainLabel

_GAP = 12
_LINE_HEIGHT = 18
_LINE_GAP = 2


class ChartHead(QWidget):
    """Title, subtitle and legend in one line.

    Where they have no room together the subtitle goes first, then names in the legend are cut, then the legend moves
    below the title. `grown` carries how many pixels higher than one line the head became, a turn after it did.
    """

    grown = Signal(int)

    def __init__(self, theme: Theme, title: str, subtitle: str, *, side: int) -> None:
        super().__init__()
        self._side = side
        self._extra_height = 0
        # Growth is found while a layout runs. Whoever then resizes a widget of that layout leaves it half done.
        self._news = QTimer(self)
        self._news.setSingleShot(True)
        self._news.setInterval(0)
        self._news.timeout.connect(lambda: self.grown.emit(self._extra_height))
        self._title = ElidedLabel(theme, title, role=FontRole.STRONG)
        self._subtitle = PlainLabel(theme, subtitle, role=FontRole.SMALL, tone=Tone.TERTIARY)
        self._legend = Legend(theme)
        for part in (self._title, self._subtitle, self._legend):
            part.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._place()

    @property
    def entries(self) -> tuple[LegendEntry, ...]:
        """What the legend says now."""
        return self._legend.entries

    def set_entries(self, entries: tuple[LegendEntry, ...]) -> None:
        """Say this in the legend."""
        before = (self._legend.sizeHint().width(), self._legend.least_width)
        self._legend.set_entries(entries)
        if (self._legend.sizeHint().width(), self._legend.least_width) != before:
            self._place()

    def set_subtitle(self, subtitle: str) -> None:
        """Change the small words beside the title."""
        if subtitle != self._subtitle.text():
            self._subtitle.setText(subtitle)
            self._place()

    def _place(self) -> None:
        room = max(0, self.width() - 2 * self._side)
        title = self._wish(self._title)
        beside = room - title - _GAP
        is_below = bool(self.entries) and self._legend.least_width > beside
        legend = min(self._legend.sizeHint().width(), room if is_below else max(0, beside))
        self._title.setGeometry(self._side, 0, min(title, room), _LINE_HEIGHT)
        self._title.setVisible(title > 0)
        if is_below:
            self._legend.setGeometry(self._side, _LINE_HEIGHT + _LINE_GAP, legend, _LINE_HEIGHT)
        else:
            self._legend.setGeometry(self._side + room - legend, 0, legend, _LINE_HEIGHT)
        subtitle = self._wish(self._subtitle)
        needed = subtitle if is_below or not self.entries else subtitle + _GAP + self._legend.sizeHint().width()
        self._subtitle.setGeometry(self._side + title + _GAP, 0, subtitle, _LINE_HEIGHT)
        self._subtitle.setVisible(subtitle > 0 and needed <= beside)
        self._grow(_LINE_HEIGHT + _LINE_GAP if is_below else 0)

    def _grow(self, extra_height: int) -> None:
        if extra_height != self._extra_height:
            self._extra_height = extra_height
            self.updateGeometry()
            self._news.start()

    @staticmethod
    def _wish(label: PlainLabel) -> int:
        return label.sizeHint().width() if label.text() else 0

    @override
    def sizeHint(self) -> QSize:
        width = self._wish(self._title) + _GAP + self._legend.sizeHint().width() + 2 * self._side
        return QSize(width, _LINE_HEIGHT + self._extra_height)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._place()
