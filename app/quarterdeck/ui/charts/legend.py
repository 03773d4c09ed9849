"""The legend of a chart: a dash in the line's colour, its name, and its value under the cross-hair, all plain text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from quarterdeck.ui.theme.looks import Looks
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.text import safe_line

_DASH_WIDTH = 10
_DASH_GAP = 5
_VALUE_GAP = 4
_ENTRY_GAP = 14
_LONGEST_NAME = 220
_LEAST_NAME = 42
_SHORTEST_NAME = 24
_HEIGHT = 18
_MORE = "…"


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line's place in the legend; a value is empty for a ghost; ghosts, stale and faded lines are faint.

    The name of the chosen line is written as strongly as its value.
    """

    name: str
    value: str
    slot: int
    is_faint: bool = False
    is_chosen: bool = False

    def shortened(self) -> LegendEntry:
        """With a name and a value that fit into a line, whatever their source made of them."""
        return replace(self, name=safe_line(self.name, 120), value=safe_line(self.value, 40))


class Legend(QWidget):
    """Entries side by side; where there is no room names are cut, then left out, and entries end with an ellipsis.

    A value keeps the room of the widest one that stood in its place, so that nothing dances under the pointer.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._entries: tuple[LegendEntry, ...] = ()
        self._value_widths: tuple[int, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def entries(self) -> tuple[LegendEntry, ...]:
        """What is shown."""
        return self._entries

    @property
    def least_width(self) -> int:
        """The width below which names are cut so short that another place is better."""
        return self._total([min(_LEAST_NAME, width) for width in self._name_widths()])

    def set_entries(self, entries: tuple[LegendEntry, ...]) -> None:
        """Show these entries."""
        if entries == self._entries:
            return
        before = self._entries
        self._entries = tuple(entry.shortened() for entry in entries)
        self._reserve(is_same=[entry.name for entry in before] == [entry.name for entry in self._entries])
        self.setAccessibleName(", ".join(f"{entry.name} {entry.value}".strip() for entry in self._entries))
        self.updateGeometry()
        self.update()

    def shown_names(self) -> tuple[str, ...]:
        """The names as there is room for them, cut or empty; fewer than the entries where not all have room."""
        wished, room = self._name_widths(), self.width()
        metrics = self._metrics()
        if self._total([min(_SHORTEST_NAME, width) for width in wished]) <= room:
            free = room - self._total([0] * len(wished)) - _VALUE_GAP * len(wished)
            longest = min(_LONGEST_NAME, even_limit(wished, free))
            return tuple(
                # A name can be a fraction of a pixel wider than its width in whole ones.
                entry.name if width <= longest else metrics.elidedText(entry.name, Qt.TextElideMode.ElideRight, longest)
                for entry, width in zip(self._entries, self._whole_widths(), strict=True)
            )
        count = len(wished)
        while count and self._total([0] * count) + (0 if count == len(wished) else self._more_width()) > room:
            count -= 1
        return ("",) * count

    def plain_tool_tip_at(self, _position: QPoint) -> str:
        """All names and values where some are cut."""
        is_whole = self.shown_names() == tuple(entry.name for entry in self._entries)
        return "" if is_whole else self.accessibleName()

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._total(self._name_widths()), _HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, _HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        left, metrics, names = 0.0, self._metrics(), self.shown_names()
        for number, name in enumerate(names):
            place = QRectF(left, 0, self._width(number, metrics.horizontalAdvance(name)), self.height())
            paint_entry(painter, self._theme, self._entries[number], name, place)
            left += self._width(number, metrics.horizontalAdvance(name)) + _ENTRY_GAP
        if len(names) < len(self._entries):
            painter.setFont(self._theme.fonts.note)
            painter.setPen(QColor(self._theme.tokens.text_secondary))
            painter.drawText(QRectF(left, 0, 40, self.height()), Qt.AlignmentFlag.AlignVCenter, _MORE)

    def _reserve(self, *, is_same: bool) -> None:
        metrics = QFontMetrics(self._theme.fonts.section)
        needed = tuple(metrics.horizontalAdvance(entry.value) for entry in self._entries)
        self._value_widths = tuple(map(max, needed, self._value_widths)) if is_same else needed

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(self._theme.fonts.note)

    def _more_width(self) -> int:
        return _ENTRY_GAP + self._metrics().horizontalAdvance(_MORE)

    def _name_widths(self) -> list[int]:
        return [min(_LONGEST_NAME, width) for width in self._whole_widths()]

    def _whole_widths(self) -> list[int]:
        metrics = self._metrics()
        return [metrics.horizontalAdvance(entry.name) for entry in self._entries]

    def _total(self, name_widths: Sequence[int]) -> int:
        """The width of the first entries with names so wide."""
        widths = [self._width(number, width) for number, width in enumerate(name_widths)]
        return sum(widths) + _ENTRY_GAP * max(0, len(widths) - 1) + 2

    def _width(self, number: int, name_width: int) -> int:
        named = name_width + _VALUE_GAP if name_width else 0
        return _DASH_WIDTH + _DASH_GAP + named + self._value_widths[number]


def entry_width(looks: Looks, entry: LegendEntry, name: str) -> int:
    """How wide an entry is with its name written so."""
    value = QFontMetrics(looks.fonts.section).horizontalAdvance(entry.value)
    named = QFontMetrics(looks.fonts.note).horizontalAdvance(name) + _VALUE_GAP if name else 0
    return _DASH_WIDTH + _DASH_GAP + named + value


def paint_entry(painter: QPainter, looks: Looks, entry: LegendEntry, name: str, area: QRectF) -> None:
    """Paint an entry from the left of an area, with its name written so. Safe in any thread."""
    tokens = looks.tokens
    colour = QColor(tokens.series[entry.slot % len(tokens.series)])
    colour.setAlphaF(0.5 if entry.is_faint else 1.0)
    painter.fillRect(QRectF(area.left(), area.center().y() - 1, _DASH_WIDTH, 2), colour)
    left = area.left() + _DASH_WIDTH + _DASH_GAP
    painter.setFont(looks.fonts.note)
    painter.setPen(QColor(tokens.text if entry.is_chosen else tokens.text_secondary))
    width = painter.fontMetrics().horizontalAdvance(name)
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
    painter.drawText(QRectF(left, area.top(), width + 2, area.height()), flags, name)
    left += width + _VALUE_GAP if name else 0
    painter.setFont(looks.fonts.section)
    painter.setPen(QColor(tokens.text))
    painter.drawText(QRectF(left, area.top(), area.right() + 2 - left, area.height()), flags, entry.value)


def even_limit(wished: Sequence[int], room: int) -> int:
    """The greatest limit for which all these widths, none above it, have room together; short ones stay whole."""
    left = room
    for taken, width in enumerate(sorted(wished)):
        share = left // (len(wished) - taken)
        if width > share:
            return max(0, share)
        left -= width
    return max(wished, default=0)
