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
    """Shows one page at a time. `shown_changed` says whether there is any; `saved` carries a connection's id.

    `noticed` carries a sentence for the foot of the window. What a person asks for comes from `kinds`, `detail` and the
    `form_*` signals; these carry a form's key, and what was typed into it by field.
    """

    shown_changed = Signal(bool)
    saved = Signal(str)
    noticed = Signal(str)
    form_test_requested = Signal(str, object)
    form_save_requested = Signal(str, object)
    form_stop_requested = Signal(str)
    form_cancelled = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self._theme = theme
        self._is_shown = False
        self._forms: dict[str, FormPage] = {}
        self._pages = QStackedWidget()
        self.kinds = KindsPage(theme)
        self.detail = DetailPage(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        for page in (self.detail, self.kinds):
            self._pages.addWidget(page)
        self.kinds.closed.connect(self.close_page)
        self.detail.closed.connect(self.close_page)
        self.hide()

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
        elif self._is_shown and self._pages.currentWidget() is self.detail:
            self.close_page()

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

    def close_form(self, form_key: str) -> None:
        """Take a form away with what was typed into it."""
        page = self._forms.pop(form_key, None)
        if page is None:
            return
        was_current = self._pages.currentWidget() is page
        self._pages.removeWidget(page)
        page.deleteLater()
        if was_current:
            self._after_form(page.connection_id)

    def show_saved(self, connection_id: str, sentence: str) -> None:
        """A form was kept."""
        self.noticed.emit(sentence)
        self.saved.emit(connection_id)

    def notify(self, sentence: str) -> None:
        """Say a sentence at the foot of the window."""
        self.noticed.emit(sentence)

    def close_page(self) -> None:
        """Show nothing; forms stay as they are."""
        self._is_shown = False
        self.shown_changed.emit(False)

    def _after_form(self, connection_id: str) -> None:
        """Back to the connection that was edited; else away."""
        if connection_id and self.detail.connection_id == connection_id:
            self._show(self.detail)
        else:
            self.close_page()

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
            self.close_page()
            return
        super().keyPressEvent(event)
