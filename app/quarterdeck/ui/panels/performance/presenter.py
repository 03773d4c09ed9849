"""Loads the charts of a moment and keeps them up to date. Plain Python: tested without a window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import SeriesInfo
from quarterdeck.services.earlier import Earlier
from quarterdeck.services.expectation import Expectation
from quarterdeck.services.moments import Moment
from quarterdeck.services.performance import MAX_LINES, PerformanceReport, Sharpness
from quarterdeck.services.ports import Precision, Topic
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.performance.expected import Expecting
from quarterdeck.ui.panels.performance.ghosts import Ghosting
from quarterdeck.ui.panels.performance.state import BarState, ChartState, PageAction, PageMessage, PerformanceState
from quarterdeck.ui.panels.performance.time_marks import Translate
from quarterdeck.ui.panels.performance.words import USUAL_KINDS, bar_state, kind_title, performance_state
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background

Topics: TypeAlias = frozenset[Topic]

SHOWN_TOPICS: Topics = frozenset(
    {Topic.ESTATE, Topic.SERIES, Topic.STATES, Topic.EVENTS, Topic.CONNECTION_HEALTH, Topic.ANOMALIES}
)
_AT_ONCE: Topics = frozenset({Topic.ESTATE, Topic.STATES})
_LONGEST_WAIT_SECONDS = 30.0
_MOST_COLOURS = 6
_AT_FIRST = Sharpness(Precision.FIRST)


class PerformanceSource(Protocol):
    """Where the report comes from."""

    def performance(
        self, kind: EntityKind, wanted: Sequence[str], moment: Moment, *, pixels: int, sharpness: Sharpness
    ) -> PerformanceReport:
        """Charts of the wanted entities of a kind, or of the most urgent ones."""
        ...

    def earlier(self, series: Sequence[SeriesInfo], moment: Moment, *, pixels: int) -> Earlier:
        """What the same series did at the same time of an earlier week."""
        ...

    def expectations(self, series: Sequence[SeriesInfo], time_range: TimeRange) -> tuple[Expectation, ...]:
        """What is expected of each series over a range, in the order asked."""
        ...


class PerformanceSurface(Protocol):
    """What shows the page."""

    def show_loading(self) -> None: ...

    def show_page(self, page: PerformanceState | PageMessage, *, is_read: bool = True) -> None: ...

    def show_old(self, since: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """What is charted: a kind, the entities of it (none for the most urgent), and each one's colour.

    The `guest` is charted only because it is selected: it gives way to the next one.
    """

    kind: EntityKind
    wanted: tuple[str, ...] = ()
    slots: tuple[tuple[str, int], ...] = ()
    guest: str = ""

    def with_guest(self, entity_key: str) -> Choice:
        """With another guest beside those that a person chose, in place of the last one where there is no room."""
        others = tuple(key for key in self.wanted if key != self.guest)
        return replace(self, wanted=(*others[: MAX_LINES - 1], entity_key), guest=entity_key)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a worker read: the page, the choice it ended with, and whether nothing would be drawn more exactly."""

    choice: Choice
    page: PerformanceState | PageMessage
    is_sharp: bool = True


