"""Loads the charts of a moment and keeps them up to date. Plain Python: tested without a window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import EntityKind
from quarterdeck.services.moments import Moment
from quarterdeck.services.performance import PerformanceReport
from quarterdeck.services.ports import Topic
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.performance.state import BarState, PageAction, PageMessage, PerformanceState
from quarterdeck.ui.panels.performance.time_marks import Translate
from quarterdeck.ui.panels.performance.words import USUAL_KINDS, bar_state, kind_title, performance_state
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background

Topics: TypeAlias = frozenset[Topic]

SHOWN_TOPICS: Topics = frozenset({Topic.ESTATE, Topic.SERIES, Topic.STATES, Topic.EVENTS, Topic.CONNECTION_HEALTH})
_AT_ONCE: Topics = frozenset({Topic.ESTATE, Topic.STATES})
_LONGEST_WAIT_SECONDS = 30.0
_MOST_COLOURS = 6


class PerformanceSource(Protocol):
    """Where the report comes from."""

    def performance(self, kind: EntityKind, wanted: Sequence[str], moment: Moment, *, pixels: int) -> PerformanceReport:
        """Charts of the wanted entities of a kind, or of the most urgent ones."""
        ...


class PerformanceSurface(Protocol):
    """What shows the page."""

    def show_loading(self) -> None: ...

    def show_page(self, page: PerformanceState | PageMessage) -> None: ...

    def show_old(self, since: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """What is charted: a kind, the entities of it (none for the most urgent), and each one's colour."""

    kind: EntityKind
    wanted: tuple[str, ...] = ()
    slots: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a worker read: the page, and the choice it ended with."""

    choice: Choice
    page: PerformanceState | PageMessage


class PerformancePresenter:
    """Shows the moment it is told; old charts stay until new ones are there, and as old when there are none.

    What is charted is chosen once, by urgency, and then stays until a person chooses otherwise.
    """

    def __init__(
        self, source: PerformanceSource, background: Background, surface: PerformanceSurface, tr: Translate
    ) -> None:
        self._source = source
        self._surface = surface
        self._tr = tr
        self._reads: LatestRead[Found] = LatestRead(background, "performance")
        self._choices: dict[EntityKind, Choice] = {}
        self._kinds = USUAL_KINDS
        self._kind: EntityKind | None = None
        self._moment: Moment | None = None
        self._shown: Moment | None = None
        self._charts: PerformanceState | None = None
        self._selected = ""
        self._pixels = 0

    def show_moment(self, moment: Moment) -> None:
        """Show another moment."""
        self._moment = moment
        self._shown = None
        if self._charts is None:
            self._surface.show_loading()
        self._take_over()

    def refresh(self, moment: Moment, topics: Topics) -> None:
        """Read again when something of what is shown changed, or when time went on enough to be seen."""
        if (topics and not topics & SHOWN_TOPICS) or not self._is_due(moment, topics):
            return
        self._moment = moment
        if self._pixels:
            self._reads.follow(self._read(moment))

    def set_pixels(self, pixels: int) -> None:
        """The charts are so wide now: read again for that width."""
        if pixels > 0 and pixels != self._pixels:
            self._pixels = pixels
            self._take_over()

    def choose_kind(self, kind: str) -> None:
        """Chart services, integrations, or another kind."""
        chosen = EntityKind(kind)
        if chosen not in self._kinds:
            self._kinds = (*USUAL_KINDS, chosen)
        if chosen is not self._kind:
            self._kind = chosen
            self._charts = None
            self._surface.show_loading()
            self._take_over()

    def choose_other_kind(self) -> None:
        """Chart integrations instead of services, or the other way round."""
        is_service = self._kind in {None, EntityKind.SERVICE}
        self.choose_kind((EntityKind.INTEGRATION if is_service else EntityKind.SERVICE).value)

    def choose(self, keys: Sequence[str]) -> None:
        """Chart these entities of the kind shown; the most urgent ones when there are none."""
        if self._kind is not None:
            before = self._choices.get(self._kind, Choice(self._kind))
            self._choices[self._kind] = replace(before, wanted=tuple(keys))
            self._take_over()

    def show_entity(self, entity_key: str) -> None:
        """Have an entity among what is charted, alone if it is not yet."""
        try:
            kind = EntityKind(entity_key.partition("/")[0])
        except ValueError:
            return
        before = self._choices.get(kind, Choice(kind))
        if entity_key not in before.wanted:
            self._choices[kind] = replace(before, wanted=(entity_key,))
        if kind is self._kind:
            self._take_over()
        else:
            self.choose_kind(kind.value)

    def select(self, entity_key: str) -> None:
        """Draw the line of the entity that is selected anywhere more strongly."""
        self._selected = entity_key
        if self._charts is not None:
            self._charts = with_chosen(self._charts, entity_key)
            self._surface.show_page(self._charts)

    def retry(self) -> None:
        """Read the moment again that could not be read."""
        if self._moment is not None:
            self.show_moment(self._moment)

    def _is_due(self, moment: Moment, topics: Topics) -> bool:
        """Whether half a pixel has passed, or half a minute, since ages and last values are told too."""
        if self._shown is None or topics & _AT_ONCE:
            return True
        pixel_seconds = moment.time_range.seconds / max(1, self._pixels)
        return (moment.at - self._shown.at).total_seconds() >= min(_LONGEST_WAIT_SECONDS, pixel_seconds / 2)

    def _take_over(self) -> None:
        if self._moment is not None and self._pixels:
            self._reads.take_over(self._read(self._moment))

    def _read(self, moment: Moment) -> Read[Found]:
        source, tr, kinds, pixels = self._source, self._tr, self._kinds, self._pixels
        wanted_kinds = (*USUAL_KINDS, EntityKind.COMPONENT) if self._kind is None else (self._kind,)
        choices = tuple(self._choices.get(kind, Choice(kind)) for kind in wanted_kinds)
        return Read(
            work=lambda: read_page(source, choices, kinds, (moment, pixels), tr),
            on_result=lambda found: self._take(moment, found),
            on_error=lambda error: self._fail(moment, error),
        )

    def _take(self, moment: Moment, found: Found) -> None:
        self._shown = moment
        if isinstance(found.page, PageMessage):
            self._charts = None
            self._surface.show_page(found.page)
            return
        self._kind = found.choice.kind
        if self._kind not in self._kinds:
            self._kinds = (*self._kinds, self._kind)
        self._choices[found.choice.kind] = found.choice
        self._charts = with_chosen(found.page, self._selected)
        self._surface.show_page(self._charts)

    def _fail(self, moment: Moment, error: OperatorError) -> None:
        if self._shown is None or self._charts is None:
            self._charts = None
            again = self._tr("Try again")
            self._surface.show_page(PageMessage(error.message, error.next_step, again, PageAction.RETRY))
            return
        time = moment_words(self._shown.at, moment.at)
        self._surface.show_old(self._tr("{error} Shown as of {time}").format(error=error.message, time=time))


def read_page(
    source: PerformanceSource,
    choices: Sequence[Choice],
    kinds: Sequence[EntityKind],
    view: tuple[Moment, int],
    tr: Translate,
) -> Found:
    """The page of the first choice that has anything to chart; runs in a worker."""
    moment, pixels = view
    found: list[tuple[Choice, PerformanceReport]] = []
    for choice in choices:
        report = source.performance(choice.kind, choice.wanted, moment, pixels=pixels)
        found.append((choice, report))
        if report.shown:
            break
    choice, report = found[-1] if found[-1][1].shown else found[0]
    bar = bar_state(report, kinds if choice.kind in kinds else (*kinds, choice.kind), tr)
    if not report.shown:
        return Found(choice, _nothing(bar, tr, is_all=len(found) > 1))
    slots = assigned_slots(report.shown, dict(choice.slots))
    charts = performance_state(report, bar, slots, (moment, pixels), tr)
    return Found(Choice(choice.kind, report.shown, tuple(slots.items())), charts)


def assigned_slots(shown: Sequence[str], before: Mapping[str, int]) -> dict[str, int]:
    """A colour for each entity: the one it had, else the first that is free."""
    slots = {key: before[key] for key in shown if key in before}
    free = iter(slot for slot in range(_MOST_COLOURS) if slot not in slots.values())
    return {key: slots[key] if key in slots else next(free) for key in shown}


def with_chosen(state: PerformanceState, entity_key: str) -> PerformanceState:
    """The same page with an entity's lines chosen and no others."""
    charts = tuple(
        replace(
            chart,
            lines=tuple(
                replace(line, is_chosen=key == entity_key)
                for key, line in zip(chart.line_keys, chart.lines, strict=True)
            ),
        )
        for chart in state.charts
    )
    return replace(state, charts=charts)


def _nothing(bar: BarState, tr: Translate, *, is_all: bool) -> PageMessage:
    if is_all:
        return PageMessage(
            tr("Nothing is measured yet"),
            tr("Here stand response time, throughput, error rate and saturation, as soon as a source tells them."),
            tr("Add a connection"),
            PageAction.CONNECT,
            bar,
        )
    kind = EntityKind(bar.kind)
    other = EntityKind.SERVICE if kind is not EntityKind.SERVICE else EntityKind.INTEGRATION
    needed = tr("A source has to tell its response time, throughput, error rate or saturation.")
    if kind is EntityKind.COMPONENT:
        needed = tr("A source has to tell its processors, memory, disks, network, load or queues.")
    return PageMessage(
        tr("No {kinds} are measured yet").format(kinds=kind_title(kind, tr).lower()),
        needed,
        tr("Show {kinds}").format(kinds=kind_title(other, tr).lower()),
        PageAction.OTHER_KIND,
        bar,
    )
