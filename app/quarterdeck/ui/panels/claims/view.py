"""The Claims panel: shows the log it is given, narrows it, and saves it as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.panels.claims.page import ClaimsPage
from quarterdeck.ui.panels.claims.state import ClaimsState, Page, PageMessage
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.actions import ActionSpec
from quarterdeck.ui.widgets.buttons import Button
from quarterdeck.ui.widgets.file_saver import FileFormat, FileSaver
from quarterdeck.ui.widgets.filter_line import FilterLine
from quarterdeck.ui.widgets.panel import Moment, PanelAction, PanelView
from quarterdeck.ui.widgets.state_stack import Message, Offer, StateStack

if TYPE_CHECKING:
    from quarterdeck.ui.panels.claims.presenter import ClaimsPresenter, Topics

PANEL_ID = "claims"
_FILL, _AGAIN = "fill", "again"
_FILE_NAME = "claims-against-measurement"


class ClaimsView(PanelView):
    """The panel: its tables, or what stands in their place."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._presenter: ClaimsPresenter | None = None
        self._saver: FileSaver | None = None
        self._target = ""
        self._line = FilterLine(theme, self.tr("Filter"))
        self._export = Button(theme, self.tr("Export…"), icon="download-simple")
        self._page = ClaimsPage(theme)
        self._stack = StateStack(theme, self._page)
        self.setAccessibleName(self.tr("Claims"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.setFocusProxy(self._page)
        self._connect()

    def present(self, presenter: ClaimsPresenter, background: Background) -> None:
        """Take the one that loads what is shown; called once, before anything is shown."""
        self._presenter = presenter
        self._saver = FileSaver(
            self, background, self.notice_raised.emit, saved_as=self.tr("The log is saved as {path}.")
        )

    @override
    def show_moment(self, moment: Moment) -> None:
        if self._presenter is not None:
            self._presenter.show_moment(moment)

    @override
    def refresh(self, moment: Moment, topics: Topics) -> None:
        if self._presenter is not None:
            self._presenter.refresh(moment, topics)

    @override
    def show_selection(self, entity_key: str) -> None:
        self._page.select(entity_key)

    @override
    def show_target(self, target: str) -> None:
        self._target = target
        self._page.select(target)

    @override
    def bar_widgets(self) -> list[QWidget]:
        return [self._line, self._export]

    @override
    def panel_actions(self) -> list[PanelAction]:
        return [
            PanelAction(_key("claims.next", self.tr("Next disagreement"), "J"), lambda: self._page.walk(1)),
            PanelAction(_key("claims.previous", self.tr("Disagreement before"), "K"), lambda: self._page.walk(-1)),
            PanelAction(_key("claims.open", self.tr("Open in Performance"), "Return"), self._page.open_selected),
            PanelAction(_key("claims.export", self.tr("Export the log of claims"), "E"), self._save_log),
            PanelAction(_key("claims.filter", self.tr("Filter"), "/"), self._focus_filter),
        ]

    def show_loading(self) -> None:
        """Wait for data."""
        self._stack.show_loading()

    def show_page(self, page: Page) -> None:
        """Show the log, or say what would be there and offer what brings it."""
        match page:
            case ClaimsState():
                self._page.show_state(page)
                self._stack.show_content(page.stale)
                if self._target:
                    target, self._target = self._target, ""
                    self._page.select(target)
            case PageMessage():
                self._page.forget()
                offers = (Offer(_FILL, page.button, is_primary=True),) if page.button else ()
                self._stack.show_empty(Message(page.sentence, page.explanation, offers))

    def show_failed(self, message: PageMessage) -> None:
        """Say what went wrong and offer to try again."""
        self._page.forget()
        self._stack.show_failed(Message(message.sentence, message.explanation, (Offer(_AGAIN, message.button),)))

    def show_old(self, since: str) -> None:
        """Keep what is shown, as old."""
        self._stack.show_stale(since)

    def _connect(self) -> None:
        self._page.entity_chosen.connect(self.entity_selected)
        self._page.entity_opened.connect(self.entity_open_requested)
        self._line.filter_changed.connect(lambda: self._page.narrow(self._line.text()))
        self._line.left.connect(lambda: self._page.setFocus(Qt.FocusReason.OtherFocusReason))
        self._export.clicked.connect(self._save_log)
        self._stack.action_requested.connect(self._answer)

    def _save_log(self) -> None:
        """Ask where the log is to be saved as a table; without one say that there is nothing to save."""
        write = self._presenter.table_writer() if self._presenter is not None else None
        if self._saver is None or write is None:
            self.notice_raised.emit(self.tr("Nothing is shown yet that could be saved."))
            return
        kinds = (FileFormat(".csv", self.tr("Table of the log (*.csv)"), write),)
        self._saver.ask(self.tr("Save the log of claims"), _FILE_NAME, kinds)

    def _focus_filter(self) -> None:
        self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._line.selectAll()

    def _answer(self, key: str) -> None:
        if key == _FILL:
            self.panel_requested.emit("connectors", "")
        elif self._presenter is not None:
            self._presenter.retry()


def _key(action_id: str, text: str, key: str) -> ActionSpec:
    return ActionSpec(action_id, text, key=key, place=PANEL_ID, is_listed=action_id == "claims.export")
