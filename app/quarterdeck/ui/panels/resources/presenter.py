"""Loads the resources at a moment and keeps them up to date. Plain Python, tested without Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.capacity import CapacityReport
from quarterdeck.services.capacity_proposals import Plan, planned
from quarterdeck.services.capacity_table import capacity_csv, changed_estate
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Topic
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.resources.pace_words import Translate
from quarterdeck.ui.panels.resources.state import Page, PageMessage, ResourcesState, Supposed
from quarterdeck.ui.panels.resources.words import SUPPOSITIONS, resources_state
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background

Topics: TypeAlias = frozenset[Topic]
Written: TypeAlias = Callable[[], bytes]

TOPICS: Topics = frozenset({Topic.ESTATE, Topic.SERIES, Topic.CONNECTION_HEALTH, Topic.CONNECTIONS})


class CapacitySource(Protocol):
    """Where the answers come from."""

    def resources_at(self, moment: Moment, *, foresee: bool = True) -> CapacityReport:
        """Every resource at the moment's play-head."""
        ...


class ResourcesSurface(Protocol):
    """What shows the panel."""

    def show_loading(self) -> None: ...

    def show_page(self, page: Page) -> None: ...

    def show_failed(self, message: PageMessage) -> None: ...

    def show_old(self, since: str) -> None: ...


class ResourcesPresenter:
    """Shows the moment it is told: first what is used, and the forecasts once they are worked out."""

    def __init__(
        self, source: CapacitySource, background: Background, surface: ResourcesSurface, tr: Translate
    ) -> None:
        self._source = source
        self._surface = surface
        self._tr = tr
        self._reads: LatestRead[Page] = LatestRead(background, "resources")
        self._moment: Moment | None = None
        self._shown: Moment | None = None
        self._supposed = Supposed.NOTHING

    def show_moment(self, moment: Moment) -> None:
        """Show another moment; what is on the screen stays for the short while until it is there."""
        self._moment, self._shown = moment, None
        self._surface.show_loading()
        self._reads.take_over(self._read(moment, foresee=False))

    def refresh(self, moment: Moment, topics: Topics) -> None:
        """Read again when something of what is shown changed, or when only time went on."""
        if not topics or topics & TOPICS:
            self._moment = moment
            self._reads.follow(self._read(moment, foresee=True))

    def suppose(self, supposed: Supposed) -> None:
        """Show the proposals under another supposition; nothing is written anywhere."""
        self._supposed = supposed
        if self._moment is not None:
            self._reads.take_over(self._read(self._moment, foresee=True))

    def retry(self) -> None:
        """Read the moment again."""
        if self._moment is not None:
            self.show_moment(self._moment)

    def table_writer(self) -> Written | None:
        """What writes the resources that are shown as a table, in any thread; None while none are shown."""
        moment, plan = self._shown, self._plan()
        return None if moment is None else lambda: capacity_csv(plan(moment), moment)

    def estate_writer(self) -> Written | None:
        """What writes the proposed sizes as the facts that declare them, in any thread; None while none are shown."""
        moment, plan = self._shown, self._plan()
        return None if moment is None else lambda: changed_estate(plan(moment))

    def _plan(self) -> Callable[[Moment], Plan]:
        """What makes the plan that is shown."""
        source, supposition = self._source, SUPPOSITIONS[self._supposed]
        return lambda moment: planned(source.resources_at(moment).resources, supposed=supposition)

    def _read(self, moment: Moment, *, foresee: bool) -> Read[Page]:
        source, tr, supposed = self._source, self._tr, self._supposed
        return Read(
            work=lambda: read_page(source, moment, tr, foresee=foresee, supposed=supposed),
            on_result=lambda page: self._take(moment, page, is_last=foresee),
            on_error=lambda error: self._fail(moment, error),
        )

    def _take(self, moment: Moment, page: Page, *, is_last: bool) -> None:
        self._shown = moment
        self._surface.show_page(page)
        if not is_last and isinstance(page, ResourcesState) and page.is_pending:
            self._reads.follow(self._read(moment, foresee=True))

    def _fail(self, moment: Moment, error: OperatorError) -> None:
        if self._shown is None:
            self._surface.show_failed(PageMessage(error.message, error.next_step, self._tr("Try again")))
            return
        time = moment_words(self._shown.at, moment.at)
        self._surface.show_old(self._tr("{error} Shown as of {time}").format(error=error.message, time=time))


def read_page(
    source: CapacitySource,
    moment: Moment,
    tr: Translate,
    *,
    foresee: bool = True,
    supposed: Supposed = Supposed.NOTHING,
) -> Page:
    """The resources at a moment, read and put into words; runs in a worker."""
    report = source.resources_at(moment, foresee=foresee)
    if report.resources:
        return resources_state(report, moment, tr, supposed)
    explanation = tr(
        "Here stands what was given out against what is used: processors, memory, disks, capacities and quotas. Add a "
        "connection that tells shares or sizes, or declare sizes in the estate document."
    )
    if report.unreadable:
        explanation = " ".join((explanation, *report.unreadable))
    if not moment.live:
        return PageMessage(tr("No use of any resource was told by then"), explanation)
    return PageMessage(tr("No source tells the use of any resource yet"), explanation, tr("Add a connection"))
