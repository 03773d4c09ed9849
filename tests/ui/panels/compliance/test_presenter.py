"""The presenter of compliance: five states, the console's moment or a day of its own, and one control beside it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.policies import ControlKey
from quarterdeck.services.ports import Topic
from quarterdeck.ui.panels.compliance.presenter import CompliancePresenter
from quarterdeck.ui.panels.compliance.state import ComplianceState, FindingState, Page, PageMessage, Subjects
from tests.support.backgrounds import HeldBackground
from tests.ui.panels.compliance.reports import BROKEN, LOCKED, NOTHING, REPORT, Source, written
from tests.ui.panels.overview.reports import LIVE, NOON

VERDICTS = frozenset({Topic.COMPLIANCE})
YESTERDAY = NOON - timedelta(days=1)


@dataclass
class Surface:
    """Keeps what it was told to show."""

    told: list[str] = field(default_factory=list[str])
    pages: list[Page] = field(default_factory=list[Page])
    findings: list[FindingState | None] = field(default_factory=list[FindingState | None])

    def show_loading(self) -> None:
        self.told.append("loading")

    def show_page(self, page: Page) -> None:
        self.told.append("page")
        self.pages.append(page)

    def show_finding(self, finding: FindingState | None) -> None:
        self.findings.append(finding)

    def show_decided(self, sentence: str) -> None:
        self.told.append(f"decided: {sentence}")

    def show_refused(self, error: OperatorError) -> None:
        self.told.append(f"refused: {error}")

    def show_failed(self, message: PageMessage) -> None:
        self.told.append(f"failed: {message.sentence} {message.explanation}")

    def show_old(self, since: str) -> None:
        self.told.append(f"old: {since}")


@dataclass
class Bench:
    """A presenter between a source and a surface that keep everything."""

    source: Source = field(default_factory=Source)
    surface: Surface = field(default_factory=Surface)
    background: HeldBackground = field(default_factory=HeldBackground)

    def __post_init__(self) -> None:
        self.presenter = CompliancePresenter(
            self.source, self.background, self.surface, str, beside=self.surface, write=written
        )

    def shown(self) -> "Bench":
        """The same once it shows the present."""
        self.presenter.show_moment(LIVE)
        self.background.finish()
        return self


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_what_was_asked_for_is_loading_until_it_is_there(bench: Bench) -> None:
    bench.presenter.show_moment(LIVE)
    assert bench.surface.told == ["loading"]
    bench.background.finish()
    assert bench.surface.told == ["loading", "page"]
    assert isinstance(bench.surface.pages[-1], ComplianceState)


def test_a_store_without_verdicts_says_what_would_be_here(bench: Bench) -> None:
    bench.source.told = NOTHING
    page = bench.shown().surface.pages[-1]
    assert isinstance(page, PageMessage)
    assert (page.sentence, page.button) == ("No policy has judged anything yet", "Add a connection")


def test_a_day_before_the_first_verdict_offers_no_connection(bench: Bench) -> None:
    bench.source.told = replace(NOTHING, policy_count=18)
    bench.presenter.show_moment(replace(LIVE, live=False))
    bench.background.finish()
    page = bench.surface.pages[-1]
    assert isinstance(page, PageMessage)
    assert (page.sentence, page.button) == ("Nothing was judged yet by then", "")


def test_a_first_read_that_fails_says_what_to_do(bench: Bench) -> None:
    bench.source.fault = LOCKED
    assert bench.shown().surface.told[-1] == "failed: The store is locked. End the other program."


def test_a_refresh_that_fails_leaves_what_was_shown_as_old(bench: Bench) -> None:
    bench.shown().source.fault = LOCKED
    bench.presenter.refresh(LIVE, VERDICTS)
    bench.background.finish()
    assert bench.surface.told[-1] == "old: The store is locked. Shown as of 12:32"


def test_trying_again_reads_anew(bench: Bench) -> None:
    bench.source.fault = LOCKED
    bench.shown().source.fault = None
    bench.presenter.retry()
    bench.background.finish()
    assert isinstance(bench.surface.pages[-1], ComplianceState)


def test_news_of_something_else_reads_nothing(bench: Bench) -> None:
    bench.shown()
    bench.presenter.refresh(LIVE, frozenset({Topic.SERIES}))
    bench.background.finish()
    assert bench.source.questions == ["integration"]


def test_a_past_day_shows_its_end_and_not_the_present(bench: Bench) -> None:
    bench.shown().presenter.choose_day(YESTERDAY)
    bench.background.finish()
    _, moment = bench.source.asked[-1]
    assert (moment.at, moment.live) == (YESTERDAY, False)


def test_time_that_goes_on_does_not_read_a_past_day_again(bench: Bench) -> None:
    bench.shown().presenter.choose_day(YESTERDAY)
    bench.background.finish()
    bench.presenter.refresh(LIVE, frozenset())
    assert len(bench.source.asked) == 2


def test_the_consoles_own_day_is_its_own_moment(bench: Bench) -> None:
    bench.shown().presenter.choose_day(YESTERDAY)
    bench.presenter.choose_day(None)
    bench.background.finish()
    assert bench.source.asked[-1][1] == LIVE


def test_a_moment_of_the_console_takes_the_place_of_a_chosen_day(bench: Bench) -> None:
    bench.shown().presenter.choose_day(YESTERDAY)
    bench.shown()
    assert bench.source.asked[-1][1] == LIVE


def test_the_same_choice_again_reads_nothing(bench: Bench) -> None:
    bench.shown().presenter.choose_day(None)
    bench.presenter.choose_subjects(Subjects.INTEGRATIONS)
    assert bench.source.questions == ["integration"]


def test_services_are_shown_when_they_are_chosen(bench: Bench) -> None:
    bench.shown().presenter.choose_subjects(Subjects.SERVICES)
    bench.background.finish()
    assert bench.source.questions[-1] == "service"


def test_a_control_is_read_with_its_evidence_at_the_moment_shown(bench: Bench) -> None:
    bench.shown().presenter.choose_day(YESTERDAY)
    bench.presenter.open_control(BROKEN.key)
    bench.background.finish()
    assert ("SEC-01", YESTERDAY) in [(what, moment.at) for what, moment in bench.source.asked]
    finding = bench.surface.findings[-1]
    assert finding is not None
    assert finding.evidence[0].title == "Evidence 7 · certificate"


def test_a_control_that_is_open_follows_the_news(bench: Bench) -> None:
    bench.shown().presenter.open_control(BROKEN.key)
    bench.background.finish()
    bench.presenter.refresh(LIVE, VERDICTS)
    bench.background.finish()
    assert len(bench.surface.findings) == 2


def test_a_control_that_was_left_is_not_shown_when_it_comes(bench: Bench) -> None:
    bench.shown().presenter.open_control(BROKEN.key)
    bench.presenter.open_control(None)
    bench.background.finish()
    assert bench.surface.findings == []


def test_a_control_that_is_gone_is_told_to_be_gone(bench: Bench) -> None:
    bench.source.finding = None
    bench.shown().presenter.open_control(ControlKey("SEC-99", 1, "integration/none"))
    bench.background.finish()
    assert bench.surface.findings == [None]


def test_before_anything_is_shown_nothing_is_read(bench: Bench) -> None:
    bench.presenter.retry()
    bench.presenter.open_control(BROKEN.key)
    bench.presenter.choose_subjects(Subjects.SERVICES)
    bench.presenter.choose_day(YESTERDAY)
    assert bench.source.asked == []
    assert REPORT.controls
