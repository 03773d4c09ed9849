"""The few fonts there are: one family, six roles, all figures tabular."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QFont, QFontDatabase

_PREFERRED_FAMILY = "Inter"
_TABULAR_FIGURES = QFont.Tag("tnum")


class FontRole(StrEnum):
    """What a font is for."""

    BODY = "body"
    MEDIUM = "medium"
    STRONG = "strong"
    SMALL = "small"
    NOTE = "note"
    SECTION = "section"
    PANEL = "panel"
    FIGURE = "figure"
    MONO = "mono"


@dataclass(frozen=True, slots=True)
class Fonts:
    """The fonts by role; sizes in pixels: body 13, note 12, small 11, section 12, panel 15, figure 20, mono 12."""

    body: QFont
    medium: QFont
    strong: QFont
    small: QFont
    note: QFont
    section: QFont
    panel: QFont
    figure: QFont
    mono: QFont

    def of(self, role: FontRole) -> QFont:
        """The font of a role."""
        font: QFont = getattr(self, role.value)
        return font


def load_fonts() -> Fonts:
    """The fonts of this desktop: Inter where it is installed, else the system's own; needs a QGuiApplication."""
    family = _ui_family()

    def font(pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        made = QFont(family)
        made.setPixelSize(pixels)
        made.setWeight(weight)
        made.setFeature(_TABULAR_FIGURES, 1)
        return made

    mono = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    mono.setPixelSize(12)
    return Fonts(
        body=font(13),
        medium=font(13, QFont.Weight.Medium),
        strong=font(13, QFont.Weight.DemiBold),
        small=font(11),
        note=font(12),
        section=font(12, QFont.Weight.DemiBold),
        panel=font(15, QFont.Weight.DemiBold),
        figure=font(20, QFont.Weight.DemiBold),
        mono=mono,
    )


def _ui_family() -> str:
    if QFontDatabase.hasFamily(_PREFERRED_FAMILY):
        return _PREFERRED_FAMILY
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
