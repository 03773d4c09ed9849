"""Plain text in lines: breaking it to a width without a document, so that nothing can be taken for markup."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout, QTextOption

_LEADING = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of text and their measure in pixels."""

    lines: tuple[str, ...]
    width: float
    line_height: float

    @property
    def height(self) -> float:
        """The height of all lines."""
        return self.line_height * len(self.lines)


def line_height(font: QFont) -> float:
    """The distance of two baselines: 18 for the body font."""
    return round(QFontMetricsF(font).height()) + _LEADING


def break_lines(text: str, font: QFont, width: float) -> Paragraph:
    """A text broken at line feeds and, between words where possible, to a width."""
    lines: list[str] = []
    widest = 0.0
    for part in text.split("\n"):
        layout = QTextLayout(part, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            widest = max(widest, line.naturalTextWidth())
            lines.append(_piece(part, line.textStart(), line.textLength()))
        layout.endLayout()
    return Paragraph(tuple(lines or ("",)), widest, line_height(font))


def _piece(text: str, start: int, length: int) -> str:
    """Part of a text by Qt's positions, which count UTF-16 units."""
    units = text.encode("utf-16-le")[2 * start : 2 * (start + length)]
    return units.decode("utf-16-le", "replace").rstrip()
