"""Brings drift to the page and saves it: the surface of its presenter."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from quarterdeck.ui.panels.relationships.drift_state import DriftState
from quarterdeck.ui.panels.relationships.page import RelationshipsPage
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.widgets.file_saver import FileFormat, FileSaver
from quarterdeck.ui.widgets.text import safe_line


class DriftDesk(QObject):
    """Shows what stands apart, and writes it as a table for other programs."""

    def __init__(self, page: RelationshipsPage) -> None:
        super().__init__(page)
        self._page = page
        self._drift = DriftState()
        self._notify: Callable[[str], object] = safe_line
        self._saver: FileSaver | None = None

    def present(self, background: Background, notify: Callable[[str], object]) -> None:
        """Take what writes files, and what tells what became of them."""
        self._notify = notify
        words = self.tr("The drift was saved as {path}")
        self._saver = FileSaver(self._page, background, notify, saved_as=words)

    def show_drift(self, state: DriftState) -> None:
        """Show another reading."""
        self._drift = state
        self._page.show_reading(state)

    def save(self) -> None:
        """Let a person choose where all of it is written; without a row say that there is nothing to save."""
        write = self._drift.write
        if self._saver is None or write is None or not self._drift.columns.ids:
            self._notify(self.tr("There is nothing to save: everything is declared and seen."))
            return
        formats = (FileFormat(".csv", self.tr("Table (*.csv)"), write),)
        self._saver.ask(self.tr("Save the drift"), self._drift.name, formats)
