"""The view of policies: the list by pack, and in its place one text in the editor with its bench."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from quarterdeck.domain.errors import OperatorError
from quarterdeck.ui.panels.compliance.enabling_dialog import EnablingDialog
from quarterdeck.ui.panels.compliance.policy_editor import PolicyEditor
from quarterdeck.ui.panels.compliance.policy_state import OpenedPolicy, PoliciesState
from quarterdeck.ui.panels.compliance.policy_tables import policy_columns, policy_data
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.buttons import Button
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.panel import Moment
from quarterdeck.ui.widgets.text import PlainLabel

if TYPE_CHECKING:
    from quarterdeck.ui.panels.compliance.policy_presenter import PolicyPresenter
    from quarterdeck.ui.panels.compliance.presenter import Topics

_GAP = 8
_NEW = "new"


class PolicyPage(QWidget):
    """`noticed` carries a sentence for the foot of the window."""

    noticed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._presenter: PolicyPresenter | None = None
        self._dialog: EnablingDialog | None = None
        self._opened: OpenedPolicy | None = None
        self._moment: Moment | None = None
        self._list = QWidget()
        self._new = Button(theme, self.tr("New policy"), icon="plus")
        self._summary = PlainLabel(theme, tone=Tone.TERTIARY, wraps=True)
        self.table = ColumnTable(theme, policy_columns(), accessible_name=self.tr("Policies by pack"))
        self.editor = PolicyEditor(theme)
        self._pages = QStackedLayout(self)
        self._build()
        self._connect()

    def present(self, presenter: PolicyPresenter) -> None:
        """Take the one that lists and tries; called once."""
        self._presenter = presenter

    def show_moment(self, moment: Moment) -> None:
        """Show the policies at another moment, once they are in sight."""
        self._moment = moment
        if self._presenter is not None and not self.isHidden():
            self._presenter.show_moment(moment)

    def refresh(self, moment: Moment, topics: Topics) -> None:
        """Time went on or something changed."""
        self._moment = moment
        if self._presenter is not None and not self.isHidden():
            self._presenter.refresh(moment, topics)

    def bring(self, *, is_wanted: bool, policy_id: str = "") -> None:
        """Show the page, with what it shows now and the text of a policy where one is named, or hide it."""
        was_hidden = self.isHidden()
        self.setVisible(is_wanted)
        if is_wanted and was_hidden and self._moment is not None:
            self.show_moment(self._moment)
        if policy_id:
            self._open(policy_id)

    def walk(self, step: int) -> None:
        """Move along the rows of what is in sight."""
        table = self.table if self._pages.currentWidget() is self._list else self.editor.bench
        table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        table.walk(step)

    def open_selected(self) -> None:
        """Open the selected policy."""
        if self._pages.currentWidget() is self._list and self.table.selected_id:
            self._open(self.table.selected_id)

    def narrow(self, words: str) -> None:
        """Show only policies, or entities on the bench, that hold some words."""
        self.table.set_filter(words)
        self.editor.bench.set_filter(words)

    def show_policies(self, state: PoliciesState) -> None:
        """Show the list."""
        self.table.set_data(policy_data(state.lines))
        self._summary.setText(state.summary)

    def show_opened(self, opened: OpenedPolicy) -> None:
        """Show a text in the place of the list."""
        self._opened = opened
        self._pages.setCurrentWidget(self.editor)
        self.editor.show_opened(opened)

    def show_done(self, sentence: str) -> None:
        """What was asked for was done."""
        if self._dialog is not None:
            self._dialog.finish()
        self._pages.setCurrentWidget(self._list)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.noticed.emit(sentence)

    def show_refused(self, error: OperatorError) -> None:
        """What was asked for was refused: said in the dialog, or where there is none, at the foot of the window."""
        if self._dialog is not None:
            self._dialog.show_fault(error)
        else:
            self.noticed.emit(f"{error.message} {error.next_step}")

    def _build(self) -> None:
        column = QVBoxLayout(self._list)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        head = QHBoxLayout()
        head.addWidget(self._summary, 1)
        head.addWidget(self._new)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        self._pages.addWidget(self._list)
        self._pages.addWidget(self.editor)
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.table.row_activated.connect(self._open)
        self._new.clicked.connect(lambda: self._open(_NEW))
        self.editor.left.connect(self._leave)
        self.editor.edited.connect(self._edit)
        self.editor.start_over_requested.connect(self._start_over)
        self.editor.enable_requested.connect(lambda: self._ask(is_withdrawal=False))
        self.editor.withdraw_requested.connect(lambda: self._ask(is_withdrawal=True))
        self.editor.overfull.connect(
            lambda: self.noticed.emit(self.tr("That does not fit: keep lines and text short, or split the file."))
        )

    def _open(self, row_id: str) -> None:
        if self._presenter is not None:
            self._presenter.open(row_id)

    def _edit(self, text: str) -> None:
        if self._presenter is not None:
            self._presenter.edit(text)

    def _start_over(self) -> None:
        if self._presenter is not None:
            self._presenter.start_over()

    def _leave(self) -> None:
        """Back to the list; what was typed is kept."""
        self.editor.take_now()
        if self._presenter is not None:
            self._presenter.close()
        self._pages.setCurrentWidget(self._list)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask(self, *, is_withdrawal: bool) -> None:
        self.editor.take_now()
        presenter, opened = self._presenter, self._opened
        if presenter is None or opened is None or not (is_withdrawal or presenter.can_enable):
            return
        dialog = EnablingDialog(self._theme, opened, self.window(), is_withdrawal=is_withdrawal)
        dialog.answered.connect(presenter.withdraw if is_withdrawal else presenter.enable)
        dialog.finished.connect(self._forget_dialog)
        self._dialog = dialog
        dialog.open()

    def _forget_dialog(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
        self._dialog = None
