"""One chart's card: the chart with remarks below it, or its title and why there is nothing to draw."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.line_data import Band, ChartContent, LineData, Span
from quarterdeck.ui.charts.time_chart import ChartStyle, TimeChart
from quarterdeck.ui.panels.performance.state import ChartState, Remark
from quarterdeck.ui.theme.measures import CARD_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.state_marks import StateMark
from quarterdeck.ui.widgets.text import ElidedLabel, PlainLabel, safe_text

_MOST_REMARKS = 3


class ChartSlot(QFrame):
    """Shows a ChartState; empty ones are a line high."""

    def __init__(self, theme: Theme, group: ChartGroup, title: str, unit: str) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._theme = theme
        self._least_height = 0
        self._head_height = 0
        self._drawn: tuple[LineData, ...] = ()
        self._band: Band | None = None
        self._ghosts: tuple[LineData, ...] = ()
        style = ChartStyle(unit=unit, has_times=False, is_card=False)
        self.chart = TimeChart(theme, group, title, subtitle=" ", style=style)
        self._absence = _Absence(theme, title)
        self._remarks = RemarkLines(theme, most=_MOST_REMARKS)
        column = QVBoxLayout(self)
        column.setContentsMargins(CARD_PADDING, 10, CARD_PADDING, 6)
        column.setSpacing(2)
        column.addWidget(self._absence)
        column.addWidget(self.chart, 1)
        column.addLayout(self._remarks)
        self._absence.hide()
        self.chart.head_grown.connect(self._make_room)

    @property
    def is_absent(self) -> bool:
        """Whether there is nothing to draw."""
        return self.chart.isHidden()

    def set_least_height(self, pixels: int) -> None:
        """Never be lower than this, with what remarks and a chart's head take beyond a line; none takes a line."""
        self._least_height = pixels
        self._make_room(self._head_height)

    def announce(self, state: ChartState) -> None:
        """Take the room that this chart needs, and say why where there is nothing to draw; `draw` comes after it."""
        self.chart.setHidden(bool(state.absence))
        self._absence.setVisible(bool(state.absence))
        self._absence.show_words(state.absence, is_failed=state.is_failed)

    def shows_other_lines(self, state: ChartState) -> bool:
        """Whether the lines drawn last, what is expected of them, or their ghosts are others than those of a chart."""
        return self._drawn is not state.lines or self._band is not state.band or self._ghosts != state.ghosts

    def draw(self, state: ChartState, spans: tuple[Span, ...], *, is_first: bool) -> None:
        """Draw this chart's lines; the first one on a page says what the spans are."""
        self._drawn, self._band, self._ghosts = state.lines, state.band, state.ghosts
        self.chart.set_subtitle(state.subtitle)
        lines = () if state.absence else (*state.lines, *state.ghosts)
        self.chart.show_content(ChartContent(lines, state.band, spans, state.stale, labels_spans=is_first))
        self._remarks.show_remarks((*state.expected, *state.remarks))
        self._make_room(self._head_height)

    def _make_room(self, head_height: int) -> None:
        self._head_height = head_height
        room = self._least_height + head_height + self._remarks.room
        self.setMinimumHeight(0 if self.is_absent else room)


class _Absence(QWidget):
    """A chart's title, and a sentence that stands for the chart."""

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__()
        self._mark = StateMark(theme, HealthState.DOWN)
        self._sentence = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 0, 0, 4)
        row.setSpacing(12)
        row.addWidget(PlainLabel(theme, title, role=FontRole.STRONG))
        row.addWidget(self._mark)
        row.addWidget(self._sentence, 1)

    def show_words(self, words: str, *, is_failed: bool) -> None:
        self._mark.setVisible(is_failed)
        self._sentence.setText(words)
        self.setAccessibleName(safe_text(words))


class RemarkLines(QVBoxLayout):
    """Remarks under each other, as many lines as were ever needed."""

    def __init__(self, theme: Theme, *, most: int) -> None:
        super().__init__()
        self._theme = theme
        self._most = most
        self._lines: list[_RemarkLine] = []
        self.setSpacing(2)

    @property
    def room(self) -> int:
        """How much height what is shown takes, in pixels."""
        shown = [line for line in self._lines if not line.isHidden()]
        return sum(line.sizeHint().height() + self.spacing() for line in shown)

    def show_remarks(self, remarks: tuple[Remark, ...]) -> None:
        """Show these, as far as there may be so many."""
        while len(self._lines) < min(len(remarks), self._most):
            self._lines.append(_RemarkLine(self._theme))
            self.addWidget(self._lines[-1])
        for number, line in enumerate(self._lines):
            line.show_remark(remarks[number] if number < len(remarks) else None)


class _RemarkLine(QWidget):
    """A mark and a sentence, small."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._mark = StateMark(theme, HealthState.STALE, size=8)
        self._words = ElidedLabel(theme, role=FontRole.SMALL, tone=Tone.SECONDARY)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._mark)
        row.addWidget(self._words, 1)
        self.hide()

    def show_remark(self, remark: Remark | None) -> None:
        self.setVisible(remark is not None)
        if remark is not None:
            self._mark.set_state(remark.state)
            self._words.setText(remark.words)
