"""What pages beside a list are built from: a head that stays, a body that scrolls, buttons at the foot."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from quarterdeck.ui.theme.measures import ICON_SIZE, PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.scrolled import scrolling
from quarterdeck.ui.widgets.text import PlainLabel

_BAR_ROOM = 10
_CLOSE_SIZE = 26
_TITLE_TOP = 3
_ROOM_ABOVE = 8
_ROOM_AROUND = 60
_SETTLE_MS = 60


class SideHead(QWidget):
    """A mark, if there is one, the title, and the button that closes the page."""

    def __init__(self, theme: Theme, title: str, *, mark: QWidget | None = None) -> None:
        super().__init__()
        self._title = PlainLabel(theme, title, role=FontRole.PANEL, wraps=True)
        self.close_button = Button(theme, "", kind=ButtonKind.QUIET, icon="x")
        self.close_button.setAccessibleName(self.tr("Close"))
        self.close_button.setToolTip(self.tr("Close"))
        self.close_button.setFixedSize(_CLOSE_SIZE, _CLOSE_SIZE)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        if mark is not None:
            row.addLayout(_beside_first_line(mark))
        words = QVBoxLayout()
        words.addSpacing(_TITLE_TOP)
        words.addWidget(self._title)
        words.addStretch(1)
        row.addLayout(words, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)

    def set_title(self, title: str) -> None:
        """Change the title."""
        self._title.setText(title)


def _beside_first_line(mark: QWidget) -> QVBoxLayout:
    """A mark in the middle of the first line of a title, however many lines that takes; no room without it."""
    column = QVBoxLayout()
    column.addSpacing((_CLOSE_SIZE - ICON_SIZE) // 2)
    column.addWidget(mark)
    column.addStretch(1)
    return column


def scrolled(widgets: Sequence[QWidget], *, spacing: int) -> QScrollArea:
    """Widgets one below the other in an area that scrolls when there is no room for all of them."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 2, PAGE_PADDING, 14)
    column.setSpacing(spacing)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    area = scrolling(page)

    def keep_edge(_least: int, most: int) -> None:
        column.setContentsMargins(0, 2, PAGE_PADDING - (_BAR_ROOM if most > 0 else 0), 14)

    area.verticalScrollBar().rangeChanged.connect(keep_edge)
    return area


def scroll_to(area: QScrollArea, widget: QWidget) -> None:
    """Bring a widget to the top of what is seen, once everything has its place."""
    _Settling(area, lambda: area.verticalScrollBar().setValue(widget.y() - _ROOM_ABOVE))


def reveal(area: QScrollArea, widget: QWidget) -> None:
    """Scroll so far that a widget is seen with what is said below it, once everything has its place."""
    _Settling(area, lambda: area.ensureWidgetVisible(widget, 0, _ROOM_AROUND))


class _Settling(QObject):
    """Does something once everything in an area has its place: at once, and as often as the area grows in a moment."""

    def __init__(self, area: QScrollArea, deed: Callable[[], object]) -> None:
        # A child, so that it ends with the area: a single shot outlives its context.
        super().__init__(area)
        self._deed = deed
        self._end = QTimer(self)
        self._end.setSingleShot(True)
        self._end.timeout.connect(self._finish)
        self._end.start(_SETTLE_MS)
        area.verticalScrollBar().rangeChanged.connect(self._repeat)
        deed()

    def _repeat(self) -> None:
        self._deed()

    def _finish(self) -> None:
        self._deed()
        self.deleteLater()


def lay_out_side(
    page: QWidget,
    head: Sequence[QWidget],
    body: QWidget,
    buttons: Sequence[QAbstractButton],
    *,
    remark: QWidget | None = None,
) -> None:
    """Give a page its head, its body and its buttons, above which a remark may stand."""
    column = QVBoxLayout(page)
    column.setContentsMargins(PAGE_PADDING, 12, 0, 0)
    column.setSpacing(0)
    top = QVBoxLayout()
    top.setContentsMargins(0, 0, PAGE_PADDING, 10)
    top.setSpacing(2)
    for widget in head:
        top.addWidget(widget)
    column.addLayout(top)
    column.addWidget(body, 1)
    if remark is not None:
        above = QVBoxLayout()
        above.setContentsMargins(0, 8, PAGE_PADDING, 0)
        above.addWidget(remark)
        column.addLayout(above)
    if buttons:
        row = QHBoxLayout()
        row.setContentsMargins(0, 10, PAGE_PADDING, 14)
        row.setSpacing(8)
        row.setAlignment(Qt.AlignmentFlag.AlignLeft)
        for button in buttons:
            row.addWidget(button)
        column.addLayout(row)
