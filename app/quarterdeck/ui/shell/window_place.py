"""Where a window may lie: inside what a screen leaves free, with its frame."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

_USUAL_SIZE: Final = QSize(1440, 900)
_FIRST_SHARE: Final = 0.92
_TITLE_BAR: Final = 40
_BORDER: Final = 8


def first_size(available: QSize) -> QSize:
    """The size of a first window's inside: the usual one, with room left for the frame and for what lies below."""
    room = QSize(int(available.width() * _FIRST_SHARE), int(available.height() * _FIRST_SHARE))
    return _USUAL_SIZE.boundedTo(room)


def fitted(window: QRect, screens: Sequence[QRect]) -> QRect:
    """The inside of a window as it was, or moved and cut into the screen it mostly lies on when it does not fit.

    `screens` is what each leaves free. A window may span several. Its frame is not known before it is shown, so that
    room for a usual one is kept.
    """
    framed = window.adjusted(-_BORDER, -_TITLE_BAR, _BORDER, _BORDER)
    if not screens or sum(_area(framed & screen) for screen in screens) >= _area(framed):
        return window
    home = max(screens, key=lambda screen: _area(framed & screen))
    room = home.adjusted(_BORDER, _TITLE_BAR, -_BORDER, -_BORDER)
    size = window.size().boundedTo(room.size())
    left = min(max(window.left(), room.left()), room.left() + room.width() - size.width())
    top = min(max(window.top(), room.top()), room.top() + room.height() - size.height())
    return QRect(left, top, size.width(), size.height())


def restore_geometry(window: QWidget, geometry: str) -> None:
    """Put a window where it stood when its geometry was kept, in base64; where that cannot be read it stays."""
    try:
        state = base64.b64decode(geometry, validate=True)
    except (binascii.Error, ValueError):
        return
    if state and window.restoreGeometry(state) and not (window.isMaximized() or window.isFullScreen()):
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        window.setGeometry(fitted(window.geometry(), screens))


def _area(rectangle: QRect) -> int:
    return rectangle.width() * rectangle.height() if rectangle.isValid() else 0
