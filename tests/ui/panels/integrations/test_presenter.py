"""The Integrations' presenter: one call of the service for the view that is shown, and five states."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.services.expiries import Expiry
from quarterdeck.services.expiry_calendar import ExpiryCalendar
from quarterdeck.services.expiry_files import ExpiryFormat
from quarterdeck.services.integrations import IntegrationList
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Topic
from quarterdeck.ui.panels.integrations.presenter import IntegrationsPresenter
from quarterdeck.ui.panels.integrations.state import (
    Arrangement,
    CalendarState,
    ExpiryState,
    IntegrationsState,
    Page,
    PageMessage,
)
from tests.support.backgrounds import HeldBackground
from tests.ui.panels.integrations.lists import ALL, CALENDAR, EXPIRIES
from tests.ui.panels.overview.reports import LIVE, NOON

LOCKED = StoreUnavailable("The store is locked.", "End the other program.")


@dataclass
class Source:
    """Answers, or fails; keeps what it was asked."""

    listed: IntegrationList = ALL
    ending: Sequence[Expiry] = EXPIRIES
    known: ExpiryCalendar = CALENDAR
    planned: frozenset[str] = frozenset()
    fault: OperatorError | None = None
    asked: list[str] = field(default_factory=list[str])

    def integrations(self, moment: Moment) -> IntegrationList:
        self._ask("integrations")
        return self.listed

    def expiries(self, moment: Moment) -> Sequence[Expiry]:
        self._ask("expiries")
        return self.ending

    def calendar(self, moment: Moment) -> ExpiryCalendar:
        self._ask("calendar")
        return self.known

    def covered(self, moment: Moment) -> frozenset[str]:
        self._ask("covered")
        return self.planned

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.fault is not None:
            raise self.fault


def written(calendar: ExpiryCalendar, kind: ExpiryFormat) -> bytes:
    return f"{kind} of {len(calendar.entries)}".encode()


@dataclass
class Surface:
    """Keeps what it was told to show."""

    told: list[str] = field(default_factory=list[str])
    pages: list[Page] = field(default_factory=list[Page])

    def show_loading(self) -> None:
        self.told.append("loading")

    def show_page(self, page: Page) -> None:
        self.told.append("page")
        self.pages.append(page)

    def show_failed(self, message: PageMessage) -> None:
        self.told.append("failed")
        self.pages.append(message)

    def show_old(self, since: str) -> None:
        self.told.append(since)


@dataclass
class Bench:
    source: Source = field(default_factory=Source)
    background: HeldBackground = field(default_factory=HeldBackground)
    surface: Surface = field(default_factory=Surface)

    def __post_init__(self) -> None:
        self.presenter = IntegrationsPresenter(self.source, self.background, self.surface, str, write=written)

    def show(self, moment: Moment = LIVE) -> None:
        self.presenter.show_moment(moment)
        self.background.finish()


def later(seconds: float) -> Moment:
    return replace(LIVE, at=NOON + timedelta(seconds=seconds))


def test_the_list_is_loaded_by_one_call_of_the_service() -> None:
    bench = Bench()
    bench.show()
    assert bench.source.asked == ["integrations", "calendar", "covered"]
    assert isinstance(bench.surface.pages[0], IntegrationsState)


def test_the_view_of_what_expires_asks_for_that_alone() -> None:
    bench = Bench()
    bench.show()
    bench.presenter.arrange(Arrangement.EXPIRY)
    bench.background.finish()
    assert bench.source.asked == ["integrations", "calendar", "covered", "expiries"]
    assert isinstance(bench.surface.pages[-1], ExpiryState)


def test_another_grouping_of_the_same_list_reads_nothing() -> None:
    bench = Bench()
    bench.show()
    bench.presenter.arrange(Arrangement.PARTNER)
    assert bench.background.finish() == 0


def test_a_view_chosen_before_anything_was_shown_waits_for_the_moment() -> None:
    bench = Bench()
    bench.presenter.arrange(Arrangement.EXPIRY)
    assert bench.background.finish() == 0
    bench.show()
    assert bench.source.asked == ["expiries"]


def test_the_list_that_was_under_way_is_dropped_for_what_expires() -> None:
    bench = Bench()
    bench.presenter.show_moment(LIVE)
    bench.presenter.arrange(Arrangement.EXPIRY)
    bench.background.finish()
    assert bench.source.asked == ["expiries"]
    assert len(bench.surface.pages) == 1


def test_topics_that_are_not_shown_are_no_reason_to_read() -> None:
    bench = Bench()
    bench.show()
    bench.presenter.refresh(later(5), frozenset({Topic.EVENTS}))
    bench.presenter.arrange(Arrangement.EXPIRY)
    bench.background.finish()
    bench.presenter.refresh(later(5), frozenset({Topic.CONNECTION_HEALTH}))
    assert bench.background.finish() == 0


def test_a_refresh_keeps_the_page_in_sight() -> None:
    bench = Bench()
    bench.show()
    bench.presenter.refresh(later(5), frozenset({Topic.SERIES}))
    bench.background.finish()
    assert bench.surface.told == ["loading", "page", "page"]


def test_an_estate_without_integrations_says_what_would_be_here() -> None:
    bench = Bench(Source(IntegrationList(())))
    bench.show()
    page = bench.surface.pages[0]
    assert isinstance(page, PageMessage)
    assert "`quarterdeck apply FILE`" in page.explanation


def test_no_certificate_says_who_would_tell_of_one() -> None:
    bench = Bench(Source(ending=()))
    bench.presenter.arrange(Arrangement.EXPIRY)
    bench.show()
    page = bench.surface.pages[0]
    assert isinstance(page, PageMessage)
    assert page.sentence == "No certificate has been seen"


def test_a_moment_before_any_certificate_says_so_and_offers_nothing_that_would_not_help() -> None:
    bench = Bench(Source(ending=()))
    bench.presenter.arrange(Arrangement.EXPIRY)
    bench.show(replace(later(-3600), live=False))
    page = bench.surface.pages[0]
    assert isinstance(page, PageMessage)
    assert (page.sentence, page.button) == ("No certificate had been seen by then", "")


def test_a_failure_is_told_with_the_next_step_and_can_be_tried_again() -> None:
    bench = Bench(Source(fault=LOCKED))
    bench.show()
    assert bench.surface.pages == [PageMessage("The store is locked.", "End the other program.", "Try again")]
    bench.source.fault = None
    bench.presenter.retry()
    bench.background.finish()
    assert bench.surface.told == ["loading", "failed", "loading", "page"]


def test_a_refresh_that_fails_leaves_the_page_as_old() -> None:
    bench = Bench()
    bench.show()
    bench.source.fault = LOCKED
    bench.presenter.refresh(later(5), frozenset({Topic.SERIES}))
    bench.background.finish()
    assert bench.surface.told[-1] == "The store is locked. Shown as of 12:32"


def test_the_calendar_asks_for_that_alone_and_the_list_is_not_read_again() -> None:
    bench = Bench()
    bench.show()
    bench.source.asked.clear()
    bench.presenter.arrange(Arrangement.CALENDAR)
    bench.background.finish()
    assert bench.source.asked == ["calendar"]
    assert isinstance(bench.surface.pages[-1], CalendarState)


def test_an_estate_without_anything_that_ends_says_what_would_tell_it() -> None:
    bench = Bench(Source(known=ExpiryCalendar((), ())))
    bench.presenter.arrange(Arrangement.CALENDAR)
    bench.show()
    page = bench.surface.pages[-1]
    assert isinstance(page, PageMessage)
    assert (page.sentence, page.button) == ("Nothing that ends is known", "Add a connection")
    bench.show(replace(LIVE, live=False))
    page = bench.surface.pages[-1]
    assert isinstance(page, PageMessage)
    assert page.button == ""


def test_the_list_knows_what_ends_and_what_is_covered() -> None:
    bench = Bench(Source(planned=frozenset({"integration/core-accounts"})))
    bench.show()
    page = bench.surface.pages[-1]
    assert isinstance(page, IntegrationsState)
    lines = {line.name: line for line in page.lines}
    assert (lines["PayHub processor"].ends_in_days, lines["Core accounts"].is_covered) == (2.4, True)


def test_the_calendar_of_the_moment_is_written_as_a_file() -> None:
    bench = Bench()
    assert bench.presenter.calendar_file(ExpiryFormat.ICS) == b""
    bench.show()
    assert bench.presenter.calendar_file(ExpiryFormat.CSV) == b".csv of 4"
