"""The page beside the list: one window by itself, or a form. Forms keep what was typed into them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.panels.maintenance.detail_page import DetailPage
from quarterdeck.ui.panels.maintenance.form_page import FormPage
from quarterdeck.ui.panels.maintenance.import_page import ImportPage
from quarterdeck.ui.panels.maintenance.state import FormAnswer, FormState, PreviewState, RecordLine, WindowDetail
from quarterdeck.ui.theme.theme import Theme


class SidePage(QFrame):
    """Shows one page at a time, made when it is first seen. `shown_changed` says whether there is any.

    `saved` carries a window's id. What a person asks for comes under the names of the pages' own signals.
    """

    shown_changed = Signal(bool)
    saved = Signal(str)
    preview_requested = Signal(object, object)
    save_requested = Signal(object, object)
    import_requested = Signal(object, str, object)
    correction_requested = Signal(str)
    export_requested = Signal(str)
    act_requested = Signal(str, object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self._theme = theme
        self._is_shown = False
        self._lock_reason = ""
        self._forms: dict[str, FormPage | ImportPage] = {}
        self._pages = QStackedWidget()
        self._detail: DetailPage | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self.hide()

    @property
    def detail_id(self) -> str:
        """The window that is shown by itself; empty for none."""
        is_detail = self._is_shown and self._pages.currentWidget() is self._detail
        return self._detail.window_id if self._detail is not None and is_detail else ""

    @property
    def is_busy(self) -> bool:
        """Whether a form is shown in which something was typed."""
        page = self._pages.currentWidget()
        return self._is_shown and isinstance(page, FormPage | ImportPage) and page.is_in_use

    def show_detail(self, detail: WindowDetail) -> None:
        """Show a window by itself."""
        page = self._made_detail()
        page.show_detail(detail, self._lock_reason)
        self._show(page)

    def refresh_detail(self, detail: WindowDetail | None) -> None:
        """Show what is new about the window shown; nothing when it is gone."""
        if detail is not None and self._detail is not None:
            self._detail.show_detail(detail, self._lock_reason)
        elif self.detail_id:
            self._close_page()

    def show_records(self, window_id: str, records: tuple[RecordLine, ...], fault: str) -> None:
        """Show the records of the window that is shown by itself."""
        if self._detail is not None and self._detail.window_id == window_id:
            self._detail.show_records(records, fault)

    def show_form(self, form: FormState) -> None:
        """Show a form; one that is in use keeps what was typed, and covers what is asked for now too."""
        page = self._forms.get(form.key)
        if page is not None and page.is_in_use:
            page.cover_too(form.scope)
            self._bring(page)
            return
        if page is not None:
            self._drop(form.key)
        if form.takes_calendar:
            self._take_form(form.key, self._made_import(form))
        else:
            made = self._made_form(form)
            self._take_form(form.key, made)
            made.ask_preview()

    def show_preview(self, form_key: str, preview: PreviewState) -> None:
        """Show in a form what it would come to."""
        page = self._forms.get(form_key)
        if isinstance(page, FormPage):
            page.show_preview(preview)

    def show_answer(self, form_key: str, answer: FormAnswer) -> None:
        """Show in a form how an attempt to keep it ended."""
        if form_key in self._forms:
            self._forms[form_key].show_answer(answer)

    def close_form(self, form_key: str, *, saved_id: str = "") -> None:
        """Take a form away with what was typed into it, which was kept as a window or given up."""
        page = self._forms.get(form_key)
        if page is None:
            return
        was_current = self._pages.currentWidget() is page
        self._drop(form_key)
        if was_current:
            self._close_page()
        if saved_id:
            self.saved.emit(saved_id)

    def lock(self, reason: str) -> None:
        """Let nothing be written, and say why; an empty reason allows it again."""
        self._lock_reason = reason
        for page in self._forms.values():
            page.lock(reason)

    def _made_detail(self) -> DetailPage:
        if self._detail is None:
            self._detail = page = DetailPage(self._theme)
            page.closed.connect(self._close_page)
            page.correction_requested.connect(self.correction_requested)
            page.export_requested.connect(self.export_requested)
            page.act_requested.connect(self.act_requested)
            self._pages.addWidget(page)
        return self._detail

    def _made_form(self, form: FormState) -> FormPage:
        page = FormPage(self._theme, form)
        page.preview_requested.connect(self.preview_requested)
        page.save_requested.connect(self.save_requested)
        return page

    def _made_import(self, form: FormState) -> ImportPage:
        page = ImportPage(self._theme, form)
        page.import_requested.connect(self.import_requested)
        return page

    def _take_form(self, key: str, page: FormPage | ImportPage) -> None:
        self._forms[key] = page
        page.cancelled.connect(self.close_form)
        page.lock(self._lock_reason)
        self._pages.addWidget(page)
        self._bring(page)

    def _bring(self, page: FormPage | ImportPage) -> None:
        self._show(page)
        page.focus_first()

    def _drop(self, key: str) -> None:
        page = self._forms.pop(key)
        self._pages.removeWidget(page)
        page.deleteLater()

    def _show(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        if not self._is_shown:
            self._is_shown = True
            self.shown_changed.emit(True)

    def _close_page(self) -> None:
        """Show nothing; forms stay as they are."""
        self._is_shown = False
        self.shown_changed.emit(False)

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape and self._pages.currentWidget() is self._detail:
            self._close_page()
            return
        super().keyPressEvent(event)
