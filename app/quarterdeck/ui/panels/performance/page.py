"""The four charts under each other, on one time axis."""

from __future__ import annotations

from itertools import zip_longest

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.panels.performance.chart_slot import ChartSlot, RemarkLine
from quarterdeck.ui.panels.performance.state import PerformanceState
from quarterdeck.ui.theme.measures import CARD_PADDING, PAGE_GAP, PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.text import PlainLabel

BAR_ROOM = 12
"""How far the scroll bar reaches into the page's margin."""

_GUTTER = 60
_PIXEL_STEP = 8
_HEIGHTS = {"response_time": (152, 222), "throughput": (118, 170), "error_rate": (114, 152), "saturation": (114, 152)}
"""For each chart the height it needs and the height it has in a window of usual size."""
_TALLEST = 1.7
_MOST_REMARKS = 6


class PerformancePage(QScrollArea):
    """Scrolls where the window is too low for all charts."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.group = ChartGroup(0.0, 1.0, self)
        self._slots = {
            "response_time": ChartSlot(theme, self.group, self.tr("Response time"), "s"),
            "throughput": ChartSlot(theme, self.group, self.tr("Throughput"), "1/s"),
            "error_rate": ChartSlot(theme, self.group, self.tr("Error rate"), "ratio"),
            "saturation": ChartSlot(theme, self.group, self.tr("Saturation"), "ratio"),
        }
        self._remarks = tuple(RemarkLine(theme) for _ in range(_MOST_REMARKS))
        self._omission = PlainLabel(theme, role=FontRole.SMALL, tone=Tone.TERTIARY, wraps=True)
        self._column = QVBoxLayout()
        self._build()

    @staticmethod
    def pixels_in(width: int, ratio: float) -> int:
        """How many pixels of the screen a chart's range has in a page so wide, in steps that spare needless reads."""
        plot = width - BAR_ROOM - 2 * CARD_PADDING - _GUTTER
        return max(_PIXEL_STEP, round(plot * ratio / _PIXEL_STEP) * _PIXEL_STEP)

    def show_charts(self, state: PerformanceState) -> None:
        """Show all charts and move them to their range at once."""
        self.group.set_range(state.start_s, state.end_s)
        self.group.set_play_head(state.play_head_s)
        for line, remark in zip_longest(self._remarks, state.remarks[:_MOST_REMARKS]):
            line.show_remark(remark)
        drawn = [chart.key for chart in state.charts if not chart.absence]
        for chart in state.charts:
            self._slots[chart.key].show_chart(chart, state.spans, is_first=chart.key in drawn[:1])
            self._fit(chart.key)
        for key in drawn:
            self._slots[key].chart.show_times(shown=key == drawn[-1])
        if drawn:
            self.setFocusProxy(self._slots[drawn[0]].chart)
        self._omission.setText(state.omission)
        self._omission.setVisible(bool(state.omission))

    def _fit(self, key: str) -> None:
        """A chart takes its share of what room there is; one that is absent takes a line."""
        slot, (least, usual) = self._slots[key], _HEIGHTS[key]
        vertical = QSizePolicy.Policy.Minimum if slot.is_absent else QSizePolicy.Policy.Ignored
        slot.setSizePolicy(QSizePolicy.Policy.Preferred, vertical)
        slot.setMinimumHeight(0 if slot.is_absent else least)
        slot.setMaximumHeight(int(usual * _TALLEST))
        self._column.setStretchFactor(slot, 0 if slot.is_absent else usual)

    def _build(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        content = QWidget()
        content.setLayout(self._column)
        self._column.setContentsMargins(0, 0, BAR_ROOM, PAGE_PADDING)
        self._column.setSpacing(PAGE_GAP)
        remarks = QVBoxLayout()
        remarks.setSpacing(2)
        for line in self._remarks:
            remarks.addWidget(line)
        self._column.addLayout(remarks)
        for key, slot in self._slots.items():
            self._column.addWidget(slot)
            self._fit(key)
        self._column.addWidget(self._omission)
        self._column.addStretch(1)
        self._omission.hide()
        self.setWidget(content)
        # The area fills its widget's background when it takes it over.
        content.setAutoFillBackground(False)
