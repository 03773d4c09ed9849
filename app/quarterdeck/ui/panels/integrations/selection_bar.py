"""What can be done to several integrations at once: a line that names how many, and a menu at the rows."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.row_menu import MenuEntry, open_row_menu
from quarterdeck.ui.widgets.text import PlainLabel, safe_line


class Deed(StrEnum):
    """What can be done to what is selected."""

    OPEN = "open"
    PLAN = "plan"
    COPY = "copy"
    COPY_CSV = "copy csv"
    EXPORT = "export"
    FOLD = "fold"
    """Fold every group, or unfold all where any is folded."""


@dataclass(frozen=True, slots=True)
class Locked:
    """Which deeds cannot be done now, and why in a sentence; none where the sentence is empty."""

    deeds: frozenset[Deed] = frozenset()
    reason: str = ""


class SelectionBar(QWidget):
    """Stands above the table while several rows are selected; `deed_requested` carries a Deed."""

    deed_requested = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._count = PlainLabel(theme, tone=Tone.SECONDARY)
        self._buttons = {deed: Button(theme, words, kind=ButtonKind.ROW) for deed, words in self._verbs().items()}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._count)
        for deed, button in self._buttons.items():
            button.clicked.connect(self._emitter(deed))
            row.addWidget(button)
        row.addStretch(1)
        self.hide()

    def show_count(self, count: int, locked: Locked) -> None:
        """Say how many are selected; gone while it is one or none."""
        self._count.setText(self.tr("{count} selected").format(count=count))
        self.setVisible(count > 1)
        for deed, button in self._buttons.items():
            is_locked = deed in locked.deeds
            button.setEnabled(not is_locked)
            button.setToolTip(locked.reason if is_locked else "")
            button.setAccessibleDescription(safe_line(locked.reason) if is_locked else "")

    def open_menu(self, place: QPoint, count: int, locked: Locked, deeds: Collection[Deed]) -> None:
        """Open the menu of the selected rows with these deeds; what cannot be done says why in its own words."""
        verbs = {Deed.OPEN: self.tr("Open in Performance")} if count == 1 else {}
        entries = [
            MenuEntry(words, self._emitter(deed), locked.reason if deed in locked.deeds else "")
            for deed, words in (verbs | self._verbs()).items()
            if deed in deeds
        ]
        open_row_menu(self, place, entries)

    def _verbs(self) -> dict[Deed, str]:
        return {
            Deed.PLAN: self.tr("Plan maintenance…"),
            Deed.COPY: self.tr("Copy"),
            Deed.COPY_CSV: self.tr("Copy as CSV"),
            Deed.EXPORT: self.tr("Export as CSV…"),
        }

    def _emitter(self, deed: Deed) -> Callable[[], None]:
        def emit() -> None:
            self.deed_requested.emit(deed)

        return emit
