"""The column right of the page: the inspector, or the page that the current panel put in its place."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget
from shiboken6 import Shiboken

from quarterdeck.ui.widgets.staleness import mark_stale

_NARROWEST = 280
_WIDEST = 560


class SideArea(QStackedWidget):
    """Visible while it is wanted and has something to show.

    `shown_changed` comes with whether the inspector can be seen, when that changes.
    """

    shown_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumWidth(_NARROWEST)
        self.setMaximumWidth(_WIDEST)
        self._inspector = QWidget()
        self._pages: dict[str, QWidget] = {}
        self._panel_id = ""
        self._is_wanted = True
        self._has_selection = False
        self._was_asked_for = False
        self._was_shown = False
        self._is_stale = False
        self.addWidget(self._inspector)
        self._settle()

    def set_inspector(self, inspector: QWidget) -> None:
        """Put the inspector where an empty widget stood so far."""
        self.removeWidget(self._inspector)
        self._inspector.deleteLater()
        self._inspector = inspector
        self.addWidget(inspector)
        self._settle()

    @property
    def is_wanted(self) -> bool:
        """Whether the person wants the inspector at all."""
        return self._is_wanted

    @property
    def is_inspector_shown(self) -> bool:
        """Whether the inspector is what is in the column now."""
        return not self.isHidden() and self.currentWidget() is self._inspector

    def toggle(self) -> None:
        """Show the inspector, also when nothing is selected, or hide it."""
        self._was_asked_for = self._is_wanted = not self.is_inspector_shown
        self._settle()

    def set_wanted(self, *, is_wanted: bool) -> None:
        """Let the inspector come with a selection, or never."""
        self._is_wanted = is_wanted
        self._settle()

    def set_selection(self, *, has_selection: bool) -> None:
        """Say whether anything is selected."""
        self._has_selection = has_selection
        self._settle()

    def show_for(self, panel_id: str) -> None:
        """Show what belongs to the panel that is current now."""
        self._panel_id = panel_id
        self._settle()

    def set_page(self, panel_id: str, page: QWidget | None) -> None:
        """Put a panel's page in the inspector's place while that panel is current, or take it away."""
        before = self._pages.pop(panel_id, None)
        if before is not None and before is not page and Shiboken.isValid(before):
            self.removeWidget(before)
            before.hide()
        if page is not None:
            self._pages[panel_id] = page
            self.addWidget(page)
            mark_stale(page, is_stale=self._is_stale)
        self._settle()

    def age_pages(self, *, is_stale: bool) -> None:
        """Say whether what panels show here is old: their pages have no veil of their own, but their marks age."""
        self._is_stale = is_stale
        for page in self._pages.values():
            mark_stale(page, is_stale=is_stale)
            page.update()

    def _settle(self) -> None:
        page = self._pages.get(self._panel_id)
        self.setCurrentWidget(page or self._inspector)
        inspects = self._is_wanted and (self._has_selection or self._was_asked_for)
        self.setVisible(page is not None or inspects)
        if self.is_inspector_shown != self._was_shown:
            self._was_shown = self.is_inspector_shown
            self.shown_changed.emit(self._was_shown)
