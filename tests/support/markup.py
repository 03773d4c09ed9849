"""Markup and endless lines from outside, and a walk over widgets that finds whoever takes them for more than text."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QTextDocument
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsTextItem,
    QGraphicsView,
    QLabel,
    QMessageBox,
    QTextEdit,
    QWidget,
)

_SIGNAL_COLOUR = "#fe01fd"
_LONGEST_TEXT = 21_000
_TIP_CLASS = "QTipLabel"


@dataclass(frozen=True, slots=True)
class HostileText:
    """Strings as a source may send them: `markup` embeds an image of a colour that nothing of ours has."""

    markup: str
    long_line: str

    @property
    def all(self) -> tuple[str, str]:
        """Both of them."""
        return (self.markup, self.long_line)


def hostile_text(folder: Path) -> HostileText:
    """Hostile strings whose image lies in a folder."""
    image = QImage(60, 60, QImage.Format.Format_RGB32)
    image.fill(QColor(_SIGNAL_COLOUR))
    path = folder / "beacon.png"
    image.save(str(path))
    markup = f'<img src="file://{path}"><b>bold</b><br><table><tr><td>cell</td></tr></table>'
    return HostileText(markup, f"{markup}{'A' * 300_000}")


def faults_below(root: QWidget) -> list[str]:
    """One sentence for each widget at or below `root` that takes text for markup, or holds one without end."""
    widgets = [root, *root.findChildren(QWidget)]
    return [fault for widget in widgets for fault in (*_kind_faults(widget), *_text_faults(widget))]


def shows_the_image(root: QWidget) -> bool:
    """Whether the image of the hostile markup was opened and painted anywhere in `root`."""
    picture = root.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    wanted = QColor(_SIGNAL_COLOUR).rgb()
    return any(
        picture.pixel(x, y) == wanted for y in range(0, picture.height(), 4) for x in range(0, picture.width(), 4)
    )


def tool_tip_shown(widget: QWidget, position: QPoint | None = None) -> QLabel | None:
    """Let the pointer rest on a point of a widget; the label in which Qt shows the tool tip, if it shows one."""
    place = widget.rect().center() if position is None else position
    event = QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place))
    QApplication.sendEvent(widget, event)
    return next((label for label in _tip_labels() if label.isVisible()), None)


def remove_tool_tips() -> None:
    """Take away what `tool_tip_shown` left on the screen."""
    for label in _tip_labels():
        label.close()
        label.deleteLater()


def tip_faults_below(root: QWidget) -> list[str]:
    """One sentence for each tool tip at or below `root` that Qt would show as markup or without end."""
    faults: list[str] = []
    for widget in (root, *root.findChildren(QWidget)):
        if widget.toolTip() and widget.isVisible():
            label = tool_tip_shown(widget)
            if label is None or label.textFormat() is not Qt.TextFormat.PlainText:
                faults.append(f"{_name(widget)} has a tool tip that is not plain")
            elif len(label.text()) > _LONGEST_TEXT:
                faults.append(f"{_name(widget)} has a tool tip of {len(label.text())} characters")
    remove_tool_tips()
    return faults


def _tip_labels() -> list[QLabel]:
    labels = (widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QLabel))
    return [label for label in labels if label.inherits(_TIP_CLASS)]


def _kind_faults(widget: QWidget) -> list[str]:
    is_rich = (isinstance(widget, QLabel) and widget.textFormat() is not Qt.TextFormat.PlainText) or (
        isinstance(widget, QMessageBox) and widget.textFormat() is not Qt.TextFormat.PlainText
    )
    faults = [f"{_name(widget)} may take text for markup"] if is_rich else []
    if isinstance(widget, QTextEdit) and not widget.document().isEmpty():
        faults.append(f"{_name(widget)} is an editor of rich text")
    if isinstance(widget, QGraphicsView):
        items = [item for item in widget.items() if isinstance(item, QGraphicsTextItem) and item.toPlainText()]
        faults += [f"{_name(widget)} shows a text item that takes markup" for _ in items]
    return faults


def _text_faults(widget: QWidget) -> list[str]:
    texts = [widget.windowTitle(), widget.accessibleName(), widget.accessibleDescription()]
    for getter in ("text", "toPlainText", "placeholderText", "currentText", "title"):
        method = getattr(widget, getter, None)
        if callable(method):
            texts.append(str(method()))
    documents = widget.findChildren(QTextDocument)
    texts += [document.toPlainText() for document in documents]
    return [f"{_name(widget)} holds {len(text)} characters" for text in texts if len(text) > _LONGEST_TEXT]


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName()[:40]!r}"
