"""A window stands at once as a bare frame, whose grounds lie where its parts will be."""

import base64
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QRect
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from quarterdeck.ui.shell.first_frame import FirstFrame
from quarterdeck.ui.shell.window import ConsoleWindow
from quarterdeck.ui.theme.tokens import DARK, LIGHT, Tokens
from tests.support.consoles import ConsoleBench
from tests.ui.shell.conftest import Benches

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def bare() -> Iterator[ConsoleWindow]:
    window = ConsoleWindow(FirstFrame(DARK))
    yield window
    window.close_for_good()
    window.deleteLater()


def seen(window: ConsoleWindow, at: QPoint) -> str:
    return QColor(window.grab().toImage().pixelColor(at)).name()


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_the_bare_frame_wears_the_chosen_theme(tokens: Tokens) -> None:
    window = ConsoleWindow(FirstFrame(tokens))
    assert seen(window, QPoint(20, 300)) == tokens.surface
    assert seen(window, window.rect().center()) == tokens.window
    window.close_for_good()
    window.deleteLater()


@pytest.mark.parametrize("is_collapsed", [False, True], ids=["wide rail", "narrow rail"])
def test_the_grounds_of_the_bare_frame_lie_where_the_parts_will_be(benches: Benches, *, is_collapsed: bool) -> None:
    bench: ConsoleBench = benches.make()
    bench.start()
    whole = bench.console.window
    whole.rail.set_collapsed(is_collapsed=is_collapsed)
    whole.resize(1200, 760)
    bench.settle()
    window = ConsoleWindow(FirstFrame(bench.theme.tokens, is_rail_collapsed=is_collapsed))
    window.resize(1200, 760)
    picture = window.grab().toImage()
    for part in (whole.rail, whole.top_bar, whole.lens):
        place = QRect(part.mapTo(whole, QPoint(0, 0)), part.size())
        for corner in (place.topLeft() + QPoint(1, 2), place.bottomRight() - QPoint(1, 2)):
            assert picture.pixelColor(corner).name() == bench.theme.tokens.surface
    page = whole.area.mapTo(whole, QPoint(1, 1))
    assert picture.pixelColor(page).name() == bench.theme.tokens.window
    window.close_for_good()
    window.deleteLater()


def test_the_bare_frame_stands_where_the_window_stood(bare: ConsoleWindow) -> None:
    bare.setGeometry(40, 60, 950, 610)
    geometry = base64.b64encode(bytes(bare.saveGeometry().data())).decode("ascii")
    again = ConsoleWindow(FirstFrame(DARK, geometry=geometry))
    assert again.height() == 610
    again.close_for_good()
    again.deleteLater()


@pytest.mark.parametrize("geometry", ["", "not base64!", base64.b64encode(b"nonsense").decode("ascii")])
def test_a_place_that_cannot_be_read_leaves_the_usual_size(geometry: str) -> None:
    usual, odd = ConsoleWindow(FirstFrame(DARK)), ConsoleWindow(FirstFrame(DARK, geometry=geometry))
    assert odd.size() == usual.size()
    for window in (usual, odd):
        window.close_for_good()
        window.deleteLater()


def test_a_bare_window_says_once_that_it_has_appeared_and_asks_before_it_closes(
    bare: ConsoleWindow, qtbot: QtBot
) -> None:
    told: list[str] = []
    bare.appeared.connect(lambda: told.append("appeared"))
    bare.painted.connect(lambda: told.append("painted"))
    bare.close_requested.connect(lambda: told.append("asked"))
    with qtbot.waitSignal(bare.appeared):
        bare.show()
    bare.repaint()
    QCoreApplication.processEvents()
    bare.close()
    assert told == ["appeared", "asked"]
    assert bare.isVisible()


def test_a_bare_window_cannot_be_furnished(bare: ConsoleWindow) -> None:
    with pytest.raises(RuntimeError, match="no parts yet"):
        bare.furnish()
