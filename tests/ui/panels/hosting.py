"""A window around a panel, with the panel's controls above it as the shell's top bar holds them."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from quarterdeck.ui.widgets.panel import PanelView


def hosted(view: PanelView, width: int = 1300, height: int = 800) -> QWidget:
    """The panel and its controls in a window that owns them."""
    window = QWidget()
    column = QVBoxLayout(window)
    bar = QHBoxLayout()
    for control in view.bar_widgets():
        bar.addWidget(control)
    column.addLayout(bar)
    column.addWidget(view)
    window.resize(width, height)
    return window
