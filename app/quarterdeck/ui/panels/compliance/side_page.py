"""What stands beside the table in the inspector's place: an entity's controls, or one control with its evidence."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.panels.compliance.control_page import ControlPage
from quarterdeck.ui.panels.compliance.risk_page import RiskPage
from quarterdeck.ui.panels.compliance.state import FindingState, RiskLine, SubjectLine
from quarterdeck.ui.panels.compliance.subject_page import SubjectPage
from quarterdeck.ui.theme.theme import Theme


class SidePage(QFrame):
    """`control_chosen` carries the id of a control's row, `entity_opened` an entity's key, `closed` ends the page.

    `decision_requested` and `note_requested` carry the FindingState that something is to be decided about or noted of,
    `risk_requested` the one to register a risk from, `risk_decision_requested` and `risk_closing_requested` the
    RiskLine, `chart_requested` the ChartOffer that was taken.
    """

    control_chosen = Signal(str)
    entity_opened = Signal(str)
    left_control = Signal()
    decision_requested = Signal(object)
    note_requested = Signal(object)
    chart_requested = Signal(object)
    risk_requested = Signal(object)
    risk_decision_requested = Signal(object)
    risk_closing_requested = Signal(object)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self._subject = SubjectPage(theme)
        self._control = ControlPage(theme)
        self._pages = QStackedWidget()
        self._risk = RiskPage(theme)
        for page in (self._subject, self._control, self._risk):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self._connect()
        self.hide()

    def show_subject(self, line: SubjectLine) -> None:
        """Show the controls of one entity."""
        self._subject.show_subject(line)
        self._control.set_way_back(is_there=True)
        self._pages.setCurrentWidget(self._subject)

    def refresh_subject(self, line: SubjectLine) -> None:
        """Show what is new about the entity, whichever page is in front."""
        self._subject.show_subject(line)

    def show_finding(self, finding: FindingState, *, has_way_back: bool) -> None:
        """Show one control by itself."""
        self._control.show_finding(finding)
        self._control.set_way_back(is_there=has_way_back)
        self._pages.setCurrentWidget(self._control)

    def show_risk(self, line: RiskLine) -> None:
        """Show one risk by itself."""
        self._risk.show_risk(line)
        self._pages.setCurrentWidget(self._risk)

    @property
    def is_control_shown(self) -> bool:
        """Whether one control is in front."""
        return self._pages.currentWidget() is self._control

    def _connect(self) -> None:
        self._subject.control_chosen.connect(self.control_chosen)
        self._subject.closed.connect(self.closed)
        self._risk.closed.connect(self.closed)
        self._control.closed.connect(self.closed)
        self._control.entity_opened.connect(self.entity_opened)
        self._control.left.connect(self._go_back)
        self._control.decision_requested.connect(self.decision_requested)
        self._control.risk_requested.connect(self.risk_requested)
        self._risk.decision_requested.connect(self.risk_decision_requested)
        self._risk.closing_requested.connect(self.risk_closing_requested)
        self._control.note_requested.connect(self.note_requested)
        self._control.chart_requested.connect(self.chart_requested)

    def _go_back(self) -> None:
        self._pages.setCurrentWidget(self._subject)
        self._subject.setFocus(Qt.FocusReason.OtherFocusReason)
        self.left_control.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.is_control_shown and self._control.has_way_back:
            self._go_back()
        else:
            self.closed.emit()
