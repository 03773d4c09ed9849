"""The Overview: shows the state it is given and says what a person asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QVBoxLayout
from typing_extensions import override

from quarterdeck.domain.maintenance_scope import MaintenanceScope
from quarterdeck.ui.panels.overview.page import BAR_ROOM, OverviewPage
from quarterdeck.ui.panels.overview.state import (
    EVERYTHING_AVAILABLE,
    EVERYTHING_HEALTHY,
    AttentionLine,
    Follow,
    OverviewState,
    PageMessage,
)
from quarterdeck.ui.theme.measures import PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.actions import ActionSpec
from quarterdeck.ui.widgets.panel import Moment, PanelAction, PanelView
from quarterdeck.ui.widgets.row_menu import MenuEntry, open_row_menu
from quarterdeck.ui.widgets.state_stack import Message, Offer, StateStack

if TYPE_CHECKING:
    from quarterdeck.ui.panels.overview.presenter import OverviewPresenter, Topics

PANEL_ID = "overview"
_FILL, _WATCH, _AGAIN = "fill", "watch", "again"
_FIGURE_PANELS = {
    "healthy": ("integrations", ""),
    "availability": ("integrations", ""),
    "requests": ("performance", ""),
    "sources": ("connectors", ""),
    "expiry": ("integrations", "expiry"),
}


class OverviewView(PanelView):
    """The panel: its page, or what stands in the page's place."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._presenter: OverviewPresenter | None = None
        self._lines: dict[str, AttentionLine] = {}
        self._told = (0, "")
        self._is_live = True
        self._page = OverviewPage(theme)
        self._stack = StateStack(theme, self._page)
        self._build()
        self._connect()

    def present(self, presenter: OverviewPresenter) -> None:
        """Take the one that loads what is shown; called once, before anything is shown."""
        self._presenter = presenter

    @override
    def show_moment(self, moment: Moment) -> None:
        self._is_live = moment.live
        if self._presenter is not None:
            self._presenter.show_moment(moment)

    @override
    def refresh(self, moment: Moment, topics: Topics) -> None:
        self._is_live = moment.live
        if self._presenter is not None:
            self._presenter.refresh(moment, topics)

    @override
    def show_selection(self, entity_key: str) -> None:
        self._page.select(entity_key)

    @override
    def show_target(self, target: str) -> None:
        self._page.bring_into_view(target)

    @override
    def panel_actions(self) -> list[PanelAction]:
        return [
            PanelAction(_key("overview.next", self.tr("Next line"), "J"), lambda: self._page.walk(1)),
            PanelAction(_key("overview.previous", self.tr("Line before"), "K"), lambda: self._page.walk(-1)),
            PanelAction(_key("overview.follow", self.tr("Follow the line"), "Return"), self._page.follow_focus),
        ]

    def show_loading(self) -> None:
        """Wait for data."""
        self._stack.show_loading()

    def show_overview(self, state: OverviewState) -> None:
        """Show the page."""
        self._lines = {line.id: line for line in state.attention}
        self._page.show_state(state)
        self._stack.show_fresh()
        self._tell(state.attention_count, state.worst)

    def show_empty(self, message: PageMessage) -> None:
        """Say that nothing is overseen yet and offer what fills the page."""
        self._forget()
        offers = [Offer(_FILL, message.button, is_primary=True)]
        if message.watch:
            offers.append(Offer(_WATCH, message.watch))
        self._stack.show_empty(Message(message.sentence, message.explanation, tuple(offers)))

    def show_failed(self, message: PageMessage) -> None:
        """Say what went wrong and offer to try again."""
        self._forget()
        self._stack.show_failed(Message(message.sentence, message.explanation, (Offer(_AGAIN, message.button),)))

    def show_old(self, since: str) -> None:
        """Keep what is shown, as old."""
        self._stack.show_stale(since)

    def _build(self) -> None:
        self.setContentsMargins(PAGE_PADDING, PAGE_PADDING, PAGE_PADDING - BAR_ROOM, 0)
        self.setAccessibleName(self.tr("Overview"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.setFocusProxy(self._page)

    def _connect(self) -> None:
        self._page.line_chosen.connect(self._choose)
        self._page.line_followed.connect(self._follow)
        self._page.entity_chosen.connect(self.entity_selected)
        self._page.entity_opened.connect(self.entity_open_requested)
        self._page.figure_activated.connect(self._open_figure)
        self._page.menu_requested.connect(self._open_menu)
        self._stack.action_requested.connect(self._answer)

    def _forget(self) -> None:
        """Nothing of an earlier moment may count as shown."""
        self._lines = {}
        self._page.forget()
        self._tell(0, "")

    def _tell(self, count: int, worst: str) -> None:
        if (count, worst) != self._told:
            self._told = (count, worst)
            self.attention_changed.emit(count, worst)

    def _choose(self, line_id: str) -> None:
        line = self._lines.get(line_id)
        if line is not None and line.entity_key:
            self.entity_selected.emit(line.entity_key)

    def _follow(self, line_id: str) -> None:
        line = self._lines.get(line_id)
        if line is None or line.follow is Follow.NOWHERE:
            return
        if line.follow is Follow.PERFORMANCE:
            self.entity_open_requested.emit(line.target)
        elif line.follow is Follow.INSPECTOR:
            self.entity_selected.emit(line.target)
        else:
            panel_id = "integrations" if line.follow is Follow.INTEGRATION else "connectors"
            self.panel_requested.emit(panel_id, line.target)

    def _open_menu(self, entity_key: str, place: QPoint) -> None:
        why_not = "" if self._is_live else self.tr("You look at the past; L goes back to live.")
        target = f"plan?{MaintenanceScope((entity_key,)).written()}"
        entries = (
            MenuEntry(self.tr("Inspect"), lambda: self.entity_selected.emit(entity_key)),
            MenuEntry(self.tr("Open in Performance"), lambda: self.entity_open_requested.emit(entity_key)),
            MenuEntry(self.tr("Plan maintenance…"), lambda: self.panel_requested.emit("maintenance", target), why_not),
        )
        open_row_menu(self, place, entries)

    def _open_figure(self, key: str) -> None:
        if key in _FIGURE_PANELS:
            self.panel_requested.emit(*_FIGURE_PANELS[key])
        elif key in {EVERYTHING_HEALTHY, EVERYTHING_AVAILABLE}:
            self._page.reach_cards()
        else:
            self._page.walk(1)

    def _answer(self, key: str) -> None:
        if key == _FILL:
            self.panel_requested.emit("connectors", "add")
        elif self._presenter is not None and key == _WATCH:
            self._presenter.watch_machine()
        elif self._presenter is not None:
            self._presenter.retry()


def _key(action_id: str, text: str, key: str) -> ActionSpec:
    return ActionSpec(action_id, text, key=key, place=PANEL_ID, is_listed=False)
