"""Loads the integrations, or what expires, at a moment and keeps it up to date. Plain Python, tested without Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.expiries import Expiry
from quarterdeck.services.expiry_calendar import ExpiryCalendar, soonest_ends
from quarterdeck.services.expiry_files import ExpiryFormat, ExpiryWriter
from quarterdeck.services.integrations import IntegrationList
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Topic
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.integrations.calendar_words import calendar_state
from quarterdeck.ui.panels.integrations.expiry_words import expiry_state
from quarterdeck.ui.panels.integrations.state import LISTS, Arrangement, Page, PageMessage
from quarterdeck.ui.panels.integrations.words import Beside, Translate, integrations_state
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background

Topics: TypeAlias = frozenset[Topic]

LIST_TOPICS: Topics = frozenset(
    {
        *(Topic.ESTATE, Topic.SERIES, Topic.STATES, Topic.CHECKS, Topic.CONNECTIONS, Topic.CONNECTION_HEALTH),
        Topic.MAINTENANCE,
    }
)
EXPIRY_TOPICS: Topics = frozenset({Topic.ESTATE, Topic.SERIES, Topic.CHECKS})


class IntegrationSource(Protocol):
    """Where the answers come from."""

    def integrations(self, moment: Moment) -> IntegrationList:
        """All integrations of the estate at the play-head."""
        ...

    def expiries(self, moment: Moment) -> Sequence[Expiry]:
        """What runs out, the soonest first, at the play-head."""
        ...

    def calendar(self, moment: Moment) -> ExpiryCalendar:
        """What ends when, and of what no end is known, at the play-head."""
        ...

    def covered(self, moment: Moment) -> frozenset[str]:
        """The keys of what a maintenance window covers at the play-head."""
        ...


class IntegrationsSurface(Protocol):
    """What shows the panel."""

    def show_loading(self) -> None: ...

    def show_page(self, page: Page) -> None: ...

    def show_failed(self, message: PageMessage) -> None: ...

    def show_old(self, since: str) -> None: ...


class IntegrationsPresenter:
    """Shows the moment and the view it is told; a refresh that fails leaves what was shown, as old."""

    def __init__(
        self,
        source: IntegrationSource,
        background: Background,
        surface: IntegrationsSurface,
        tr: Translate,
        *,
        write: ExpiryWriter,
    ) -> None:
        self._source = source
        self._write = write
        self._surface = surface
        self._tr = tr
        self._reads: LatestRead[Page] = LatestRead(background, "integrations")
        self._asked = _LIST
        self._moment: Moment | None = None
        self._shown: Moment | None = None

    def show_moment(self, moment: Moment) -> None:
        """Show another moment; what is on the screen stays for the short while until it is there."""
        self._moment = moment
        self._shown = None
        self._surface.show_loading()
        self._reads.take_over(self._read(moment))

    def arrange(self, arrangement: Arrangement) -> None:
        """Show the integrations, or what expires; nothing is read when that is what is shown already."""
        asked = _LIST if arrangement in LISTS else arrangement
        if asked is not self._asked:
            self._asked = asked
            self.retry()

    def calendar_file(self, kind: ExpiryFormat) -> bytes:
        """The calendar of the moment shown as a file; asked in a worker."""
        moment = self._moment
        return b"" if moment is None else self._write(self._source.calendar(moment), kind)

    def refresh(self, moment: Moment, topics: Topics) -> None:
        """Read again when something of what is shown changed, or when only time went on."""
        if not topics or topics & (LIST_TOPICS if self._asked is _LIST else EXPIRY_TOPICS):
            self._moment = moment
            self._reads.follow(self._read(moment))

    def retry(self) -> None:
        """Read the moment again."""
        if self._moment is not None:
            self.show_moment(self._moment)

    def _read(self, moment: Moment) -> Read[Page]:
        source, tr = self._source, self._tr
        read_page = _READERS[self._asked]
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


def read_list(source: IntegrationSource, moment: Moment, tr: Translate) -> Page:
    """The integrations at a moment, read and put into words; runs in a worker."""
    listed = source.integrations(moment)
    if listed.rows:
        beside = Beside(soonest_ends(source.calendar(moment).entries), source.covered(moment))
        return integrations_state(listed, moment, tr, beside)
    return PageMessage(
        tr("No integration is declared yet"),
        tr(
            "Here stands every link to a partner and between your own services, with its state and why. Add a "
            "connection to a source that tells of them, or declare them in a terminal: `quarterdeck apply FILE`"
        ),
        tr("Add a connection"),
    )


def read_expiries(source: IntegrationSource, moment: Moment, tr: Translate) -> Page:
    """What expires as of a moment, read and put into words; runs in a worker."""
    expiries = source.expiries(moment)
    if expiries:
        return expiry_state(expiries, moment, tr)
    if not moment.live:
        return PageMessage(
            tr("No certificate had been seen by then"),
            tr("Here stands when each certificate ends, as the probes of HTTPS and TLS addresses had told by then."),
        )
    return PageMessage(
        tr("No certificate has been seen"),
        tr("Here stands when each certificate ends. A probe of an HTTPS or TLS address tells that with every poll."),
        tr("Add a connection"),
    )


def read_calendar(source: IntegrationSource, moment: Moment, tr: Translate) -> Page:
    """What ends when as of a moment, read and put into words; runs in a worker."""
    calendar = source.calendar(moment)
    if calendar.entries or calendar.undated:
        return calendar_state(calendar, moment, tr)
    return PageMessage(
        tr("Nothing that ends is known"),
        tr(
            "Here stand certificates as probes see them, and keys and consents as the estate document declares them "
            "with key_ends and consent_ends."
        ),
        tr("Add a connection") if moment.live else "",
    )


_LIST = Arrangement.DOMAIN
"""Stands for every view that lists the integrations: they show the same."""

_READERS = {_LIST: read_list, Arrangement.EXPIRY: read_expiries, Arrangement.CALENDAR: read_calendar}
