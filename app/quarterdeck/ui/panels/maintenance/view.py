"""The Maintenance panel: shows the list it is given, asks before it ends anything, and opens forms beside the list."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.domain.health import HealthState
from quarterdeck.domain.maintenance_scope import MaintenanceScope
from quarterdeck.ui.panels.maintenance.bar import MaintenanceBar
from quarterdeck.ui.panels.maintenance.page import MaintenancePage
from quarterdeck.ui.panels.maintenance.side import SidePage
from quarterdeck.ui.panels.maintenance.state import Act, BoardState, Page, PageMessage, RecordLine
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.measures import PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.actions import ActionSpec
from quarterdeck.ui.widgets.dialogs import Decision, PlainMessage
from quarterdeck.ui.widgets.file_saver import FileFormat, FileSaver
from quarterdeck.ui.widgets.panel import Moment, PanelAction, PanelView
from quarterdeck.ui.widgets.state_stack import Freshness, Message, Offer, StateStack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from quarterdeck.ui.panels.maintenance.form_presenter import FormPresenter
    from quarterdeck.ui.panels.maintenance.presenter import MaintenancePresenter, Topics

PANEL_ID = "maintenance"
PLAN_TARGET = "plan?"
"""Before the scope in a target that asks for the form of a new window."""
IMPORT_TARGET = "import"

_PLAN, _AGAIN = "plan", "again"
_LONGEST_NOTE = 500


class MaintenanceView(PanelView):
    """The panel: the list of windows, and beside it one window by itself or a form."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._presenter: MaintenancePresenter | None = None
        self._forms: FormPresenter | None = None
        self._saver: FileSaver | None = None
        self._state: BoardState | None = None
        self._target = ""
        self._lock_reason = ""
        self._bar = MaintenanceBar(theme)
        self._page = MaintenancePage(theme)
        self.side = SidePage(theme, self)
        self._stack = StateStack(theme, self._page)
        self.setAccessibleName(self.tr("Maintenance"))
        self.setContentsMargins(PAGE_PADDING, PAGE_PADDING, PAGE_PADDING, PAGE_PADDING)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.setFocusProxy(self._page)
        self._connect()

    def present(self, presenter: MaintenancePresenter, forms: FormPresenter, background: Background) -> None:
        """Take those that load what is shown and keep what is typed; called once, before anything is shown."""
        self._presenter, self._forms = presenter, forms
        self._saver = FileSaver(
            self, background, self.notice_raised.emit, saved_as=self.tr("The calendar is saved as {path}.")
        )
        side = self.side
        side.preview_requested.connect(forms.preview)
        side.save_requested.connect(forms.save)
        side.import_requested.connect(forms.take_calendar)
        side.correction_requested.connect(forms.correct)

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
    def show_target(self, target: str) -> None:
        if self._forms is None:
            return
        if target.startswith(PLAN_TARGET):
            self._forms.plan(MaintenanceScope.read(target.removeprefix(PLAN_TARGET)))
        elif target == IMPORT_TARGET:
            self._forms.open_import()
        else:
            self._target = target
            self._reach_target()

    @override
    def bar_widgets(self) -> list[QWidget]:
        return self._bar.widgets

    @override
    def panel_actions(self) -> list[PanelAction]:
        return [
            PanelAction(_key("maintenance.next", self.tr("Next window"), "J"), lambda: self._page.walk(1)),
            PanelAction(_key("maintenance.previous", self.tr("Window before"), "K"), lambda: self._page.walk(-1)),
            PanelAction(_key("maintenance.open", self.tr("Open the window"), "Return"), self._open_selected),
            PanelAction(_key("maintenance.new", self.tr("Plan maintenance"), "A"), self._plan),
            PanelAction(_key("maintenance.correct", self.tr("Correct the window"), "E"), self._correct_selected),
            PanelAction(_key("maintenance.search", self.tr("Search"), "/"), self._bar.focus_search),
        ]

    def show_loading(self) -> None:
        """Wait for data."""
        self._stack.show_loading()

    def show_page(self, page: Page) -> None:
        """Show the list, or say that there is none."""
        if isinstance(page, PageMessage):
            self._state = None
            self._page.forget()
            self.side.refresh_detail(None)
            offers = (Offer(_PLAN, page.button, is_primary=True),) if page.button else ()
            self._stack.show_empty(Message(page.sentence, page.explanation, offers))
            return
        self._state = page
        self._page.show_state(page)
        if self.side.detail_id:
            self.side.refresh_detail(page.detail(self.side.detail_id))
        self._stack.show_fresh()
        self._reach_target()

    def show_failed(self, message: PageMessage) -> None:
        """Say what went wrong and offer to try again."""
        self._state = None
        self._page.forget()
        self._stack.show_failed(Message(message.sentence, message.explanation, (Offer(_AGAIN, message.button),)))

    def show_old(self, since: str) -> None:
        """Keep what is shown, as old."""
        self._stack.show_stale(since)

    def show_records(self, window_id: str, records: tuple[RecordLine, ...], fault: str) -> None:
        """Show the records of the window that is shown by itself."""
        self.side.show_records(window_id, records, fault)

    def _connect(self) -> None:
        self._bar.narrowed.connect(lambda: self._page.narrow(self._bar.shelf, self._bar.words))
        self._bar.left.connect(lambda: self._page.setFocus(Qt.FocusReason.OtherFocusReason))
        self._bar.plan_requested.connect(self._plan)
        self._bar.import_requested.connect(lambda: self.show_target(IMPORT_TARGET))
        self._bar.export_requested.connect(lambda: self._export(self._page.shown_ids))
        self._page.window_chosen.connect(self._select)
        self._page.window_opened.connect(self._open)
        self._stack.action_requested.connect(self._answer)
        side = self.side
        side.shown_changed.connect(self._place_side)
        side.saved.connect(self._follow_saved)
        side.export_requested.connect(self._export_one)
        side.act_requested.connect(self._ask)

    def _note_moment(self, moment: Moment) -> None:
        words = self.tr("You look at the past. Planned work is changed in the present: L goes back to live.")
        reason = "" if moment.live else words
        if reason == self._lock_reason:
            return
        self._lock_reason = reason
        self._bar.lock(self._lock_reason)
        self.side.lock(self._lock_reason)

    def _plan(self) -> None:
        if self._lock_reason:
            self.notice_raised.emit(self._lock_reason)
        else:
            self.show_target(PLAN_TARGET)

    def _correct_selected(self) -> None:
        window_id = self._page.selected_id
        if window_id and self._forms is not None:
            self._forms.correct(window_id)

    def _open_selected(self) -> None:
        self._open(self._page.selected_id)

    def _select(self, window_id: str) -> None:
        """Show a window beside the list, unless somebody is filling in a form there."""
        if not self.side.is_busy:
            self._open(window_id)

    def _open(self, window_id: str) -> None:
        detail = self._state.detail(window_id) if self._state is not None else None
        if detail is not None:
            self.side.show_detail(detail)
            if self._presenter is not None:
                self._presenter.read_records(window_id)

    def _ask(self, window_id: str, act: object) -> None:
        """Ask before a window is ended; why is asked for and may stay empty."""
        if not isinstance(act, Act):
            return
        decision = Decision(act.title, act.text, act.accept, act.refuse, HealthState.MAINTENANCE)
        dialog = PlainMessage(self._theme, decision, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        note = QLineEdit()
        note.setMaxLength(_LONGEST_NOTE)
        note.setPlaceholderText(self.tr("Why, for the record; may stay empty"))
        note.setAccessibleName(self.tr("Why, for the record"))
        dialog.body.addWidget(note)
        dialog.accepted.connect(lambda: self._act(act, window_id, note.text()))
        dialog.open()
        note.setFocus()

    def _act(self, act: Act, window_id: str, note: str) -> None:
        if self._presenter is not None:
            self._presenter.act(act.kind, window_id, note)

    def _export_one(self, window_id: str) -> None:
        self._export((window_id,))

    def _export(self, window_ids: Sequence[str]) -> None:
        if not window_ids:
            self.notice_raised.emit(self.tr("There is no window to export in this view."))
        elif self._presenter is not None and self._saver is not None:
            write = partial(self._presenter.calendar, tuple(window_ids))
            kind = FileFormat(".ics", self.tr("iCalendar (*.ics)"), write)
            heading = self.tr("Export {count} windows as a calendar").format(count=len(window_ids))
            if len(window_ids) == 1:
                heading = self.tr("Export 1 window as a calendar")
            self._saver.ask(heading, self.tr("maintenance"), (kind,))

    def _place_side(self, is_shown: bool) -> None:
        self.side_page_changed.emit(self.side if is_shown else None)
        if not is_shown:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow_saved(self, window_id: str) -> None:
        """Show what was kept, as soon as it is in the list."""
        self._target = window_id
        if self._presenter is not None:
            self._presenter.retry()

    def _reach_target(self) -> None:
        detail = self._state.detail(self._target) if self._target and self._state is not None else None
        if detail is None:
            return
        target, self._target = self._target, ""
        if not self._page.select(target):
            self._bar.show_all()
            self._page.narrow(self._bar.shelf, "")
            self._page.select(target)
        self._open(target)

    def _answer(self, key: str) -> None:
        if key == _PLAN and self._stack.freshness is Freshness.EMPTY:
            self._plan()
        elif self._presenter is not None:
            self._presenter.retry()


def _key(action_id: str, text: str, key: str) -> ActionSpec:
    return ActionSpec(action_id, text, key=key, place=PANEL_ID, is_listed=False)
