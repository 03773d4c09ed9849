"""Loads the Overview at a moment and keeps it up to date. Plain Python: tested without a window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.connection_drafts import ConnectionDraft, draft_of_form, unused_name
from quarterdeck.services.connections import ConnectorKinds, SaveOutcome
from quarterdeck.services.moments import Moment
from quarterdeck.services.overview import OverviewReport
from quarterdeck.services.ports import Topic
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.overview.card_words import Translate
from quarterdeck.ui.panels.overview.state import OverviewState, PageMessage
from quarterdeck.ui.panels.overview.words import overview_state
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background, TaskHandle

Topics: TypeAlias = frozenset[Topic]

SHOWN_TOPICS: Topics = frozenset(
    {Topic.ESTATE, Topic.SERIES, Topic.STATES, Topic.CHECKS, Topic.CONNECTIONS, Topic.CONNECTION_HEALTH}
)


_MACHINE = "this_machine"


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


class MachineSetup(Protocol):
    """Where connections are set up. Every call may take seconds."""

    def kinds(self) -> ConnectorKinds: ...

    def names(self) -> tuple[str, ...]: ...

    def save(self, draft: ConnectionDraft) -> SaveOutcome: ...


class OverviewPresenter:
    """Shows the moment it is told; a refresh that fails leaves what was shown, as old.

    With a `setup` an empty store is offered to watch this machine; `notify` says a sentence at the foot of the window.
    """

    def __init__(
        self,
        source: OverviewSource,
        background: Background,
        surface: OverviewSurface,
        tr: Translate,
        *,
        setup: MachineSetup | None = None,
        notify: Callable[[str], object] | None = None,
    ) -> None:
        self._source = source
        self._background = background
        self._setup = setup
        self._notify = notify
        self._adding: TaskHandle | None = None
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

    def watch_machine(self) -> None:
        """Add the connection to the machine that collects, as its form would with nothing changed; only once."""
        setup = self._setup
        if setup is None or (self._adding is not None and self._adding.is_active):
            return
        self._adding = self._background.run_change(
            lambda: setup.save(machine_draft(setup)),
            on_result=self._take_machine,
            on_error=lambda error: self._say(f"{error.message} {error.next_step}".strip()),
        )

    def _take_machine(self, outcome: SaveOutcome) -> None:
        if outcome.connection is None:
            self._say(" ".join(problem.words for problem in outcome.problems))
            return
        words = self._tr("{name} is watched from now on. Its card stands here once its first figures came.")
        self._say(words.format(name=outcome.connection.name))
        self.retry()

    def _say(self, words: str) -> None:
        if self._notify is not None:
            self._notify(words)

    def _read(self, moment: Moment) -> Read[OverviewState | PageMessage]:
        source, tr, can_watch = self._source, self._tr, self._setup is not None
        return Read(
            work=lambda: read_page(source, moment, tr, can_watch=can_watch),
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


def machine_draft(setup: MachineSetup) -> ConnectionDraft:
    """The draft of a connection to this machine with its defaults. Raises OperatorError where there is none."""
    for manifest in setup.kinds().manifests:
        if manifest.id == _MACHINE:
            return draft_of_form(manifest, unused_name(manifest.title, setup.names()), {})
    raise OperatorError("The connector for this machine is not installed.", "Install the program again.")


def read_page(
    source: OverviewSource, moment: Moment, tr: Translate, *, can_watch: bool = False
) -> OverviewState | PageMessage:
    """The page at a moment, read and put into words; runs in a worker."""
    report = source.overview(moment)
    if not report.is_empty:
        return overview_state(report, moment.at, tr)
    return PageMessage(
        tr("Nothing is overseen yet"),
        tr(
            "Here stands what needs attention first, then every integration by domain. Add a connection to a source, "
            "or declare an estate in a terminal: `quarterdeck apply FILE`"
        ),
        tr("Add a connection"),
        tr("Watch this machine") if can_watch and moment.live else "",
    )
