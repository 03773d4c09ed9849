"""Tells the window how its store does: opening, open, lost, found again; and tries again by itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.ui.shell.console_clock import ConsoleClock
from quarterdeck.ui.shell.feed import Feed
from quarterdeck.ui.shell.panel_host import PanelHost
from quarterdeck.ui.shell.store_session import StoreSession
from quarterdeck.ui.shell.time_words import clock_words
from quarterdeck.ui.shell.window import ConsoleWindow
from quarterdeck.ui.widgets.state_stack import Message, Offer

if TYPE_CHECKING:
    from quarterdeck.services.console import ConsoleServices

_RETRY_TICKS: Final = 5


class StoreWatch(QObject):
    """`opened` carries the ConsoleServices once; `found_again` comes when a lost store can be read."""

    opened = Signal(object)
    found_again = Signal()

    def __init__(
        self, window: ConsoleWindow, host: PanelHost, *, session: StoreSession, feed: Feed, clock: ConsoleClock
    ) -> None:
        super().__init__(window)
        self._window = window
        self._host = host
        self._session = session
        self._feed = feed
        self._clock = clock
        self._lost_at: datetime | None = None
        self._ticks_to_retry = 0
        session.opened.connect(self._take)
        session.failed.connect(self._refuse)
        feed.lost.connect(self._lose)
        feed.found_again.connect(self._find)
        feed.rows_left_out.connect(window.rows_banner.show_rows)
        feed.ticked.connect(self._count_down)
        window.top_bar.show_reading(is_reading=False)
        window.banner.retry_requested.connect(self.try_again)
        host.retry_requested.connect(self.try_again)

    def try_again(self) -> None:
        """Open the store or ask it again, now."""
        if self._session.is_open:
            self._feed.ask()
        else:
            self._session.open()

    def _take(self, services: ConsoleServices) -> None:
        self._window.banner.hide()
        self._window.top_bar.show_reading(is_reading=True)
        self._window.rail.set_workspace(services.title, services.subtitle)
        self._feed.follow(services.versions, services.left_out)
        self.opened.emit(services)

    def _refuse(self, error: OperatorError) -> None:
        """The store does not open. What is only out of reach is tried again; what is wrong waits for a person."""
        self._ticks_to_retry = _RETRY_TICKS if isinstance(error, StoreUnavailable) else 0
        self._window.banner.show_error(error)
        self._window.top_bar.show_reading(is_reading=False)
        self._host.show_lost("", self._message(error))

    def _lose(self, error: OperatorError) -> None:
        self._window.banner.show_error(error)
        if self._lost_at is None:
            self._lost_at = self._clock.now()
            self._window.top_bar.show_reading(is_reading=False)
            since = self.tr("not read since {time}").format(time=clock_words(self._lost_at))
            self._host.show_lost(since, self._message(error))
            self._window.inspector.show_stale(since)
            self._window.side.age_pages(is_stale=True)

    def _find(self) -> None:
        self._lost_at = None
        self._window.banner.hide()
        self._window.top_bar.show_reading(is_reading=True)
        self._host.show_found()
        self._window.side.age_pages(is_stale=False)
        self.found_again.emit()

    def _count_down(self) -> None:
        if self._ticks_to_retry > 0:
            self._ticks_to_retry -= 1
            if self._ticks_to_retry == 0:
                self._session.open()

    def _message(self, error: OperatorError) -> Message:
        offer = Offer("retry", self.tr("Try again"), is_primary=True)
        return Message(error.message, error.next_step, (offer,))
