"""The Relationships panel: shows the map and the tables it is given, and says what a person asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.panels.relationships.bar import RelationshipsBar
from quarterdeck.ui.panels.relationships.drift_desk import DriftDesk
from quarterdeck.ui.panels.relationships.map_export import MapDrawing, MapExport
from quarterdeck.ui.panels.relationships.page import RelationshipsPage
from quarterdeck.ui.panels.relationships.pattern_desk import PatternDesk
from quarterdeck.ui.panels.relationships.side import Side
from quarterdeck.ui.panels.relationships.state import (
    Arrangement,
    Inquiry,
    Page,
    PageMessage,
    Wish,
)
from quarterdeck.ui.panels.relationships.table_desk import TableDesk
from quarterdeck.ui.panels.relationships.what_if_desk import WhatIfDesk
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.actions import ActionSpec
from quarterdeck.ui.widgets.panel import Moment, PanelAction, PanelView
from quarterdeck.ui.widgets.state_stack import Freshness, Message, Offer, StateStack
from quarterdeck.ui.widgets.text import safe_line

if TYPE_CHECKING:
    from quarterdeck.ui.panels.relationships.drift_presenter import DriftPresenter
    from quarterdeck.ui.panels.relationships.pattern_presenter import PatternsPresenter
    from quarterdeck.ui.panels.relationships.presenter import RelationshipsPresenter, Topics

PANEL_ID = "relationships"
_FILL, _AGAIN = "fill", "again"
_CAUSES_OF = "causes:"
"""Before the key of an entity that is asked to be shown: with its causes."""
_PATTERNS, _DRIFT = Arrangement.PATTERNS, Arrangement.DRIFT
_REAL = frozenset({_PATTERNS, _DRIFT})
_LISTED = frozenset(
    {
        *("relationships.save", "relationships.impact", "relationships.causes", "relationships.focus"),
        *("relationships.patterns", "relationships.drift", "relationships.what_if"),
    }
)


class RelationshipsView(PanelView):
    """The panel: its views, or what stands in their place. `background_for` lets long tables be sorted in a worker."""

    def __init__(self, theme: Theme, background_for: Callable[[QObject], Background] | None = None) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self._presenter: RelationshipsPresenter | None = None
        self._pattern_presenter: PatternsPresenter | None = None
        self._drift_presenter: DriftPresenter | None = None
        self._export: MapExport | None = None
        self._wish = Wish()
        self._entity_key = ""
        self._target = ""
        self._bar = RelationshipsBar(theme)
        self._page = RelationshipsPage(theme, background_for)
        self._side = Side(theme, self)
        self.patterns = PatternDesk(self._page, self._side)
        self.drift = DriftDesk(self._page)
        self._table = TableDesk(self._page)
        self._stack = StateStack(theme, self._page)
        self._what_if = WhatIfDesk(theme, self._stack, self._side)
        self.setAccessibleName(self.tr("Relationships"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._what_if.frame)
        self.setFocusProxy(self._page)
        self._connect()

    def present(
        self,
        presenter: RelationshipsPresenter,
        background: Background,
        patterns: PatternsPresenter | None = None,
        drift: DriftPresenter | None = None,
    ) -> None:
        """Take those that load what is shown, and what writes files; called once, before anything is shown."""
        self._presenter = presenter
        self._wish = presenter.wish
        self._page.map.draw_edges(presenter.kept_edges)
        self._page.map.bar.edges_chosen.connect(presenter.keep_edges)
        self._pattern_presenter, self._drift_presenter = patterns, drift
        self._export = MapExport(self, background, self.notice_raised.emit)
        self._table.present(background, self.notice_raised.emit)
        self._what_if.present(background, self.notice_raised.emit)

    @override
    def show_moment(self, moment: Moment) -> None:
        if self._presenter is not None:
            self._presenter.show_moment(moment)
        if self._pattern_presenter is not None:
            self._pattern_presenter.show_moment(moment)
        if self._drift_presenter is not None:
            self._drift_presenter.show_moment(moment)

    @override
    def refresh(self, moment: Moment, topics: Topics) -> None:
        if self._presenter is not None:
            self._presenter.refresh(moment, topics)
        if self._pattern_presenter is not None:
            self._pattern_presenter.refresh(moment, topics)
        if self._drift_presenter is not None:
            self._drift_presenter.refresh(moment, topics)

    @override
    def show_selection(self, entity_key: str) -> None:
        self._entity_key = entity_key
        self._side.forget_relation()
        self._page.select(entity_key)
        self.patterns.select(entity_key)
        self._ask_about(entity_key)

    @override
    def show_target(self, target: str) -> None:
        self._target = target.removeprefix(_CAUSES_OF)
        self._reach_target()
        if target.startswith(_CAUSES_OF):
            self._bar.ask(Inquiry.CAUSES)

    @override
    def bar_widgets(self) -> list[QWidget]:
        return self._bar.widgets

    @override
    def panel_actions(self) -> list[PanelAction]:
        page, on_map = self._page, self._page.map
        return [
            PanelAction(_key("next", self.tr("Next node or row"), "J"), lambda: page.walk(1)),
            PanelAction(_key("previous", self.tr("Node or row before"), "K"), lambda: page.walk(-1)),
            PanelAction(_key("relation", self.tr("Next relation of this node"), "E"), self._step_relations(1)),
            PanelAction(_key("back", self.tr("Relation before"), "Shift+E"), self._step_relations(-1)),
            PanelAction(_key("open", self.tr("Open"), "Return"), page.open_current),
            PanelAction(_key("match", self.tr("Next match of the filter"), "N"), on_map.walk.walk_matches),
            PanelAction(_key("filter", self.tr("Filter"), "/"), self._bar.focus_filter),
            PanelAction(_key("focus", self.tr("Show only what is around this"), "F"), on_map.toggle_focus),
            PanelAction(_key("domain", self.tr("Collapse or open this domain"), "C"), on_map.toggle_domain),
            PanelAction(_key("impact", self.tr("Impact of a loss"), "D"), lambda: self._bar.toggle(Inquiry.IMPACT)),
            PanelAction(_key("causes", self.tr("Causes of a trouble"), "U"), lambda: self._bar.toggle(Inquiry.CAUSES)),
            PanelAction(_key("what_if", self.tr("What if…"), "W"), lambda: self._ask_what_if(self._entity_key)),
            PanelAction(_key("patterns", self.tr("Patterns, or back to the map"), "P"), self._toggle(_PATTERNS)),
            PanelAction(_key("drift", self.tr("Drift, or back to the map"), "R"), self._toggle(_DRIFT)),
            PanelAction(_key("larger", self.tr("Zoom in"), "+"), lambda: on_map.walk.zoom(1)),
            PanelAction(_key("smaller", self.tr("Zoom out"), "-"), lambda: on_map.walk.zoom(-1)),
            PanelAction(_key("fit", self.tr("The whole map"), "0"), on_map.view.sight.fit),
            PanelAction(_key("save", self.tr("Save what is shown as a file…"), "S"), self._save_shown),
        ]

    def show_loading(self) -> None:
        """Wait for data."""
        self._stack.show_loading()

    def show_page(self, page: Page) -> None:
        """Show the map and the tables, or say what would be there and offer what brings it."""
        if isinstance(page, PageMessage):
            self._page.forget()
            self._what_if.show_state(None)
            offers = (Offer(_FILL, page.button, is_primary=True),) if page.button else ()
            self._stack.show_empty(Message(page.sentence, page.explanation, offers))
            return
        asked = self._wish
        self._wish = replace(page.wish, inquiry=asked.inquiry, inquiry_key=asked.inquiry_key, assumed=asked.assumed)
        self._page.show_state(page)
        self._what_if.show_state(page.what_if)
        self._side.show_answer(page.answer)
        self.patterns.show_entities(page.real_states)
        self._what_if.show_entities(page.entities)
        self._show_freshness(page.stale)
        self._reach_target()

    def show_failed(self, message: PageMessage) -> None:
        """Say what went wrong and offer to try again."""
        self._page.forget()
        self._what_if.show_state(None)
        self._stack.show_failed(Message(message.sentence, message.explanation, (Offer(_AGAIN, message.button),)))

    def show_old(self, since: str) -> None:
        """Keep what is shown, as old."""
        self._show_freshness(since)

    def _connect(self) -> None:
        page, bar, side = self._page, self._bar, self._side
        page.entity_chosen.connect(self.entity_selected)
        page.entity_opened.connect(self.entity_open_requested)
        page.map.wished.connect(self._wish_for)
        page.map.relation_chosen.connect(side.show_relation)
        page.map.drawing_requested.connect(self._save)
        page.map.menu_requested.connect(self._ask_what_if)
        self._what_if.changed.connect(lambda: self._wish_for(self._wish))
        self._what_if.map_requested.connect(self._show_map)
        page.relation_listed.connect(page.map.show_relation)
        bar.arrangement_chosen.connect(self._arrange)
        bar.asked.connect(page.map.forget_relation)
        bar.asked.connect(self._ask)
        bar.narrowed.connect(lambda: page.narrow(bar.words, bar.selection))
        bar.left.connect(self._leave_filter)
        side.entity_chosen.connect(self._go_to)
        side.page_changed.connect(self.side_page_changed)
        side.answer_closed.connect(self._stop_asking)
        side.relation_closed.connect(page.map.forget_relation)
        self._stack.action_requested.connect(self._answer)

    def _step_relations(self, step: int) -> Callable[[], None]:
        def go() -> None:
            if self._page.arrangement is Arrangement.MAP:
                self._page.map.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self._page.map.walk.walk_relations(step)

        return go

    def _arrange(self) -> None:
        self._side.forget_relation()
        self._page.arrange(self._bar.arrangement)
        if self._pattern_presenter is not None:
            self._pattern_presenter.want(is_wanted=self._page.arrangement is Arrangement.PATTERNS)
        if self._drift_presenter is not None:
            self._drift_presenter.want(is_wanted=self._page.arrangement is Arrangement.DRIFT)
        self.patterns.show_beside()
        self._what_if.show_real(is_real=self._page.arrangement in _REAL)

    def _show_map(self) -> None:
        self._bar.show_arrangement(Arrangement.MAP)
        self._arrange()

    def _toggle(self, arrangement: Arrangement) -> Callable[[], None]:
        def go() -> None:
            is_there = self._page.arrangement is arrangement
            self._bar.show_arrangement(Arrangement.MAP if is_there else arrangement)
            self._arrange()
            self._page.setFocus(Qt.FocusReason.ShortcutFocusReason)

        return go

    def _save_shown(self) -> None:
        if self._page.arrangement is Arrangement.MAP:
            self._page.map.save()
        else:
            self._table.save()

    def _go_to(self, entity_key: str) -> None:
        """Select an entity that is named beside; one that a pattern names is shown on the map."""
        if self._page.arrangement is Arrangement.PATTERNS:
            self._show_map()
            self.show_target(entity_key)
        self.entity_selected.emit(entity_key)

    def _ask(self) -> None:
        self._ask_about(self._entity_key)
        if self._bar.inquiry is not Inquiry.NOTHING:
            self._what_if.leave_real()

    def _ask_about(self, entity_key: str) -> None:
        inquiry = self._bar.inquiry
        key = entity_key if inquiry is not Inquiry.NOTHING else ""
        self._wish_for(replace(self._wish, inquiry=inquiry, inquiry_key=key))

    def _stop_asking(self) -> None:
        self._bar.show_inquiry(Inquiry.NOTHING)
        self._ask_about("")

    def _wish_for(self, wish: Wish) -> None:
        inquiry, key = self._bar.inquiry, self._entity_key
        is_asking = inquiry is not Inquiry.NOTHING
        assumed = self._what_if.assumed
        self._wish = replace(wish, inquiry=inquiry, inquiry_key=key if is_asking else "", assumed=assumed)
        if self._presenter is not None:
            self._presenter.ask(self._wish)

    def _ask_what_if(self, entity_key: str) -> None:
        """Offer what to assume of an entity, beside it where it is seen."""
        page = self._page
        is_map = page.arrangement is Arrangement.MAP
        spot = page.map.spot_of_current() if is_map else page.mapToGlobal(page.rect().center())
        self._what_if.ask(entity_key if page.holds(entity_key) else "", spot)

    def _leave_filter(self) -> None:
        if self._bar.words and self._page.arrangement is Arrangement.MAP:
            self._page.map.walk.walk_matches()
        self._page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _save(self, drawing: MapDrawing) -> None:
        if self._export is not None:
            self._export.ask(drawing)

    def _reach_target(self) -> None:
        """Bring what was asked for into view, once it is there; what hides it is taken away."""
        target = self._target
        if not target or not self._page.holds(target):
            return
        if self._page.select(target):
            self._target = ""
        elif self._is_outside_focus(target):
            self._wish_for(replace(self._wish, focus=None))
        else:
            self._target = ""
            self._bar.clear_filters()
            self._page.select(target)

    def _is_outside_focus(self, entity_key: str) -> bool:
        """Whether the map leaves an entity out."""
        page = self._page
        return page.arrangement is Arrangement.MAP and page.map.view.rows.scene.node_of(entity_key) < 0

    def _show_freshness(self, stale: str) -> None:
        stack = self._stack
        if not stale and stack.freshness is not Freshness.FRESH:
            stack.show_fresh()
        elif stale and (stack.freshness is not Freshness.STALE or stack.accessibleDescription() != safe_line(stale)):
            stack.show_stale(stale)

    def _answer(self, key: str) -> None:
        if key == _FILL:
            self.panel_requested.emit("connectors", "")
        elif self._presenter is not None:
            self._presenter.retry()


def _key(name: str, text: str, key: str) -> ActionSpec:
    action_id = f"{PANEL_ID}.{name}"
    return ActionSpec(action_id, text, key=key, place=PANEL_ID, is_listed=action_id in _LISTED)
