"""The page that takes in a calendar: the file, what its events cover that name nothing, and who says so."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from quarterdeck.domain.maintenance_scope import MaintenanceScope
from quarterdeck.services.maintenance_forms import Field
from quarterdeck.ui.panels.maintenance.scope_picker import ScopePicker
from quarterdeck.ui.panels.maintenance.state import FormAnswer, FormState, Typed
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.field_specs import FieldKind, FieldSpec
from quarterdeck.ui.widgets.settings_form import SettingsForm
from quarterdeck.ui.widgets.side_parts import SideHead, lay_out_side, scrolled
from quarterdeck.ui.widgets.text import PlainLabel, safe_line

_FILE = "file"


class ImportPage(QWidget):
    """`import_requested` carries the form, the file's path and what stands in the form; `cancelled` the form's key."""

    import_requested = Signal(object, str, object)
    cancelled = Signal(str)

    def __init__(self, theme: Theme, form: FormState) -> None:
        super().__init__()
        self._form = form
        self._lock_reason = ""
        title = self.tr("Import maintenance")
        summary = self.tr("All events of an iCalendar file are taken in, or none. Taken in twice it changes nothing.")
        self._head = SideHead(theme, title)
        self._summary = PlainLabel(theme, summary, tone=Tone.SECONDARY, wraps=True)
        self._fields = SettingsForm(theme, self._specs())
        self._scope = ScopePicker(theme, self.tr("Events that name nothing cover"))
        self._outcome = PlainLabel(theme, tone=Tone.DOWN, wraps=True, is_copyable=True)
        self._take = Button(theme, self.tr("Take it in"), kind=ButtonKind.PRIMARY)
        self._cancel = Button(theme, self.tr("Cancel"))
        self.setAccessibleName(safe_line(title))
        self._build()

    @property
    def form(self) -> FormState:
        """The form that is shown."""
        return self._form

    @property
    def is_in_use(self) -> bool:
        """Whether a file was named that is not taken in."""
        return bool(self._fields.values().get(_FILE))

    def show_answer(self, answer: FormAnswer) -> None:
        """Show how taking in ended, every fault of the file where there are several."""
        self._take.setEnabled(not answer.is_busy and not self._lock_reason)
        words = "\n".join(answer.lines) or answer.fault
        self._outcome.setText(f"◆ {words}")
        self._outcome.setVisible(bool(words))

    def lock(self, reason: str) -> None:
        """Let nothing be taken in, and say why; an empty reason allows it again."""
        self._lock_reason = reason
        self._take.setEnabled(not reason)
        self._take.setToolTip(reason)

    def cover_too(self, scope: MaintenanceScope) -> None:
        """Add to what events cover that name nothing."""
        self._scope.add(scope)

    def focus_first(self) -> None:
        """Give the keyboard to the file."""
        self._fields.focus_first()

    def _build(self) -> None:
        hint = self.tr("Nothing: a file with such an event is refused.")
        self._scope.offer(self._form.entities, self._form.domains, self._form.scope, hint)
        self._fields.set_values({key: text for key, text in self._form.values if key in {Field.ZONE, Field.BY}})
        self._outcome.hide()
        body = scrolled((self._fields, self._scope, self._outcome), spacing=14)
        lay_out_side(self, (self._head, self._summary), body, (self._take, self._cancel))
        self._head.close_button.clicked.connect(self._give_up)
        self._cancel.clicked.connect(self._give_up)
        self._take.clicked.connect(self._press)
        self._fields.submitted.connect(self._press)

    def _specs(self) -> tuple[FieldSpec, ...]:
        return (
            FieldSpec(
                _FILE, self.tr("Calendar file"), self.tr("A file ending in .ics."), FieldKind.FILE, is_required=True
            ),
            FieldSpec(Field.ZONE, self.tr("Zone of times without one"), is_required=True),
            FieldSpec(Field.BY, self.tr("Told by"), self.tr("Stands in every record."), is_required=True),
        )

    def _press(self) -> None:
        if not self._take.isEnabled() or not self._fields.check():
            return
        values = {key: str(value) for key, value in self._fields.values().items()}
        typed = Typed(self._scope.scope, tuple(values.items()))
        self.import_requested.emit(self._form, values[_FILE], typed)

    def _give_up(self) -> None:
        self.cancelled.emit(self._form.key)
