"""Where bugs end: written to the log, and told in plain text with everything a report needs."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Final

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import HealthState
from quarterdeck.ui.shell.diagnostics import report_of
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.dialogs import Decision, PlainMessage

log = logging.getLogger(__name__)
qt_log = logging.getLogger("quarterdeck.qt")

_QT_LEVELS: Final = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_MOST_DIALOGS: Final = 3


class CrashReporter(QObject):
    """Takes exceptions that nobody caught, from any thread; the dialog opens in the GUI thread.

    The same bug is told once, and after three dialogs further bugs only go to the log. `quit_requested` comes from a
    keyboard interrupt in the terminal.
    """

    quit_requested = Signal()
    _caught = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._theme = theme
        self._window: QWidget | None = None
        self._told: set[str] = set()
        self._hook_before = sys.excepthook
        self._handler_before: Callable[[QtMsgType, QMessageLogContext, str], object] | None = None
        self._caught.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    @property
    def theme(self) -> Theme:
        """What its dialogs wear."""
        return self._theme

    def install(self) -> None:
        """Catch what nobody catches, and Qt's own messages."""
        self._hook_before, sys.excepthook = sys.excepthook, self._take_uncaught
        self._handler_before = qInstallMessageHandler(_log_qt)

    def uninstall(self) -> None:
        """Give both back to whoever had them; a Python handler must not outlive the interpreter."""
        sys.excepthook = self._hook_before
        qInstallMessageHandler(self._handler_before)

    def belong_to(self, window: QWidget) -> None:
        """Open dialogs over this window."""
        self._window = window

    def report(self, fault: BaseException) -> None:
        """Take a bug; may be called in any thread."""
        log.error("a bug was caught", exc_info=fault)
        self._caught.emit(fault)

    def _take_uncaught(self, kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self.quit_requested.emit()
        else:
            self.report(fault.with_traceback(trace))

    def _tell(self, fault: BaseException) -> None:
        details = report_of(fault)
        if details in self._told or len(self._told) >= _MOST_DIALOGS:
            return
        self._told.add(details)
        dialog = PlainMessage(self._theme, self._decision(fault, details), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: QGuiApplication.clipboard().setText(details))
        dialog.open()

    def _decision(self, fault: BaseException, details: str) -> Decision:
        if isinstance(fault, OperatorError):
            return Decision(fault.message, fault.next_step, self.tr("Close"), state=HealthState.DOWN)
        return Decision(
            title=self.tr("Quarterdeck made a mistake"),
            text=self.tr(
                "This is a fault of the program, not of your estate. Nothing that was stored is lost, and the "
                "window goes on. Send the report below to whoever looks after Quarterdeck."
            ),
            accept=self.tr("Copy the report"),
            refuse=self.tr("Close"),
            state=HealthState.DOWN,
            details=details,
        )


def _log_qt(kind: QtMsgType, context: QMessageLogContext, message: str | None) -> None:
    level = _QT_LEVELS.get(kind, logging.WARNING)
    qt_log.log(level, "%s", message, extra={"qt_category": context.category})
