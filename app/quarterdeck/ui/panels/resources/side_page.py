"""What stands beside the table in the inspector's place: one resource with its forecast and its facts."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget
from typing_extensions import override

from quarterdeck.domain.health import HealthState
from quarterdeck.services.moments import Moment
from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.time_chart import ChartStyle, TimeChart
from quarterdeck.ui.panels.resources.detail_words import fact_pairs
from quarterdeck.ui.panels.resources.forecast_data import ForecastPicture, forecast_picture
from quarterdeck.ui.panels.resources.models import words
from quarterdeck.ui.panels.resources.state import ResourceLine
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.cards import Fact, FactList
from quarterdeck.ui.widgets.side_parts import SideHead, lay_out_side, scrolled
from quarterdeck.ui.widgets.state_marks import StateMark
from quarterdeck.ui.widgets.text import PlainLabel, safe_line

_CHART_HEIGHT = 210


class SidePage(QFrame):
    """`entity_opened` carries an entity's key, `closed` ends the page."""

    entity_opened = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self._entity_key = ""
        self._mark = StateMark(theme, HealthState.UNKNOWN)
        self._head = SideHead(theme, "", mark=self._mark)
        self._sentence = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        self._group = ChartGroup(0.0, 1.0, self)
        style = ChartStyle(unit="ratio", is_card=False)
        self._chart = TimeChart(theme, self._group, self.tr("Forecast of daily peaks"), style=style)
        self._absence = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        self._facts = FactList(theme, spare_rows=10)
        self._open = Button(theme, self.tr("Open in Performance"), kind=ButtonKind.PRIMARY)
        self._build()

    def show_line(self, line: ResourceLine, moment: Moment) -> None:
        """Show a resource as of a moment."""
        self._entity_key = line.entity_key
        self.setAccessibleName(safe_line(f"{line.name}, {line.kind_words}"))
        self._head.set_title(f"{line.name} · {line.kind_words}")
        self._mark.set_state(line.mark)
        self._mark.setAccessibleName(safe_line(line.mark_words))
        self._sentence.setText(line.tip)
        self._show_picture(forecast_picture(line.source, words), moment)
        self._facts.set_facts(tuple(Fact(label, value) for label, value in fact_pairs(line, moment.at, words)))

    def _show_picture(self, picture: ForecastPicture | None, moment: Moment) -> None:
        self._chart.setVisible(picture is not None)
        self._absence.setVisible(picture is None)
        self._absence.setText(self.tr("There is no day of history to draw."))
        if picture is not None:
            self._group.take_over(picture.start_s, picture.end_s, moment.at.timestamp())
            self._chart.show_content(picture.content)

    def _build(self) -> None:
        self._chart.setFixedHeight(_CHART_HEIGHT)
        self._open.clicked.connect(lambda: self.entity_opened.emit(self._entity_key))
        self._head.close_button.clicked.connect(self.closed)
        body = scrolled((self._sentence, self._chart, self._absence, self._facts), spacing=12)
        lay_out_side(self, (self._head,), body, (self._open,))
        self.hide()

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
