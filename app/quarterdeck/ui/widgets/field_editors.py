"""The editors behind a generated form: each takes and gives text, so that rules live in one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QWidget,
)
from typing_extensions import override

from quarterdeck.ui.theme.measures import CONTROL_HEIGHT, ICON_SIZE, RADIUS_CONTROL
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.check_box import CheckBox
from quarterdeck.ui.widgets.dropping_fields import paint_caret
from quarterdeck.ui.widgets.field_specs import Choice, FieldKind, FieldSpec
from quarterdeck.ui.widgets.text import safe_line, safe_text

_MULTILINE_HEIGHT = 72
_LONGEST_SETTING = 20_000
_TRUE = "true"
_NARROWEST_CHOICE = 26


class FieldEditor(Protocol):
    """An editor as the form sees it: a widget to place, one to focus, text in and out."""

    widget: QWidget
    focus_widget: QWidget

    def text(self) -> str:
        """What stands in the editor; `true` or `false` for a flag, the value for a choice."""
        ...

    def set_text(self, text: str) -> None:
        """Put a text into the editor."""
        ...


def make_editor(theme: Theme, spec: FieldSpec, on_edited: Callable[[], None]) -> FieldEditor:
    """The editor for a field; `on_edited` is called when its text changes."""
    makers: dict[FieldKind, Callable[[Theme, FieldSpec, Callable[[], None]], FieldEditor]] = {
        FieldKind.FLAG: FlagEditor,
        FieldKind.CHOICE: ChoiceEditor,
        FieldKind.SEVERAL: SeveralEditor,
        FieldKind.MULTILINE: BlockEditor,
        FieldKind.FILE: FileEditor,
    }
    return makers.get(spec.kind, LineEditor)(theme, spec, on_edited)


class LineEditor:
    """One line, hidden for secrets until its eye is pressed."""

    def __init__(self, theme: Theme, spec: FieldSpec, on_edited: Callable[[], None]) -> None:
        self._line = QLineEdit()
        self._line.setMaxLength(_LONGEST_SETTING)
        self._line.setPlaceholderText(safe_line(spec.placeholder))
        self.widget: QWidget = self._line
        self.focus_widget: QWidget = self._line
        self._line.textEdited.connect(on_edited)
        if spec.is_secret:
            self._hide(theme)

    def text(self) -> str:
        """What was typed."""
        return self._line.text()

    def set_text(self, text: str) -> None:
        """Replace what stands there."""
        self._line.setText(safe_line(text, _LONGEST_SETTING))
        self._line.setCursorPosition(0)

    def _hide(self, theme: Theme) -> None:
        self._line.setEchoMode(QLineEdit.EchoMode.Password)
        eye = self._line.addAction(theme.icons.icon("eye"), QLineEdit.ActionPosition.TrailingPosition)
        eye.setText(self._line.tr("Show what is typed"))
        eye.setToolTip(self._line.tr("Show what is typed"))
        eye.setCheckable(True)
        theme.bind_icon(eye, "eye")

        def show(shown: bool) -> None:
            self._line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

        eye.toggled.connect(show)


class BlockEditor:
    """Several lines of fixed-width text; Tab leaves it."""

    def __init__(self, theme: Theme, spec: FieldSpec, on_edited: Callable[[], None]) -> None:
        self._block = QPlainTextEdit()
        self._block.setFont(theme.fonts.mono)
        self._block.setFixedHeight(_MULTILINE_HEIGHT)
        self._block.setTabChangesFocus(True)
        self._block.setPlaceholderText(safe_line(spec.placeholder))
        self.widget: QWidget = self._block
        self.focus_widget: QWidget = self._block
        self._block.textChanged.connect(on_edited)

    def text(self) -> str:
        """What was typed."""
        return self._block.toPlainText()

    def set_text(self, text: str) -> None:
        """Replace what stands there."""
        with QSignalBlocker(self._block):
            self._block.setPlainText(safe_text(text, _LONGEST_SETTING))


class FlagEditor:
    """A check box that carries the field's label."""

    def __init__(self, theme: Theme, spec: FieldSpec, on_edited: Callable[[], None]) -> None:
        self._box = CheckBox(theme, spec.label)
        self.widget: QWidget = self._box
        self.focus_widget: QWidget = self._box
        self._box.clicked.connect(on_edited)

    def text(self) -> str:
        """`true` or `false`."""
        return str(self._box.isChecked()).lower()

    def set_text(self, text: str) -> None:
        """Check the box for `true`."""
        self._box.setChecked(text.lower() == _TRUE)


