"""One connection by itself: how it does, why, what to do, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.connectors.models import facts
from quarterdeck.ui.panels.connectors.outcome_view import OutcomeView
from quarterdeck.ui.panels.connectors.state import Detail, TestWords
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.cards import FactList
from quarterdeck.ui.widgets.side_parts import SideHead, lay_out_side, scroll_to, scrolled
from quarterdeck.ui.widgets.state_marks import StateMark
from quarterdeck.ui.widgets.text import PlainLabel, safe_line


class DetailPage(QWidget):
    """Signals carry the connection's id; `enabling_requested` also whether it should be enabled."""

    edit_requested = Signal(str)
    test_requested = Signal(str)
    stop_requested = Signal(str)
    enabling_requested = Signal(str, bool)
    removal_requested = Signal(str, str)
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._detail: Detail | None = None
        self._is_testing = False
        self._mark = StateMark(theme, HealthState.UNKNOWN)
        self._head = SideHead(theme, "", mark=self._mark)
        self._kind = PlainLabel(theme, tone=Tone.SECONDARY)
        self._headline = PlainLabel(theme, wraps=True)
        self._words = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True, is_copyable=True)
        self._next = PlainLabel(theme, wraps=True)
        self._managed = PlainLabel(theme, tone=Tone.TERTIARY, wraps=True)
        self._facts = FactList(theme)
        self._outcome = OutcomeView(theme)
        self._edit = Button(theme, self.tr("Edit"), kind=ButtonKind.PRIMARY)
        self._test = Button(theme, self.tr("Test"))
        self._enabling = Button(theme, self.tr("Disable"))
        self._remove = Button(theme, self.tr("Remove…"))
        self._build()
        self._connect()

    @property
    def connection_id(self) -> str:
        """The connection shown; empty for none."""
        return self._detail.id if self._detail is not None else ""

    def show_detail(self, detail: Detail) -> None:
        """Show a connection; what a test of another one found goes."""
        if detail.id != self.connection_id:
            self.show_test(None)
        self._detail = detail
        self._mark.setVisible(detail.state is not None)
        if detail.state is not None:
            self._mark.set_state(detail.state)
        self._head.set_title(detail.name)
        self.setAccessibleName(safe_line(detail.name))
        self._kind.setText(detail.kind)
        for label, text in (
            (self._headline, detail.headline),
            (self._words, detail.words),
            (self._next, detail.next_step),
            (self._managed, detail.managed),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        self._facts.set_facts(facts(detail.facts))
        self._edit.setVisible(detail.can_edit)
        self._enabling.setText(self.tr("Disable") if detail.is_enabled else self.tr("Enable"))
        self._remove.setVisible(detail.can_remove)

    def show_test(self, outcome: TestWords | None) -> None:
        """Show how a test ended, or that one is under way."""
        self._is_testing = outcome is not None and outcome.state is HealthState.UNKNOWN
        self._test.setText(self.tr("Stop") if self._is_testing else self.tr("Test"))
        self._outcome.show_outcome(outcome)
        if outcome is not None:
            scroll_to(self._body, self._outcome)

    def focus_first(self) -> None:
        """Give the keyboard to the first button."""
        button = self._edit if self._edit.isVisibleTo(self) else self._test
        button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _build(self) -> None:
        self._body = scrolled(
            (self._headline, self._words, self._next, self._facts, self._managed, self._outcome), spacing=8
        )
        buttons = (self._edit, self._test, self._enabling, self._remove)
        lay_out_side(self, (self._head, self._kind), self._body, buttons)

    def _connect(self) -> None:
        self._head.close_button.clicked.connect(self.closed)
        self._edit.clicked.connect(lambda: self.edit_requested.emit(self.connection_id))
        self._test.clicked.connect(self._press_test)
        self._enabling.clicked.connect(self._press_enabling)
        self._remove.clicked.connect(self._press_remove)

    def _press_test(self) -> None:
        request = self.stop_requested if self._is_testing else self.test_requested
        request.emit(self.connection_id)

    def _press_enabling(self) -> None:
        if self._detail is not None:
            self.enabling_requested.emit(self._detail.id, not self._detail.is_enabled)

    def _press_remove(self) -> None:
        if self._detail is not None:
            self.removal_requested.emit(self._detail.id, self._detail.name)
