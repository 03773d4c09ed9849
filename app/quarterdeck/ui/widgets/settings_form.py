"""A form drawn from a tuple of field specs: label, editor, and a line below that holds the hint or the fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.field_editors import FieldEditor, make_editor
from quarterdeck.ui.widgets.field_specs import FieldKind, FieldSpec, FieldValue, Reading, read_field, write_field
from quarterdeck.ui.widgets.text import PlainLabel, safe_line

_FIELD_GAP = 14
_LINE_GAP = 5


@dataclass(frozen=True, slots=True)
class _Row:
    spec: FieldSpec
    editor: FieldEditor
    hint: PlainLabel
    box: QWidget


class SettingsForm(QWidget):
    """Fields one below the other; faults stand in words under the field they belong to.

    `edited` carries the key of the field a person changed; `submitted` comes when Return is pressed in a line.
    """

    edited = Signal(str)
    submitted = Signal()

    def __init__(self, theme: Theme, specs: tuple[FieldSpec, ...]) -> None:
        super().__init__()
        self._theme = theme
        self._rows: dict[str, _Row] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(_FIELD_GAP)
        self._more = Button(theme, self.tr("More settings"), kind=ButtonKind.LINK)
        self._build([spec for spec in specs if not spec.is_advanced])
        self._advanced = [spec.key for spec in specs if spec.is_advanced]
        self._column.addWidget(self._more)
        self._more.setVisible(bool(self._advanced))
        if self._advanced:
            self._more.clicked.connect(lambda: self.show_advanced(shown=True))
            self._build([spec for spec in specs if spec.is_advanced])
            self.show_advanced(shown=False)
        self.set_values({})

    def values(self) -> dict[str, FieldValue]:
        """The values of all fields that hold one and are without fault, by key; secrets among them."""
        readings = {key: self._read(row).value for key, row in self._rows.items()}
        return {key: value for key, value in readings.items() if value is not None}

    def set_values(self, values: Mapping[str, FieldValue]) -> None:
        """Fill the form; a field without a value gets its default. Faults are cleared."""
        for key, row in self._rows.items():
            row.editor.set_text(write_field(row.spec, values.get(key, row.spec.default)))
            self._show_hint(row)

    def check(self) -> bool:
        """Whether everything holds; faults are shown, and the first faulty field gets the focus."""
        faults = {key: reading.fault for key, row in self._rows.items() if (reading := self._read(row)).fault}
        self.show_faults(faults)
        return not faults

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Show a sentence under each named field, such as what a server said; other faults are cleared."""
        for key, row in self._rows.items():
            if faults.get(key):
                self._show_fault(row, faults[key])
            else:
                self._show_hint(row)
        first = next((row for key, row in self._rows.items() if faults.get(key)), None)
        if first is not None:
            if first.spec.is_advanced:
                self.show_advanced(shown=True)
            first.editor.focus_widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_first(self) -> None:
        """Give the keyboard to the first field."""
        row = next(iter(self._rows.values()), None)
        if row is not None:
            row.editor.focus_widget.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_hint(self, key: str, hint: str) -> None:
        """Replace a field's hint, for instance by what its value would lead to."""
        row = self._rows[key]
        row.hint.set_tone(Tone.TERTIARY)
        row.hint.setText(hint)
        row.hint.setVisible(bool(hint))

    def show_field(self, key: str, *, shown: bool) -> None:
        """Show a field or take it away, for instance where another field's value leaves it no meaning."""
        self._rows[key].box.setVisible(shown)

    def show_advanced(self, *, shown: bool) -> None:
        """Unfold or fold the advanced fields."""
        self._more.setVisible(not shown)
        for key in self._advanced:
            self._rows[key].box.setVisible(shown)

    def _read(self, row: _Row) -> Reading:
        return read_field(row.spec, row.editor.text())

    def _build(self, specs: list[FieldSpec]) -> None:
        for spec in specs:
            row = self._build_row(spec)
            self._rows[spec.key] = row
            self._column.addWidget(row.box)

    def _build_row(self, spec: FieldSpec) -> _Row:
        def on_edited() -> None:
            self._show_hint(self._rows[spec.key])
            self.edited.emit(spec.key)

        editor = make_editor(self._theme, spec, on_edited)
        row = _Row(spec, editor, PlainLabel(self._theme, role=FontRole.SMALL, wraps=True), QWidget())
        column = QVBoxLayout(row.box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_LINE_GAP)
        if spec.kind is not FieldKind.FLAG:
            label = PlainLabel(self._theme, spec.label, role=FontRole.SECTION, tone=Tone.SECONDARY)
            label.setBuddy(editor.focus_widget)
            column.addWidget(label)
        column.addWidget(editor.widget)
        column.addWidget(row.hint)
        editor.focus_widget.setAccessibleName(safe_line(spec.label))
        return row

    def _show_hint(self, row: _Row) -> None:
        self._mark(row, faulty=False)
        self.show_hint(row.spec.key, row.spec.hint)
        row.editor.focus_widget.setAccessibleDescription(safe_line(row.spec.hint))

    def _show_fault(self, row: _Row, fault: str) -> None:
        self._mark(row, faulty=True)
        row.hint.set_tone(Tone.DOWN)
        row.hint.setText(f"◆ {fault}")
        row.hint.show()
        row.editor.focus_widget.setAccessibleDescription(safe_line(fault))

    def _mark(self, row: _Row, *, faulty: bool) -> None:
        widget = row.editor.focus_widget
        if bool(widget.property("faulty")) != faulty:
            widget.setProperty("faulty", faulty)
            widget.style().unpolish(widget)
            widget.style().polish(widget)

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.submitted.emit()
            return
        super().keyPressEvent(event)
