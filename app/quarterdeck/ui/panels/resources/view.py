"""The Resources panel: shows what it is given, opens what a person chooses, and saves the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.panels.resources.bar import ResourcesBar
from quarterdeck.ui.panels.resources.page import ResourcesPage
from quarterdeck.ui.panels.resources.side_page import SidePage
from quarterdeck.ui.panels.resources.state import ALL_KINDS, Arrangement, Page, PageMessage, ResourcesState, Supposed
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.actions import ActionSpec
from quarterdeck.ui.widgets.file_saver import FileFormat, FileSaver
from quarterdeck.ui.widgets.panel import Moment, PanelAction, PanelView
from quarterdeck.ui.widgets.row_menu import MenuEntry, open_row_menu
from quarterdeck.ui.widgets.state_stack import Message, Offer, StateStack

if TYPE_CHECKING:
    from quarterdeck.ui.panels.resources.presenter import ResourcesPresenter, Topics

PANEL_ID = "resources"
_FILL, _AGAIN = "fill", "again"
_FILE_NAME = "capacity-plan"
_FIGURE_VIEWS = {
    "next": Arrangement.PLAN,
    "spare": Arrangement.USAGE,
    "used": Arrangement.ALLOCATION,
    "error": Arrangement.PLAN,
}


class ResourcesView(PanelView):
    """The panel: its table and cards, or what stands in their place; one resource may be open beside them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._presenter: ResourcesPresenter | None = None
        self._saver: FileSaver | None = None
        self._moment: Moment | None = None
        self._state: ResourcesState | None = None
        self._target, self._beside = "", ""
        self._bar = ResourcesBar(theme)
        self._page = ResourcesPage(theme)
        self._side = SidePage(theme, self)
        self._stack = StateStack(theme, self._page)
        self.setAccessibleName(self.tr("Resources"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.setFocusProxy(self._page)
        self._connect()

    def present(self, presenter: ResourcesPresenter, background: Background) -> None:
        """Take the one that loads what is shown; called once, before anything is shown."""
        self._presenter = presenter
        self._saver = FileSaver(
            self, background, self.notice_raised.emit, saved_as=self.tr("The plan is saved as {path}.")
        )

    @override
    def show_moment(self, moment: Moment) -> None:
        self._moment = moment
        if self._presenter is not None:
            self._presenter.show_moment(moment)

    @override
    def refresh(self, moment: Moment, topics: Topics) -> None:
        self._moment = moment
        if self._presenter is not None:
            self._presenter.refresh(moment, topics)

    @override
    def show_selection(self, entity_key: str) -> None:
        self._page.select_entity(entity_key)

    @override
    def show_target(self, target: str) -> None:
        self._target = target
        self._bar.show_all_kinds()
        self._page.show_kind(ALL_KINDS)
        self._page.select_entity(target)

    @override
    def bar_widgets(self) -> list[QWidget]:
        return self._bar.widgets

    @override
    def panel_actions(self) -> list[PanelAction]:
        return [
            PanelAction(_key("resources.next", self.tr("Next resource"), "J"), lambda: self._page.walk(1)),
            PanelAction(_key("resources.previous", self.tr("Resource before"), "K"), lambda: self._page.walk(-1)),
            PanelAction(_key("resources.open", self.tr("Open forecast and facts"), "Return"), self._page.open_selected),
            PanelAction(_key("resources.kind", self.tr("Choose a kind of resource"), "D"), self._bar.open_kinds),
            PanelAction(
                _key("resources.suppose", self.tr("Suppose other demand"), "S"), self._page.below.open_suppositions
            ),
            PanelAction(_key("resources.export", self.tr("Export the capacity plan"), "E"), self._save_plan),
            PanelAction(_key("resources.filter", self.tr("Filter"), "/"), self._bar.focus_filter),
        ]

    def show_loading(self) -> None:
        """Wait for data."""
        self._stack.show_loading()

    def show_page(self, page: Page) -> None:
        """Show the resources, or say what would be there and offer what brings it."""
        match page:
            case ResourcesState():
                self._state = page
                self._page.show_state(page)
                self._stack.show_content(page.stale)
                self._reach_target()
                self._refresh_beside()
            case PageMessage():
                self._forget()
                offers = (Offer(_FILL, page.button, is_primary=True),) if page.button else ()
                self._stack.show_empty(Message(page.sentence, page.explanation, offers))

    def show_failed(self, message: PageMessage) -> None:
        """Say what went wrong and offer to try again."""
        self._forget()
        self._stack.show_failed(Message(message.sentence, message.explanation, (Offer(_AGAIN, message.button),)))

    def show_old(self, since: str) -> None:
        """Keep what is shown, as old."""
        self._stack.show_stale(since)

    def _connect(self) -> None:
        self._page.row_chosen.connect(self._choose)
        self._page.row_opened.connect(self._open)
        self._page.figure_activated.connect(self._show_figure)
        self._page.menu_requested.connect(self._open_menu)
        self._bar.arrangement_chosen.connect(lambda: self._page.arrange(self._bar.arrangement))
        self._bar.kind_chosen.connect(lambda: self._page.show_kind(self._bar.kind))
        self._page.below.supposed.connect(self._suppose)
        self._bar.narrowed.connect(lambda: self._page.narrow(self._bar.words))
        self._bar.left.connect(lambda: self._page.setFocus(Qt.FocusReason.OtherFocusReason))
        self._bar.export_requested.connect(self._save_plan)
        self._side.entity_opened.connect(self.entity_open_requested)
        self._side.closed.connect(self._close)
        self._stack.action_requested.connect(self._answer)

    def _suppose(self, supposed: object) -> None:
        if self._presenter is not None and isinstance(supposed, Supposed):
            self._presenter.suppose(supposed)

    def _forget(self) -> None:
        self._state = None
        self._page.forget()
        self._close()

    def _reach_target(self) -> None:
        if self._target:
            target, self._target = self._target, ""
            self._page.select_entity(target)

    def _choose(self, row_id: str) -> None:
        """A row was moved to: what is open beside the table follows, and so does the console's selection."""
        line = self._page.line(row_id)
        if line is not None:
            self._page.select(row_id)
            self.entity_selected.emit(line.entity_key)
            if self._beside:
                self._open(row_id)

    def _open(self, row_id: str) -> None:
        line = self._page.line(row_id)
        if line is None or self._moment is None:
            return
        was_shown, self._beside = bool(self._beside), row_id
        self._side.show_line(line, self._moment)
        if not was_shown:
            self.side_page_changed.emit(self._side)

    def _refresh_beside(self) -> None:
        line = self._page.line(self._beside)
        if line is not None and self._moment is not None:
            self._side.show_line(line, self._moment)
        elif self._beside:
            self._close()

    def _close(self) -> None:
        if not self._beside:
            return
        had_focus = self._side.isAncestorOf(self._side.window().focusWidget() or self._page)
        self._beside = ""
        self.side_page_changed.emit(None)
        if had_focus:
            self._page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_figure(self, key: str) -> None:
        arrangement = _FIGURE_VIEWS[key]
        self._bar.show_arrangement(arrangement)
        self._page.arrange(arrangement)
        figures = self._state.figures if self._state is not None else ()
        row_id = next((figure.row_id for figure in figures if figure.key == key), "")
        if row_id:
            self._choose(row_id)

    def _open_menu(self, row_id: str, place: QPoint) -> None:
        line = self._page.line(row_id)
        if line is None:
            return
        key = line.entity_key
        entries = (
            MenuEntry(self.tr("Open forecast and facts"), lambda: self._open(row_id)),
            MenuEntry(self.tr("Inspect"), lambda: self.entity_selected.emit(key)),
            MenuEntry(self.tr("Open in Performance"), lambda: self.entity_open_requested.emit(key)),
            MenuEntry(self.tr("Show in Relationships"), lambda: self.panel_requested.emit("relationships", key)),
        )
        open_row_menu(self, place, entries)

    def _save_plan(self) -> None:
        """Ask where the plan is to be saved; without one say that there is nothing to save."""
        presenter = self._presenter
        table = None if presenter is None else presenter.table_writer()
        estate = None if presenter is None else presenter.estate_writer()
        if self._saver is None or table is None or estate is None:
            self.notice_raised.emit(self.tr("Nothing is shown yet that could be saved."))
            return
        kinds = (
            FileFormat(".csv", self.tr("Table of resources and proposals (*.csv)"), table),
            FileFormat(".yaml", self.tr("Change of the estate document (*.yaml)"), estate),
        )
        self._saver.ask(self.tr("Save the capacity plan"), _FILE_NAME, kinds)

    def _answer(self, key: str) -> None:
        if key == _FILL:
            self.panel_requested.emit("connectors", "")
        elif self._presenter is not None:
            self._presenter.retry()


def _key(action_id: str, text: str, key: str) -> ActionSpec:
    return ActionSpec(action_id, text, key=key, place=PANEL_ID, is_listed=action_id == "resources.export")
