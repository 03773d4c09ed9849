"""Saves the table in view for other programs, where a person says."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from quarterdeck.ui.panels.relationships.page import RelationshipsPage
from quarterdeck.ui.panels.relationships.state import Arrangement
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.widgets.file_saver import FileFormat, FileSaver
from quarterdeck.ui.widgets.text import safe_line


class TableDesk(QObject):
    """Writes patterns and drift whole, entities and relations as they are shown."""

    def __init__(self, page: RelationshipsPage) -> None:
        super().__init__(page)
        self._page = page
        self._notify: Callable[[str], object] = safe_line
        self._saver: FileSaver | None = None

    def present(self, background: Background, notify: Callable[[str], object]) -> None:
        """Take what writes files, and what tells what became of them."""
        self._notify = notify
        self._saver = FileSaver(self._page, background, notify, saved_as=self.tr("The table was saved as {path}"))

    def save(self) -> None:
        """Let a person choose where the table in view is written; without a row say that there is nothing to save."""
        file = self._page.table_file()
        if self._saver is None or file is None:
            self._notify(self._nothing())
            return
        formats = (FileFormat(".csv", self.tr("Table (*.csv)"), file.write),)
        self._saver.ask(self._heading(), file.name, formats)

    def _heading(self) -> str:
        return {
            Arrangement.PATTERNS: self.tr("Save how everything stands to its patterns"),
            Arrangement.DRIFT: self.tr("Save the drift"),
            Arrangement.RELATIONS: self.tr("Save the relations that are shown"),
        }.get(self._page.arrangement, self.tr("Save the entities that are shown"))

    def _nothing(self) -> str:
        return {
            Arrangement.PATTERNS: self.tr("There is nothing to save: no integration is declared."),
            Arrangement.DRIFT: self.tr("There is nothing to save: everything is declared and seen."),
        }.get(self._page.arrangement, self.tr("There is nothing to save: no row is shown."))
