"""What the Claims panel says of a log, when it reads again, and what it says where nothing is to be had."""

from dataclasses import dataclass, field, replace

from quarterdeck.domain.claims import ClaimSpan
from quarterdeck.domain.health import HealthState as H
from quarterdeck.services.ports import Topic
from quarterdeck.ui.panels.claims.presenter import ClaimsPresenter, read_page
from quarterdeck.ui.panels.claims.state import ClaimsState, Page, PageMessage
from quarterdeck.ui.panels.claims.words import claims_state
from tests.support.backgrounds import HeldBackground
from tests.ui.panels.claims.logs import ALARM, LATE, LOCKED, NOBODY, STILL, Source, log_with
from tests.ui.panels.overview.reports import LIVE

PAST = replace(LIVE, live=False)


@dataclass(slots=True)
class Surface:
    """Notes what it is told to show."""

    pages: list[Page] = field(default_factory=list[Page])
    failures: list[PageMessage] = field(default_factory=list[PageMessage])
    old: list[str] = field(default_factory=list[str])

    def show_loading(self) -> None: ...

    def show_page(self, page: Page) -> None:
        self.pages.append(page)

    def show_failed(self, message: PageMessage) -> None:
        self.failures.append(message)

    def show_old(self, since: str) -> None:
        self.old.append(since)


class Desk:
    def __init__(self, source: Source) -> None:
        self.surface, self.background, self.source = Surface(), HeldBackground(), source
        self.presenter = ClaimsPresenter(source, self.background, self.surface, str)

    def show(self) -> None:
        self.presenter.show_moment(LIVE)
        self.background.finish()


def test_the_newest_disagreement_says_both_sides_and_that_it_goes_on() -> None:
    state = claims_state(log_with(STILL, LATE, ALARM), LIVE, str)
    newest, oldest = state.entries[0], state.entries[-1]
    assert (newest.partner, newest.about, newest.ended.words, newest.lasted.words) == (
        "PayHub", "Payments", "still", "9 min",
    )  # fmt: skip
    assert (newest.claimed_words, newest.measured_words, newest.fault) == ("up", "down", "partner, likely")
    assert newest.detail.splitlines() == [
        "PayHub said: All Systems Operational",
        "We measured: Error rate 38%",
        "The fault is likely PayHub's: our probe gets a faulty answer: HTTP 503.",
    ]
    assert oldest.began.words.startswith("before ")
    assert (oldest.lasted.words, oldest.fault) == ("more than 20 min", "no outage seen")


def test_a_partner_is_told_with_both_lamps_its_shares_and_its_delay() -> None:
    carillon, payhub = claims_state(log_with(), LIVE, str).partners
    assert (payhub.claimed_words, payhub.measured_words) == ("up", "down")
    assert (payhub.agreed.words, payhub.too_good.words, payhub.alarm.words) == ("90%", "10%", "0%")
    assert payhub.delay.words == "7 min, 1 of 1 told"
    assert payhub.tip.splitlines()[1:] == ["Its page was last read at 12:31.", "12:02: told after 7 min"]
    assert (carillon.claimed, carillon.claimed_words, carillon.known.words) == (H.UNKNOWN, "not known", "—")
    assert (carillon.measured, carillon.measured_words) == (H.UNKNOWN, "no data yet")


def test_the_foot_counts_what_there_is_and_who_has_no_page() -> None:
    def foot(*spans: ClaimSpan, others: int = 0) -> str:
        return claims_state(log_with(*spans, others=others), LIVE, str).summary

    assert foot() == "No disagreement since 06:32"
    assert foot(LATE, others=1) == "1 disagreement since 06:32 · 1 partner without a status page"
    assert foot(STILL, ALARM, others=2) == (
        "2 disagreements since 06:32 · 1 still going on · 2 partners without a status page"
    )


def test_without_any_page_it_is_said_what_would_be_here() -> None:
    live, past = read_page(Source(NOBODY), LIVE, str), read_page(Source(NOBODY), PAST, str)
    assert isinstance(live, PageMessage)
    assert (live.sentence, live.button) == ("No status page is read yet", "Add a connection")
    assert isinstance(past, PageMessage)
    assert (past.sentence, past.button) == ("No partner had claimed anything by then", "")


def test_what_is_old_is_shown_as_old() -> None:
    page = read_page(Source(log_with(LATE), stale="no fresh data since 11:58"), LIVE, str)
    assert isinstance(page, ClaimsState)
    assert page.stale == "no fresh data since 11:58"


def test_only_what_bears_on_claims_is_read_again() -> None:
    desk = Desk(Source(log_with(LATE)))
    desk.show()
    for topics, reads in ((frozenset({Topic.COMPLIANCE}), 1), (frozenset({Topic.CHECKS}), 2), (frozenset(), 3)):
        desk.presenter.refresh(LIVE, frozenset[Topic](topics))
        desk.background.finish()
        assert desk.source.reads == reads


def test_a_store_that_fails_is_told_and_tried_again() -> None:
    desk = Desk(Source(log_with(LATE), fault=LOCKED))
    desk.presenter.retry()
    desk.show()
    assert [message.sentence for message in desk.surface.failures] == ["The store is locked."]
    assert desk.presenter.table_writer() is None
    desk.source.fault = None
    desk.presenter.retry()
    desk.background.finish()
    assert len(desk.surface.pages) == 1
    desk.source.fault = LOCKED
    desk.presenter.refresh(LIVE, frozenset())
    desk.background.finish()
    assert desk.surface.old == ["The store is locked. Shown as of 12:32"]


def test_the_log_that_is_shown_is_what_is_saved() -> None:
    desk = Desk(Source(log_with(STILL, LATE)))
    desk.show()
    write = desk.presenter.table_writer()
    assert write is not None
    assert len(write().decode("utf-8").splitlines()) == 3