class PerformancePresenter:
    """Shows the moment it is told; old charts stay until new ones are there, and as old when there are none.

    What is charted is chosen once, by urgency, and then stays until a person chooses otherwise. Where samples are very
    many, lines are drawn at once within a twelfth of a pixel, and sharply while nothing else is asked for.
    """

    def __init__(
        self, source: PerformanceSource, background: Background, surface: PerformanceSurface, tr: Translate
    ) -> None:
        self._source = source
        self._surface = surface
        self._tr = tr
        self._reads: LatestRead[Found | None] = LatestRead(background, "performance")
        self._sharp_reads: LatestRead[Found] = LatestRead(background, "performance, sharp")
        self._sharpening = 0
        self._expecting = Expecting(source, background, self._show_expected, tr)
        self._ghosting = Ghosting(source, background, self._show_expected, tr)
        self._choices: dict[EntityKind, Choice] = {}
        self._kinds = USUAL_KINDS
        self._kind: EntityKind | None = None
        self._moment: Moment | None = None
        self._shown: Moment | None = None
        self._charts: PerformanceState | None = None
        self._selected = self._sought = ""
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
            self._drop_sharp()
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
            self._choices[self._kind] = replace(before, wanted=tuple(keys), guest="")
            self._take_over()

    def show_entity(self, entity_key: str) -> None:
        """Have an entity among what is charted, alone if it is not yet."""
        kind = kind_of(entity_key)
        if kind is None:
            return
        self._sought = ""
        before = self._choices.get(kind, Choice(kind))
        if entity_key not in before.wanted:
            self._choices[kind] = replace(before, wanted=(entity_key,), guest="")
        if kind is self._kind:
            self._take_over()
        else:
            self.choose_kind(kind.value)

    def select(self, entity_key: str) -> None:
        """Have the lines of the entity that is selected anywhere stand out; it is charted where it was not."""
        self._selected, self._sought = entity_key, ""
        if self._charts is not None:
            self._charts = with_chosen(self._charts, entity_key)
            self._surface.show_page(self._charts, is_read=False)
            self._ask_expected()
        is_charted = self._charts is not None and entity_key in self._charts.bar.picked
        if not is_charted and kind_of(entity_key) is not None:
            self._sought = entity_key
            if self._moment is not None and self._pixels:
                self._drop_sharp()
                self._reads.take_over(self._read(self._moment, keeps_others=self._shown is not None))

    def show_earlier(self) -> None:
        """Lay the same time of an earlier week behind the lines, or take it away."""
        self._ghosting.is_wanted = not self._ghosting.is_wanted
        if self._charts is not None:
            self._ask_expected()
            self._show_expected()

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
            self._drop_sharp()
            self._reads.take_over(self._read(self._moment))

    def _drop_sharp(self) -> None:
        self._sharpening += 1
        self._sharp_reads.drop()

    def _sharpen(self, moment: Moment, choice: Choice) -> None:
        """Read what is shown once more, as sharply as is seen; given up between lines once something else is wanted."""
        self._drop_sharp()
        source, tr, kinds, view, number = self._source, self._tr, self._kinds, (moment, self._pixels), self._sharpening
        sharply = Sharpness(Precision.REFINED, lambda: number == self._sharpening)
        self._sharp_reads.take_over(
            Read(
                work=lambda: read_page(source, (choice,), kinds, view, tr, sharpness=sharply),
                on_result=self._show_sharp,
                on_error=lambda _: None,  # what is shown stays, and the next read says why
            )
        )

    def _show_sharp(self, found: Found) -> None:
        if self._shown is not None and isinstance(found.page, PerformanceState):
            self._charts = self._laid(with_chosen(found.page, self._selected), self._shown)
            self._surface.show_page(self._charts)

    def _read(self, moment: Moment, *, keeps_others: bool = False) -> Read[Found | None]:
        """What is sought where it is measured; else the page, unless what is shown is of this moment and is kept."""
        source, tr, kinds, view = self._source, self._tr, self._kinds, (moment, self._pixels)
        wanted_kinds = (*USUAL_KINDS, EntityKind.COMPONENT) if self._kind is None else (self._kind,)
        choices = tuple(self._choices.get(kind, Choice(kind)) for kind in wanted_kinds)
        sought, guest = self._sought, self._with_guest(self._sought)

        def work() -> Found | None:
            found = read_guest(source, guest, kinds, view, tr) if guest is not None else None
            return found if found is not None or keeps_others else read_page(source, choices, kinds, view, tr)

        return Read(
            work=work,
            on_result=lambda found: self._take(moment, sought, found),
            on_error=lambda error: self._fail(moment, error),
        )

    def _with_guest(self, entity_key: str) -> Choice | None:
        kind = kind_of(entity_key)
        return self._choices.get(kind, Choice(kind)).with_guest(entity_key) if kind is not None else None

    def _take(self, moment: Moment, sought: str, found: Found | None) -> None:
        if self._sought == sought:
            self._sought = ""
        if found is None:
            return
        self._shown = moment
        if isinstance(found.page, PageMessage):
            self._charts = None
            self._surface.show_page(found.page)
            return
        self._kind = found.choice.kind
        if self._kind not in self._kinds:
            self._kinds = (*self._kinds, self._kind)
        self._choices[found.choice.kind] = found.choice
        self._charts = self._laid(with_chosen(found.page, self._selected), moment)
        self._surface.show_page(self._charts)
        self._ask_expected()
        if not found.is_sharp:
            self._sharpen(moment, found.choice)

    def _ask_expected(self) -> None:
        if self._charts is not None and self._shown is not None:
            self._expecting.ask(self._charts, self._shown)
            self._ghosting.ask(self._charts, self._shown, self._pixels)

    def _show_expected(self) -> None:
        if self._charts is not None and self._shown is not None:
            self._charts = self._laid(self._charts, self._shown)
            self._surface.show_page(self._charts, is_read=False)

    def _laid(self, charts: PerformanceState, moment: Moment) -> PerformanceState:
        """With what is known of what is expected and of an earlier week."""
        return self._ghosting.applied(self._expecting.applied(charts, moment), moment)

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
    *,
    sharpness: Sharpness = _AT_FIRST,
) -> Found:
    """The page of the first choice that has anything to chart; runs in a worker."""
    moment, pixels = view
    found: list[tuple[Choice, PerformanceReport]] = []
    for choice in choices:
        report = source.performance(choice.kind, choice.wanted, moment, pixels=pixels, sharpness=sharpness)
        found.append((choice, report))
        if report.shown:
            break
    choice, report = found[-1] if found[-1][1].shown else found[0]
    if not report.shown:
        return Found(choice, _nothing(_bar(report, kinds, tr), tr, is_all=len(found) > 1))
    return _found(choice, report, kinds, view, tr)


