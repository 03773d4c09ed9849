"""The Overview's presenter: five states, no result of a superseded moment, no read without a reason."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.services.moments import Moment
from quarterdeck.services.overview import OverviewReport
from quarterdeck.services.ports import Topic
from quarterdeck.ui.panels.overview.presenter import OverviewPresenter
from quarterdeck.ui.panels.overview.state import OverviewState, PageMessage
from tests.support.backgrounds import HeldBackground
from tests.ui.panels.overview.reports import LIVE, NOON, report

LOCKED = StoreUnavailable("The store is locked.", "End the other program.")


@dataclass
class Source:
    """Answers with a report, or fails; counts how often it was asked, and for which moments."""

    answer: OverviewReport = field(default_factory=report)
    fault: OperatorError | None = None
    asked: list[Moment] = field(default_factory=list[Moment])

    def overview(self, moment: Moment) -> OverviewReport:
        self.asked.append(moment)
        if self.fault is not None:
            raise self.fault
        return self.answer


@dataclass
class Surface:
    """Keeps what it was told to show."""

    told: list[str] = field(default_factory=list[str])
    states: list[OverviewState] = field(default_factory=list[OverviewState])
    messages: list[PageMessage] = field(default_factory=list[PageMessage])

    def show_loading(self) -> None:
        self.told.append("loading")

    def show_overview(self, state: OverviewState) -> None:
        self.told.append("page")
        self.states.append(state)

    def show_empty(self, message: PageMessage) -> None:
        self.told.append("empty")
        self.messages.append(message)

    def show_failed(self, message: PageMessage) -> None:
        self.told.append("failed")
        self.messages.append(message)

    def show_old(self, since: str) -> None:
        self.told.append(since)


@dataclass
class Bench:
    source: Source = field(default_factory=Source)
    background: HeldBackground = field(default_factory=HeldBackground)
    surface: Surface = field(default_factory=Surface)

    def __post_init__(self) -> None:
        self.presenter = OverviewPresenter(self.source, self.background, self.surface, str)

    def show(self, moment: Moment = LIVE) -> None:
        self.presenter.show_moment(moment)
        self.background.finish()


def later(seconds: float) -> Moment:
    return replace(LIVE, at=NOON + timedelta(seconds=seconds))


def test_a_moment_is_loaded_by_one_call_of_the_service() -> None:
    bench = Bench()
    bench.show()
    assert (bench.surface.told, bench.source.asked) == (["loading", "page"], [LIVE])


def test_the_result_of_a_superseded_moment_is_dropped() -> None:
    bench = Bench()
    bench.presenter.show_moment(LIVE)
    past = replace(LIVE, at=NOON - timedelta(hours=1), live=False)
    bench.presenter.show_moment(past)
    bench.background.finish()
    assert bench.source.asked == [past]
    assert bench.surface.told == ["loading", "loading", "page"]


def test_a_refresh_keeps_the_page_in_sight() -> None:
    bench = Bench()
    bench.show()
    bench.presenter.refresh(later(5), frozenset({Topic.STATES}))
    bench.background.finish()
    assert bench.surface.told == ["loading", "page", "page"]


def test_topics_that_are_not_shown_are_no_reason_to_read() -> None:
    bench = Bench()
    bench.show()
    bench.presenter.refresh(later(5), frozenset({Topic.EVENTS}))
    assert bench.background.finish() == 0


def test_time_alone_is_a_reason_to_read_for_ages_grow() -> None:
    bench = Bench()
    bench.show()
    bench.presenter.refresh(later(30), frozenset())
    assert bench.background.finish() == 1


def test_an_empty_store_is_offered_what_fills_it() -> None:
    bench = Bench(Source(report(is_empty=True)))
    bench.show()
    assert bench.surface.told == ["loading", "empty"]
    assert bench.surface.messages[0].button == "Add a connection"
    assert "`quarterdeck apply FILE`" in bench.surface.messages[0].explanation


def test_a_store_that_cannot_be_read_is_told_with_the_next_step() -> None:
    bench = Bench(Source(fault=LOCKED))
    bench.show()
    assert bench.surface.messages == [PageMessage("The store is locked.", "End the other program.", "Try again")]


def test_trying_again_reads_the_same_moment() -> None:
    bench = Bench(Source(fault=LOCKED))
    bench.show()
    bench.source.fault = None
    bench.presenter.retry()
    bench.background.finish()
    assert bench.surface.told == ["loading", "failed", "loading", "page"]
    assert bench.source.asked == [LIVE, LIVE]


def test_a_refresh_that_fails_leaves_the_page_as_old() -> None:
    bench = Bench()
    bench.show()
    bench.source.fault = LOCKED
    bench.presenter.refresh(later(5), frozenset({Topic.STATES}))
    bench.background.finish()
    assert bench.surface.told[-1] == "The store is locked. Shown as of 12:32"


def test_another_moment_that_fails_does_not_leave_the_page_of_the_first() -> None:
    bench = Bench()
    bench.show()
    bench.source.fault = LOCKED
    bench.show(replace(LIVE, at=NOON - timedelta(hours=2), live=False))
    assert bench.surface.told[-1] == "failed"
