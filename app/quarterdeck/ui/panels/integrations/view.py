"""The Integrations panel: shows the lists it is given, narrows them, and says what a person asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.panels.integrations.bar import FilterBar
from quarterdeck.ui.panels.integrations.page import IntegrationsPage
from quarterdeck.ui.panels.integrations.state import Arrangement, ExpiryState, IntegrationsState, Page, PageMessage
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
        self._stack = StateStack(theme, self._page)
        self.setAccessibleName(self.tr("Integrations"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.setFocusProxy(self._page)
        self._connect()

    def present(self, presenter: IntegrationsPresenter) -> None:
        """Take the one that loads what is shown; called once, before anything is shown."""
        self._presenter = presenter

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
        if target == EXPIRY_TARGET:
            self._bar.show_arrangement(Arrangement.EXPIRY)
            self._arrange()
            return
        if self._page.arrangement is Arrangement.EXPIRY:
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
            PanelAction(_key("integrations.open", self.tr("Open in Performance"), "Return"), self._page.open_selected),
            PanelAction(_key("integrations.filter", self.tr("Filter"), "/"), self._bar.focus_filter),
        ]

    def show_loading(self) -> None:
        """Wait for data."""
        self._stack.show_loading()

    def show_page(self, page: Page) -> None:
        """Show a list, or say what would be there and offer what brings it."""
        match page:
            case IntegrationsState():
                self._page.show_integrations(page)
                self._stack.show_content(page.stale)
                self._tell(page.attention_count, page.worst)
                self._reach_target()
            case ExpiryState():
                self._page.show_expiries(page)
                self._stack.show_content(page.stale)
            case PageMessage():
                self._page.forget()
                offers = (Offer(_FILL, page.button, is_primary=True),) if page.button else ()
                self._stack.show_empty(Message(page.sentence, page.explanation, offers))

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
        self._bar.narrowed.connect(lambda: self._page.narrow(self._bar.selection, self._bar.words))
        self._bar.left.connect(lambda: self._page.setFocus(Qt.FocusReason.OtherFocusReason))
        self._stack.action_requested.connect(self._answer)

    def _arrange(self) -> None:
        self._page.arrange(self._bar.arrangement)
        if self._presenter is not None:
            self._presenter.arrange(self._bar.arrangement)

    def _reach_target(self) -> None:
        """Bring what was asked for into view, once it is in the list; what hides it is taken away."""
        if self._target and self._page.has_integration(self._target):
            target, self._target = self._target, ""
            if not self._page.select(target):
                self._bar.clear_filters()
                self._page.select(target)

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
