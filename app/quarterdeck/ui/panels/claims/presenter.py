"""Loads the log of claims at a moment and keeps it up to date. Plain Python, tested without Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.claim_log import ClaimLog
from quarterdeck.services.claim_words import csv_of
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Topic
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.claims.state import Page, PageMessage
from quarterdeck.ui.panels.claims.words import Translate, claims_state
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background

Topics: TypeAlias = frozenset[Topic]

TOPICS: Topics = frozenset({Topic.ESTATE, Topic.STATES, Topic.CHECKS, Topic.CONNECTIONS, Topic.CONNECTION_HEALTH})


class ClaimSource(Protocol):
    """Where the answers come from."""

    def log_at(self, moment: Moment) -> ClaimLog:
        """The log over the moment's range as of its play-head."""
        ...

    def stale_words(self, moment: Moment) -> str:
        """Since when nobody collects, as a phrase; empty while somebody does."""
        ...


class ClaimsSurface(Protocol):
    """What shows the panel."""

    def show_loading(self) -> None: ...

    def show_page(self, page: Page) -> None: ...

    def show_failed(self, message: PageMessage) -> None: ...

    def show_old(self, since: str) -> None: ...


class ClaimsPresenter:
    """Shows the moment it is told; a refresh that fails leaves what was shown, as old."""

    def __init__(self, source: ClaimSource, background: Background, surface: ClaimsSurface, tr: Translate) -> None:
        self._source = source
        self._surface = surface
        self._tr = tr
        self._reads: LatestRead[Page] = LatestRead(background, "claims")
        self._moment: Moment | None = None
        self._shown: Moment | None = None

    def show_moment(self, moment: Moment) -> None:
        """Show another moment; what is on the screen stays for the short while until it is there."""
        self._moment, self._shown = moment, None
        self._surface.show_loading()
        self._reads.take_over(self._read(moment))

    def refresh(self, moment: Moment, topics: Topics) -> None:
        """Read again when something of what is shown changed, or when only time went on."""
        if not topics or topics & TOPICS:
            self._moment = moment
            self._reads.follow(self._read(moment))

    def retry(self) -> None:
        """Read the moment again."""
        if self._moment is not None:
            self.show_moment(self._moment)

    def table_writer(self) -> Callable[[], bytes] | None:
        """What writes the log that is shown as a table, in any thread; None while none is shown."""
        source, moment = self._source, self._shown
        return None if moment is None else lambda: csv_of(source.log_at(moment))

    def _read(self, moment: Moment) -> Read[Page]:
        source, tr = self._source, self._tr
        return Read(
            work=lambda: read_page(source, moment, tr),
            on_result=lambda page: self._take(moment, page),
            on_error=lambda error: self._fail(moment, error),
        )

    def _take(self, moment: Moment, page: Page) -> None:
        self._shown = moment
        self._surface.show_page(page)

    def _fail(self, moment: Moment, error: OperatorError) -> None:
        if self._shown is None:
            self._surface.show_failed(PageMessage(error.message, error.next_step, self._tr("Try again")))
            return
        time = moment_words(self._shown.at, moment.at)
        self._surface.show_old(self._tr("{error} Shown as of {time}").format(error=error.message, time=time))


def read_page(source: ClaimSource, moment: Moment, tr: Translate) -> Page:
    """The log at a moment, read and put into words; runs in a worker."""
    log = source.log_at(moment)
    if log.report.records:
        return claims_state(log, moment, tr, source.stale_words(moment))
    explanation = tr(
        "Here stands where what partners say of themselves differs from what is measured, for how long, and whose "
        "fault it was. Add a connection to the status page of a partner."
    )
    if not moment.live:
        return PageMessage(tr("No partner had claimed anything by then"), explanation)
    return PageMessage(tr("No status page is read yet"), explanation, tr("Add a connection"))
