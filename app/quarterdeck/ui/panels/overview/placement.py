"""Where sections of cards stand on a page of some width: pure arithmetic, no widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

CARD_HEIGHT = 58
TALL_CARD_HEIGHT = 82
CARD_GAP = 8
COLUMN_GAP = 14
HEADING_HEIGHT = 26
SECTION_GAP = 14
NARROWEST_CARD = 340


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PlacedSection:
    """A section's heading and its cards, in the cards' order."""

    heading: Box
    cards: tuple[Box, ...]

    @property
    def bottom(self) -> int:
        """Where the section ends."""
        last = self.cards[-1] if self.cards else self.heading
        return last.top + last.height


def column_count(width: int) -> int:
    """How many columns of cards there is room for; at least one."""
    return max(1, (width + COLUMN_GAP) // (NARROWEST_CARD + COLUMN_GAP))


def place_sections(
    counts: Sequence[int], width: int, *, top: int = 0, card_height: int = CARD_HEIGHT
) -> tuple[PlacedSection, ...]:
    """Place sections of so many cards each into columns that begin at `top`.

    With more sections than columns each takes one column, under the one that ends first. With fewer, those with the
    most cards spread over several columns side by side.
    """
    columns = column_count(width)
    edges = [round(at * (width + COLUMN_GAP) / columns) for at in range(columns + 1)]
    spans = _spans(counts, columns)
    bottoms = [top] * columns
    placed: list[PlacedSection] = []
    for count, span in zip(counts, spans, strict=True):
        column = min(range(columns - span + 1), key=lambda at: max(bottoms[at : at + span]))
        section_top = max(bottoms[column : column + span])
        section = _section(count, section_top, edges[column : column + span + 1], card_height)
        bottoms[column : column + span] = [section.bottom + SECTION_GAP] * span
        placed.append(section)
    return tuple(placed)


def page_height(sections: Sequence[PlacedSection]) -> int:
    """How high the placed sections are together."""
    return max((section.bottom for section in sections), default=0)


def _spans(counts: Sequence[int], columns: int) -> list[int]:
    spans = [1] * len(counts)
    for _ in range(columns - len(counts)):
        fullest = max(range(len(counts)), key=lambda at: counts[at] / spans[at], default=None)
        if fullest is not None and spans[fullest] < counts[fullest]:
            spans[fullest] += 1
    return spans


def _section(count: int, top: int, edges: Sequence[int], card_height: int) -> PlacedSection:
    """A section between the left edges of its columns and of the column after it."""
    span = len(edges) - 1
    first_top = top + HEADING_HEIGHT
    cards = tuple(
        Box(
            edges[at % span],
            first_top + (at // span) * (card_height + CARD_GAP),
            edges[at % span + 1] - edges[at % span] - COLUMN_GAP,
            card_height,
        )
        for at in range(count)
    )
    return PlacedSection(Box(edges[0], top, edges[-1] - edges[0] - COLUMN_GAP, HEADING_HEIGHT), cards)
