"""Makes the panels when they are first seen, shows them the moment and the selection, and passes their requests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.moments import Moment
from quarterdeck.ui.shell.dock_area import DockArea
from quarterdeck.ui.shell.next_turn import next_turn
from quarterdeck.ui.shell.panels import PanelContext, PanelMaker, PanelSpec
from quarterdeck.ui.shell.refresh_schedule import Due, RefreshSchedule
from quarterdeck.ui.tasks.runner import TaskRunner
from quarterdeck.ui.theme.measures import PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.panel import PanelView
from quarterdeck.ui.widgets.state_stack import Message, StateStack

if TYPE_CHECKING:
    from quarterdeck.services.console import ConsoleServices


@dataclass(slots=True, eq=False)
class _Slot:
    """One panel's dock: its page, the view once it was made and once it is placed, and what it was shown last."""

    spec: PanelSpec
    stack: StateStack
    page: QVBoxLayout
    made: PanelView | None = None
    view: PanelView | None = None
    is_loading: bool = False
    moment_number: int = 0
    entity_key: str | None = None
    target: str = ""


class PanelHost(QObject):
    """Fills the docks of an area.

    What views request comes out again under the same name; `side_page_changed` and `attention_changed` carry the
    panel's id first. `view_made` carries the panel's id and its PanelView. `retry_requested` comes from a page that
    says that the store cannot be opened.
    """

    view_made = Signal(str, object)
    entity_selected = Signal(str)
    entity_open_requested = Signal(str)
    panel_requested = Signal(str, str)
    range_requested = Signal(object)
    play_head_requested = Signal(object)
    notice_raised = Signal(str)
    attention_changed = Signal(str, int, str)
    side_page_changed = Signal(str, object)
    retry_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        area: DockArea,
        specs: Sequence[PanelSpec],
        runner: TaskRunner,
        schedule: RefreshSchedule,
    ) -> None:
        super().__init__(area)
        self._area = area
        self._runner = runner
        self._schedule = schedule
        self._services: ConsoleServices | None = None
        self._context: PanelContext | None = None
        self._moment: Moment | None = None
        self._moment_number = 0
        self._entity_key = ""
        self._is_stopped = False
        self._reviewing = next_turn(self, self._review)
        self._placing = next_turn(self, self._place_next)
        self._slots = {spec.id: self._build_slot(theme, spec) for spec in specs}
        area.visibility_changed.connect(self._plan_review)

    @property
    def is_settled(self) -> bool:
        """Whether no panel is on its way into its dock."""
        is_moving = self._reviewing.isActive() or self._placing.isActive()
        return not is_moving and not any(slot.is_loading for slot in self._slots.values())

    def attach(self, services: ConsoleServices, context: PanelContext) -> None:
        """From now on panels can be made."""
        self._services, self._context = services, context
        for slot in self._slots.values():
            if slot.view is None:
                slot.stack.show_loading()
        self._review()

    def stop(self) -> None:
        """Look at the docks no more: the window ends."""
        self._is_stopped = True
        self._reviewing.stop()
        self._placing.stop()

    def show(self, moment: Moment, entity_key: str) -> None:
        """Show the visible panels another moment or selection; the others when they come into sight."""
        if moment != self._moment:
            self._moment = moment
            self._moment_number += 1
        self._entity_key = entity_key
        self._review()

    def pass_time(self, moment: Moment) -> None:
        """Time went on: what comes into sight next is shown this moment, what is in sight waits for `refresh`."""
        self._moment = moment

    def refresh(self, due: Sequence[Due]) -> None:
        """Tell panels that new data came or time went on."""
        for entry in due:
            slot = self._slots.get(entry.name)
            if slot is not None and slot.view is not None and self._moment is not None:
                slot.view.refresh(self._moment, entry.topics)

    def show_target(self, panel_id: str, target: str) -> None:
        """Have a panel bring something into view, as soon as it can."""
        self._slots[panel_id].target = target
        self._review()

    def show_lost(self, since: str, message: Message) -> None:
        """The store cannot be read: panels keep what they show as stale, those without data say why."""
        for slot in self._slots.values():
            if slot.view is None:
                slot.stack.show_failed(message)
            else:
                slot.stack.show_stale(since)

    def show_found(self) -> None:
        """The store can be read again: everything in sight is asked for anew."""
        self._moment_number += 1
        for slot in self._slots.values():
            if slot.view is None:
                slot.stack.show_loading()
            else:
                slot.stack.show_fresh()
        self._review()

    def focus(self, panel_id: str) -> None:
        """Give the keyboard to a panel, once it exists."""
        view = self._slots[panel_id].view
        if view is not None and not view.isAncestorOf(view.window().focusWidget() or QWidget()):
            view.setFocus()

    def _build_slot(self, theme: Theme, spec: PanelSpec) -> _Slot:
        content = QWidget()
        page = QVBoxLayout(content)
        page.setContentsMargins(0, 0, 0, 0)
        stack = StateStack(theme, content)
        stack.setContentsMargins(PAGE_PADDING, PAGE_PADDING, PAGE_PADDING, PAGE_PADDING)
        stack.action_requested.connect(self.retry_requested)
        stack.show_loading()
        self._area.set_content(spec.id, stack)
        return _Slot(spec, stack, page)

    def _plan_review(self) -> None:
        """Look again once the docks have settled: while they move they come and go several times."""
        if not self._is_stopped and not self._reviewing.isActive():
            self._reviewing.start()

    def _review(self) -> None:
        self._reviewing.stop()
        visible = self._area.visible_panels()
        for key, slot in self._slots.items():
            if key in visible:
                self._bring_up(slot)
            else:
                slot.moment_number = 0

    def _bring_up(self, slot: _Slot) -> None:
        if slot.view is not None:
            self._update(slot, slot.view)
        elif self._services is not None and not slot.is_loading:
            slot.is_loading = True
            self._runner.run_query(
                partial(slot.spec.load, self._services),
                on_result=lambda maker: self._make(slot, maker),
                on_error=lambda error: self._fail(slot, error),
                owner=self,
                key=f"load {slot.spec.id}",
            )

    def _make(self, slot: _Slot, maker: PanelMaker) -> None:
        """Make a view. Its place, its moment and first picture come in turns of their own: together they are felt."""
        if self._context is None or self._is_stopped:
            slot.is_loading = False
            return
        slot.made = maker(self._context)
        self._placing.start()

    def _place_next(self) -> None:
        """Put one of the views that were made into its dock."""
        waiting = [slot for slot in self._slots.values() if slot.made is not None]
        if len(waiting) > 1:
            self._placing.start()
        for slot in waiting[:1]:
            self._place(slot)

    def _place(self, slot: _Slot) -> None:
        view, slot.made = slot.made, None
        if view is None:
            return
        slot.view, slot.is_loading = view, False
        self._connect(slot.spec.id, view)
        slot.stack.setContentsMargins(0, 0, 0, 0)
        slot.page.addWidget(view)
        slot.stack.show_fresh()
        self._schedule.watch(slot.spec.id, slot.spec.refresh_seconds)
        self.view_made.emit(slot.spec.id, view)
        self._plan_review()

    def _fail(self, slot: _Slot, error: OperatorError) -> None:
        slot.is_loading = False
        slot.stack.show_failed(Message(error.message, error.next_step))

    def _update(self, slot: _Slot, view: PanelView) -> None:
        if self._moment is not None and slot.moment_number != self._moment_number:
            slot.moment_number = self._moment_number
            view.show_moment(self._moment)
            self._schedule.shown(slot.spec.id)
        if slot.entity_key != self._entity_key:
            slot.entity_key = self._entity_key
            view.show_selection(self._entity_key)
        if slot.target:
            target, slot.target = slot.target, ""
            view.show_target(target)

    def _connect(self, panel_id: str, view: PanelView) -> None:
        view.entity_selected.connect(self.entity_selected)
        view.entity_open_requested.connect(self.entity_open_requested)
        view.panel_requested.connect(self.panel_requested)
        view.range_requested.connect(self.range_requested)
        view.play_head_requested.connect(self.play_head_requested)
        view.notice_raised.connect(self.notice_raised)
        view.attention_changed.connect(partial(self.attention_changed.emit, panel_id))
        view.side_page_changed.connect(partial(self.side_page_changed.emit, panel_id))
