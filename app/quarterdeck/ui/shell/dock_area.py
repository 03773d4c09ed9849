"""The page: panels as native docks that can be split, tabbed and torn off to another screen."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtWidgets import QApplication, QMainWindow, QTabWidget, QWidget

from quarterdeck.ui.shell.panel_dock import PanelDock
from quarterdeck.ui.theme.theme import Theme

_STATE_VERSION = 1
Columns = tuple[tuple[str, ...], ...]
"""An arrangement: columns side by side, each with panels one above the other."""


class DockArea(QMainWindow):
    """Holds one dock per panel, open or not.

    `visibility_changed` carries a panel's id whenever it can be seen or no longer can; `current_changed` the id of the
    panel that the person works in; `rearranged` comes after docks were moved, opened or closed.
    """

    visibility_changed = Signal(str, bool)
    current_changed = Signal(str)
    rearranged = Signal()

    def __init__(self, theme: Theme, titles: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setProperty("kind", "page")
        self.setDockNestingEnabled(True)
        self.setDocumentMode(True)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._docks: dict[str, PanelDock] = {}
        self._current = ""
        for panel_id, title in titles:
            self._add(theme, panel_id, title)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow_focus)

    @property
    def current(self) -> str:
        """The panel the person works in; empty when none is open."""
        return self._current

    def docks(self) -> tuple[PanelDock, ...]:
        """Every panel's dock, open or not."""
        return tuple(self._docks.values())

    def open_panels(self) -> tuple[str, ...]:
        """The panels that are open, also behind a tab."""
        return tuple(key for key, dock in self._docks.items() if not dock.isHidden())

    def visible_panels(self) -> tuple[str, ...]:
        """The panels that can be seen now."""
        return tuple(key for key, dock in self._docks.items() if dock.is_seen)

    def set_content(self, panel_id: str, widget: QWidget) -> None:
        """Put a widget into a panel's dock."""
        self._docks[panel_id].setWidget(widget)

    def open_panel(self, panel_id: str) -> None:
        """Bring a panel to the front, in the place of the current one when it is not open yet."""
        dock = self._docks[panel_id]
        if dock.isHidden():
            self._take_place(dock)
        dock.show()
        dock.raise_()
        self._set_current(panel_id)

    def open_beside(self, panel_id: str) -> None:
        """Open a panel to the right of the current one, or of all the tabs among which that stands."""
        dock, neighbour = self._docks[panel_id], self._docked_current()
        if neighbour is None or neighbour is dock:
            self.open_panel(panel_id)
            return
        half = neighbour.width() // 2
        dock.setFloating(False)
        dock.hide()
        # Qt makes a neighbour of a tab one more tab: the tabs stand aside meanwhile.
        tabs = [tab for tab in self.tabifiedDockWidgets(neighbour) if not tab.isHidden() and not tab.isFloating()]
        for tab in tabs:
            tab.hide()
        self._set_hidden_aside()
        self.splitDockWidget(neighbour, dock, Qt.Orientation.Horizontal)
        for tab in tabs:
            self.tabifyDockWidget(neighbour, tab)
            tab.show()
        neighbour.raise_()
        dock.show()
        self.resizeDocks([neighbour, dock], [half, half], Qt.Orientation.Horizontal)
        self._settle()
        self._set_current(panel_id)

    def arrange(self, columns: Columns, current: str) -> None:
        """Show exactly these panels, columns of equal width; panels that do not exist are left out."""
        known = [[self._docks[key] for key in column if key in self._docks] for column in columns]
        known = [column for column in known if column]
        for dock in self._docks.values():
            dock.setFloating(False)
            self.removeDockWidget(dock)
        for at, column in enumerate(known):
            if at == 0:
                self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, column[0])
            else:
                self.splitDockWidget(known[at - 1][0], column[0], Qt.Orientation.Horizontal)
        for column in known:
            self._stack(column)
        heads = [column[0] for column in known]
        self.resizeDocks(heads, [self.width() // max(1, len(heads))] * len(heads), Qt.Orientation.Horizontal)
        self._settle()
        if current in self._docks:
            self._set_current(current)

    def save(self) -> bytes:
        """How the docks lie, in Qt's own writing."""
        return bytes(self.saveState(_STATE_VERSION).data())

    def restore(self, state: bytes, panels: Sequence[str]) -> bool:
        """Lay the docks as they were, with these panels open; False when that does not fit.

        What does not fit may leave the docks anyhow: arrange them then.
        """
        if not panels or not set(panels) <= set(self._docks):
            return False
        for dock in self._docks.values():
            dock.hide()
        is_restored = self.restoreState(QByteArray(state), _STATE_VERSION)
        for key, dock in self._docks.items():
            # Qt shows the docks that a state does not mention.
            dock.setVisible(key in panels)
        self._set_hidden_aside()
        self._settle()
        return is_restored

    def let_go(self) -> None:
        """Say nothing any more: the window is closing."""
        for dock in self._docks.values():
            dock.blockSignals(True)
        self.blockSignals(True)

    def _add(self, theme: Theme, panel_id: str, title: str) -> None:
        dock = PanelDock(theme, panel_id, title)
        dock.seen_changed.connect(self._note_visibility)
        dock.topLevelChanged.connect(self._settle)
        dock.dockLocationChanged.connect(self._settle)
        dock.hide()
        self._docks[panel_id] = dock
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)

    def _stack(self, column: Sequence[PanelDock]) -> None:
        for above, dock in pairwise(column):
            self.splitDockWidget(above, dock, Qt.Orientation.Vertical)
        for dock in column:
            dock.show()
        even = [self.height() // len(column)] * len(column)
        self.resizeDocks(list(column), even, Qt.Orientation.Vertical)

    def _take_place(self, dock: PanelDock) -> None:
        neighbour = self._docked_current()
        dock.setFloating(False)
        if neighbour is None:
            self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
            return
        self.tabifyDockWidget(neighbour, dock)
        dock.show()
        neighbour.hide()
        self._set_hidden_aside()

    def _set_hidden_aside(self) -> None:
        """Move closed docks to an area of their own: Qt keeps their places, as tabs behind those that are seen."""
        for dock in self._docks.values():
            if dock.isHidden():
                self.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, dock)

    def _docked_current(self) -> PanelDock | None:
        """The dock whose place a new panel takes: the current one, or any other that is not torn off."""
        keys = (self._current, *self.visible_panels(), *self.open_panels())
        docks = (self._docks[key] for key in keys if key in self._docks)
        return next((dock for dock in docks if not dock.isHidden() and not dock.isFloating()), None)

    def _note_visibility(self, panel_id: str, is_visible: bool) -> None:
        self.visibility_changed.emit(panel_id, is_visible)
        self._settle()
        if not is_visible and panel_id == self._current and self._docks[panel_id].isHidden():
            self._set_current(next(iter(self.visible_panels()), ""))

    def _follow_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        for key, dock in self._docks.items():
            if now is not None and dock.isAncestorOf(now):
                self._set_current(key)

    def _set_current(self, panel_id: str) -> None:
        if panel_id == self._current:
            return
        self._current = panel_id
        for key, dock in self._docks.items():
            dock.set_current(is_current=key == panel_id)
        if panel_id:
            self.current_changed.emit(panel_id)

    def _settle(self) -> None:
        """Give docks a title bar only where there is more than one to tell apart."""
        open_docks = [dock for dock in self._docks.values() if not dock.isHidden()]
        for dock in open_docks:
            is_alone = len(open_docks) == 1 and not dock.isFloating()
            is_tabbed = not dock.isFloating() and any(not d.isHidden() for d in self.tabifiedDockWidgets(dock))
            dock.set_bar_shown(is_shown=not is_alone and not is_tabbed)
        self.rearranged.emit()
