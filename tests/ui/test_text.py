"""Text from outside is shown as the characters it consists of, cut to a length that Qt can bear."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.paragraphs import break_lines
from quarterdeck.ui.widgets.text import (
    LINE_LIMIT,
    TEXT_LIMIT,
    ElidedLabel,
    PlainBlock,
    PlainLabel,
    button_text,
    safe_line,
    safe_text,
)


class LayoutRequests(QObject):
    """Counts how often a widget is asked to lay itself out."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return super().eventFilter(watched, event)


ANY_TEXT = st.text(st.characters(codec=None), max_size=900)


@given(ANY_TEXT, st.integers(2, 500))
def test_a_line_is_short_printable_and_one(text: str, limit: int) -> None:
    line = safe_line(text, limit)
    assert len(line) <= limit
    assert line.isprintable()


@given(ANY_TEXT, st.integers(2, 800))
def test_a_block_holds_only_printable_lines_of_bearable_length(text: str, limit: int) -> None:
    lines = safe_text(text, limit).split("\n")
    assert sum(map(len, lines)) <= limit + len(lines)
    assert all(line.isprintable() and len(line) <= 400 for line in lines)


@given(st.text(st.characters(categories=("L", "N", "P", "S")), max_size=LINE_LIMIT))
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert safe_line(text) == text


def test_a_text_of_three_hundred_thousand_characters_is_cut() -> None:
    assert len(safe_line("A" * 300_000)) == LINE_LIMIT
    assert len(safe_text("A" * 300_000)) <= TEXT_LIMIT + 11


def test_a_direction_override_is_made_visible() -> None:
    assert safe_line("invoice\u202efdp.exe") == "invoice\ufffdfdp.exe"


def test_lines_survive_in_a_block_and_are_joined_in_a_line() -> None:
    assert safe_text("one\ntwo") == "one\ntwo"
    assert safe_line("one\n  two") == "one two"


def test_a_half_of_a_surrogate_pair_does_not_reach_qt() -> None:
    assert safe_line("a\ud800b") == "a\ufffdb"


def test_an_ampersand_is_shown_in_a_button() -> None:
    assert button_text("R&D") == "R&&D"


def test_a_label_takes_markup_for_text(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    label = PlainLabel(theme, "<b>bold</b>")
    show(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.text() == "<b>bold</b>"


def test_a_wrapped_label_is_as_high_as_its_lines(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    label = PlainLabel(theme, "many words " * 20, wraps=True)
    show(label)
    assert label.heightForWidth(2000) < label.heightForWidth(200) < label.heightForWidth(100)


def test_a_copyable_label_gives_its_text_to_the_clipboard(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    label = PlainLabel(theme, "9f2c41d7", is_copyable=True)
    show(label)
    label.actions()[0].trigger()
    assert QGuiApplication.clipboard().text() == "9f2c41d7"


def test_an_elided_label_tells_the_whole_text_only_where_it_is_cut(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    label = ElidedLabel(theme, "a rather long name of a service")
    holder = QWidget()
    QVBoxLayout(holder).addWidget(label)
    show(holder)
    holder.resize(QSize(90, 40))
    assert label.plain_tool_tip_at(QPoint()) == "a rather long name of a service"
    holder.resize(QSize(500, 40))
    assert label.plain_tool_tip_at(QPoint()) == ""


def test_a_block_holds_plain_text(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    block = PlainBlock(theme, "<i>x</i>", accessible_name="Reply")
    show(block)
    assert block.toPlainText() == "<i>x</i>"


@pytest.mark.parametrize("text", ["one two three four five six seven", "wörter 🛰 🛰🛰 mit Bildern 🛰", "a\nb c d e f g"])
def test_breaking_into_lines_loses_no_word(theme: Theme, text: str) -> None:
    paragraph = break_lines(text, theme.fonts.body, 60)
    assert " ".join(" ".join(paragraph.lines).split()) == " ".join(text.split())
    assert len(paragraph.lines) > 1


def test_a_paragraph_is_broken_anew_for_another_text_font_or_width(theme: Theme) -> None:
    label = PlainLabel(theme, "Payments wait for the partner. " * 8, wraps=True)
    before = label.heightForWidth(200)
    assert label.heightForWidth(200) == before
    assert label.heightForWidth(100) > before
    larger = label.font()
    larger.setPixelSize(2 * larger.pixelSize())
    label.setFont(larger)
    assert label.heightForWidth(200) > before
    label.setText("Nothing waits.")
    assert label.heightForWidth(200) < before


def test_the_same_words_again_ask_for_no_new_layout(
    theme: Theme, show: Callable[[QWidget], QWidget], qapp: QApplication
) -> None:
    page = QWidget()
    column = QVBoxLayout(page)
    label = PlainLabel(theme, "Nothing waits.", wraps=True)
    column.addWidget(label)
    show(page)
    asked = LayoutRequests(page)
    qapp.processEvents()
    asked.count = 0
    label.setText("Nothing waits.")
    qapp.processEvents()
    assert asked.count == 0
    label.setText("Payments wait for the partner.")
    qapp.processEvents()
    assert asked.count > 0
