"""Bugs are logged and told once, in plain text that can be copied."""

import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject, Signal, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from quarterdeck.domain.errors import OperatorError
from quarterdeck.ui.shell.crash_reporter import CrashReporter
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.dialogs import PlainMessage
from tests.support.guards.logs import ExpectedLogs
from tests.support.markup import faults_below

LOGGER = "quarterdeck.ui.shell.crash_reporter"


@pytest.fixture
def reporter(theme: Theme, show: Callable[[QWidget], QWidget], logs: ExpectedLogs) -> CrashReporter:
    logs.expect(LOGGER, "a bug was caught")
    made = CrashReporter(theme)
    made.belong_to(show(QWidget()))
    return made


@pytest.fixture
def dialogs(qtbot: QtBot) -> Iterator[Callable[[], list[PlainMessage]]]:
    def found() -> list[PlainMessage]:
        return [one for one in QApplication.topLevelWidgets() if isinstance(one, PlainMessage) and one.isVisible()]

    yield found
    for dialog in found():
        dialog.close()


def raised(text: str) -> Exception:
    try:
        raise ValueError(text)
    except ValueError as fault:
        return fault


def test_a_bug_is_told_with_its_trace_and_can_be_copied(
    reporter: CrashReporter, qtbot: QtBot, dialogs: Callable[[], list[PlainMessage]]
) -> None:
    reporter.report(raised("<b>broken</b>"))
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    (dialog,) = dialogs()
    shown = dialog.findChild(QPlainTextEdit)
    assert isinstance(shown, QPlainTextEdit)
    assert "ValueError: <b>broken</b>" in shown.toPlainText()
    assert "Quarterdeck: " in shown.toPlainText()
    assert faults_below(dialog) == []
    dialog.accept_button.click()
    assert "ValueError: <b>broken</b>" in QGuiApplication.clipboard().text()
    QGuiApplication.clipboard().clear()


def test_the_same_bug_is_told_once_and_a_flood_ends_after_three(
    reporter: CrashReporter, qtbot: QtBot, dialogs: Callable[[], list[PlainMessage]]
) -> None:
    same = raised("again")
    for _ in range(3):
        reporter.report(same)
    for number in range(20):
        reporter.report(raised(f"bug {number}"))
    qtbot.waitUntil(lambda: len(dialogs()) == 3)
    QApplication.processEvents()
    assert len(dialogs()) == 3


def test_a_bug_in_another_thread_opens_its_dialog_in_this_one(
    reporter: CrashReporter, qtbot: QtBot, dialogs: Callable[[], list[PlainMessage]]
) -> None:
    worker = threading.Thread(target=lambda: reporter.report(raised("elsewhere")))
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: len(dialogs()) == 1)


def test_an_error_of_the_world_is_no_bug_of_ours(
    reporter: CrashReporter, qtbot: QtBot, dialogs: Callable[[], list[PlainMessage]]
) -> None:
    reporter.report(OperatorError("The change was not written.", "Repeat it."))
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    assert dialogs()[0].windowTitle() == "The change was not written."


class Shouting(QObject):
    shouted = Signal()


def test_what_a_slot_raises_is_caught(
    reporter: CrashReporter, qtbot: QtBot, dialogs: Callable[[], list[PlainMessage]]
) -> None:
    def burst() -> None:
        raise ValueError("in a slot")

    source = Shouting()
    source.shouted.connect(burst)
    before = sys.excepthook
    reporter.install()
    try:
        source.shouted.emit()
    finally:
        reporter.uninstall()
    assert sys.excepthook is before
    qtbot.waitUntil(lambda: len(dialogs()) == 1)


def test_messages_of_qt_go_to_the_log(theme: Theme, logs: ExpectedLogs) -> None:
    logs.expect("quarterdeck.qt", "something about Qt")
    reporter = CrashReporter(theme)
    reporter.install()
    try:
        qWarning("something about Qt")
    finally:
        reporter.uninstall()
