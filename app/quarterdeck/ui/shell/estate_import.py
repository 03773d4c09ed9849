"""The command that imports an estate: its dialog is loaded aside, and what it changed is told when it is done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from quarterdeck.ui.shell.store_session import StoreSession
from quarterdeck.ui.shell.window import ConsoleWindow
from quarterdeck.ui.tasks.owned import OwnedBackground
from quarterdeck.ui.tasks.runner import TaskRunner
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.notices import Notice
from quarterdeck.ui.widgets.text import safe_line

if TYPE_CHECKING:
    from quarterdeck.services.console import ConsoleServices
    from quarterdeck.services.estate_desk import EstateDesk
    from quarterdeck.ui.shell.estate_dialog import EstateDialog


class EstateImport(QObject):
    """Opens the dialog over the window once the store is open."""

    def __init__(self, window: ConsoleWindow, theme: Theme, runner: TaskRunner, session: StoreSession) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._runner = runner
        self._services: ConsoleServices | None = None
        session.opened.connect(self._take_services)

    def open(self) -> None:
        """Let a person choose files, and show what they would change."""
        if self._services is None:
            self._say(self.tr("The store is not open yet."))
            return
        self._runner.run_query(
            partial(_loaded, self._services),
            on_result=self._show,
            on_error=lambda error: self._say(f"{error.message} {error.next_step}"),
            owner=self,
            key="estate import",
        )

    def _show(self, loaded: tuple[type[EstateDialog], EstateDesk]) -> None:
        make, desk = loaded
        dialog = make(self._theme, desk, self._window)
        dialog.work_in(OwnedBackground(self._runner, dialog))
        dialog.applied.connect(self._say)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        dialog.choose()

    def _say(self, words: str) -> None:
        self._window.notices.show_notice(Notice(safe_line(words)))

    def _take_services(self, services: ConsoleServices) -> None:
        self._services = services


def _loaded(services: ConsoleServices) -> tuple[type[EstateDialog], EstateDesk]:
    """Runs in a worker: reading documents brings much with it."""
    from quarterdeck.ui.shell.estate_dialog import EstateDialog

    return EstateDialog, services.estate
