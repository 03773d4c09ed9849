"""The panel's controls in the top bar: its views, a field that searches, and what begins something new."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from quarterdeck.ui.panels.maintenance.state import Shelf
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.filter_line import FilterLine
from quarterdeck.ui.widgets.segments import Segment, SegmentedControl


class MaintenanceBar(QObject):
    """`narrowed` comes with another view or other words, `left` when the keyboard should go back to the list."""

    narrowed = Signal()
    left = Signal()
    plan_requested = Signal()
    import_requested = Signal()
    export_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._views = SegmentedControl(
            theme,
            (
                Segment(Shelf.OPEN, self.tr("Planned")),
                Segment(Shelf.PAST, self.tr("Over")),
                Segment(Shelf.ALL, self.tr("All")),
            ),
            accessible_name=self.tr("Windows shown"),
        )
        self._line = FilterLine(theme, self.tr("Search"))
        self._import = Button(theme, self.tr("Import…"))
        self._export = Button(theme, self.tr("Export…"))
        self._plan = Button(theme, self.tr("Plan maintenance…"), kind=ButtonKind.PRIMARY)
        self._views.chosen.connect(self.narrowed)
        self._line.filter_changed.connect(self.narrowed)
        self._line.left.connect(self.left)
        self._plan.clicked.connect(self.plan_requested)
        self._import.clicked.connect(self.import_requested)
        self._export.clicked.connect(self.export_requested)

    @property
    def widgets(self) -> list[QWidget]:
        """The controls in their order."""
        return [self._views, self._line, self._import, self._export, self._plan]

    @property
    def shelf(self) -> Shelf:
        """The view that is chosen."""
        return Shelf(self._views.current)

    @property
    def words(self) -> str:
        """The words that a row must hold."""
        return self._line.text()

    def show_all(self) -> None:
        """Show every window again, without a signal."""
        self._views.set_current(Shelf.ALL)
        self._line.clear()

    def focus_search(self) -> None:
        """Give the keyboard to the field."""
        self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._line.selectAll()

    def lock(self, reason: str) -> None:
        """Take away what writes, and say why; an empty reason gives it back."""
        for button in (self._import, self._plan):
            button.setEnabled(not reason)
            button.setToolTip(reason)
            button.setAccessibleDescription(reason)
