"""The Relationships' presenter: one reading for a moment, none for another question, places that stay."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Topic
from quarterdeck.services.relationships import EstateFacts, RelationshipReport
from quarterdeck.ui.panels.relationships.presenter import RelationshipsPresenter
from quarterdeck.ui.panels.relationships.state import (
    Focus,
    Inquiry,
    Page,
    PageMessage,
    RelationshipsState,
    Wish,
)
from tests.support.backgrounds import HeldBackground
from tests.support.graphs import BILL_PAY, NO_FACTS, ORDERS, PAYHUB, RAIL, report, thing
from tests.ui.panels.overview.reports import LIVE, NOON

LOCKED = StoreUnavailable("The store is locked.", "End the other program.")
IMPACT = Wish(inquiry=Inquiry.IMPACT, inquiry_key=PAYHUB.key)


@dataclass
class Source:
    """Answers, or fails; keeps what it was asked."""

    told: RelationshipReport = BILL_PAY
    fault: OperatorError | None = None
    asked: list[Moment] = field(default_factory=list[Moment])
    known: list[EstateFacts | None] = field(default_factory=list[EstateFacts | None])

    def relationships(self, moment: Moment, facts: EstateFacts | None = None) -> RelationshipReport:
        self.asked.append(moment)
        self.known.append(facts)
        if self.fault is not None:
            raise self.fault
        return self.told


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

    @property
    def state(self) -> RelationshipsState:
        page = self.pages[-1]
        assert isinstance(page, RelationshipsState)
        return page

    @property
    def names(self) -> list[str]:
        return [node.name for node in self.state.scene.nodes]


@dataclass
class Bench:
    source: Source = field(default_factory=Source)
    background: HeldBackground = field(default_factory=HeldBackground)
    surface: Surface = field(default_factory=Surface)

    def __post_init__(self) -> None:
        self.presenter = RelationshipsPresenter(self.source, self.background, self.surface, str)

    def show(self, moment: Moment = LIVE) -> None:
        self.presenter.show_moment(moment)
        self.background.finish()

    def ask(self, wish: Wish) -> RelationshipsState:
        self.presenter.ask(wish)
        self.background.finish()
        return self.surface.state

    def place_of(self, key: str) -> list[float]:
        scene = self.surface.state.scene
        return scene.centres[scene.node_of(key)].tolist()


def later(seconds: float) -> Moment:
    return replace(LIVE, at=NOON + timedelta(seconds=seconds))


def past(minutes: float) -> Moment:
    return replace(LIVE, at=NOON - timedelta(minutes=minutes), live=False)


def test_a_moment_is_loaded_by_one_call_of_the_service() -> None:
    bench = Bench()
    bench.show()
    assert bench.source.asked == [LIVE]
    assert bench.surface.told == ["loading", "page"]
    assert len(bench.surface.state.scene.nodes) == 8


def test_another_question_about_the_same_moment_reads_nothing() -> None:
    bench = Bench()
    bench.show()
    answer = bench.ask(IMPACT).answer
    assert bench.source.asked == [LIVE]
    assert answer is not None
    assert answer.title == "If Payhub is lost"


def test_the_same_wish_again_costs_nothing() -> None:
    bench = Bench()
    bench.show()
    bench.presenter.ask(Wish())
    assert bench.background.finish() == 0


def test_a_question_asked_before_the_moment_came_is_answered_with_it() -> None:
    bench = Bench()
    bench.presenter.ask(IMPACT)
    assert bench.background.finish() == 0
    bench.presenter.show_moment(LIVE)
    bench.presenter.ask(replace(IMPACT, inquiry=Inquiry.CAUSES))
    bench.background.finish()
    assert bench.surface.told == ["loading", "page"]
    assert bench.surface.state.wish.inquiry is Inquiry.CAUSES


def test_a_question_asked_while_another_moment_is_under_way_is_about_that_moment() -> None:
    bench = Bench()
    bench.show()
    bench.presenter.show_moment(past(30))
    bench.presenter.ask(IMPACT)
    bench.background.finish()
    assert bench.source.asked[-1] == past(30)
    assert bench.surface.state.answer is not None


def test_a_focus_leaves_only_what_is_around_the_entity() -> None:
    bench = Bench()
    bench.show()
    state = bench.ask(Wish(focus=Focus(RAIL.key, 1)))
    assert bench.surface.names == ["Statements", "Processor", "Rail", "Payments-db"]
    assert state.summary.startswith("hidden from you: 4 outside the focus · 8 entities")


def test_an_entity_in_focus_that_is_gone_hides_nothing() -> None:
    bench = Bench()
    bench.show()
    bench.ask(Wish(focus=Focus("service/gone", 1)))
    assert len(bench.surface.names) == 8


def test_nodes_stay_where_they_are_when_states_change() -> None:
    bench = Bench()
    bench.show()
    before = bench.surface.state.scene
    calm = tuple(thing(one.key, domain=one.entity.domain) for one in BILL_PAY.entities)
    bench.source.told = replace(BILL_PAY, entities=calm)
    bench.presenter.refresh(later(5), frozenset({Topic.STATES}))
    bench.background.finish()
    after = bench.surface.state.scene
    assert after.number == before.number
    assert after.centres.tolist() == before.centres.tolist()
    assert after is not before


def test_nodes_stay_where_they_are_when_one_comes_and_when_one_goes() -> None:
    bench = Bench()
    bench.show()
    before = {one.key: bench.place_of(one.key) for one in BILL_PAY.entities}
    bench.source.told = report((*BILL_PAY.entities, thing("service/new")), BILL_PAY.relations)
    bench.show(later(5))
    assert {key: bench.place_of(key) for key in before} == before
    bench.source.told = report([one for one in BILL_PAY.entities if one.key != "service/rail"])
    bench.show(later(10))
    del before["service/rail"]
    assert {key: bench.place_of(key) for key in before} == before


def test_leaving_a_focus_brings_everything_back_to_its_place() -> None:
    bench = Bench()
    bench.show()
    before = bench.place_of(ORDERS.key)
    bench.ask(Wish(focus=Focus(ORDERS.key, 1)))
    bench.ask(Wish())
    assert bench.place_of(ORDERS.key) == before


def test_what_does_not_change_is_the_very_same_object() -> None:
    bench = Bench()
    bench.show()
    before = bench.surface.state
    bench.presenter.refresh(later(1), frozenset())
    bench.background.finish()
    after = bench.surface.state
    assert after.scene is before.scene
    assert after.relations is before.relations


def test_the_estate_is_read_again_only_when_it_changed() -> None:
    bench = Bench()
    bench.show()
    bench.presenter.refresh(later(5), frozenset({Topic.SERIES}))
    bench.background.finish()
    bench.presenter.refresh(later(10), frozenset({Topic.ESTATE}))
    bench.background.finish()
    bench.show(past(30))
    assert bench.source.known == [None, NO_FACTS, None, None]


def test_a_past_moment_never_takes_the_estate_of_another() -> None:
    bench = Bench()
    bench.show(past(30))
    bench.presenter.refresh(past(30), frozenset({Topic.STATES}))
    bench.background.finish()
    assert bench.source.known == [None, None]


def test_news_about_something_else_are_left_alone() -> None:
    bench = Bench()
    bench.show()
    bench.presenter.refresh(later(5), frozenset({Topic.EVENTS}))
    assert bench.background.finish() == 0


def test_an_empty_estate_says_what_would_be_here() -> None:
    bench = Bench(Source(report(())))
    bench.show()
    assert bench.surface.pages[-1] == PageMessage(
        "Nothing is declared yet",
        "Here stands what depends on what: partners, integrations, services, components, events and notifications. "
        "Add a connection to a source that tells of them, or declare them in a terminal: `quarterdeck apply FILE`",
        "Add a connection",
    )


def test_an_empty_past_offers_nothing_to_add() -> None:
    bench = Bench(Source(report(())))
    bench.show(past(30))
    page = bench.surface.pages[-1]
    assert isinstance(page, PageMessage)
    assert (page.sentence, page.button) == ("Nothing was declared or seen by then", "")


def test_a_moment_that_cannot_be_read_says_why_and_can_be_tried_again() -> None:
    bench = Bench(Source(fault=LOCKED))
    bench.show()
    assert bench.surface.pages == [PageMessage("The store is locked.", "End the other program.", "Try again")]
    bench.source.fault = None
    bench.presenter.retry()
    bench.background.finish()
    assert bench.surface.told == ["loading", "failed", "loading", "page"]


def test_a_refresh_that_fails_leaves_what_was_shown_as_old() -> None:
    bench = Bench()
    bench.show()
    bench.source.fault = LOCKED
    bench.presenter.refresh(later(60), frozenset())
    bench.background.finish()
    assert bench.surface.told[-1].startswith("The store is locked. Shown as of ")


def test_while_nobody_collects_the_map_says_so() -> None:
    bench = Bench(Source(replace(BILL_PAY, silent_since_at=NOON - timedelta(minutes=20))))
    bench.show()
    assert bench.surface.state.stale.startswith("Nothing is collecting: no fresh data since ")


def test_nothing_is_tried_again_before_there_was_a_moment() -> None:
    bench = Bench()
    bench.presenter.retry()
    assert bench.background.finish() == 0
    assert bench.presenter.wish == Wish()


def test_the_whole_map_is_remembered_however_many_others_were_seen() -> None:
    bench = Bench()
    bench.show()
    bench.source.told = report((*BILL_PAY.entities, thing("service/a-new-one")), BILL_PAY.relations)
    bench.show(later(5))
    before = {one.key: bench.place_of(one.key) for one in bench.source.told.entities}
    for steps in range(1, 20):
        bench.ask(Wish(focus=Focus(ORDERS.key, steps)))
    bench.ask(Wish())
    assert {key: bench.place_of(key) for key in before} == before
