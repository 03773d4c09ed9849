"""Sizes in device-independent pixels, so that pages line up without anyone repeating a number."""

from __future__ import annotations

from typing import Final

SPACES: Final = (4, 6, 8, 10, 14, 16, 24)
"""The only distances between things."""

PAGE_PADDING: Final = 16
PAGE_GAP: Final = 14
CARD_PADDING: Final = 14

RADIUS_CARD: Final = 8
RADIUS_CONTROL: Final = 6
RADIUS_TAG: Final = 4

ROW_HEIGHT: Final = 30
ROW_HEIGHT_COMPACT: Final = 28
CONTROL_HEIGHT: Final = 28
ICON_SIZE: Final = 16
MARK_SIZE: Final = 10

RAIL_WIDTH: Final = 196
RAIL_WIDTH_COLLAPSED: Final = 56
TOP_BAR_HEIGHT: Final = 48
INSPECTOR_WIDTH: Final = 340
TIME_LENS_HEIGHT: Final = 64
