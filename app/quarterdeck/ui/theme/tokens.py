"""The colours of both themes, named by what they are for; no other module writes a colour down."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

_LINEAR_KNEE = 0.04045


class Tone(StrEnum):
    """What a piece of text or a mark says through its colour; always joined by a word or a shape."""

    TEXT = "text"
    SECONDARY = "text_secondary"
    TERTIARY = "text_tertiary"
    ACCENT = "accent"
    ON_ACCENT = "on_accent"
    HEALTHY = "healthy"
    DEGRADED = "degraded"
    DOWN = "down"
    UNKNOWN = "unknown"
    MAINTENANCE = "maintenance"


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme's colours as `#rrggbb`.

    `…_ground` is the faint fill behind text or marks of the same name; `series` are the line colours of charts,
    in order; `scale` are steps from little to much, told apart by their lightness alone.
    """

    is_dark: bool
    window: str
    surface: str
    raised: str
    hover: str
    line: str
    text: str
    text_secondary: str
    text_tertiary: str
    accent: str
    accent_hover: str
    accent_ground: str
    on_accent: str
    healthy: str
    healthy_ground: str
    degraded: str
    degraded_ground: str
    down: str
    down_ground: str
    unknown: str
    unknown_ground: str
    maintenance: str
    maintenance_ground: str
    series: tuple[str, str, str, str, str, str]
    scale: tuple[str, str, str, str, str]

    def tone(self, tone: Tone) -> str:
        """The colour of a tone."""
        colour: str = getattr(self, tone.value)
        return colour

    def ground(self, tone: Tone) -> str:
        """The faint fill that belongs behind a tone; `hover` for the neutral ones."""
        grounds: dict[Tone, str] = {
            Tone.ACCENT: self.accent_ground,
            Tone.HEALTHY: self.healthy_ground,
            Tone.DEGRADED: self.degraded_ground,
            Tone.DOWN: self.down_ground,
            Tone.UNKNOWN: self.unknown_ground,
            Tone.MAINTENANCE: self.maintenance_ground,
        }
        return grounds.get(tone, self.hover)


DARK = Tokens(
    is_dark=True,
    window="#0f1318",
    surface="#141920",
    raised="#1a2028",
    hover="#232b35",
    line="#28303b",
    text="#e8ecf1",
    text_secondary="#a4aebb",
    text_tertiary="#8994a2",
    accent="#6aa5ff",
    accent_hover="#86b5ff",
    accent_ground="#1d2c44",
    on_accent="#0f1318",
    healthy="#43b78d",
    healthy_ground="#16302a",
    degraded="#e8ad45",
    degraded_ground="#352b17",
    down="#f0705f",
    down_ground="#3a2020",
    unknown="#8994a2",
    unknown_ground="#232b35",
    maintenance="#9a8af5",
    maintenance_ground="#262341",
    series=("#6aa5ff", "#f0953f", "#5fd0a4", "#c4b0f8", "#f060c0", "#7f8c9b"),
    scale=("#1f2c40", "#27508f", "#3f7fd6", "#8ab9ff", "#e3efff"),
)

LIGHT = Tokens(
    is_dark=False,
    window="#f3f5f8",
    surface="#ffffff",
    raised="#ffffff",
    hover="#eaeff5",
    line="#dce2e9",
    text="#18212c",
    text_secondary="#55606f",
    text_tertiary="#5b6673",
    accent="#2563d8",
    accent_hover="#1d54bd",
    accent_ground="#e4edfd",
    on_accent="#ffffff",
    healthy="#10704f",
    healthy_ground="#e2f4ed",
    degraded="#865500",
    degraded_ground="#fbf0d9",
    down="#c43423",
    down_ground="#fbe6e2",
    unknown="#5f6a78",
    unknown_ground="#eaeff5",
    maintenance="#6a55d6",
    maintenance_ground="#ecebfb",
    series=("#2563d8", "#b8520a", "#0f7a58", "#45278f", "#c22f96", "#5a6573"),
    scale=("#e9f0fb", "#b3cdf6", "#6f9feb", "#2c66cf", "#122f6b"),
)


def relative_luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 black to 1 white, by WCAG 2.2."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (c / 12.92 if c <= _LINEAR_KNEE else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21, by WCAG 2.2; the order does not matter."""
    lighter, darker = sorted((relative_luminance(first), relative_luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
