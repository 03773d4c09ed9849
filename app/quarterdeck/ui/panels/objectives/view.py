"""The Objectives panel: shows what it is given, and asks for what a correction or an objective needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.panels.objectives.asking import Asking
from quarterdeck.ui.panels.objectives.page import ObjectivesPage
from quarterdeck.ui.panels.objectives.state import ObjectivesState, Page, PageMessage
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.actions import ActionSpec
from quarterdeck.ui.widgets.buttons import Button
from quarterdeck.ui.widgets.choice_button import ChoiceButton
from quarterdeck.ui.widgets.filter_line import FilterLine
from quarterdeck.ui.widgets.panel import Moment, PanelAction, PanelView
from quarterdeck.ui.widgets.segments import Segment
from quarterdeck.ui.widgets.state_stack import Message, Offer, StateStack

if TYPE_CHECKING:
    from quarterdeck.ui.panels.objectives.presenter import ObjectivesPresenter, Topics

PANEL_ID = "objectives"
_NEW, _AGAIN = "new", "again"


class ObjectivesView(PanelView):
    """The panel: objectives and a ledger, or what stands in their place. What is chosen stays while time goes on."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._presenter: ObjectivesPresenter | None = None
        self._target = self._selected = ""
        self._is_past = False
        self._line = FilterLine(theme, self.tr("Filter"))
        self._rule = ChoiceButton(theme, self._rules(), accessible_name=self.tr("How the ledger is counted"))
        self._new = Button(theme, self.tr("New objective…"), icon="plus")
        self.page = ObjectivesPage(theme)
        self.asking = Asking(theme, self)
        self._stack = StateStack(theme, self.page)
        self.setAccessibleName(self.tr("Objectives"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.setFocusProxy(self.page)
        self._connect()

    def present(self, presenter: ObjectivesPresenter) -> None:
        """Take the one that loads what is shown; called once, before anything is shown."""
        self._presenter = presenter
        self.asking.answered.connect(presenter.decide)

    @override
    def show_moment(self, moment: Moment) -> None:
        self._note_past(is_past=not moment.live)
        if self._presenter is not None:
            self._presenter.show_moment(moment)

    @override
    def refresh(self, moment: Moment, topics: Topics) -> None:
        self._note_past(is_past=not moment.live)
        if self._presenter is not None:
            self._presenter.refresh(moment, topics)

    @override
    def show_selection(self, entity_key: str) -> None:
        self._selected = entity_key
        if self.page.is_filled and not self._target:
            self._follow_selection()

    @override
    def show_target(self, target: str) -> None:
        self._target = target
        if target and self.page.is_filled:
            self._reach_target()

    @override
    def bar_widgets(self) -> list[QWidget]:
        return [self._line, self._rule, self._new]

    @override
    def panel_actions(self) -> list[PanelAction]:
        return [
            PanelAction(_key("objectives.next", self.tr("Next objective"), "J"), lambda: self.page.walk(1)),
            PanelAction(_key("objectives.previous", self.tr("Objective before"), "K"), lambda: self.page.walk(-1)),
            PanelAction(_key("objectives.open", self.tr("Open in Performance"), "Return"), self.page.open_selected),
            PanelAction(_key("objectives.ledger", self.tr("Go to the ledger"), "D"), self.page.ledger.focus_entries),
            PanelAction(_key("objectives.correct", self.tr("Correct the ledger"), "C"), self._ask_correction),
            PanelAction(_key("objectives.change", self.tr("Change the objective"), "E"), self._ask_change),
            PanelAction(_key("objectives.new", self.tr("New objective"), "A"), self._ask_new),
            PanelAction(_key("objectives.rule", self.tr("Count by another rule"), "R"), self._rule.open_menu),
            PanelAction(_key("objectives.filter", self.tr("Filter"), "/"), self._focus_filter),
        ]

    def show_loading(self) -> None:
        """Wait for data."""
        self._stack.show_loading()

    def show_page(self, page: Page) -> None:
        """Show the objectives, or say what would be there and offer what brings it."""
        match page:
            case ObjectivesState():
                self.page.show_state(page)
                self._stack.show_content("")
            case PageMessage() if not self._target and self.page.ledger.is_idle:
                self.page.forget()
                offers = (Offer(_NEW, page.button, is_primary=True),) if page.button else ()
                self._stack.show_empty(Message(page.sentence, page.explanation, offers))
            case PageMessage():
                self.page.show_state(ObjectivesState((), page.sentence))
                self._stack.show_content("")
        if self._target:
            self._reach_target()
        elif self.page.ledger.is_idle:
            self._follow_selection()
            if self.page.ledger.is_idle and self.page.chosen is None and self.page.most_urgent:
                self._open_ledger(self.page.most_urgent)

    def show_failed(self, message: PageMessage) -> None:
        """Say what went wrong and offer to try again."""
        self.page.forget()
        self._stack.show_failed(Message(message.sentence, message.explanation, (Offer(_AGAIN, message.button),)))

    def show_old(self, since: str) -> None:
        """Keep what is shown, as old."""
        self._stack.show_stale(since)

    def _connect(self) -> None:
        self.page.objective_chosen.connect(self._open_ledger)
        self.page.entity_chosen.connect(self.entity_selected)
        self.page.entity_opened.connect(self.entity_open_requested)
        self.page.ledger.correct_requested.connect(self._ask_correction)
        self.page.ledger.change_requested.connect(self._ask_change)
        self._line.filter_changed.connect(lambda: self.page.narrow(self._line.text()))
        self._line.left.connect(lambda: self.page.setFocus(Qt.FocusReason.OtherFocusReason))
        self._rule.chosen.connect(self._count_by)
        self._new.clicked.connect(self._ask_new)
        self._stack.action_requested.connect(self._answer)
        self.asking.noticed.connect(self.notice_raised)

    def _rules(self) -> tuple[Segment, ...]:
        return (
            Segment("", self.tr("Usual rule")),
            Segment("unknown=bad", self.tr("Unmeasured as bad")),
            Segment("unknown=excluded", self.tr("Unmeasured left out")),
            Segment("maintenance=counted", self.tr("Maintenance counted")),
            Segment("degraded=bad", self.tr("Degraded as bad")),
            Segment("corrections=ignored", self.tr("Without corrections")),
        )

    def _note_past(self, *, is_past: bool) -> None:
        self._is_past = is_past
        self._new.setEnabled(not is_past)

    def _follow_selection(self) -> None:
        """Open the ledger of the entity that is selected anywhere, unless one of it is open or it promises nothing."""
        shown = self.page.ledger.shown
        key = self.page.key_for(self._selected)
        if key != self._selected and (shown is None or shown.entity_key != self._selected):
            self._open_ledger(key)

    def _reach_target(self) -> None:
        target, self._target = self._target, ""
        self._open_ledger(self.page.key_for(target))

    def _open_ledger(self, key: str) -> None:
        self.page.select(key)
        if self._presenter is not None:
            self._presenter.open(key)

    def _count_by(self, part: str) -> None:
        if self._presenter is not None:
            self._presenter.count_by(part)

    def _ask_correction(self) -> None:
        ledger = self.page.ledger
        if ledger.shown is not None:
            self.asking.ask_correction(ledger.shown, ledger.entry)

    def _ask_change(self) -> None:
        shown = self.page.ledger.shown
        if shown is not None:
            self.asking.ask_change(shown)

    def _ask_new(self) -> None:
        if not self._is_past:
            chosen = self.page.chosen
            self.asking.ask_new(self._selected or (chosen.entity_key if chosen is not None else ""))

    def _focus_filter(self) -> None:
        self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._line.selectAll()

    def _answer(self, key: str) -> None:
        if key == _NEW:
            self._ask_new()
        elif self._presenter is not None:
            self._presenter.retry()


def _key(action_id: str, text: str, key: str) -> ActionSpec:
    return ActionSpec(action_id, text, key=key, place=PANEL_ID, is_listed=action_id == "objectives.new")
