"""A dialog that asks for what a decision needs and stays until it is told what became of it."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QScrollArea, QWidget
from typing_extensions import override

from quarterdeck.domain.errors import OperatorError
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.dialogs import Decision, PlainMessage
from quarterdeck.ui.widgets.field_specs import FieldSpec, FieldValue
from quarterdeck.ui.widgets.scrolled import scrolling
from quarterdeck.ui.widgets.settings_form import SettingsForm
from quarterdeck.ui.widgets.text import PlainLabel

_OTHER_HEIGHT = 230
"""What the dialog is besides its form: frame, title, sentence, buttons."""

_LEAST_HEIGHT = 120
_FAULT_ROOM = 24


class DeedDialog(PlainMessage):
    """`answered` carries what was filled in; the dialog stays open until it is told what became of it."""

    answered = Signal(object)

    def __init__(self, theme: Theme, decision: Decision, fields: tuple[FieldSpec, ...], parent: QWidget) -> None:
        super().__init__(theme, decision, parent)
        self._form = SettingsForm(theme, fields)
        self._fault = PlainLabel(theme, tone=Tone.DOWN, wraps=True)
        self._fault.hide()
        self.body.addWidget(_scrolled(self._form, self.screen().availableSize().height() - _OTHER_HEIGHT))
        self.body.addWidget(self._fault)
        self._form.submitted.connect(self.accept)
        self._form.focus_first()

    @override
    def accept(self) -> None:
        self._fault.hide()
        if self._form.check():
            self.accept_button.setEnabled(False)
            self.answered.emit(self.answer(self._form.values()))

    def show_fault(self, error: OperatorError) -> None:
        """Say why it was refused; what was filled in stays."""
        self._fault.setText(f"◆ {error.message} {error.next_step}")
        self._fault.show()
        self.accept_button.setEnabled(True)

    def finish(self) -> None:
        """Close: it was done."""
        self.done(PlainMessage.DialogCode.Accepted)

    @abstractmethod
    def answer(self, values: dict[str, FieldValue]) -> object:
        """What was filled in, from the fields without fault."""
        raise NotImplementedError


def _scrolled(form: QWidget, most_height: int) -> QScrollArea:
    """The form as high as it is, or as high as there is room for: then it scrolls, and the buttons stay in sight."""
    area = scrolling(form)
    area.setMinimumHeight(max(_LEAST_HEIGHT, min(form.sizeHint().height() + _FAULT_ROOM, most_height)))
    return area
