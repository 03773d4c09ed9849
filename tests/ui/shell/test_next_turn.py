"""Work for the next turn happens once, and never after its owner has ended."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication

from quarterdeck.ui.shell.next_turn import next_turn
from tests.ui.shell.conftest import Benches


def test_work_is_done_once_in_the_next_turn(qapp: QApplication) -> None:
    done: list[int] = []
    owner = QObject()
    timer = next_turn(owner, lambda: done.append(1))
    timer.start()
    timer.start()
    assert done == []
    while timer.isActive():
        QCoreApplication.processEvents()
    QCoreApplication.processEvents()
    assert done == [1]


def test_work_of_an_owner_that_is_gone_is_not_done(qapp: QApplication) -> None:
    done: list[int] = []
    owner = QObject()
    next_turn(owner, lambda: done.append(1)).start()
    owner.deleteLater()
    QCoreApplication.sendPostedEvents(owner, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()
    assert done == []


def test_a_window_closed_in_the_turn_of_its_first_picture_furnishes_nothing_any_more(benches: Benches) -> None:
    bench = benches.make()
    furnished: list[int] = []
    bench.console.furnished.connect(lambda: furnished.append(1))
    bench.console.start()
    bench.console.window.repaint()
    bench.console.end()
    QCoreApplication.processEvents()
    assert furnished == []
