"""The inspector's view: what it is, how it does and why, then pages for signals, facts and history."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import HealthState
from quarterdeck.ui.shell.inspector.pages import FactsPage, HistoryPage, InspectorPage, SignalsPage, WhyPage
from quarterdeck.ui.shell.inspector.state import ChartedSeries, InspectorCard, SeriesList
from quarterdeck.ui.shell.next_turn import next_turn
from quarterdeck.ui.theme.marks import state_word
from quarterdeck.ui.theme.measures import PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.segments import Segment, SegmentedControl, SegmentLook
from quarterdeck.ui.widgets.state_marks import StateLine
from quarterdeck.ui.widgets.state_stack import Freshness, Message, StateStack
from quarterdeck.ui.widgets.text import PlainLabel

_MAKERS: dict[str, Callable[[Theme], InspectorPage]] = {
    "why": WhyPage,
    "signals": SignalsPage,
    "facts": FactsPage,
    "history": HistoryPage,
}
_SERIES_PAGE = "signals"


class InspectorView(QFrame):
    """`entity_selected` carries the key of a neighbour that was pressed; `retry_requested` comes after a failure.

    `maintenance_requested` comes when maintenance of the entity is to be planned, `claims_requested` with its key when
    the log of claims is to be seen, `ledger_requested` with it when the ledger behind its availability is.

    `series_wanted` comes when the list of all series is turned to or away from; `series_chosen` carries the id of one
    and the pixels of its course, `range_requested` and `play_head_requested` what a person does with that.
    A page is made, and shown a card, when it is first seen: all at once would be felt.
    """

    entity_selected = Signal(str)
    retry_requested = Signal()
    maintenance_requested = Signal()
    claims_requested = Signal(str)
    ledger_requested = Signal(str)
    series_wanted = Signal()
    series_chosen = Signal(str, int)
    range_requested = Signal(object)
    play_head_requested = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "bar")
        self.setAccessibleName(self.tr("Inspector"))
        self._theme = theme
        self._card: InspectorCard | None = None
        self._made: dict[str, InspectorPage] = {}
        self._preparing = next_turn(self, self._page)
        self._revealing = next_turn(self, self._reveal)
        self._head = StateLine(theme, HealthState.UNKNOWN, "", role=FontRole.PANEL)
        self._state = PlainLabel(theme, wraps=True)
        self._why = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        self._plan = Button(theme, self.tr("Plan maintenance…"), kind=ButtonKind.LINK)
        names = (self.tr("Why"), self.tr("Signals"), self.tr("Facts"), self.tr("History"))
        self._page_names = dict(zip(_MAKERS, names, strict=True))
        self._pages = QStackedWidget()
        self._tabs = self._build_tabs()
        self._stack = StateStack(theme, self._build_content())
        self._build()

    def show_loading(self) -> None:
        """Wait for the first card of an entity; its page is made meanwhile."""
        self._revealing.stop()
        self._stack.show_loading()
        self._preparing.start()

    def show_nothing(self) -> None:
        """Nothing is selected."""
        self._revealing.stop()
        explanation = self.tr("Choose an integration, a service or anything else, and this tells all about it.")
        self._stack.show_empty(Message(self.tr("Nothing is selected"), explanation))

    def show_absent(self, entity_key: str) -> None:
        """The estate holds no such entity at the moment shown."""
        self._revealing.stop()
        sentence = self.tr("{entity} did not exist at this time").format(entity=entity_key)
        self._stack.show_empty(Message(sentence, self.tr("Move the play-head, or go back to live.")))

    def show_failure(self, error: OperatorError) -> None:
        """The card could not be read."""
        self._revealing.stop()
        self._stack.show_failed(Message(error.message, error.next_step))

    def show_stale(self, since: str) -> None:
        """Keep the card, marked as old; `since` is a whole phrase."""
        self._revealing.stop()
        for page in self._made.values():
            page.show_stale()
        self._stack.show_stale(since)

    def show_card(self, card: InspectorCard) -> None:
        """Show an entity. Where none is in sight yet, it is laid out and painted in a turn of its own."""
        self._card = card
        self._show_head(card)
        self._page().show_card(card)
        if self._stack.freshness in {Freshness.FRESH, Freshness.STALE}:
            self._stack.show_fresh()
        else:
            self._revealing.start()

    def _reveal(self) -> None:
        self._stack.show_fresh()

    def show_series(self, series: SeriesList) -> None:
        """Show all series of the entity, on the page that lists them."""
        if (section := self._page().series) is not None:
            section.show_series(series)

    def show_course(self, course: ChartedSeries) -> None:
        """Show the course of the series that was chosen."""
        if (section := self._page().series) is not None:
            section.show_course(course)

    @property
    def wants_series(self) -> bool:
        """Whether the page that lists all series is turned to."""
        return self._tabs.current == _SERIES_PAGE

    def show_page(self, key: str) -> None:
        """Turn to `why`, `signals`, `facts` or `history`."""
        self._tabs.set_current(key)
        page = self._page()
        if self._card is not None:
            page.show_card(self._card)
        if self._stack.freshness is Freshness.STALE:
            page.show_stale()
        self._pages.setCurrentWidget(page)
        self.series_wanted.emit()

    def _page(self) -> InspectorPage:
        """The page that is turned to."""
        key = self._tabs.current
        page = self._made.get(key)
        if page is None:
            page = self._made[key] = _MAKERS[key](self._theme)
            page.setAccessibleName(self._page_names[key])
            page.entity_selected.connect(self.entity_selected)
            page.claims_requested.connect(lambda: self.claims_requested.emit(self._card.key if self._card else ""))
            page.ledger_requested.connect(lambda: self.ledger_requested.emit(self._card.key if self._card else ""))
            if page.series is not None:
                page.series.series_chosen.connect(self.series_chosen)
                page.series.range_requested.connect(self.range_requested)
                page.series.play_head_requested.connect(self.play_head_requested)
            self._pages.addWidget(page)
        return page

    def _show_head(self, card: InspectorCard) -> None:
        self._head.show_state(card.state, card.name, card.kind)
        word = state_word(card.state)
        headline = self.tr("{state} for {duration}").format(state=word, duration=card.since) if card.since else word
        self._state.setText(headline[:1].upper() + headline[1:])
        self._plan.setEnabled(card.shown_at is None)
        self._plan.setToolTip("" if card.shown_at is None else self.tr("Planned in the present: L goes back to live."))
        self._why.setText(card.why)
        self._why.setVisible(bool(card.why))

    def _build(self) -> None:
        self._stack.action_requested.connect(self.retry_requested)
        self._plan.clicked.connect(self.maintenance_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_PADDING, 14, 0, 0)
        column.addWidget(self._stack)

    def _build_content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = QVBoxLayout()
        head.setContentsMargins(0, 0, PAGE_PADDING, 0)
        head.setSpacing(4)
        for widget in (self._head, self._state, self._why, self._plan, self._tabs):
            head.addWidget(widget)
        column.addLayout(head)
        column.addWidget(self._pages, 1)
        return content

    def _build_tabs(self) -> SegmentedControl:
        segments = tuple(Segment(key, text) for key, text in self._page_names.items())
        tabs = SegmentedControl(
            self._theme, segments, accessible_name=self.tr("Pages of the inspector"), look=SegmentLook.TABS
        )
        tabs.chosen.connect(lambda: self.show_page(tabs.current))
        return tabs
