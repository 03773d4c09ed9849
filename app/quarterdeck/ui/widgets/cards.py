"""Cards, headings and the lists of facts inside them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from quarterdeck.ui.theme.measures import CARD_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.text import ElidedLabel, PlainLabel, safe_line

_HEADER_HEIGHT = 38
_FACT_LABEL_WIDTH = 84


def section_heading(theme: Theme, text: str) -> PlainLabel:
    """The heading of a section of a page, above its card or table."""
    return PlainLabel(theme, text, role=FontRole.SECTION, tone=Tone.SECONDARY)


def hairline(*, vertical: bool = False) -> QFrame:
    """A line of one pixel in the colour of borders."""
    line = QFrame()
    line.setProperty("kind", "hairline")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line


class Card(QFrame):
    """A raised box with a title, a subtitle, a note on the right and a body.

    Widgets go into `body`; further widgets of the head go into `head`. Without a title there is no head. `has_rule`
    draws a line between the two.
    """

    def __init__(
        self, theme: Theme, title: str = "", *, subtitle: str = "", note: str = "", has_rule: bool = True
    ) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setAccessibleName(safe_line(title))
        self._title = ElidedLabel(theme, title, role=FontRole.STRONG)
        self._subtitle = PlainLabel(theme, subtitle, role=FontRole.SMALL, tone=Tone.TERTIARY)
        self._note = PlainLabel(theme, note, tone=Tone.TERTIARY)
        self.head = QHBoxLayout()
        self.body = QVBoxLayout()
        self._build(has_head=bool(title), has_rule=has_rule)

    def set_title(self, title: str, subtitle: str = "") -> None:
        """Change the title and what stands small beside it."""
        self.setAccessibleName(safe_line(title))
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self._subtitle.setVisible(bool(subtitle))

    def set_note(self, note: str) -> None:
        """Change the note at the right end of the head, such as an age."""
        self._note.setText(note)

    def _build(self, *, has_head: bool, has_rule: bool) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        top = CARD_PADDING if has_rule or not has_head else 0
        self.body.setContentsMargins(CARD_PADDING, top, CARD_PADDING, CARD_PADDING)
        self.body.setSpacing(8)
        if has_head:
            column.addWidget(self._build_head())
            if has_rule:
                column.addWidget(hairline())
        else:
            for label in (self._title, self._subtitle, self._note):
                label.setParent(self)
                label.hide()
        column.addLayout(self.body, 1)

    def _build_head(self) -> QWidget:
        strip = QWidget()
        strip.setFixedHeight(_HEADER_HEIGHT)
        row = QHBoxLayout(strip)
        row.setContentsMargins(CARD_PADDING, 0, CARD_PADDING, 0)
        row.setSpacing(12)
        row.addWidget(self._title)
        row.addWidget(self._subtitle)
        row.addStretch(1)
        row.addLayout(self.head)
        row.addWidget(self._note)
        self._subtitle.setVisible(bool(self._subtitle.text()))
        return strip


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value in a list of facts."""

    label: str
    value: str
    tone: Tone = Tone.TEXT


class FactList(QWidget):
    """Labels in a narrow column, values beside them, wrapped where they are long; rows are reused.

    `spare_rows` are made at once, so that showing as many facts later takes no time for them.
    """

    def __init__(self, theme: Theme, facts: tuple[Fact, ...] = (), *, spare_rows: int = 0) -> None:
        super().__init__()
        self._theme = theme
        self._rows: list[tuple[PlainLabel, PlainLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnMinimumWidth(0, _FACT_LABEL_WIDTH)
        self._grid.setColumnStretch(1, 1)
        for _ in range(spare_rows):
            self._add_row()
        self.set_facts(facts)

    def set_facts(self, facts: tuple[Fact, ...]) -> None:
        """Show these facts in this order."""
        while len(self._rows) < len(facts):
            self._add_row()
        for at, (label, value) in enumerate(self._rows):
            is_used = at < len(facts)
            label.setVisible(is_used)
            value.setVisible(is_used)
            if is_used:
                label.setText(facts[at].label)
                value.setText(facts[at].value)
                value.set_tone(facts[at].tone)

    def _add_row(self) -> None:
        label = PlainLabel(self._theme, tone=Tone.TERTIARY, wraps=True)
        value = PlainLabel(self._theme, wraps=True, is_copyable=True)
        self._grid.addWidget(label, len(self._rows), 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, len(self._rows), 1, Qt.AlignmentFlag.AlignTop)
        self._rows.append((label, value))
