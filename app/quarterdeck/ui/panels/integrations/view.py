"""The Integrations panel: shows the lists it is given, narrows them, and says what a person asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.domain.maintenance_scope import MaintenanceScope
from quarterdeck.ui.panels.integrations.bar import FilterBar
from quarterdeck.ui.panels.integrations.handing_on import HandingOn
from quarterdeck.ui.panels.integrations.narrowing import filter_picks
from quarterdeck.ui.panels.integrations.page import IntegrationsPage
from quarterdeck.ui.panels.integrations.selection_bar import Deed
from quarterdeck.ui.panels.integrations.state import (
    LISTS,
    Arrangement,
    IntegrationsState,
    Page,
    PageMessage,
)
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.actions import ActionSpec
from quarterdeck.ui.widgets.panel import Moment, PanelAction, PanelView
from quarterdeck.ui.widgets.state_stack import Message, Offer, StateStack

if TYPE_CHECKING:
    from quarterdeck.ui.panels.integrations.presenter import IntegrationsPresenter, Topics

PANEL_ID = "integrations"
EXPIRY_TARGET = "expiry"
"""What `show_target` takes, besides an entity's key, for the view of what expires."""
CALENDAR_TARGET = "calendar"
"""The same for the calendar."""

_FILL, _AGAIN = "fill", "again"


