"""The button that says the range and offers others, by name or between two instants."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QDateTime, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from quarterdeck.domain.instants import EPOCH, TimeRange, from_ms
from quarterdeck.ui.shell.places import Fixed, RangeChoice, Rolling
from quarterdeck.ui.shell.time_words import RANGE_PRESETS, exact_words, range_words
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.buttons import Button
from quarterdeck.ui.widgets.dialogs import Decision, PlainMessage
from quarterdeck.ui.widgets.dropping_fields import InstantField
from quarterdeck.ui.widgets.text import PlainLabel, button_text


class RangeButton(Button):
    """Emits `range_chosen` with a RangeChoice, and `custom_requested` when a person wants to name two instants."""

    range_chosen = Signal(object)
    custom_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "")
        self._menu = QMenu(self)
        self._presets: dict[Rolling, QAction] = {}
        self._build()

    def show_range(self, choice: RangeChoice, extent: TimeRange, now: datetime) -> None:
        """Say the whole range; the tool tip tells its exact ends."""
        self.setText(range_words(choice, now))
        self.setToolTip(f"{exact_words(extent.start_at)}\n{exact_words(extent.end_at)}")
        for preset, action in self._presets.items():
            action.setChecked(preset == choice)

    def _build(self) -> None:
        for preset in RANGE_PRESETS:
            action = self._menu.addAction(button_text(range_words(preset, EPOCH)))
            action.setCheckable(True)
            self._presets[preset] = action
        self._menu.addSeparator()
        self._menu.addAction(self.tr("Between two times…"))
        self._menu.triggered.connect(self._choose)
        self.clicked.connect(self.open_menu)

    def _choose(self, chosen: QAction) -> None:
        preset = next((preset for preset, action in self._presets.items() if action is chosen), None)
        if preset is None:
            self.custom_requested.emit()
        else:
            self.range_chosen.emit(preset)

    def open_menu(self) -> None:
        """Show the ranges below the button."""
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))


class RangeDialog(PlainMessage):
    """Asks for two instants in local time; `chosen` is the range once it was accepted."""

    def __init__(self, theme: Theme, extent: TimeRange, parent: QWidget) -> None:
        decision = Decision(
            title=parent.tr("Show the time between"),
            text=parent.tr("Every panel shows the state at the end of this range, in local time."),
            accept=parent.tr("Show"),
            refuse=parent.tr("Cancel"),
        )
        super().__init__(theme, decision, parent)
        self._start = _LocalInstant(theme, extent.start_at, self.tr("From"))
        self._end = _LocalInstant(theme, extent.end_at, self.tr("To"))
        row = QHBoxLayout()
        row.setSpacing(8)
        for label, edit in ((self.tr("From"), self._start), (self.tr("To"), self._end)):
            row.addWidget(PlainLabel(theme, label, tone=Tone.TERTIARY))
            row.addWidget(edit, 1)
            edit.dateTimeChanged.connect(self._judge)
        self.body.addLayout(row)

    @property
    def chosen(self) -> Fixed:
        """The range between the two instants."""
        return Fixed(TimeRange(self._start.at, self._end.at))

    def _judge(self) -> None:
        self.accept_button.setEnabled(self._start.at < self._end.at)


class _LocalInstant(InstantField):
    """An instant in local time, to the minute."""

    def __init__(self, theme: Theme, at: datetime, name: str) -> None:
        super().__init__(theme, "yyyy-MM-dd HH:mm", name)
        self.setDateTime(QDateTime.fromSecsSinceEpoch(int(at.timestamp())))

    @property
    def at(self) -> datetime:
        return from_ms(self.dateTime().toMSecsSinceEpoch())
