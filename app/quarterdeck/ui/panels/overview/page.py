"""The page that scrolls: figures, what needs attention, the integrations by domain, and the machines."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.panels.overview.board import CardBoard
from quarterdeck.ui.panels.overview.models import attention_columns, attention_data
from quarterdeck.ui.panels.overview.state import AttentionLine, Band, FigureWords, OverviewState, Section
from quarterdeck.ui.theme.measures import PAGE_GAP, PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.cards import section_heading
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.figures import Figure, FigureStrip
from quarterdeck.ui.widgets.state_stack import StateStack
from quarterdeck.ui.widgets.text import PlainLabel

BAR_ROOM = 12
"""How far the scroll bar reaches into the page's margin."""

_LINES_AT_FIRST = 8
_MACHINES_AT_FIRST = 6
_TIGHT = 900
_NARROW = 700
_SLIM = 376


class _Room(Enum):
    WIDE = auto()
    TIGHT = auto()
    NARROW = auto()
    SLIM = auto()


_STRIPS = {_Room.WIDE: 1, _Room.TIGHT: 1, _Room.NARROW: 2, _Room.SLIM: 3}


class OverviewPage(QScrollArea):
    """`line_chosen` and `line_followed` carry a line's id, `entity_chosen` and `entity_opened` an entity's key.

    `figure_activated` carries a figure's key, `menu_requested` an entity's key and where on the screen its menu should
    open.
    """

    line_chosen = Signal(str)
    line_followed = Signal(str)
    entity_chosen = Signal(str)
    entity_opened = Signal(str)
    figure_activated = Signal(str)
    menu_requested = Signal(str, QPoint)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._state: OverviewState | None = None
        self._shows_all = False
        self._shows_all_machines = False
        self._room = _Room.WIDE
        self._figures = tuple(FigureStrip(theme) for _ in range(max(_STRIPS.values())))
        self._table = ColumnTable(
            theme, attention_columns(), accessible_name=self.tr("Needs attention"), has_header=False, fits_rows=True
        )
        self._quiet = PlainLabel(theme, tone=Tone.SECONDARY)
        self._more = Button(theme, "", kind=ButtonKind.QUIET)
        self._more_machines = Button(theme, "", kind=ButtonKind.QUIET)
        self._beyond = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        self._no_cards = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        self._board = CardBoard(theme)
        self._cards = StateStack(theme, self._board)
        self._build()
        self._connect()

    def show_state(self, state: OverviewState) -> None:
        """Show this; only what differs from what is shown is touched."""
        before, self._state = self._state, state
        if before is None or before.figures != state.figures:
            self._show_figures(state.figures)
        if before is None or before.attention != state.attention:
            self._show_lines(state.attention)
        self._quiet.setText(state.quiet)
        self._quiet.setVisible(bool(state.quiet))
        self._no_cards.setText(state.no_cards)
        self._no_cards.setVisible(bool(state.no_cards))
        self._show_cards(state)
        self._cards.show_content(state.stale)

    def forget(self) -> None:
        """Show the next state whole, whatever was shown before."""
        self._state = None

    def select(self, entity_key: str) -> None:
        """Mark an entity's card and its line, without a signal."""
        self._board.select(entity_key)
        if entity_key != self._entity_of(self._table.selected_id):
            self._table.select(entity_key)

    def bring_into_view(self, entity_key: str) -> None:
        """Scroll to an entity's card; nothing happens where there is none."""
        self._scroll_to(self._board.place_of(entity_key))

    def reach_cards(self) -> None:
        """Give the keyboard to the first card, and show it."""
        self._board.setFocus(Qt.FocusReason.OtherFocusReason)
        self._scroll_to(self._board.first_place)

    def walk(self, step: int) -> None:
        """Move along the lines, with the keyboard on them."""
        if self._table.isVisibleTo(self):
            self._table.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._table.walk(step)

    def follow_focus(self) -> None:
        """Do what Enter means where the keyboard is: press the button, open the card, or follow the line."""
        focused = self.focusWidget()
        if not isinstance(focused, QAbstractButton):
            self.line_followed.emit(self._table.selected_id)
        elif self._board.isAncestorOf(focused):
            self._board.open_focused()
        else:
            focused.click()

    def _build(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        content = self._build_content()
        self.setWidget(content)
        # The area fills its widget's background when it takes it over.
        content.setAutoFillBackground(False)
        self._more.hide()
        self._more_machines.hide()
        self.setFocusProxy(self._table)

    def _build_content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, BAR_ROOM, PAGE_PADDING)
        column.setSpacing(PAGE_GAP)
        lines = QVBoxLayout()
        lines.setSpacing(8)
        for part in (section_heading(self._theme, self.tr("Needs attention")), self._table, self._quiet):
            lines.addWidget(part)
        lines.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        for strip in self._figures:
            column.addWidget(strip)
        column.addLayout(lines)
        column.addWidget(self._cards)
        column.addWidget(self._more_machines, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._beyond)
        column.addWidget(self._no_cards)
        column.addStretch(1)
        return content

    def _connect(self) -> None:
        self._table.row_selected.connect(self.line_chosen)
        self._table.row_activated.connect(self.line_followed)
        self._table.action_requested.connect(self.line_followed)
        self._table.menu_requested.connect(self._ask_menu)
        self._board.menu_requested.connect(self.menu_requested)
        self._board.entity_chosen.connect(self.entity_chosen)
        self._board.entity_opened.connect(self.entity_opened)
        self._board.card_reached.connect(self._scroll_to)
        for strip in self._figures:
            strip.figure_activated.connect(self.figure_activated)
        self._more.clicked.connect(self._toggle_lines)
        self._more_machines.clicked.connect(self._toggle_machines)

    def _show_figures(self, figures: tuple[FigureWords, ...]) -> None:
        """In one strip with long words, in one with short ones, or in two or three strips, as there is room."""
        self._room = _room(self.width())
        shown = tuple(_figure(words, is_tight=self._room is not _Room.WIDE) for words in figures)
        count = -(-len(shown) // _STRIPS[self._room])
        for number, strip in enumerate(self._figures):
            part = shown[number * count : (number + 1) * count]
            strip.set_figures(part)
            strip.setVisible(bool(part))

    def _show_lines(self, lines: tuple[AttentionLine, ...]) -> None:
        is_long = len(lines) > _LINES_AT_FIRST
        shown = lines if self._shows_all or not is_long else lines[:_LINES_AT_FIRST]
        self._table.set_data(attention_data(shown))
        self._table.setVisible(bool(lines))
        self.setFocusProxy(self._table if lines else self._board)
        self._more.setVisible(is_long)
        all_words = self.tr("Show all {count}").format(count=len(lines))
        self._more.setText(self.tr("Show fewer") if self._shows_all else all_words)

    def _show_cards(self, state: OverviewState) -> None:
        domains, machines = Band(state.sections), _machine_band(state.machines, shows_all=self._shows_all_machines)
        bands = tuple(band for band in (domains, machines) if band.sections)
        self._board.show_bands(bands)
        self._cards.setVisible(bool(bands))
        hidden = state.machine_count - _MACHINES_AT_FIRST
        more_words = self.tr("and {count} more").format(count=hidden)
        self._more_machines.setText(self.tr("Show fewer") if self._shows_all_machines else more_words)
        self._more_machines.setVisible(hidden > 0)
        self._beyond.setText(state.beyond)
        self._beyond.setVisible(bool(state.beyond) and self._shows_all_machines)

    def _toggle_machines(self) -> None:
        self._shows_all_machines = not self._shows_all_machines
        if self._state is not None:
            self._show_cards(self._state)

    def _toggle_lines(self) -> None:
        self._shows_all = not self._shows_all
        if self._state is not None:
            self._show_lines(self._state.attention)

    def _ask_menu(self, place: QPoint) -> None:
        entity_key = self._entity_of(self._table.selected_id)
        if entity_key:
            self.menu_requested.emit(entity_key, place)

    def _entity_of(self, row_id: str) -> str:
        lines = self._state.attention if self._state is not None else ()
        return next((line.entity_key for line in lines if line.id == row_id), "")

    def _scroll_to(self, place: QRect) -> None:
        if not place.isEmpty():
            centre = place.translated(self._cards.pos() + self._board.pos()).center()
            self.ensureVisible(centre.x(), centre.y(), 0, place.height() // 2 + PAGE_GAP)

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        if self._state is not None and self._room is not _room(event.size().width()):
            self._show_figures(self._state.figures)


def _room(width: int) -> _Room:
    if width >= _TIGHT:
        return _Room.WIDE
    if width >= _NARROW:
        return _Room.TIGHT
    return _Room.NARROW if width >= _SLIM else _Room.SLIM


def _machine_band(machines: Section | None, *, shows_all: bool) -> Band:
    if machines is None:
        return Band(())
    shown = machines.cards if shows_all else machines.cards[:_MACHINES_AT_FIRST]
    return Band((Section(machines.title, shown),), has_parts=True)


def _figure(words: FigureWords, *, is_tight: bool) -> Figure:
    label = words.short_label if is_tight and words.short_label else words.label
    note = words.short_note if is_tight and words.short_note else words.note
    return Figure(words.key, label, words.value, note, words.tone, words.tool_tip)