class IntegrationsView(PanelView):
    """The panel: its tables, or what stands in their place. `background_for` lets long tables be sorted in a worker."""

    def __init__(self, theme: Theme, background_for: Callable[[QObject], Background] | None = None) -> None:
        super().__init__()
        self._presenter: IntegrationsPresenter | None = None
        self._told = (0, "")
        self._target = ""
        self._bar = FilterBar(theme)
        self._page = IntegrationsPage(theme, background_for)
        self._handing_on = HandingOn(theme, self)
        self._stack = StateStack(theme, self._page)
        self.setAccessibleName(self.tr("Integrations"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.setFocusProxy(self._page)
        self._connect()

    def present(self, presenter: IntegrationsPresenter, background: Background) -> None:
        """Take the one that loads what is shown, and where files are written; called once, before anything is shown."""
        self._presenter = presenter
        self._handing_on.work_with(background)

    @override
    def show_moment(self, moment: Moment) -> None:
        self._note_moment(moment)
        if self._presenter is not None:
            self._presenter.show_moment(moment)

    @override
    def refresh(self, moment: Moment, topics: Topics) -> None:
        self._note_moment(moment)
        if self._presenter is not None:
            self._presenter.refresh(moment, topics)

    @override
    def show_selection(self, entity_key: str) -> None:
        self._page.select(entity_key)

    @override
    def show_target(self, target: str) -> None:
        ending = {EXPIRY_TARGET: Arrangement.EXPIRY, CALENDAR_TARGET: Arrangement.CALENDAR}.get(target)
        if ending is not None:
            self._bar.show_arrangement(ending)
            self._arrange()
            return
        if self._page.arrangement not in LISTS:
            self._bar.show_arrangement(Arrangement.DOMAIN)
            self._arrange()
        self._target = target
        self._reach_target()

    @override
    def bar_widgets(self) -> list[QWidget]:
        return self._bar.widgets

    @override
    def panel_actions(self) -> list[PanelAction]:
        return [
            PanelAction(_key("integrations.next", self.tr("Next row"), "J"), lambda: self._page.walk(1)),
            PanelAction(_key("integrations.previous", self.tr("Row before"), "K"), lambda: self._page.walk(-1)),
            PanelAction(_key("integrations.open", self.tr("Open in Performance"), "Return"), self._open),
            PanelAction(
                _key("integrations.plan", self.tr("Plan maintenance of what is selected"), "M"),
                lambda: self._page.do(Deed.PLAN),
            ),
            PanelAction(
                _key("integrations.copy", self.tr("Copy what is selected"), "Ctrl+C"), lambda: self._page.do(Deed.COPY)
            ),
            PanelAction(
                _key("integrations.fold", self.tr("Fold or unfold all groups"), "Z"), lambda: self._page.do(Deed.FOLD)
            ),
            PanelAction(_key("integrations.filter", self.tr("Filter"), "/"), self._bar.focus_filter),
        ]

    def show_loading(self) -> None:
        """Wait for data."""
        self._stack.show_loading()

    def show_page(self, page: Page) -> None:
        """Show a list, or say what would be there and offer what brings it."""
        match page:
            case PageMessage():
                self._page.forget()
                offers = (Offer(_FILL, page.button, is_primary=True),) if page.button else ()
                self._stack.show_empty(Message(page.sentence, page.explanation, offers))
            case IntegrationsState():
                self._bar.offer(filter_picks(page.lines, self.tr))
                self._page.show_state(page)
                self._stack.show_content(page.stale)
                self._tell(page.attention_count, page.worst)
                self._reach_target()
            case _:
                self._page.show_state(page)
                self._stack.show_content(page.stale)

    def show_failed(self, message: PageMessage) -> None:
        """Say what went wrong and offer to try again."""
        self._page.forget()
        self._tell(0, "")
        self._stack.show_failed(Message(message.sentence, message.explanation, (Offer(_AGAIN, message.button),)))

    def show_old(self, since: str) -> None:
        """Keep what is shown, as old."""
        self._stack.show_stale(since)

    def _connect(self) -> None:
        self._page.entity_chosen.connect(self.entity_selected)
        self._page.entity_opened.connect(self.entity_open_requested)
        self._bar.arrangement_chosen.connect(self._arrange)
        self._page.clear_requested.connect(self._bar.clear_filters)
        self._page.deed_requested.connect(self._do)
        self._page.plan_requested.connect(self._plan)
        self._bar.narrowed.connect(lambda: self._page.narrow(self._bar.narrowing, self._bar.states_words))
        self._bar.stretch_chosen.connect(lambda: self._page.arrange(self._bar.arrangement, self._bar.stretch))
        self._bar.export_requested.connect(self._export_calendar)
        self._bar.left.connect(lambda: self._page.setFocus(Qt.FocusReason.OtherFocusReason))
        self._stack.action_requested.connect(self._answer)

    def _arrange(self) -> None:
        self._page.arrange(self._bar.arrangement, self._bar.stretch)
        if self._presenter is not None:
            self._presenter.arrange(self._bar.arrangement)

    def _reach_target(self) -> None:
        """Bring what was asked for into view, once it is in the list; what hides it is taken away."""
        if self._target and self._page.has_integration(self._target):
            target, self._target = self._target, ""
            if not self._page.reach(target):
                self._bar.clear_filters()
                self._page.reach(target)

    def _note_moment(self, moment: Moment) -> None:
        words = self.tr("You look at the past; L goes back to live.")
        self._page.lock("" if moment.live else words)

    def _open(self) -> None:
        self._page.do(Deed.OPEN)

    def _do(self, deed: object, lines: object) -> None:
        """Hand integrations on as text or as a file."""
        chosen = self._handing_on.lines_of(lines)
        if not chosen:
            self.notice_raised.emit(self.tr("No integration is selected."))
        elif isinstance(deed, Deed):
            self._handing_on.hand_on(deed, chosen)

    def _plan(self, keys: object) -> None:
        """Plan maintenance in the panel that does that."""
        named = tuple(map(str, cast("tuple[object, ...]", keys))) if isinstance(keys, tuple) else ()
        if named:
            self.panel_requested.emit("maintenance", f"plan?{MaintenanceScope(named).written()}")
        else:
            self.notice_raised.emit(self.tr("Nothing is selected."))

    def _export_calendar(self) -> None:
        if self._presenter is not None:
            self._handing_on.save_calendar(self._presenter.calendar_file)

    def _tell(self, count: int, worst: str) -> None:
        if (count, worst) != self._told:
            self._told = (count, worst)
            self.attention_changed.emit(count, worst)

    def _answer(self, key: str) -> None:
        if key == _FILL:
            self.panel_requested.emit("connectors", "")
        elif self._presenter is not None:
            self._presenter.retry()


def _key(action_id: str, text: str, key: str) -> ActionSpec:
    return ActionSpec(action_id, text, key=key, place=PANEL_ID, is_listed=False)
