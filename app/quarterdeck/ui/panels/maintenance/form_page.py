"""The form that plans or corrects a window: scope, times, repeats, and live below what that would come to."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.domain.maintenance_scope import MaintenanceScope
from quarterdeck.services.maintenance_forms import Field
from quarterdeck.ui.panels.maintenance.forms import REPEAT
from quarterdeck.ui.panels.maintenance.models import shown_fields, window_fields
from quarterdeck.ui.panels.maintenance.preview_view import PreviewView
from quarterdeck.ui.panels.maintenance.scope_picker import ScopePicker
from quarterdeck.ui.panels.maintenance.state import FormAnswer, FormState, PreviewState, Typed
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.dialogs import Decision, PlainMessage
from quarterdeck.ui.widgets.settings_form import SettingsForm
from quarterdeck.ui.widgets.side_parts import SideHead, lay_out_side, reveal, scrolled
from quarterdeck.ui.widgets.text import PlainLabel, safe_line

_PREVIEW_MS = 200
_SEVERAL = 2


class FormPage(QWidget):
    """`preview_requested` and `save_requested` carry the form and what stands in it; `cancelled` the form's key."""

    preview_requested = Signal(object, object)
    save_requested = Signal(object, object)
    cancelled = Signal(str)

    def __init__(self, theme: Theme, form: FormState) -> None:
        super().__init__()
        self._theme = theme
        self._form = form
        self._foreseen = PreviewState()
        self._foreseen_of = self._asked = Typed()
        self._wants_save = False
        self._is_dirty = False
        self._lock_reason = ""
        self._is_busy = False
        self._head = SideHead(theme, form.title)
        self._summary = PlainLabel(theme, form.summary, tone=Tone.SECONDARY, wraps=True)
        self._scope = ScopePicker(theme, self.tr("Covers"))
        self._fields = SettingsForm(theme, window_fields(is_correction=bool(form.window_id)))
        self._preview = PreviewView(theme)
        self._remark = PlainLabel(theme, role=FontRole.SMALL, tone=Tone.DOWN, wraps=True)
        self._brief = PlainLabel(theme, role=FontRole.SMALL, tone=Tone.SECONDARY, wraps=True)
        self._save = Button(theme, form.save_verb, kind=ButtonKind.PRIMARY)
        self._cancel = Button(theme, self.tr("Cancel"))
        self._body = scrolled((self._scope, self._fields, self._preview), spacing=14)
        self._pause = QTimer(self)
        self._build()
        self._connect()

    @property
    def form(self) -> FormState:
        """The form that is shown."""
        return self._form

    @property
    def is_in_use(self) -> bool:
        """Whether something was typed that is not kept, or is being kept."""
        return self._is_dirty or self._is_busy

    @property
    def typed(self) -> Typed:
        """What stands in the form."""
        values = self._fields.values()
        return Typed(self._scope.scope, tuple((key, str(value)) for key, value in values.items()))

    def show_preview(self, preview: PreviewState) -> None:
        """Show what the form would come to, in brief also above the buttons, where it stays in sight."""
        self._preview.show_preview(preview)
        self._foreseen, self._foreseen_of = preview, self._asked
        if self._wants_save and self._asked == self.typed:
            self._wants_save = False
            self._confirm(preview)
        self._brief.setText(preview.brief)
        self._brief.setVisible(bool(preview.brief))

    def show_answer(self, answer: FormAnswer) -> None:
        """Show how an attempt to keep the form ended, or that one is under way; what was typed stays."""
        self._is_busy = answer.is_busy
        self._show_save()
        faults = dict(answer.faults)
        self._scope.show_fault(faults.pop(Field.SCOPE, ""))
        self._fields.show_faults(faults)
        self._say(answer.fault)
        if answer.faults:
            focused = self._fields.focusWidget() if faults else None
            if focused is None:
                self._scope.focus_first()
            reveal(self._body, focused or self._scope)

    def lock(self, reason: str) -> None:
        """Let nothing be kept, and say why; an empty reason allows it again."""
        self._lock_reason = reason
        self._show_save()
        self._say(reason, Tone.SECONDARY)

    def focus_first(self) -> None:
        """Give the keyboard to the scope where nothing is covered yet, else to what is done."""
        if self._scope.scope.is_empty:
            self._scope.focus_first()
        else:
            self._fields.focus_first()

    def cover_too(self, scope: MaintenanceScope) -> None:
        """Add to what the form covers, and say so: the form had been begun before."""
        if self._scope.add(scope):
            self._say(self.tr("Added to the form that you had begun."), Tone.SECONDARY)

    def ask_preview(self) -> None:
        """Ask what the form would come to as it stands."""
        self._asked = self.typed
        self.preview_requested.emit(self._form, self.typed)

    def _build(self) -> None:
        self.setAccessibleName(safe_line(self._form.title))
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PREVIEW_MS)
        hint = self.tr("Nothing yet. A window covers what it names and nothing else.")
        self._scope.offer(self._form.entities, self._form.domains, self._form.scope, hint)
        self._fields.set_values(dict(self._form.values))
        self._show_repeat()
        self._remark.hide()
        self._brief.hide()
        foot = QWidget()
        lines = QVBoxLayout(foot)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(4)
        lines.addWidget(self._brief)
        lines.addWidget(self._remark)
        lay_out_side(self, (self._head, self._summary), self._body, (self._save, self._cancel), remark=foot)

    def _connect(self) -> None:
        self._head.close_button.clicked.connect(self._give_up)
        self._cancel.clicked.connect(self._give_up)
        self._save.clicked.connect(self._press_save)
        self._fields.submitted.connect(self._press_save)
        self._fields.edited.connect(self._note_edit)
        self._scope.scope_changed.connect(self._note_edit)
        self._pause.timeout.connect(self.ask_preview)

    def _give_up(self) -> None:
        self.cancelled.emit(self._form.key)

    def _press_save(self) -> None:
        """What covers several is asked about once more, with how many: so it must be known what would come of it."""
        if not self._save.isEnabled():
            return
        if self._foreseen_of == self.typed:
            self._confirm(self._foreseen)
        else:
            self._wants_save = True
            self.ask_preview()

    def _confirm(self, preview: PreviewState) -> None:
        if preview.covered_count < _SEVERAL:
            self._keep()
            return
        title = self.tr("Correct maintenance of {count} entities?")
        if not self._form.window_id:
            title = self.tr("Plan maintenance of {count} entities?")
        text = "\n".join(part for part in (preview.when, preview.covers) if part)
        decision = Decision(
            title.format(count=preview.covered_count),
            text,
            self._form.save_verb,
            self.tr("Back to the form"),
            HealthState.MAINTENANCE,
        )
        dialog = PlainMessage(self._theme, decision, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(self._keep)
        dialog.open()

    def _keep(self) -> None:
        self.save_requested.emit(self._form, self.typed)

    def _note_edit(self) -> None:
        self._is_dirty = True
        self._wants_save = False
        self._say(self._lock_reason, Tone.SECONDARY)
        self._show_repeat()
        self._pause.start()

    def _show_repeat(self) -> None:
        for key, shown in shown_fields(self.typed.value(REPEAT)).items():
            self._fields.show_field(key, shown=shown)

    def _show_save(self) -> None:
        self._save.setEnabled(not self._is_busy and not self._lock_reason)
        self._save.setAccessibleDescription(self._lock_reason)

    def _say(self, words: str, tone: Tone = Tone.DOWN) -> None:
        self._remark.set_tone(tone)
        self._remark.setText(f"◆ {words}" if tone is Tone.DOWN else words)
        self._remark.setVisible(bool(words))
