"""The Compliance panel: shows what it is given, opens what a person chooses, and says what is asked for."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.panels.compliance.bar import ComplianceBar
from quarterdeck.ui.panels.compliance.beside import Beside
from quarterdeck.ui.panels.compliance.page import CompliancePage
from quarterdeck.ui.panels.compliance.policy_page import PolicyPage
from quarterdeck.ui.panels.compliance.posture_desk import PostureDesk
from quarterdeck.ui.panels.compliance.state import Arrangement, ChartOffer, ComplianceState, Page, PageMessage
from quarterdeck.ui.panels.compliance.verdict_saver import VerdictSaver
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.actions import ActionSpec
from quarterdeck.ui.widgets.panel import Moment, PanelAction, PanelView
from quarterdeck.ui.widgets.state_stack import Message, Offer, StateStack

if TYPE_CHECKING:
    from quarterdeck.ui.panels.compliance.posture_page import PosturePage
    from quarterdeck.ui.panels.compliance.posture_presenter import PosturePresenter
    from quarterdeck.ui.panels.compliance.presenter import CompliancePresenter, Topics

PANEL_ID = "compliance"
POLICIES_TARGET = "policies:"
"""How a target begins that is a policy by its id, or with nothing behind it all of them."""

_FILL, _AGAIN = "fill", "again"


class ComplianceView(PanelView):
    """The panel: its tables, or what stands in their place; `beside` is what is open beside them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._presenter: CompliancePresenter | None = None
        self._saver: VerdictSaver | None = None
        self._selected_key = ""
        self._bar = ComplianceBar(theme)
        self._page = CompliancePage(theme)
        self.beside = Beside(theme, self._page, self)
        self.posture = PostureDesk(theme, self)
        self._stack = StateStack(theme, self._page)
        self.policies = PolicyPage(theme)
        self.policies.hide()
        self.posture.page.hide()
        self.setAccessibleName(self.tr("Compliance"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        column.addWidget(self.policies)
        column.addWidget(self.posture.page)
        self.setFocusProxy(self._page)
        self._connect()

    def present(
        self, presenter: CompliancePresenter, background: Background, posture: PosturePresenter | None = None
    ) -> None:
        """Take those that load what is shown; called once, before anything is shown. Files are written behind."""
        self.posture.present(posture, background)
        self._presenter = presenter
        self._saver = VerdictSaver(self, background, self.notice_raised.emit)
        self.beside.present(presenter)

    @override
    def show_moment(self, moment: Moment) -> None:
        self._bar.show_moment(moment)
        self.policies.show_moment(moment)
        if self._presenter is not None:
            self._presenter.show_moment(moment)
        self.posture.tell(lambda posture: posture.show_moment(moment))

    @override
    def refresh(self, moment: Moment, topics: Topics) -> None:
        self._bar.follow_time(moment)
        self.policies.refresh(moment, topics)
        if self._presenter is not None:
            self._presenter.refresh(moment, topics)
        self.posture.tell(lambda posture: posture.refresh(moment, topics))

    @override
    def show_selection(self, entity_key: str) -> None:
        self._selected_key = entity_key
        if self._bar.arrangement is Arrangement.STATUS:
            self._page.select(entity_key)

    @override
    def show_target(self, target: str) -> None:
        """Bring an entity's row into view, or turn to a policy, or to a view of the posture by its name."""
        if target.startswith(POLICIES_TARGET):
            self._bring(Arrangement.POLICIES)
            self.policies.bring(is_wanted=True, policy_id=target.removeprefix(POLICIES_TARGET))
        elif self.posture.turn_to(target):
            self._bring(Arrangement.POSTURE)
        else:
            self._bring(Arrangement.STATUS)
            self._page.select(target)

    @override
    def bar_widgets(self) -> list[QWidget]:
        return self._bar.widgets

    @override
    def panel_actions(self) -> list[PanelAction]:
        return [
            PanelAction(_key("compliance.next", self.tr("Next row"), "J"), lambda: self._rows.walk(1)),
            PanelAction(_key("compliance.previous", self.tr("Row before"), "K"), lambda: self._rows.walk(-1)),
            PanelAction(
                _key("compliance.open", self.tr("Open controls and evidence"), "Return"),
                self._open_selected,
            ),
            PanelAction(_key("compliance.export", self.tr("Export every verdict…"), "E"), self._save),
            PanelAction(
                _key("compliance.risk", self.tr("Register a risk by hand…"), "Shift+R"),
                lambda: self.beside.ask_risk_by_hand(self._selected_key),
            ),
            PanelAction(_key("compliance.filter", self.tr("Filter"), "/"), self._bar.focus_filter),
            PanelAction(_key("compliance.day_before", self.tr("Day before"), "["), lambda: self._bar.step_day(-1)),
            PanelAction(_key("compliance.day_after", self.tr("Day after"), "]"), lambda: self._bar.step_day(1)),
            PanelAction(_key("compliance.day", self.tr("Choose a day"), "D"), self._bar.focus_day),
        ]

    def show_loading(self) -> None:
        """Wait for data."""
        self._stack.show_loading()

    def show_page(self, page: Page) -> None:
        """Show the controls, or say what would be there and offer what brings it."""
        match page:
            case ComplianceState():
                self._page.show_state(page)
                self._stack.show_fresh()
                self.beside.refresh()
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
        self._page.row_chosen.connect(self._choose)
        self._page.row_opened.connect(self.beside.open)
        self._page.figure_activated.connect(self._show_figure)
        self._bar.arrangement_chosen.connect(self._arrange)
        self._bar.subjects_chosen.connect(self._choose_subjects)
        self._bar.day_chosen.connect(self._choose_day)
        self._bar.narrowed.connect(self._narrow)
        self._bar.export_requested.connect(self._save)
        self._bar.left.connect(lambda: self._rows.setFocus(Qt.FocusReason.OtherFocusReason))
        self.policies.noticed.connect(self.notice_raised)
        self.beside.entity_opened.connect(self.entity_open_requested)
        self.beside.chart_requested.connect(self._open_chart)
        self.beside.noticed.connect(self.notice_raised)
        self.beside.page_changed.connect(self.side_page_changed)
        self.beside.left.connect(lambda: self._page.setFocus(Qt.FocusReason.OtherFocusReason))
        self._stack.action_requested.connect(self._answer)
        self.posture.noticed.connect(self.notice_raised)
        self.posture.page_changed.connect(self.side_page_changed)
        self.posture.entity_selected.connect(self.entity_selected)
        self.posture.entity_requested.connect(partial(self.panel_requested.emit, "relationships"))
        self.posture.chart_requested.connect(self._open_chart)

    @property
    def _rows(self) -> CompliancePage | PolicyPage | PosturePage:
        """The page that is in sight."""
        shown = {Arrangement.POLICIES: self.policies, Arrangement.POSTURE: self.posture.page}
        return shown.get(self._bar.arrangement, self._page)

    def _open_selected(self) -> None:
        self._rows.open_selected()

    def _bring(self, arrangement: Arrangement) -> None:
        """Choose a view and show it."""
        self._bar.show_arrangement(arrangement)
        self._arrange()

    def _arrange(self) -> None:
        arrangement = self._bar.arrangement
        are_policies, is_posture = arrangement is Arrangement.POLICIES, arrangement is Arrangement.POSTURE
        self._stack.setVisible(not are_policies and not is_posture)
        self.posture.page.setVisible(is_posture)
        self.posture.show(is_shown=is_posture)
        self.policies.bring(is_wanted=are_policies)
        self.setFocusProxy(self._rows)
        if are_policies or is_posture:
            self.beside.close()
        else:
            self._page.arrange(arrangement)

    def _narrow(self) -> None:
        self._page.narrow(self._bar.words)
        self.policies.narrow(self._bar.words)
        self.posture.page.narrow(self._bar.words)

    def _save(self) -> None:
        """Save what is looked at: a table of posture, or every verdict."""
        if self._bar.arrangement is Arrangement.POSTURE:
            self.posture.save()
        else:
            self._save_verdicts()

    def _choose_subjects(self) -> None:
        self.beside.close()
        self.posture.close()
        self.posture.tell(lambda posture: posture.choose_subjects(self._bar.subjects))
        if self._presenter is not None:
            self._presenter.choose_subjects(self._bar.subjects)

    def _choose_day(self, day_end_at: object) -> None:
        chosen_at = day_end_at if isinstance(day_end_at, datetime) else None
        if self._presenter is not None:
            self._presenter.choose_day(chosen_at)
        self.posture.tell(lambda posture: posture.choose_day(chosen_at))

    def _choose(self, row_id: str) -> None:
        """A row was moved to: what is open beside the table follows, and so does the console's selection."""
        control = self._page.control(row_id)
        risk = self._page.risk(row_id)
        entity_key = control.key.entity_key if control is not None else risk.entity_key if risk is not None else row_id
        if self._page.subject(entity_key) is not None:
            self.entity_selected.emit(entity_key)
        self.beside.follow(row_id)

    def _open_chart(self, offer: object) -> None:
        """Go to what a piece of evidence was measured from: first there, so that what is left need not follow."""
        if not isinstance(offer, ChartOffer):
            return
        self.panel_requested.emit(offer.panel_id, offer.entity_key)
        if offer.time_range is not None:
            self.range_requested.emit(offer.time_range)
        if offer.play_head_at is not None:
            self.play_head_requested.emit(offer.play_head_at)
        self.notice_raised.emit(offer.notice)

    def _save_verdicts(self) -> None:
        """Ask where every verdict of the moment shown is to be saved, and as what."""
        if self._saver is not None and self._presenter is not None:
            self._saver.ask(self._presenter.files())

    def _show_figure(self, key: str) -> None:
        self._bring(Arrangement.STATUS if key == "satisfied" else Arrangement.FINDINGS)

    def _answer(self, key: str) -> None:
        if key == _FILL:
            self.panel_requested.emit("connectors", "")
        elif self._presenter is not None:
            self._presenter.retry()


def _key(action_id: str, text: str, key: str) -> ActionSpec:
    return ActionSpec(
        action_id, text, key=key, place=PANEL_ID, is_listed=action_id in {"compliance.export", "compliance.risk"}
    )
