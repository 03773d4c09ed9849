"""The charts under each other, on one time axis."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from quarterdeck.ui.charts.chart_drawing import ChartDrawing
from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.line_data import Span
from quarterdeck.ui.panels.performance.chart_slot import ChartSlot, RemarkLines
from quarterdeck.ui.panels.performance.other_views import BAR_ROOM
from quarterdeck.ui.panels.performance.state import ChartState, PerformanceState
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.measures import CARD_PADDING, PAGE_GAP, PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.text import PlainLabel

_GUTTER = 60
_PIXEL_STEP = 8
_TALLEST = 1.7
_MOST_REMARKS = 6


@dataclass(frozen=True, slots=True)
class _ChartSpec:
    """One chart, the height it needs, and the height it has in a window of usual size."""

    key: str
    title: str
    unit: str
    least_height: int
    usual_height: int


_CHARTS = (
    _ChartSpec("response_time", "Response time", "s", 152, 222),
    _ChartSpec("throughput", "Throughput", "1/s", 118, 170),
    _ChartSpec("error_rate", "Error rate", "ratio", 114, 152),
    _ChartSpec("saturation", "Saturation", "ratio", 114, 152),
    _ChartSpec("processing", "Processor use", "ratio", 118, 170),
    _ChartSpec("memory", "Memory in use", "ratio", 114, 152),
    _ChartSpec("storage", "Fullest disk", "ratio", 114, 152),
    _ChartSpec("network", "Network traffic", "By/s", 114, 152),
    _ChartSpec("load", "Load over a minute", "1", 114, 152),
    _ChartSpec("queue_depth", "Queue depth", "1", 114, 152),
)
_SPECS = {spec.key: spec for spec in _CHARTS}
_USUAL = ("response_time", "throughput", "error_rate", "saturation")


class PerformancePage(QScrollArea):
    """Scrolls where the window is too low for all charts. `furnished` comes when all that were asked for can be shown.

    The usual charts are made at once, others when they are asked for first.
    """

    furnished = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.group = ChartGroup(0.0, 1.0, self)
        self._theme = theme
        self._background: Background | None = None
        self._slots: dict[str, ChartSlot] = {}
        self._wanted = list(_USUAL)
        self._remarks = RemarkLines(theme, most=_MOST_REMARKS)
        self._untold = PlainLabel(theme, role=FontRole.SMALL, tone=Tone.TERTIARY, wraps=True)
        self._omission = PlainLabel(theme, role=FontRole.SMALL, tone=Tone.TERTIARY, wraps=True)
        self._column = QVBoxLayout()
        # A child, so that it ends with the page: a single shot outlives its context, and finds the page half gone.
        self._turns = QTimer(self)
        self._drawing = QTimer(self)
        self._undrawn: list[tuple[ChartState, tuple[Span, ...], bool]] = []
        self._build()
        self._turns.timeout.connect(self._furnish)
        self._drawing.timeout.connect(self._draw_next)
        self._turns.start(0)

    @staticmethod
    def pixels_in(width: int, ratio: float) -> int:
        """How many pixels of the screen a chart's range has in a page so wide, in steps that spare needless reads."""
        plot = width - BAR_ROOM - 2 * CARD_PADDING - _GUTTER
        return max(_PIXEL_STEP, round(plot * ratio / _PIXEL_STEP) * _PIXEL_STEP)

    @property
    def is_furnished(self) -> bool:
        """Whether all charts that were asked for have been made."""
        return not self._wanted

    def can_show(self, state: PerformanceState) -> bool:
        """Whether the charts of a state have been made; those that were not are asked for now."""
        missing = [chart.key for chart in state.charts if chart.key not in {*self._slots, *self._wanted}]
        if missing:
            self._wanted += missing
            self._turns.start(0)
        return self.is_furnished

    def place_below(self, widget: QWidget) -> None:
        """Have something stand below the charts."""
        self._column.insertWidget(self._column.count() - 1, widget)

    def draw_in(self, background: Background) -> None:
        """Have large pictures of lines made there."""
        self._background = background
        for slot in self._slots.values():
            slot.chart.draw_in(background)

    def drawing(self) -> ChartDrawing | None:
        """The chart that has the keyboard, else the first one with lines, as it is now."""
        slots = [slot for slot in self._slots.values() if not slot.isHidden() and not slot.is_absent]
        slots.sort(key=lambda slot: not slot.isAncestorOf(self.window().focusWidget() or self))
        return next((made for slot in slots if (made := slot.chart.drawing()) is not None), None)

    @property
    def is_drawn(self) -> bool:
        """Whether every chart of what was shown last is there."""
        return not self._undrawn

    def show_charts(self, state: PerformanceState) -> None:
        """Show these charts and no others, moved to their range; only where they `can_show`.

        They are drawn one in each turn of the event loop, the first at once: all in one turn would be felt. Those that
        are left stay as they are when a person moves them meanwhile.
        """
        self.group.take_over(state.start_s, state.end_s, state.play_head_s)
        self._remarks.show_remarks((*state.earlier, *state.remarks))
        self._place(state)
        for label, words in ((self._untold, state.untold), (self._omission, state.omission)):
            label.setText(words)
            label.setVisible(bool(words))
        drawn = [chart.key for chart in state.charts if not chart.absence]
        self._undrawn = [(chart, state.spans, chart.key in drawn[:1]) for chart in state.charts]
        self._draw_next()

    def show_chosen(self, state: PerformanceState) -> None:
        """Show the same charts with other lines chosen. Those that are not drawn yet are drawn so."""
        self._remarks.show_remarks((*state.earlier, *state.remarks))
        waiting = {chart.key for chart, _, _ in self._undrawn}
        drawn = [chart.key for chart in state.charts if not chart.absence]
        self._undrawn = [
            (chart, state.spans, chart.key in drawn[:1])
            for chart in state.charts
            if chart.key in waiting or self._slots[chart.key].shows_other_lines(chart)
        ]
        self._draw_next()

    def _place(self, state: PerformanceState) -> None:
        for chart in state.charts:
            self._slots[chart.key].announce(chart)
        shown = {chart.key for chart in state.charts}
        for key, slot in self._slots.items():
            slot.setVisible(key in shown)
            self._fit(_SPECS[key])
        drawn = [chart.key for chart in state.charts if not chart.absence]
        for key in drawn:
            self._slots[key].chart.show_times(shown=key == drawn[-1])
        if drawn:
            self.setFocusProxy(self._slots[drawn[0]].chart)

    def _draw_next(self) -> None:
        if self.group.is_moving:
            self._undrawn.clear()
        if self._undrawn:
            chart, spans, is_first = self._undrawn.pop(0)
            self._slots[chart.key].draw(chart, spans, is_first=is_first)
        if self._undrawn:
            self._drawing.start()
        else:
            self._drawing.stop()

    def _furnish(self) -> None:
        """One chart in each turn of the event loop, while the first data is read: all at once would be felt."""
        self._add_slot()
        if self.is_furnished:
            self._turns.stop()
            self.furnished.emit()

    def _add_slot(self) -> None:
        spec = _SPECS[self._wanted.pop(0)]
        slot = ChartSlot(self._theme, self.group, QCoreApplication.translate("PerformancePage", spec.title), spec.unit)
        if self._background is not None:
            slot.chart.draw_in(self._background)
        before = [one for one in _CHARTS[: _CHARTS.index(spec)] if one.key in self._slots]
        # The remarks come first, then the charts.
        self._column.insertWidget(1 + len(before), slot)
        self._slots[spec.key] = slot
        self._fit(spec)

    def _fit(self, spec: _ChartSpec) -> None:
        """A chart takes its share of what room there is; one that is absent takes a line."""
        slot = self._slots[spec.key]
        vertical = QSizePolicy.Policy.Minimum if slot.is_absent else QSizePolicy.Policy.Ignored
        slot.setSizePolicy(QSizePolicy.Policy.Preferred, vertical)
        slot.set_least_height(spec.least_height)
        slot.setMaximumHeight(int(spec.usual_height * _TALLEST))
        self._column.setStretchFactor(slot, 0 if slot.is_absent else spec.usual_height)

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
        self._column.addLayout(self._remarks)
        self._column.addWidget(self._untold)
        self._column.addWidget(self._omission)
        self._column.addStretch(1)
        self._untold.hide()
        self._omission.hide()
        self.setWidget(content)
        # The area fills its widget's background when it takes it over.
        content.setAutoFillBackground(False)