def read_guest(
    source: PerformanceSource, choice: Choice, kinds: Sequence[EntityKind], view: tuple[Moment, int], tr: Translate
) -> Found | None:
    """The page of a choice with its guest; None where no source measures the guest. Runs in a worker."""
    moment, pixels = view
    report = source.performance(choice.kind, choice.wanted, moment, pixels=pixels, sharpness=_AT_FIRST)
    if not any(one.entity.key == choice.guest for one in report.candidates):
        return None
    return _found(choice, report, kinds, view, tr)


def _found(
    choice: Choice, report: PerformanceReport, kinds: Sequence[EntityKind], view: tuple[Moment, int], tr: Translate
) -> Found:
    slots = assigned_slots(report.shown, dict(choice.slots))
    charts = performance_state(report, _bar(report, kinds, tr), slots, view, tr)
    return Found(replace(choice, wanted=report.shown, slots=tuple(slots.items())), charts, report.is_sharp)


def _bar(report: PerformanceReport, kinds: Sequence[EntityKind], tr: Translate) -> BarState:
    return bar_state(report, kinds if report.kind in kinds else (*kinds, report.kind), tr)


def kind_of(entity_key: str) -> EntityKind | None:
    """The kind of an entity by its key; None for what is no entity."""
    try:
        return EntityKind(entity_key.partition("/")[0])
    except ValueError:
        return None


def assigned_slots(shown: Sequence[str], before: Mapping[str, int]) -> dict[str, int]:
    """A colour for each entity: the one it had, else the first that is free."""
    slots = {key: before[key] for key in shown if key in before}
    free = iter(slot for slot in range(_MOST_COLOURS) if slot not in slots.values())
    return {key: slots[key] if key in slots else next(free) for key in shown}


def with_chosen(state: PerformanceState, entity_key: str) -> PerformanceState:
    """The same page with an entity's lines chosen and no others; charts to which that makes no difference stay."""
    return replace(state, charts=tuple(_with_chosen(chart, entity_key) for chart in state.charts))


def _with_chosen(chart: ChartState, entity_key: str) -> ChartState:
    chosen = [key == entity_key for key in chart.line_keys]
    if chosen == [line.is_chosen for line in chart.lines]:
        return chart
    lines = zip(chart.lines, chosen, strict=True)
    marked = tuple(replace(line, is_chosen=is_chosen) for line, is_chosen in lines)
    return replace(chart, lines=marked, band=None, expected=())


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
