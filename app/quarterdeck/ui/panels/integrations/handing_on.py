"""What leaves the panel: rows as text into the clipboard, and rows or the calendar as files where a person says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import cast

from PySide6.QtGui import QGuiApplication

from quarterdeck.services.expiry_files import ExpiryFormat
from quarterdeck.ui.panels.integrations.copying import lines_as_csv, lines_as_text
from quarterdeck.ui.panels.integrations.selection_bar import Deed
from quarterdeck.ui.panels.integrations.state import IntegrationLine
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.file_saver import FileFormat, FileSaver
from quarterdeck.ui.widgets.panel import PanelView


class HandingOn:
    """Tells at the foot of the window what was done, with how many."""

    def __init__(self, theme: Theme, view: PanelView) -> None:
        self._theme = theme
        self._view = view
        self._saver: FileSaver | None = None

    def work_with(self, background: Background) -> None:
        """Write files in this background."""
        told = self._view.tr("Saved as {path}.")
        self._saver = FileSaver(self._view, background, self._view.notice_raised.emit, saved_as=told)

    @staticmethod
    def lines_of(lines: object) -> tuple[IntegrationLine, ...]:
        """The integrations that a signal carried."""
        given = cast("tuple[object, ...]", lines) if isinstance(lines, tuple) else ()
        return tuple(line for line in given if isinstance(line, IntegrationLine))

    def hand_on(self, deed: Deed, lines: Sequence[IntegrationLine]) -> None:
        """Copy integrations, or save them."""
        if deed is Deed.EXPORT:
            self._save(lines)
            return
        is_table = deed is Deed.COPY_CSV
        text = lines_as_csv(lines, self._view.tr) if is_table else lines_as_text(lines, self._view.tr)
        QGuiApplication.clipboard().setText(text)
        one, several = self._view.tr("1 integration is copied."), self._view.tr("{count} integrations are copied.")
        self._view.notice_raised.emit(one if len(lines) == 1 else several.format(count=len(lines)))

    def save_calendar(self, write: Callable[[ExpiryFormat], bytes]) -> None:
        """Save the calendar as one of its kinds of file."""
        kinds = (
            FileFormat(ExpiryFormat.ICS, self._view.tr("iCalendar (*.ics)"), partial(write, ExpiryFormat.ICS)),
            FileFormat(ExpiryFormat.CSV, self._view.tr("Table (*.csv)"), partial(write, ExpiryFormat.CSV)),
        )
        self._ask(self._view.tr("Export what expires"), self._view.tr("expiry"), kinds)

    def _save(self, lines: Sequence[IntegrationLine]) -> None:
        tr = self._view.tr
        kind = FileFormat(".csv", tr("Table (*.csv)"), lambda: lines_as_csv(lines, tr).encode())
        heading = tr("Export 1 integration") if len(lines) == 1 else tr("Export {count} integrations")
        self._ask(heading.format(count=len(lines)), tr("integrations"), (kind,))

    def _ask(self, heading: str, name: str, kinds: Sequence[FileFormat]) -> None:
        if self._saver is not None:
            self._saver.ask(heading, name, kinds)
