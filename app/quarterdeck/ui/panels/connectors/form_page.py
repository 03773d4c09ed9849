"""The form to add or edit one connection: fields, Test with what it found, and keeping it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from quarterdeck.ui.panels.connectors.models import facts, field_specs
from quarterdeck.ui.panels.connectors.outcome_view import OutcomeView
from quarterdeck.ui.panels.connectors.state import FieldValue, FormState, TestWords
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.cards import FactList
from quarterdeck.ui.widgets.settings_form import SettingsForm
from quarterdeck.ui.widgets.side_parts import SideHead, lay_out_side, reveal, scroll_to, scrolled
from quarterdeck.ui.widgets.text import PlainLabel, safe_line

_HISTORY = "history_days"
_MOST_NAMED = 3


class FormPage(QWidget):
    """Signals carry the form's key; `test_requested` and `save_requested` also what was typed, by field.

    What a test would tell and none has tried as it stands is named above the buttons; it can be kept all the same.
    """

    test_requested = Signal(str, object)
    save_requested = Signal(str, object)
    stop_requested = Signal(str)
    cancelled = Signal(str)
    kinds_requested = Signal()

    def __init__(self, theme: Theme, form: FormState) -> None:
        super().__init__()
        self._form = form
        self._is_busy = False
        self._is_dirty = False
        self._head = SideHead(theme, form.title)
        self._summary = PlainLabel(theme, form.summary, tone=Tone.SECONDARY, wraps=True)
        self._remark = PlainLabel(theme, form.remark, tone=Tone.SECONDARY, wraps=True)
        self._fixed = FactList(theme, facts(form.fixed))
        self._fields = SettingsForm(theme, field_specs(form.fields))
        self._outcome = OutcomeView(theme)
        self._untried = PlainLabel(theme, role=FontRole.SMALL, tone=Tone.DEGRADED, wraps=True)
        self._tried: Mapping[str, FieldValue] = {}
        self._asked: Mapping[str, FieldValue] | None = None
        self._kinds = Button(theme, self.tr("Other kinds of source"), kind=ButtonKind.LINK)
        self._save = Button(theme, form.save_verb, kind=ButtonKind.PRIMARY)
        self._test = Button(theme, self.tr("Test"))
        self._cancel = Button(theme, self.tr("Cancel"))
        self._body = scrolled((self._remark, self._fixed, self._fields, self._outcome), spacing=14)
        self._build()
        self._connect()

    @property
    def connection_id(self) -> str:
        """The connection that is edited; empty for a new one."""
        return self._form.connection_id

    @property
    def is_in_use(self) -> bool:
        """Whether something was typed that is not kept, or is being tried out."""
        return self._is_dirty or self._is_busy

    def show_outcome(self, outcome: TestWords | None, *, is_busy: bool) -> None:
        """Show how a test or an attempt to save ended, or that one is under way."""
        was_busy, self._is_busy = self._is_busy, is_busy
        self._note_test(outcome, is_busy=is_busy)
        self._save.setEnabled(not is_busy)
        self._test.setText(self.tr("Stop") if is_busy else self.tr("Test"))
        tells_history = outcome is not None and bool(outcome.estimate) and self._has_field(_HISTORY)
        self._outcome.show_outcome(outcome, tells_estimate=not tells_history)
        if outcome is None:
            return
        known = {key: words for key, words in outcome.faults if self._has_field(key)}
        if was_busy and not is_busy:
            self._fields.show_faults(known)
            if known:
                reveal(self._body, self._fields.focusWidget())
        if tells_history:
            self._fields.show_hint(_HISTORY, outcome.estimate)
        if not known:
            scroll_to(self._body, self._outcome)

    def focus_first(self) -> None:
        """Give the keyboard to the first field."""
        self._fields.focus_first()

    def _build(self) -> None:
        self.setAccessibleName(safe_line(self._form.title))
        self._fields.set_values(dict(self._form.values))
        self._tried = self._fields.values()
        self._untried.hide()
        self._remark.setVisible(bool(self._form.remark))
        self._fixed.setVisible(bool(self._form.fixed))
        self._kinds.setVisible(not self._form.connection_id)
        head = (self._head, self._summary, self._kinds)
        lay_out_side(self, head, self._body, (self._save, self._test, self._cancel), remark=self._untried)

    def _connect(self) -> None:
        key = self._form.key
        self._head.close_button.clicked.connect(lambda: self.cancelled.emit(key))
        self._cancel.clicked.connect(lambda: self.cancelled.emit(key))
        self._kinds.clicked.connect(self.kinds_requested)
        self._test.clicked.connect(self._press_test)
        self._save.clicked.connect(self._press_save)
        self._fields.submitted.connect(self._press_test)
        self._fields.edited.connect(self._note_edit)

    def _press_test(self) -> None:
        if self._is_busy:
            self.stop_requested.emit(self._form.key)
        elif self._fields.check():
            self._asked = self._fields.values()
            self.test_requested.emit(self._form.key, self._asked)

    def _press_save(self) -> None:
        if self._fields.check():
            self.save_requested.emit(self._form.key, self._fields.values())

    def _note_edit(self) -> None:
        self._is_dirty = True
        self._outcome.mark_outdated()
        self._name_untried()

    def _note_test(self, outcome: TestWords | None, *, is_busy: bool) -> None:
        """Whatever a test found, what was asked has been tried then; one that was stopped has told nothing."""
        if self._asked is not None and not is_busy:
            if outcome is not None:
                self._tried = self._asked
            self._asked = None
            self._name_untried()

    def _name_untried(self) -> None:
        typed = self._fields.values()
        tested = [field for field in self._form.fields if field.is_tested]
        names = [field.label for field in tested if typed.get(field.key) != self._tried.get(field.key)]
        shown = ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")
        words = self.tr("Not tried yet: {fields}. Test connects and stores nothing.").format(fields=shown)
        self._untried.setText(f"▲ {words}")
        self._untried.setVisible(bool(names))
        self._save.setAccessibleDescription(words if names else "")

    def _has_field(self, key: str) -> bool:
        return any(field.key == key for field in self._form.fields)
