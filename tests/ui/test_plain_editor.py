"""A text that is edited: bounded whatever is pasted, marked where it errs, and never markup."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.plain_editor import PlainEditor, TextBounds, TextMark

Show = Callable[[QWidget], QWidget]
BOUNDS = TextBounds(200, 40)
MARKUP = '<b>a</b><img src="file:///etc/x.png">'
TEXT = "one: 1\ntwo: 2\nthree: 3\n"


class Desk:
    """An editor in sight, and how often it had no room."""

    def __init__(self, theme: Theme, show: Show) -> None:
        self.overfull = 0
        self.editor = PlainEditor(theme, BOUNDS, accessible_name="Text")
        self.editor.overfull.connect(self._count)
        self.next = QLineEdit()
        window = QWidget()
        column = QVBoxLayout(window)
        column.addWidget(self.editor)
        column.addWidget(self.next)
        self.window = show(window)
        self.editor.show_text(TEXT)

    def _count(self) -> None:
        self.overfull += 1

    def paste(self, text: str) -> None:
        source = QMimeData()
        source.setText(text)
        self.editor.insertFromMimeData(source)

    @property
    def place(self) -> tuple[int, int]:
        cursor = self.editor.textCursor()
        return cursor.blockNumber() + 1, cursor.positionInBlock() + 1


@pytest.fixture
def desk(theme: Theme, show: Show) -> Desk:
    return Desk(theme, show)


@pytest.mark.parametrize("text", ["x" * 41, "x\n" * 101], ids=["long-line", "long-text"])
def test_what_does_not_fit_is_not_pasted_and_told(desk: Desk, text: str) -> None:
    desk.paste(text)
    assert (desk.editor.toPlainText(), desk.overfull) == (TEXT, 1)


def test_what_fits_is_pasted_with_one_kind_of_line_end(desk: Desk) -> None:
    desk.paste("a\r\nb\rc\n")
    assert desk.editor.toPlainText() == f"a\nb\nc\n{TEXT}"


def test_what_is_pasted_over_the_whole_text_needs_only_its_own_room(desk: Desk) -> None:
    desk.editor.selectAll()
    desk.paste("y\n" * 90)
    assert desk.overfull == 0


def test_a_text_that_does_not_fit_is_never_shown(desk: Desk) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        desk.editor.show_text("x" * 41)


def test_a_line_is_typed_to_its_end_and_not_beyond(desk: Desk) -> None:
    desk.editor.show_text("x" * 40)
    QTest.keyClicks(desk.editor, "yy")
    assert (desk.editor.toPlainText(), desk.overfull) == ("x" * 40, 2)


def test_markup_stands_as_it_is_written(desk: Desk) -> None:
    desk.editor.show_text(MARKUP)
    assert desk.editor.toPlainText() == MARKUP


def test_every_fault_is_marked_and_the_next_one_is_gone_to_in_a_circle(desk: Desk) -> None:
    marks = [TextMark(1, 6, "no"), TextMark(3, 0, "no")]
    desk.editor.show_marks(marks)
    assert len(desk.editor.extraSelections()) == 2
    places = []
    for _ in range(3):
        desk.editor.go_to_next()
        places.append(desk.place)
    assert places == [(1, 6), (3, 1), (1, 6)]


def test_a_mark_behind_the_end_goes_to_the_end(desk: Desk) -> None:
    desk.editor.go_to(TextMark(99, 99, "no"))
    assert desk.place == (4, 1)


def test_without_faults_there_is_none_to_go_to(desk: Desk) -> None:
    desk.editor.moveCursor(QTextCursor.MoveOperation.End)
    desk.editor.go_to_next()
    assert desk.place == (4, 1)


def test_the_numbers_of_lines_follow_the_text(desk: Desk) -> None:
    before = desk.editor.gutter_width
    desk.editor.show_text("\n" * 150)
    desk.editor.verticalScrollBar().setValue(60)
    QApplication.processEvents()
    assert desk.editor.gutter_width >= before
    desk.editor.show_marks([TextMark(61, 1, "no")])
    assert not desk.editor.grab().isNull()


def test_tab_leaves_the_field(desk: Desk) -> None:
    desk.editor.setFocus()
    QTest.keyClick(desk.editor, Qt.Key.Key_Tab)
    assert desk.editor.toPlainText() == TEXT
