"""When error patterns are read and shown: while their view is the one that is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QVBoxLayout
from typing_extensions import override

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.error_patterns import ErrorReport
from quarterdeck.services.moments import Moment
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.panels.performance.error_page import ErrorPage
from quarterdeck.ui.panels.performance.error_words import ErrorState, error_state
from quarterdeck.ui.panels.performance.other_views import Desk, scrolled
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.state_stack import Message, Offer, StateStack

if TYPE_CHECKING:
    from quarterdeck.services.ports import Topic

_STEPS = 60
_LONGEST_WAIT_SECONDS = 60.0
_CONNECT, _AGAIN = "connect", "again"


class ErrorSource(Protocol):
    """Where error patterns come from."""

    def errors(self, moment: Moment) -> ErrorReport:
        """The patterns of the moment's range up to its play-head, beside those of the equal time before."""
        ...


class ErrorDesk(Desk):
    """The Errors view with all that stands in its place."""

    def __init__(self, theme: Theme, source: ErrorSource, background: Background) -> None:
        super().__init__()
        self._page = ErrorPage(theme)
        self._stack = StateStack(theme, scrolled(self._page))
        self._source = source
        self._reads: LatestRead[ErrorState] = LatestRead(background, "performance, errors")
        self._moment: Moment | None = None
        self._shown: Moment | None = None
        self._is_active = False
        self._selected = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.setFocusProxy(self._page)
        self._stack.action_requested.connect(self._answer)
        self._page.entity_chosen.connect(self.entity_chosen)
        self._page.entity_opened.connect(self.entity_opened)

    @override
    def groups(self) -> tuple[ChartGroup, ...]:
        return (self._page.group,)

    @override
    def activate(self, *, is_active: bool) -> None:
        self._is_active = is_active
        if not is_active:
            self._reads.drop()
            return
        if self._shown is None:
            self._stack.show_loading()
        self._read()

    @override
    def show_moment(self, moment: Moment) -> None:
        self._moment, self._shown = moment, None
        self._read()

    @override
    def refresh(self, moment: Moment, topics: frozenset[Topic]) -> None:
        self._moment = moment
        if self._is_due(moment, topics):
            self._read(follows=True)

    @override
    def show_selection(self, entity_key: str) -> None:
        self._selected = entity_key
        self._page.select(entity_key)

    @override
    def narrow(self, words: str) -> None:
        self._page.narrow(words)

    def _is_due(self, moment: Moment, topics: frozenset[Topic]) -> bool:
        """Once a sixtieth of the range has gone by, a minute at most; at once where the last read failed."""
        if self._shown is None:
            return True
        waits = min(_LONGEST_WAIT_SECONDS, moment.time_range.seconds / _STEPS)
        return (moment.at - self._shown.at).total_seconds() >= waits and any(
            topic.value in {"events", "estate"} for topic in topics
        )

    def _read(self, *, follows: bool = False) -> None:
        source, moment = self._source, self._moment
        if not self._is_active or moment is None:
            return
        read = Read(
            work=lambda: error_state(source.errors(moment), moment, self.tr),
            on_result=self._take,
            on_error=self._fail,
        )
        (self._reads.follow if follows else self._reads.take_over)(read)

    def _take(self, state: ErrorState) -> None:
        self._shown = state.moment
        if not state.patterns:
            self._stack.show_empty(self._nothing(state))
            return
        self._page.show_state(state)
        self._page.select(self._selected)
        self._stack.show_fresh()

    def _nothing(self, state: ErrorState) -> Message:
        begin = moment_words(state.report.before.start_at, state.moment.at)
        return Message(
            self.tr("No event tells a failure since {time}").format(time=begin),
            self.tr(
                "Here stand the failures that events tell, gathered by the pattern of their messages. An event tells "
                "one by its type, its level or its code. A longer range looks further back."
            ),
            (Offer(_CONNECT, self.tr("Show connections")),),
        )

    def _fail(self, error: OperatorError) -> None:
        if self._shown is not None:
            time = moment_words(self._shown.at, (self._moment or self._shown).at)
            self._stack.show_stale(self.tr("{error} Shown as of {time}").format(error=error.message, time=time))
            self._shown = None
            return
        self._stack.show_failed(Message(error.message, error.next_step, (Offer(_AGAIN, self.tr("Try again")),)))

    def _answer(self, key: str) -> None:
        if key == _CONNECT:
            self.panel_asked.emit("connectors", "")
        else:
            self._stack.show_loading()
            self._read()
