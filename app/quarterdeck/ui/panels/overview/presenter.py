"""Loads the Overview at a moment and keeps it up to date. Plain Python: tested without a window."""

from __future__ import annotations

from typing import Protocol, TypeAlias

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.moments import Moment
from quarterdeck.services.overview import OverviewReport
from quarterdeck.services.ports import Topic
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.overview.card_words import Translate
from quarterdeck.ui.panels.overview.state import OverviewState, PageMessage
from quarterdeck.ui.panels.overview.words import overview_state
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background

Topics: TypeAlias = frozenset[Topic]

SHOWN_TOPICS: Topics = frozenset(
    {Topic.ESTATE, Topic.SERIES, Topic.STATES, Topic.CHECKS, Topic.CONNECTIONS, Topic.CONNECTION_HEALTH}
)


class OverviewSource(Protocol):
    """Where the report comes from."""

    def overview(self, moment: Moment) -> OverviewReport:
        """The overview at the play-head."""
        ...


class OverviewSurface(Protocol):
    """What shows the page."""

    def show_loading(self) -> None: ...

    def show_overview(self, state: OverviewState) -> None: ...

    def show_empty(self, message: PageMessage) -> None: ...

    def show_failed(self, message: PageMessage) -> None: ...

    def show_old(self, since: str) -> None: ...


class OverviewPresenter:
    """Shows the moment it is told; a refresh that fails leaves what was shown, as old."""

    def __init__(self, source: OverviewSource, background: Background, surface: OverviewSurface, tr: Translate) -> None:
        self._source = source
        self._surface = surface
        self._tr = tr
        self._reads: LatestRead[OverviewState | PageMessage] = LatestRead(background, "overview")
        self._moment: Moment | None = None
        self._shown: Moment | None = None

    def show_moment(self, moment: Moment) -> None:
        """Show another moment; what is on the screen stays for the short while until it is there."""
        self._moment = moment
        self._shown = None
        self._surface.show_loading()
        self._reads.take_over(self._read(moment))

    def refresh(self, moment: Moment, topics: Topics) -> None:
        """Read again when something of what is shown changed, or when only time went on."""
        if not topics or topics & SHOWN_TOPICS:
            self._moment = moment
            self._reads.follow(self._read(moment))

    def retry(self) -> None:
        """Read the moment again that could not be read."""
        if self._moment is not None:
            self.show_moment(self._moment)

    def _read(self, moment: Moment) -> Read[OverviewState | PageMessage]:
        source, tr = self._source, self._tr
        return Read(
            work=lambda: read_page(source, moment, tr),
            on_result=lambda page: self._take(moment, page),
            on_error=lambda error: self._fail(moment, error),
        )

    def _take(self, moment: Moment, page: OverviewState | PageMessage) -> None:
        self._shown = moment
        if isinstance(page, PageMessage):
            self._surface.show_empty(page)
        else:
            self._surface.show_overview(page)

    def _fail(self, moment: Moment, error: OperatorError) -> None:
        if self._shown is None:
            self._surface.show_failed(PageMessage(error.message, error.next_step, self._tr("Try again")))
            return
        time = moment_words(self._shown.at, moment.at)
        self._surface.show_old(self._tr("{error} Shown as of {time}").format(error=error.message, time=time))


def read_page(source: OverviewSource, moment: Moment, tr: Translate) -> OverviewState | PageMessage:
    """The page at a moment, read and put into words; runs in a worker."""
    report = source.overview(moment)
    if not report.is_empty:
        return overview_state(report, moment.at, tr)
    return PageMessage(
        tr("Nothing is overseen yet"),
        tr(
            "Here stands what needs attention first, then every integration by domain. Add a connection to a source, "
            "or declare an estate in a terminal: quarterdeck apply FILE"
        ),
        tr("Add a connection"),
    )