class ChoiceEditor:
    """A drop-down list of choices."""

    def __init__(self, theme: Theme, spec: FieldSpec, on_edited: Callable[[], None]) -> None:
        self._box = ChoiceBox(theme)
        self._box.set_choices(spec.choices)
        self.widget: QWidget = self._box
        self.focus_widget: QWidget = self._box
        self._box.activated.connect(on_edited)

    def text(self) -> str:
        """The chosen value."""
        return self._box.value()

    def set_text(self, text: str) -> None:
        """Choose a value."""
        self._box.set_value(text)


class SeveralEditor:
    """Choices side by side, any of them pressed in."""

    def __init__(self, theme: Theme, spec: FieldSpec, on_edited: Callable[[], None]) -> None:
        self.widget: QWidget = QWidget()
        self.focus_widget: QWidget = self.widget
        self._buttons: dict[str, Button] = {}
        row = QHBoxLayout(self.widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for choice in spec.choices:
            button = self._buttons[choice.value] = Button(theme, choice.text)
            button.setProperty("narrow", True)
            button.setCheckable(True)
            button.setMinimumWidth(_NARROWEST_CHOICE)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(on_edited)
            row.addWidget(button)
        if self._buttons:
            self.widget.setFocusProxy(next(iter(self._buttons.values())))

    def text(self) -> str:
        """The chosen values, joined by commas."""
        return ",".join(value for value, button in self._buttons.items() if button.isChecked())

    def set_text(self, text: str) -> None:
        """Press in these values and no other."""
        chosen = text.split(",")
        for value, button in self._buttons.items():
            button.setChecked(value in chosen)


class FileEditor:
    """A path with a button that opens the system's file dialog."""

    def __init__(self, theme: Theme, spec: FieldSpec, on_edited: Callable[[], None]) -> None:
        self.widget: QWidget = QWidget()
        self._line = QLineEdit()
        self._line.setPlaceholderText(safe_line(spec.placeholder))
        self.focus_widget: QWidget = self._line
        self._line.textEdited.connect(on_edited)
        self._on_edited = on_edited
        choose = Button(theme, self.widget.tr("Choose…"), kind=ButtonKind.SECONDARY)
        choose.clicked.connect(self._choose)
        row = QHBoxLayout(self.widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._line, 1)
        row.addWidget(choose)

    def text(self) -> str:
        """The path."""
        return self._line.text()

    def set_text(self, text: str) -> None:
        """Replace the path."""
        self._line.setText(safe_line(text, _LONGEST_SETTING))

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self.widget, self.widget.tr("Choose a file"), self._line.text())
        if path:
            self.set_text(path)
            self._on_edited()


class ChoiceBox(QComboBox):
    """A drop-down list in our looks that never changes by the wheel, because forms are scrolled over."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFont(theme.fonts.body)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_choices(self, choices: tuple[Choice, ...]) -> None:
        """Offer these choices; the chosen value stays if it is among them."""
        before = self.value()
        self.clear()
        for choice in choices:
            self.addItem(safe_line(choice.text), choice.value)
        self.set_value(before)

    def value(self) -> str:
        """The chosen value; empty when nothing is chosen."""
        return str(self.currentData() or "")

    def set_value(self, value: str) -> None:
        """Choose a value; an unknown one changes nothing."""
        at = self.findData(value)
        if at >= 0:
            self.setCurrentIndex(at)

    @override
    def wheelEvent(self, event: QWheelEvent, /) -> None:
        event.ignore()

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width() + ICON_SIZE, CONTROL_HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(80, CONTROL_HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        painter.setPen(QPen(QColor(tokens.accent if self.hasFocus() else tokens.line), 1))
        painter.setBrush(QColor(tokens.window))
        box = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, RADIUS_CONTROL, RADIUS_CONTROL)
        colour = tokens.text if self.isEnabled() else tokens.text_tertiary
        painter.setPen(QColor(colour))
        room = self.rect().adjusted(10, 0, -ICON_SIZE - 12, 0)
        words = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        paint_caret(painter, self._theme, self)
