"""Integrations by domain, and machines: headings and cards in as many columns as there is room for."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from quarterdeck.ui.panels.overview.card import EntityCard
from quarterdeck.ui.panels.overview.placement import (
    CARD_HEIGHT,
    SECTION_GAP,
    TALL_CARD_HEIGHT,
    Box,
    PlacedSection,
    page_height,
    place_sections,
)
from quarterdeck.ui.panels.overview.state import Band, Section
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.text import ElidedLabel

_HEADING_FOOT = 8
_SIDEWAYS = 3
"""How much further a card to the side counts than one above or below, when arrows look for a neighbour."""


class CardBoard(QWidget):
    """`entity_chosen` and `entity_opened` carry the key of a card's entity; `card_reached` the place of a card to show.

    Cards are kept by entity, so that focus and hover survive a refresh. The board's focus is its first card's.
    """

    entity_chosen = Signal(str)
    entity_opened = Signal(str)
    card_reached = Signal(QRect)
    menu_requested = Signal(str, QPoint)
    """An entity's key, and where on the screen the menu of its card should open."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._bands: tuple[Band, ...] = ()
        self._headings: list[ElidedLabel] = []
        self._cards: dict[str, EntityCard] = {}
        self._selected = ""
        self.setAccessibleName(self.tr("Integrations by domain, and machines"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bands(self, bands: tuple[Band, ...]) -> None:
        """Show these from above to below; what did not change is not painted again."""
        before, self._bands = self._bands, bands
        cards = [words for section in self._sections for words in section.cards]
        is_moved = [_shape(band) for band in before] != [_shape(band) for band in bands]
        if is_moved:
            self._keep([words.entity_key for words in cards])
        for words in cards:
            self._cards[words.entity_key].show_words(words)
        if is_moved:
            self._place()

    def select(self, entity_key: str) -> None:
        """Mark the card of an entity; an unknown or empty key marks none."""
        self._selected = entity_key
        for key, card in self._cards.items():
            card.set_selected(is_selected=key == entity_key)

    @property
    def first_place(self) -> QRect:
        """Where the first card is on the board; an empty rectangle where there is none."""
        return next((card.geometry() for card in self._cards.values()), QRect())

    def place_of(self, entity_key: str) -> QRect:
        """Where an entity's card is on the board; an empty rectangle where there is none."""
        card = self._cards.get(entity_key)
        return card.geometry() if card is not None else QRect()

    def open_focused(self) -> None:
        """Open the entity whose card has the keyboard."""
        focused = self.focusWidget()
        if isinstance(focused, EntityCard):
            self.entity_opened.emit(focused.entity_key)

    @property
    def _sections(self) -> list[Section]:
        return [section for band in self._bands for section in band.sections]

    def _keep(self, keys: list[str]) -> None:
        for key in [key for key in self._cards if key not in keys]:
            self._cards.pop(key).deleteLater()
        self._cards = {key: self._cards.get(key) or self._new_card() for key in keys}
        cards = list(self._cards.values())
        for earlier, later in pairwise(cards):
            QWidget.setTabOrder(earlier, later)
        if cards:
            self.setFocusProxy(cards[0])
        while len(self._headings) < len(self._sections):
            self._headings.append(self._new_heading())
        self.select(self._selected)

    def _new_card(self) -> EntityCard:
        card = EntityCard(self._theme, self)
        card.chosen.connect(self.entity_chosen)
        card.opened.connect(self.entity_opened)
        card.moved.connect(self._move)
        card.menu_asked.connect(self.menu_requested)
        card.show()
        return card

    def _new_heading(self) -> ElidedLabel:
        heading = ElidedLabel(self._theme, role=FontRole.SECTION, tone=Tone.SECONDARY)
        heading.setParent(self)
        heading.setContentsMargins(0, 0, 0, _HEADING_FOOT)
        return heading

    def _place(self) -> None:
        placed: list[PlacedSection] = []
        for band in self._bands:
            top = page_height(placed) + SECTION_GAP if placed else 0
            counts = [len(section.cards) for section in band.sections]
            height = TALL_CARD_HEIGHT if band.has_parts else CARD_HEIGHT
            placed += place_sections(counts, self.width(), top=top, card_height=height)
        for at, heading in enumerate(self._headings):
            heading.setVisible(at < len(placed))
        for heading, section, where in zip(self._headings, self._sections, placed, strict=False):
            self._place_section(heading, section, where)
        self.setFixedHeight(page_height(placed))

    def _place_section(self, heading: ElidedLabel, section: Section, where: PlacedSection) -> None:
        heading.setText(section.title)
        heading.setGeometry(_rectangle(where.heading))
        for words, box in zip(section.cards, where.cards, strict=True):
            self._cards[words.entity_key].setGeometry(_rectangle(box))

    def _move(self, columns: int, rows: int) -> None:
        """Give the keyboard to the nearest card in a direction."""
        sender = self.focusWidget()
        if not isinstance(sender, EntityCard):
            return
        here = sender.geometry().center()
        best: tuple[int, EntityCard] | None = None
        for card in self._cards.values():
            there = card.geometry().center() - here
            along = there.x() * columns + there.y() * rows
            across = abs(there.x() * rows) + abs(there.y() * columns)
            if along > 0 and (best is None or along + _SIDEWAYS * across < best[0]):
                best = along + _SIDEWAYS * across, card
        if best is not None:
            best[1].setFocus(Qt.FocusReason.OtherFocusReason)
            self.card_reached.emit(best[1].geometry())

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._place()


def _shape(band: Band) -> tuple[bool, list[tuple[str, list[str]]]]:
    return band.has_parts, [(each.title, [card.entity_key for card in each.cards]) for each in band.sections]


def _rectangle(box: Box) -> QRect:
    return QRect(box.left, box.top, box.width, box.height)
