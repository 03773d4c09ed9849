"""The Performance panel: shows the state it is given and says what a person asks for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.domain.instants import TimeRange
from quarterdeck.ui.charts.chart_export import ChartExport
from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.chart_keys import ChartKeys
from quarterdeck.ui.panels.performance.bar import PerformanceBar
from quarterdeck.ui.panels.performance.below_charts import BelowCharts
from quarterdeck.ui.panels.performance.moved_desk import MovedDesk
from quarterdeck.ui.panels.performance.other_views import BAR_ROOM, COMPARE, ERRORS, Desk, OtherViews
from quarterdeck.ui.panels.performance.page import PerformancePage
from quarterdeck.ui.panels.performance.state import PageAction, PageMessage, PerformanceState
from quarterdeck.ui.panels.performance.zooms import ZoomMemory
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.measures import PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.actions import ActionSpec
from quarterdeck.ui.widgets.panel import Moment, PanelAction, PanelView
from quarterdeck.ui.widgets.state_stack import Freshness, Message, Offer, StateStack

if TYPE_CHECKING:
    from quarterdeck.ui.panels.performance.presenter import PerformancePresenter, Topics

PANEL_ID = "performance"
_RESIZE_PAUSE_MS = 200
_LISTED = frozenset(
    {"performance.pick", "performance.errors", "performance.earlier", "performance.moved", "performance.save"}
)


class PerformanceView(PanelView):
    """The panel: its charts, or what stands in their place. The charts move at once, the console follows."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._presenter: PerformancePresenter | None = None
        self._moment: Moment | None = None
        self._export: ChartExport | None = None
        self._waiting: PerformanceState | None = None
        self._zooms = ZoomMemory()
        self.moved = MovedDesk(theme, self)
        self._bar = PerformanceBar(theme)
        self._page = PerformancePage(theme)
        self.below = BelowCharts(theme)
        self._stack = StateStack(theme, self._page)
        self.views = OtherViews(self._stack)
        self._resize_pause = QTimer(self)
        self._build()
        self._connect()

    def present(self, presenter: PerformancePresenter, background: Background | None = None) -> None:
        """Take the one that loads what is shown, and where large pictures of lines are made.

        Called once, before anything is shown.
        """
        self._presenter = presenter
        if background is not None:
            self._page.draw_in(background)
            self._export = ChartExport(self, background, self.notice_raised.emit)

    @override
    def show_moment(self, moment: Moment) -> None:
        self._moment = moment
        self._zooms.follow(moment)
        self._page.group.set_play_head(None if moment.live else moment.at.timestamp())
        if self._presenter is not None and not self.views.current:
            self._presenter.show_moment(moment)
        self.views.show_moment(moment)
        self.moved.show_moment(moment)
        self._measure()

    @override
    def refresh(self, moment: Moment, topics: Topics) -> None:
        self._moment = moment
        if self._presenter is not None and not self.views.current:
            self._presenter.refresh(moment, topics)
            self.below.refresh(moment, topics)
        self.views.refresh(moment, topics)
        self.moved.refresh(moment)

    @override
    def show_selection(self, entity_key: str) -> None:
        if self._presenter is not None:
            self._presenter.select(entity_key)
        self.views.show_selection(entity_key)

    @override
    def show_target(self, target: str) -> None:
        if not self._look_at(target) and self._presenter is not None:
            self._presenter.show_entity(target)

    @override
    def bar_widgets(self) -> list[QWidget]:
        return self._bar.widgets

    @override
    def panel_actions(self) -> list[PanelAction]:
        keys = ChartKeys(self._page.group)

        def press(key: Qt.Key) -> Callable[[], object]:
            return lambda: keys.press(key, (), is_wide=False)

        return [
            PanelAction(
                _key("performance.pick", self.tr("Choose what is charted, or filter"), "/"), self._bar.open_list
            ),
            PanelAction(
                _key("performance.errors", self.tr("Show error patterns"), "E"), partial(self._look_at, ERRORS)
            ),
            PanelAction(
                _key("performance.compare", self.tr("Compare two ranges"), "C"), partial(self._look_at, COMPARE)
            ),
            PanelAction(
                _key("performance.earlier_mark", self.tr("Mark this range as the earlier to compare"), "["),
                partial(self._mark, is_later=False),
            ),
            PanelAction(
                _key("performance.later_mark", self.tr("Mark this range as the later to compare"), "]"),
                partial(self._mark, is_later=True),
            ),
            PanelAction(_key("performance.charts", self.tr("Show the charts"), "D"), partial(self._look_at, "")),
            PanelAction(_key("performance.closer", self.tr("Zoom in"), "+"), press(Qt.Key.Key_Plus)),
            PanelAction(_key("performance.wider", self.tr("Zoom out"), "-"), press(Qt.Key.Key_Minus)),
            PanelAction(_key("performance.whole", self.tr("Whole range"), "0"), press(Qt.Key.Key_0)),
            PanelAction(
                _key("performance.earlier", self.tr("Lay the week before behind the lines"), "G"), self._earlier
            ),
            PanelAction(_key("performance.moved", self.tr("Show what moved in this range"), "M"), self.moved.toggle),
            PanelAction(_key("performance.save", self.tr("Save a chart as a file…"), "S"), self._save_chart),
        ]

    def show_loading(self) -> None:
        """Wait for data."""
        self._stack.show_loading()

    def show_page(self, page: PerformanceState | PageMessage, *, is_read: bool = True) -> None:
        """Show the charts, or say what would be there, or why it is not, and offer what helps.

        Charts that a person is just moving stay: where they are moved to is asked for next. What was not read anew are
        the charts as they were with other lines chosen: no more than those is drawn.
        """
        if isinstance(page, PerformanceState) and not is_read and self._waiting is None:
            self._page.show_chosen(page)
            return
        self._waiting = None
        if page.bar is not None:
            self._bar.show_bar(page.bar)
        if isinstance(page, PageMessage):
            self._show_message(page)
        elif self._page.can_show(page):
            self._show_charts(page)
            if self._moment is not None:
                self.below.show_charted(page.bar.picked, self._moment)
        else:
            self._waiting = page

    def show_old(self, since: str) -> None:
        """Keep what is shown, as old."""
        if self._stack.freshness is not Freshness.STALE or self._stack.accessibleDescription() != since:
            self._stack.show_stale(since)

    def _show_waiting(self) -> None:
        if self._waiting is not None:
            self.show_page(self._waiting)

    def _show_charts(self, page: PerformanceState) -> None:
        if not self._page.group.is_moving:
            self._page.show_charts(page)
        if self._stack.freshness is not Freshness.FRESH:
            self._stack.show_fresh()
        self._hand_on_keyboard()

    def _build(self) -> None:
        self.setContentsMargins(PAGE_PADDING, PAGE_PADDING, PAGE_PADDING - BAR_ROOM, 0)
        self.setAccessibleName(self.tr("Performance"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.views)
        self.setFocusProxy(self._stack)
        self._resize_pause.setSingleShot(True)
        self._resize_pause.setInterval(_RESIZE_PAUSE_MS)

    def _connect(self) -> None:
        self._follow(self._page.group)
        self._page.place_below(self.below)
        self.below.errors_asked.connect(partial(self._look_at, ERRORS))
        self.below.yesterday_asked.connect(self._compare_with_yesterday)
        self.below.causes_asked.connect(self._ask_causes)
        self._page.furnished.connect(self._show_waiting)
        self._resize_pause.timeout.connect(self._measure)
        self._stack.action_requested.connect(self._answer)
        self._bar.kind_chosen.connect(self._choose_kind)
        self._bar.picked.connect(self._choose)
        self._bar.narrowed.connect(self.views.narrow)
        self._bar.left.connect(lambda: self.setFocus(Qt.FocusReason.OtherFocusReason))
        self.views.view_changed.connect(self._bar.show_view)
        self.views.desk_made.connect(self._take_desk)
        self.moved.page_changed.connect(self.side_page_changed)
        self.moved.entity_chosen.connect(self.entity_selected)
        self.moved.entity_opened.connect(self._show_entity)
        self.moved.left.connect(lambda: self.setFocus(Qt.FocusReason.OtherFocusReason))

    def _mark(self, *, is_later: bool) -> None:
        """Take the range shown to compare; once both are marked they are compared."""
        self.views.mark(is_later=is_later)
        which = self.tr("later") if is_later else self.tr("earlier")
        self.notice_raised.emit(self.tr("This range is the {which} one to compare; C compares.").format(which=which))

    def _compare_with_yesterday(self) -> None:
        self._look_at(COMPARE)
        self.views.compare_with_yesterday()

    def _ask_causes(self, entity_key: str) -> None:
        self.entity_selected.emit(entity_key)
        self.panel_requested.emit("relationships", f"causes:{entity_key}")

    def _take_desk(self, desk: Desk) -> None:
        desk.entity_chosen.connect(self.entity_selected)
        desk.entity_opened.connect(self.entity_open_requested)
        desk.panel_asked.connect(self.panel_requested)
        for group in desk.groups():
            self._follow(group)

    def _follow(self, group: ChartGroup) -> None:
        group.range_changed.connect(self._ask_range)
        group.range_selected.connect(self._ask_range)
        group.reset_requested.connect(self._ask_home)
        group.play_head_requested.connect(self._ask_play_head)

    def _hand_on_keyboard(self) -> None:
        """The charts take the keyboard from the panel as soon as they are there."""
        if self.focusProxy() is self._stack and not self.views.current:
            has_keyboard = self.window().focusWidget() is self._stack
            self.setFocusProxy(self._page)
            if has_keyboard:
                self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_message(self, message: PageMessage) -> None:
        self.setFocusProxy(self._stack)
        offer = Offer(message.action, message.button, is_primary=message.action is PageAction.CONNECT)
        shown = Message(message.sentence, message.explanation, (offer,))
        if message.action is PageAction.RETRY:
            self._stack.show_failed(shown)
        else:
            self._stack.show_empty(shown)

    def _measure(self) -> None:
        if self._presenter is not None and self.isVisible():
            width = self._page.pixels_in(self.contentsRect().width(), self.devicePixelRatioF())
            self._presenter.set_pixels(width)

    def _ask_range(self, start_s: float, end_s: float) -> None:
        self._ask(TimeRange(_instant(start_s), _instant(end_s)))

    def _ask_home(self) -> None:
        home = self._zooms.home(self._moment) if self._moment is not None else None
        if home is not None:
            self._ask(home)

    def _ask(self, time_range: TimeRange) -> None:
        """Ask the console for a range; where it stays where it is, the charts go back to it."""
        before = self._moment
        self._zooms.ask(time_range)
        self.range_requested.emit(time_range)
        if self._moment is before and before is not None:
            shown = before.time_range
            self._page.group.set_range(shown.start_at.timestamp(), shown.end_at.timestamp())

    def _ask_play_head(self, at_s: float) -> None:
        self.play_head_requested.emit(_instant(at_s))

    def _choose_kind(self, key: str) -> None:
        if not self._look_at(key) and self._presenter is not None:
            self._presenter.choose_kind(key)

    def _look_at(self, key: str) -> bool:
        """Look at another view, or at the charts; whether it is another one."""
        was_elsewhere = bool(self.views.current)
        is_elsewhere = self.views.choose(key)
        if was_elsewhere and not is_elsewhere and self._presenter is not None and self._moment is not None:
            self._presenter.show_moment(self._moment)
        if is_elsewhere or was_elsewhere:
            charts = self._page if self._stack.freshness is Freshness.FRESH else self._stack
            self.setFocusProxy(self.views if is_elsewhere else charts)
        return is_elsewhere

    def _choose(self, keys: tuple[str, ...]) -> None:
        if self._presenter is not None:
            self._presenter.choose(keys)

    def _show_entity(self, entity_key: str) -> None:
        if self._presenter is not None:
            self._look_at("")
            self._presenter.show_entity(entity_key)

    def _earlier(self) -> None:
        if self._presenter is not None:
            self._presenter.show_earlier()

    def _save_chart(self) -> None:
        if self._export is not None:
            self._export.ask(self._page.drawing())

    def _answer(self, action: str) -> None:
        if action == PageAction.CONNECT:
            self.panel_requested.emit("connectors", "")
        elif self._presenter is not None and action == PageAction.OTHER_KIND:
            self._presenter.choose_other_kind()
        elif self._presenter is not None:
            self._presenter.retry()

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._resize_pause.start()


def _instant(at_s: float) -> datetime:
    return datetime.fromtimestamp(at_s, UTC)


def _key(action_id: str, text: str, key: str) -> ActionSpec:
    return ActionSpec(action_id, text, key=key, place=PANEL_ID, is_listed=action_id in _LISTED)
