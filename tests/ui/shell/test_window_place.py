"""A window lies inside the screen with its frame, whatever was remembered of another screen."""

import base64
from dataclasses import replace

from PySide6.QtCore import QRect, QSize

from quarterdeck.ui.shell.window_memory import decode, encode
from quarterdeck.ui.shell.window_parts import window_title
from quarterdeck.ui.shell.window_place import first_size, fitted
from tests.support.consoles import TextPlace
from tests.ui.shell.conftest import Benches

LAPTOP = QRect(0, 0, 1440, 900)
BESIDE = QRect(1440, 0, 1920, 1080)


def test_a_first_window_leaves_room_for_its_frame_on_a_screen_of_its_own_size() -> None:
    size = first_size(LAPTOP.size())
    assert size.width() <= 0.92 * 1440
    assert size.height() <= 0.92 * 900


def test_a_first_window_is_no_larger_than_the_usual_one_on_a_large_screen() -> None:
    assert first_size(QSize(3840, 2160)) == QSize(1440, 900)


def test_a_window_that_fits_comes_back_where_it_was() -> None:
    for window in (QRect(100, 100, 1000, 700), QRect(1200, 100, 900, 600)):
        assert fitted(window, [LAPTOP, BESIDE]) == window


def test_a_window_larger_than_its_screen_is_cut_into_it() -> None:
    cut = fitted(QRect(0, 0, 1440, 900), [LAPTOP])
    assert LAPTOP.contains(cut.adjusted(-1, -30, 1, 1))
    assert cut.width() > 1400


def test_a_window_of_a_screen_that_is_gone_is_brought_back() -> None:
    assert LAPTOP.contains(fitted(QRect(2000, 200, 1000, 700), [LAPTOP]))


def test_a_window_remembered_as_larger_than_the_screen_is_cut_when_it_opens(benches: Benches) -> None:
    window = benches.make().console.window
    window.setMinimumSize(0, 0)
    window.setGeometry(0, 0, 3000, 2000)
    geometry = base64.b64encode(bytes(window.saveGeometry().data())).decode("ascii")
    memory = TextPlace(encode(replace(decode(""), geometry=geometry)))
    again = benches.make(memory=memory).console
    again.window.setMinimumSize(0, 0)
    again.start()
    assert again.window.screen().availableGeometry().contains(again.window.geometry())


def test_the_title_names_the_program_once() -> None:
    assert window_title("Quarterdeck") == "Quarterdeck"
    assert window_title("Demo bank") == "Demo bank – Quarterdeck"
