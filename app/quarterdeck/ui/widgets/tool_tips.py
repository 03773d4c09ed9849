"""Tool tips as plain text, whoever set them: Qt would render markup in them, images from files included."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QHeaderView,
    QLabel,
    QMenu,
    QTabBar,
    QToolTip,
    QWidget,
)
from typing_extensions import override

from quarterdeck.ui.widgets.text import safe_text

_TIP_LIMIT = 600
_TIP_WIDTH = 72
_TIP_CLASS = b"QTipLabel"


@runtime_checkable
class TellsToolTips(Protocol):
    """A painted widget that has different tool tips at different points."""

    def plain_tool_tip_at(self, position: QPoint) -> str:
        """The tool tip at a point of the widget (of its viewport, for a scrolling one), or an empty string."""
        ...


class PlainToolTips(QObject):
    """Filters the application's events; install once. Every tool tip becomes capped, broken, plain text."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        app.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        kind = event.type()
        if kind is QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and isinstance(watched, QWidget):
            return _show(watched, event)
        if kind is QEvent.Type.Polish and isinstance(watched, QLabel) and watched.inherits(_TIP_CLASS.decode()):
            # Also reaches tips that Qt shows on its own account; Qt polishes the label before it gives it the text.
            watched.setTextFormat(Qt.TextFormat.PlainText)
        return False


def plain_tip(text: str) -> str:
    """A text as a tool tip shows it: capped and broken into lines of at most 72 characters."""
    lines: list[str] = []
    for paragraph in safe_text(text, _TIP_LIMIT).splitlines():
        lines += _broken(paragraph)
    return "\n".join(lines)


def tool_tip_at(widget: QWidget, position: QPoint) -> str:
    """The tool tip that belongs to a point of a widget, as it was set."""
    owner = widget.parentWidget()
    if isinstance(widget, TellsToolTips):
        return widget.plain_tool_tip_at(position)
    if isinstance(owner, QAbstractScrollArea) and owner.viewport() is widget:
        return _scrolling_tip(owner, position)
    if isinstance(widget, QTabBar):
        return widget.tabToolTip(widget.tabAt(position))
    return "" if isinstance(widget, QMenu) else widget.toolTip()


def _show(widget: QWidget, event: QHelpEvent) -> bool:
    text = plain_tip(tool_tip_at(widget, event.pos()))
    if not text:
        QToolTip.hideText()
        return False
    QToolTip.showText(event.globalPos(), text, widget)
    return True


def _scrolling_tip(view: QAbstractScrollArea, position: QPoint) -> str:
    if isinstance(view, TellsToolTips):
        return view.plain_tool_tip_at(position)
    if isinstance(view, QHeaderView):
        section = view.logicalIndexAt(position)
        return str(view.model().headerData(section, view.orientation(), Qt.ItemDataRole.ToolTipRole) or "")
    if isinstance(view, QAbstractItemView):
        return str(view.indexAt(position).data(Qt.ItemDataRole.ToolTipRole) or "")
    return view.viewport().toolTip()


def _broken(paragraph: str) -> list[str]:
    lines = [""]
    for word in paragraph.split(" "):
        for piece in (word[at : at + _TIP_WIDTH] for at in range(0, max(1, len(word)), _TIP_WIDTH)):
            joined = f"{lines[-1]} {piece}" if lines[-1] else piece
            if len(joined) <= _TIP_WIDTH:
                lines[-1] = joined
            else:
                lines.append(piece)
    return lines
