"""What is open beside the table and when: an entity's controls, or one control, or nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from quarterdeck.domain.errors import OperatorError
from quarterdeck.ui.panels.compliance.note_dialog import NoteDialog
from quarterdeck.ui.panels.compliance.page import CompliancePage
from quarterdeck.ui.panels.compliance.risk_dialog import (
    HandRiskDialog,
    RiskClosingDialog,
    RiskDecisionDialog,
    RiskDialog,
)
from quarterdeck.ui.panels.compliance.side_page import SidePage
from quarterdeck.ui.panels.compliance.state import (
    FindingState,
    HandRiskAnswer,
    NoteAnswer,
    RiskAnswer,
    RiskClosingAnswer,
    RiskDecisionAnswer,
    RiskLine,
    WaiverAnswer,
    WithdrawalAnswer,
)
from quarterdeck.ui.panels.compliance.waiver_dialog import WaiverDialog
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.deed_dialog import DeedDialog

if TYPE_CHECKING:
    from quarterdeck.ui.panels.compliance.presenter import CompliancePresenter


class Beside(QObject):
    """`page_changed` carries the page that is shown, or None; `entity_opened` an entity's key; `noticed` a sentence.

    `chart_requested` carries the ChartOffer that was taken.
    """

    page_changed = Signal(object)
    entity_opened = Signal(str)
    noticed = Signal(str)
    chart_requested = Signal(object)
    left = Signal()

    def __init__(self, theme: Theme, page: CompliancePage, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._dialog: DeedDialog | None = None
        self._page = page
        self._side = SidePage(theme, parent)
        self._presenter: CompliancePresenter | None = None
        self._subject_key = self._risk_id = ""
        self._is_shown = False
        self._side.control_chosen.connect(self._open_control)
        self._side.left_control.connect(self._leave_control)
        self._side.entity_opened.connect(self.entity_opened)
        self._side.decision_requested.connect(self._ask)
        self._side.note_requested.connect(self._ask_note)
        self._side.risk_requested.connect(self._ask_risk)
        self._side.risk_decision_requested.connect(self._ask_risk_decision)
        self._side.risk_closing_requested.connect(self._ask_risk_closing)
        self._side.chart_requested.connect(self.chart_requested)
        self._side.closed.connect(self.close)

    def present(self, presenter: CompliancePresenter) -> None:
        """Take the one that loads a control."""
        self._presenter = presenter

    def follow(self, row_id: str) -> None:
        """Show what belongs to another row, if anything is shown at all."""
        if self._is_shown:
            self.open(row_id)

    def open(self, row_id: str) -> None:
        """Show the controls of an entity's row, the control of a finding's, or a risk."""
        control, subject, risk = self._page.control(row_id), self._page.subject(row_id), self._page.risk(row_id)
        self._risk_id = risk.id if risk is not None else ""
        if control is not None:
            self._subject_key = ""
            self._open_control(row_id)
        elif subject is not None:
            self._subject_key = subject.entity_key
            self._leave_control()
            self._side.show_subject(subject)
            self._place(is_shown=True)
        elif risk is not None:
            self._subject_key = ""
            self._leave_control()
            self._side.show_risk(risk)
            self._place(is_shown=True)

    def refresh(self) -> None:
        """Show what is new about the entity or the risk that is shown; a risk that is there no more is not."""
        subject = self._page.subject(self._subject_key)
        if subject is not None:
            self._side.refresh_subject(subject)
        risk = self._page.risk(self._risk_id)
        if risk is not None:
            self._side.show_risk(risk)
        elif self._risk_id:
            self.close()

    def show_finding(self, finding: FindingState | None) -> None:
        """Show one control; nothing when it is there no more."""
        if finding is None:
            self.close()
            return
        self._side.show_finding(finding, has_way_back=bool(self._subject_key))
        self._place(is_shown=True)

    def show_decided(self, sentence: str) -> None:
        """What was asked for was done."""
        if self._dialog is not None:
            self._dialog.finish()
        self.noticed.emit(sentence)

    def show_refused(self, error: OperatorError) -> None:
        """What was asked for was refused: said in the dialog, or where it is gone, at the foot of the window."""
        if self._dialog is not None:
            self._dialog.show_fault(error)
        else:
            self.noticed.emit(f"{error.message} {error.next_step}")

    def close(self) -> None:
        """Show nothing."""
        self._subject_key = self._risk_id = ""
        self._leave_control()
        self._place(is_shown=False)

    def ask_risk_by_hand(self, entity_key: str) -> None:
        """Ask for a risk that no finding tells of; begins with an entity, where one is selected."""
        dialog = HandRiskDialog(self._theme, entity_key, self._side.window())
        dialog.answered.connect(self._register_by_hand)
        self._open_dialog(dialog)

    def _register_by_hand(self, answer: HandRiskAnswer) -> None:
        if self._presenter is not None:
            self._presenter.risks.register_by_hand(answer)

    def _ask(self, finding: FindingState) -> None:
        """Ask for what the decision needs."""
        dialog = WaiverDialog(self._theme, finding, self._side.window())
        dialog.answered.connect(partial(self._decide, finding))
        self._open_dialog(dialog)

    def _ask_note(self, finding: FindingState) -> None:
        """Ask for a note."""
        dialog = NoteDialog(self._theme, finding, self._side.window())
        dialog.answered.connect(partial(self._note, finding))
        self._open_dialog(dialog)

    def _ask_risk(self, finding: FindingState) -> None:
        """Ask for what a risk needs."""
        dialog = RiskDialog(self._theme, finding, self._side.window())
        dialog.answered.connect(partial(self._register, finding))
        self._open_dialog(dialog)

    def _ask_risk_decision(self, line: RiskLine) -> None:
        """Ask for a decision about a risk."""
        dialog = RiskDecisionDialog(self._theme, line, self._side.window())
        dialog.answered.connect(partial(self._decide_risk, line))
        self._open_dialog(dialog)

    def _ask_risk_closing(self, line: RiskLine) -> None:
        """Ask why a risk is none any more."""
        dialog = RiskClosingDialog(self._theme, line, self._side.window())
        dialog.answered.connect(partial(self._close_risk, line))
        self._open_dialog(dialog)

    def _open_dialog(self, dialog: DeedDialog) -> None:
        """The dialog goes with its window."""
        dialog.finished.connect(self._forget_dialog)
        self._dialog = dialog
        dialog.open()

    def _decide(self, finding: FindingState, answer: WaiverAnswer | WithdrawalAnswer) -> None:
        if self._presenter is not None:
            self._presenter.waivers.decide(finding, answer)

    def _note(self, finding: FindingState, answer: NoteAnswer) -> None:
        if self._presenter is not None:
            self._presenter.notes.note(finding, answer)

    def _register(self, finding: FindingState, answer: RiskAnswer) -> None:
        if self._presenter is not None:
            self._presenter.risks.register(finding, answer)

    def _decide_risk(self, line: RiskLine, answer: RiskDecisionAnswer) -> None:
        if self._presenter is not None:
            self._presenter.risks.decide(line, answer)

    def _close_risk(self, line: RiskLine, answer: RiskClosingAnswer) -> None:
        if self._presenter is not None:
            self._presenter.risks.close(line, answer)

    def _forget_dialog(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
        self._dialog = None

    def _open_control(self, row_id: str) -> None:
        control = self._page.control(row_id)
        if control is not None and self._presenter is not None:
            self._presenter.open_control(control.key)

    def _leave_control(self) -> None:
        if self._presenter is not None:
            self._presenter.open_control(None)

    def _place(self, *, is_shown: bool) -> None:
        if is_shown == self._is_shown:
            return
        had_focus = self._side.isAncestorOf(self._side.window().focusWidget() or self._page)
        self._is_shown = is_shown
        self.page_changed.emit(self._side if is_shown else None)
        if had_focus and not is_shown:
            self.left.emit()
