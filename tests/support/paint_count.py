"""How often widgets are painted, for tests and benches of what must not be painted in vain."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from typing_extensions import override


class PaintCount(QObject):
    """Counts the paint events of the widgets it watches, for as long as it is kept."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self.count = 0
        for widget in widgets:
            widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        self.count += event.type() is QEvent.Type.Paint
        return False
