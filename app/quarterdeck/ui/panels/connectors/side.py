"""The page beside the list: one connection by itself, the kinds that can be added, or a form. Forms keep their text."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.panels.connectors.detail_page import DetailPage
from quarterdeck.ui.panels.connectors.form_page import FormPage
from quarterdeck.ui.panels.connectors.kinds_page import KindsPage
from quarterdeck.ui.panels.connectors.state import Detail, FormState, KindsState, PageMessage, TestWords
from quarterdeck.ui.theme.theme import Theme


class SidePage(QFrame):
    """Shows one page at a time, made when it is first seen. `shown_changed` says whether there is any.

    `saved` carries a connection's id. What a person asks for comes under the names of the pages' own signals; those of
    forms carry a form's key, and what was typed into it by field.
    """

    shown_changed = Signal(bool)
    saved = Signal(str)
    form_test_requested = Signal(str, object)
    form_save_requested = Signal(str, object)
    form_stop_requested = Signal(str)
    form_cancelled = Signal(str)
    kind_chosen = Signal(str)
    kinds_requested = Signal()
    edit_requested = Signal(str)
    test_requested = Signal(str)
    stop_requested = Signal(str)
    enabling_requested = Signal(str, bool)
    removal_requested = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self._theme = theme
        self._is_shown = False
        self._forms: dict[str, FormPage] = {}
        self._pages = QStackedWidget()
        self._kinds: KindsPage | None = None
        self._detail: DetailPage | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self.hide()

    @property
    def kinds(self) -> KindsPage:
        """The page of the kinds that can be added."""
        if self._kinds is None:
            self._kinds = page = KindsPage(self._theme)
            page.closed.connect(self._close_page)
            page.kind_chosen.connect(self.kind_chosen)
            page.retry_requested.connect(self.kinds_requested)
            self._pages.addWidget(page)
        return self._kinds

    @property
    def detail(self) -> DetailPage:
        """The page of one connection."""
        if self._detail is None:
            self._detail = page = DetailPage(self._theme)
            page.closed.connect(self._close_page)
            page.edit_requested.connect(self.edit_requested)
            page.test_requested.connect(self.test_requested)
            page.stop_requested.connect(self.stop_requested)
            page.enabling_requested.connect(self.enabling_requested)
            page.removal_requested.connect(self.removal_requested)
            self._pages.addWidget(page)
        return self._detail

    @property
    def detail_id(self) -> str:
        """The connection that is or was shown by itself; empty for none."""
        return self._detail.connection_id if self._detail is not None else ""

    @property
    def is_busy(self) -> bool:
        """Whether a form is shown in which something was typed or is being tried out."""
        page = self._pages.currentWidget()
        return self._is_shown and isinstance(page, FormPage) and page.is_in_use

    def show_detail(self, detail: Detail) -> None:
        """Show a connection by itself."""
        self.detail.show_detail(detail)
        self._show(self.detail)

    def refresh_detail(self, detail: Detail | None) -> None:
        """Show what is new about the connection shown; nothing when it is gone."""
        if detail is not None:
            self.detail.show_detail(detail)
        elif self._is_shown and self._pages.currentWidget() is self._detail:
            self._close_page()

    def show_kinds(self, state: KindsState | PageMessage | None) -> None:
        """Show what can be connected; None while it is being looked for."""
        self.kinds.show_kinds(state)
        self._show(self.kinds)
        self.kinds.focus_first()

    def show_form(self, form: FormState) -> None:
        """Show a form; one that is open already keeps what was typed into it."""
        page = self._forms.get(form.key)
        if page is None:
            page = self._forms[form.key] = self._make_form(form)
        self._show(page)
        page.focus_first()

    def show_outcome(self, form_key: str, outcome: TestWords | None, *, is_busy: bool) -> None:
        """Show in a form how a test or an attempt to save ended."""
        if form_key in self._forms:
            self._forms[form_key].show_outcome(outcome, is_busy=is_busy)

    def close_form(self, form_key: str, *, saved_id: str = "") -> None:
        """Take a form away with what was typed into it, which was saved as a connection or given up."""
        page = self._forms.pop(form_key, None)
        if page is None:
            return
        was_current = self._pages.currentWidget() is page
        self._pages.removeWidget(page)
        page.deleteLater()
        if was_current:
            self._after_form(page.connection_id)
        if saved_id:
            self.saved.emit(saved_id)

    def _close_page(self) -> None:
        """Show nothing; forms stay as they are."""
        self._is_shown = False
        self.shown_changed.emit(False)

    def _after_form(self, connection_id: str) -> None:
        """Back to the connection that was edited; else away."""
        if connection_id and self.detail_id == connection_id:
            self._show(self.detail)
        else:
            self._close_page()

    def _show(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        if not self._is_shown:
            self._is_shown = True
            self.shown_changed.emit(True)

    def _make_form(self, form: FormState) -> FormPage:
        page = FormPage(self._theme, form)
        page.test_requested.connect(self.form_test_requested)
        page.save_requested.connect(self.form_save_requested)
        page.stop_requested.connect(self.form_stop_requested)
        page.cancelled.connect(self.form_cancelled)
        page.kinds_requested.connect(lambda: self._show(self.kinds))
        self._pages.addWidget(page)
        return page

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape and not isinstance(self._pages.currentWidget(), FormPage):
            self._close_page()
            return
        super().keyPressEvent(event)
