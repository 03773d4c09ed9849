"""Opens the dialogs of the panel, one at a time, and tells in them what became of what they ask for."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from quarterdeck.domain.errors import OperatorError
from quarterdeck.ui.panels.objectives.dialogs import CorrectionDialog, ObjectiveDialog
from quarterdeck.ui.panels.objectives.state import EntryLine, LedgerState
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.deed_dialog import DeedDialog


class Asking(QObject):
    """`answered` carries an objective's key (empty for a new one) and the answer; `noticed` a sentence."""

    answered = Signal(str, object)
    noticed = Signal(str)

    def __init__(self, theme: Theme, panel: QWidget) -> None:
        super().__init__(panel)
        self._theme = theme
        self._panel = panel
        self._dialog: DeedDialog | None = None

    def ask_correction(self, ledger: LedgerState, entry: EntryLine | None) -> None:
        """Ask what a stretch counts as; nothing where nothing may be corrected."""
        if ledger.can_correct:
            self._ask(ledger.id, CorrectionDialog(self._theme, ledger.title, entry, self._panel.window()))

    def ask_change(self, ledger: LedgerState) -> None:
        """Ask what an objective is to be; nothing where the form cannot say it."""
        if not ledger.why_not_changed:
            begun = dict(ledger.form)
            self._ask(ledger.id, ObjectiveDialog(self._theme, ledger.entity_key, begun, self._panel.window()))

    def ask_new(self, entity_key: str) -> None:
        """Ask for another objective."""
        self._ask("", ObjectiveDialog(self._theme, entity_key, {}, self._panel.window()))

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

    def _ask(self, key: str, dialog: DeedDialog) -> None:
        """The dialog goes with its window."""
        dialog.answered.connect(partial(self.answered.emit, key))
        dialog.finished.connect(self._forget_dialog)
        self._dialog = dialog
        dialog.open()

    def _forget_dialog(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
        self._dialog = None
