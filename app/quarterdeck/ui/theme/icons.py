"""Line icons in the theme's colours, drawn from the Phosphor font that QtAwesome brings.

Only QtAwesome's files are used: importing its code costs more than half of an empty window's start. Icons are plain
pixmaps, made again on a change of theme; an icon engine written in Python crashes when Qt clones it.
"""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPixmap

from quarterdeck.domain.errors import OperatorError
from quarterdeck.ui.theme.measures import ICON_SIZE
from quarterdeck.ui.theme.tokens import Tokens, Tone


@dataclass(frozen=True, slots=True)
class _IconFont:
    family: str
    characters: dict[str, str]


class IconSet:
    """Icons by their Phosphor name (`link`, `gear`, …); the font is read when the first one is asked for."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._font: _IconFont | None = None
        self._icons: dict[tuple[str, Tone, int], QIcon] = {}

    def recolour(self, tokens: Tokens) -> None:
        """Forget what was drawn and draw in these colours from now on."""
        self._tokens = tokens
        self._icons.clear()

    def icon(self, name: str, tone: Tone = Tone.SECONDARY, *, size: int = ICON_SIZE) -> QIcon:
        """An icon in a tone; accent when checked, tertiary when disabled.

        Raises KeyError for a name the family does not have and OperatorError when the font is not installed.
        """
        key = (name, tone, size)
        if key not in self._icons:
            self._icons[key] = self._draw_icon(name, tone, size)
        return self._icons[key]

    def pixmap(self, name: str, colour: str, *, size: int = ICON_SIZE, ratio: float = 1.0) -> QPixmap:
        """One drawing of an icon in `#rrggbb` at a device pixel ratio."""
        font = self._loaded()
        character = font.characters[name]
        pixmap = QPixmap(QSize(size, size) * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        glyphs = QFont(font.family)
        glyphs.setPixelSize(size)
        painter.setFont(glyphs)
        painter.setPen(QColor(colour))
        painter.drawText(QRectF(0, 0, size, size), Qt.AlignmentFlag.AlignCenter, character)
        painter.end()
        return pixmap

    def _draw_icon(self, name: str, tone: Tone, size: int) -> QIcon:
        tokens = self._tokens
        drawings = (
            (tokens.tone(tone), QIcon.Mode.Normal, QIcon.State.Off),
            (tokens.accent, QIcon.Mode.Normal, QIcon.State.On),
            (tokens.text_tertiary, QIcon.Mode.Disabled, QIcon.State.Off),
        )
        icon = QIcon()
        for ratio in _ratios():
            for colour, mode, state in drawings:
                icon.addPixmap(self.pixmap(name, colour, size=size, ratio=ratio), mode, state)
        return icon

    def _loaded(self) -> _IconFont:
        if self._font is None:
            self._font = _load_font()
        return self._font


def _ratios() -> tuple[float, ...]:
    sharpest = max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)
    return (1.0,) if sharpest <= 1.0 else (1.0, sharpest)


def _load_font() -> _IconFont:
    spec = importlib.util.find_spec("qtawesome")
    folder = Path(spec.origin).parent / "fonts" if spec and spec.origin else Path()
    fonts, maps = sorted(folder.glob("phosphor-?.*.ttf")), sorted(folder.glob("phosphor-charmap-*.json"))
    if not fonts or not maps:
        raise OperatorError("The icons of QtAwesome are not installed.", "Install the package QtAwesome again.")
    codes: dict[str, str] = json.loads(maps[-1].read_text("utf-8"))
    number = QFontDatabase.addApplicationFont(str(fonts[-1]))
    families = QFontDatabase.applicationFontFamilies(number)
    if not families:
        raise OperatorError("The icon font of QtAwesome cannot be read.", "Install the package QtAwesome again.")
    return _IconFont(families[0], {name: chr(int(code, 16)) for name, code in codes.items()})
