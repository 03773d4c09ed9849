"""Loads the connections of a moment and keeps them up to date; enables, disables, removes and tests them.

Plain Python: tested without a window.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeAlias

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.connection_tests import ConnectionTest
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Topic
from quarterdeck.services.sources import SourceList
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.connectors.outcomes import testing_words, words_of_test
from quarterdeck.ui.panels.connectors.state import ConnectorsState, PageMessage, TestWords
from quarterdeck.ui.panels.connectors.words import Translate, connectors_state
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background, TaskHandle

Topics: TypeAlias = frozenset[Topic]

SHOWN_TOPICS: Topics = frozenset({Topic.CONNECTIONS, Topic.CONNECTION_HEALTH, Topic.SERIES})


class SourcesSource(Protocol):
    """Where the list comes from."""

    def sources(self, moment: Moment, *, now: datetime | None = None) -> SourceList:
        """All connections."""
        ...


class ConnectionDeeds(Protocol):
    """What can be done with a connection that exists. Every call may take seconds."""

    def test_saved(self, connection_id: str) -> ConnectionTest: ...

    def set_enabled(self, connection_id: str, *, enabled: bool) -> Connection: ...

    def remove(self, connection_id: str) -> str: ...


class ConnectorsSurface(Protocol):
    """What shows the list."""

    def show_loading(self) -> None: ...

    def show_page(self, page: ConnectorsState | PageMessage) -> None: ...

    def show_old(self, since: str) -> None: ...

    def show_saved_test(self, connection_id: str, test: TestWords | None) -> None: ...


class ConnectorsPresenter:
    """Shows the moment it is told; a refresh that fails leaves what was shown, as old.

    `now` is the clock, `notify` says a sentence at the foot of the window.
    """

    def __init__(
        self,
        source: SourcesSource,
        deeds: ConnectionDeeds,
        background: Background,
        surface: ConnectorsSurface,
        *,
        now: Callable[[], datetime],
        notify: Callable[[str], object],
        tr: Translate,
    ) -> None:
        self._source = source
        self._deeds = deeds
        self._background = background
        self._surface = surface
        self._now = now
        self._notify = notify
        self._tr = tr
        self._reads: LatestRead[ConnectorsState | PageMessage] = LatestRead(background, "connections")
        self._moment: Moment | None = None
        self._shown: Moment | None = None
        self._test: TaskHandle | None = None

    def show_moment(self, moment: Moment) -> None:
        """Show another moment; what is on the screen stays until it is there."""
        self._moment = moment
        if self._shown is None:
            self._surface.show_loading()
        self._reads.take_over(self._read(moment))

    def refresh(self, moment: Moment, topics: Topics) -> None:
        """Read again when something of what is shown changed, or when only time went on."""
        if not topics or topics & SHOWN_TOPICS:
            self._moment = moment
            self._reads.follow(self._read(moment))

    def reload(self) -> None:
        """Read the same moment again, after something was changed here or could not be read."""
        if self._moment is not None:
            self._reads.follow(self._read(self._moment))

    def set_enabled(self, connection_id: str, *, enabled: bool) -> None:
        """Let a connection poll, or not."""
        deeds, tr = self._deeds, self._tr
        words = tr("{name} is enabled and asked again.") if enabled else tr("{name} is disabled.")
        self._background.run_change(
            lambda: deeds.set_enabled(connection_id, enabled=enabled),
            on_result=lambda connection: self._tell(words.format(name=connection.name)),
            on_error=self._explain,
        )

    def remove(self, connection_id: str, name: str) -> None:
        """Remove a connection; what it delivered stays."""
        deeds, tr = self._deeds, self._tr
        gone = tr("{name} is removed. What it delivered stays.").format(name=name)
        self._background.run_change(
            lambda: deeds.remove(connection_id),
            on_result=lambda remainder: self._tell(remainder or gone),
            on_error=self._explain,
        )

    def test(self, connection_id: str) -> None:
        """Test a connection as it is stored."""
        deeds, tr, surface = self._deeds, self._tr, self._surface
        surface.show_saved_test(connection_id, testing_words(tr))
        self._test = self._background.run_query(
            lambda: words_of_test(deeds.test_saved(connection_id), tr),
            on_result=lambda words: surface.show_saved_test(connection_id, words),
            on_error=lambda error: self._fail_test(connection_id, error),
            key="test saved",
        )

    def stop_test(self, connection_id: str) -> None:
        """Wait no longer for a test."""
        if self._test is not None:
            self._test.cancel()
        self._surface.show_saved_test(connection_id, None)

    def _read(self, moment: Moment) -> Read[ConnectorsState | PageMessage]:
        source, tr, now = self._source, self._tr, moment.at if moment.live else self._now()
        return Read(
            work=lambda: read_page(source, moment, now, tr),
            on_result=lambda page: self._take(moment, page),
            on_error=lambda error: self._fail(moment, error),
        )

    def _take(self, moment: Moment, page: ConnectorsState | PageMessage) -> None:
        self._shown = moment
        self._surface.show_page(page)

    def _fail(self, moment: Moment, error: OperatorError) -> None:
        if self._shown is None:
            message = PageMessage(error.message, error.next_step, self._tr("Try again"), is_failure=True)
            self._surface.show_page(message)
            return
        time = moment_words(self._shown.at, moment.at)
        self._surface.show_old(self._tr("{error} Shown as of {time}").format(error=error.message, time=time))

    def _fail_test(self, connection_id: str, error: OperatorError) -> None:
        self._surface.show_saved_test(connection_id, None)
        self._explain(error)

    def _tell(self, sentence: str) -> None:
        self._notify(sentence)
        self.reload()

    def _explain(self, error: OperatorError) -> None:
        self._tell(f"{error.message} {error.next_step}".strip())


def read_page(source: SourcesSource, moment: Moment, now: datetime, tr: Translate) -> ConnectorsState | PageMessage:
    """The list at a moment, read and put into words; runs in a worker."""
    found = source.sources(moment, now=now)
    if found.rows:
        return connectors_state(found, moment, now, tr)
    return PageMessage(
        tr("No source is connected yet"),
        tr("A connection brings the signals, checks and events of what you oversee. It is tested before it is saved."),
        tr("Add connection"),
    )
