"""What the Performance panel loads when, and what it does with what comes back."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Precision, Topic
from quarterdeck.ui.panels.performance.presenter import PerformancePresenter, assigned_slots
from quarterdeck.ui.panels.performance.state import PageAction, PageMessage, PerformanceState
from tests.support.backgrounds import HeldBackground
from tests.ui.panels.performance.reports import LIVE, NOON, SERVICES, ScriptedSource, report

GONE = OperatorError("The store cannot be read.", "See whether the disk is there.")


@dataclass
class Surface:
    """Keeps what it is shown."""

    pages: list[PerformanceState | PageMessage] = field(default_factory=list)
    loadings: int = 0
    emphases: int = 0
    old: list[str] = field(default_factory=list)

    def show_loading(self) -> None:
        self.loadings += 1

    def show_page(self, page: PerformanceState | PageMessage, *, is_read: bool = True) -> None:
        self.pages.append(page)
        self.emphases += not is_read

    def show_old(self, since: str) -> None:
        self.old.append(since)

    @property
    def charts(self) -> PerformanceState:
        page = self.pages[-1]
        assert isinstance(page, PerformanceState)
        return page

    @property
    def message(self) -> PageMessage:
        page = self.pages[-1]
        assert isinstance(page, PageMessage)
        return page


class Bench:
    def __init__(self) -> None:
        self.source, self.background, self.surface = ScriptedSource(), HeldBackground(), Surface()
        self.presenter = PerformancePresenter(self.source, self.background, self.surface, str)

    def opened(self, moment: Moment = LIVE) -> "Bench":
        """The panel as it is after it was opened."""
        self.presenter.set_pixels(1000)
        self.presenter.show_moment(moment)
        self.background.finish()
        return self


@pytest.fixture
def bench() -> Bench:
    return Bench()


def later(seconds: float, moment: Moment = LIVE) -> Moment:
    at = moment.at + timedelta(seconds=seconds)
    return Moment(TimeRange.ending(at, moment.time_range.seconds), at)


def test_nothing_is_read_before_the_charts_have_a_width(bench: Bench) -> None:
    bench.presenter.show_moment(LIVE)
    assert bench.background.active == []
    bench.presenter.set_pixels(800)
    bench.background.finish()
    assert bench.source.asked == [(EntityKind.SERVICE, (), LIVE, 800)]
    assert bench.surface.charts.bar.picked == SERVICES[:3]


def test_services_are_charted_first_and_integrations_where_no_service_is_measured(bench: Bench) -> None:
    bench.source.existing = {EntityKind.INTEGRATION: ("integration/payhub",)}
    assert bench.opened().surface.charts.bar.kind == "integration"


def test_components_are_charted_where_nothing_else_is_measured(bench: Bench) -> None:
    bench.source.existing = {EntityKind.COMPONENT: ("component/host",)}
    bar = bench.opened().surface.charts.bar
    assert (bar.kind, [kind.key for kind in bar.kinds]) == ("component", ["service", "integration", "component"])
    bench.presenter.choose_kind("service")
    bench.background.finish()
    assert bench.surface.message.bar is not None
    assert [kind.key for kind in bench.surface.message.bar.kinds] == ["service", "integration", "component"]


def test_the_choice_made_by_urgency_stays_when_urgency_changes(bench: Bench) -> None:
    bench.opened()
    bench.source.existing[EntityKind.SERVICE] = tuple(reversed(SERVICES))
    bench.presenter.refresh(later(60), frozenset({Topic.SERIES}))
    bench.background.finish()
    assert bench.surface.charts.bar.picked == SERVICES[:3]


def test_picking_nothing_chooses_anew_by_urgency(bench: Bench) -> None:
    bench.opened()
    bench.source.existing[EntityKind.SERVICE] = tuple(reversed(SERVICES))
    bench.presenter.choose(())
    bench.background.finish()
    assert bench.surface.charts.bar.picked == tuple(reversed(SERVICES))[:3]


def test_each_line_keeps_its_colour_when_others_come_and_go(bench: Bench) -> None:
    bench.opened()
    bench.presenter.choose((SERVICES[2], SERVICES[4]))
    bench.background.finish()
    assert [line.slot for line in bench.surface.charts.charts[0].lines] == [2, 0]


def test_a_colour_is_free_again_once_its_line_is_gone() -> None:
    assert assigned_slots(("a", "c", "d"), {"a": 0, "b": 1, "c": 2}) == {"a": 0, "c": 2, "d": 1}


def test_the_old_picture_stays_until_another_moment_is_read(bench: Bench) -> None:
    bench.opened()
    loadings = bench.surface.loadings
    bench.presenter.show_moment(later(-600))
    assert bench.surface.loadings == loadings
    assert bench.surface.charts.end_s == NOON.timestamp()
    bench.background.finish()
    assert bench.surface.charts.end_s == later(-600).at.timestamp()


def test_a_superseded_read_is_dropped(bench: Bench) -> None:
    bench.opened()
    bench.presenter.show_moment(later(-600))
    first = bench.background.active[0]
    bench.presenter.show_moment(later(-1200))
    first.finish()
    bench.background.finish()
    assert bench.surface.charts.end_s == later(-1200).at.timestamp()
    assert len([page for page in bench.surface.pages if isinstance(page, PerformanceState)]) == 2


def test_a_refresh_waits_for_the_read_under_way_instead_of_dropping_it(bench: Bench) -> None:
    bench.opened()
    bench.presenter.show_moment(later(-600))
    bench.presenter.refresh(later(60), frozenset({Topic.STATES}))
    assert len(bench.background.active) == 1
    bench.background.active[0].finish()
    assert bench.surface.charts.end_s == later(-600).at.timestamp()
    bench.background.finish()
    assert bench.surface.charts.end_s == later(60).at.timestamp()


@pytest.mark.parametrize(
    ("seconds", "topics", "reads"), [(5, {Topic.SERIES}, 1), (1, {Topic.SERIES}, 0), (1, set(), 0)]
)
def test_new_samples_are_read_once_they_would_move_the_picture(
    bench: Bench, seconds: float, topics: set[Topic], reads: int
) -> None:
    before = len(bench.opened().source.asked)
    bench.presenter.refresh(later(seconds), frozenset(topics))
    bench.background.finish()
    assert len(bench.source.asked) - before == reads


def test_a_change_of_state_is_read_at_once_and_news_of_others_never(bench: Bench) -> None:
    bench.opened()
    bench.presenter.refresh(later(1), frozenset({Topic.STATES}))
    assert len(bench.background.active) == 1
    bench.background.finish()
    bench.presenter.refresh(later(90), frozenset({Topic.CONNECTIONS}))
    assert bench.background.active == []


def test_a_range_of_days_is_read_every_half_minute_at_most(bench: Bench) -> None:
    days = Moment(TimeRange.ending(NOON, 90 * 86400), NOON)
    bench.opened(days)
    bench.presenter.refresh(later(20, days), frozenset({Topic.SERIES}))
    assert bench.background.active == []
    bench.presenter.refresh(later(30, days), frozenset({Topic.SERIES}))
    assert len(bench.background.active) == 1


def test_another_width_is_read_for(bench: Bench) -> None:
    bench.opened()
    bench.presenter.set_pixels(1000)
    assert bench.background.active == []
    bench.presenter.set_pixels(640)
    bench.background.finish()
    assert bench.source.asked[-1][3] == 640


def test_another_kind_is_loaded_anew_and_remembers_its_own_choice(bench: Bench) -> None:
    bench.source.existing[EntityKind.INTEGRATION] = ("integration/payhub",)
    bench.opened()
    bench.presenter.choose((SERVICES[5],))
    bench.presenter.choose_kind("integration")
    bench.background.finish()
    assert bench.surface.charts.bar.picked == ("integration/payhub",)
    bench.presenter.choose_kind("service")
    bench.background.finish()
    assert bench.surface.charts.bar.picked == (SERVICES[5],)


def test_an_entity_that_is_opened_is_charted_alone_unless_it_is_already(bench: Bench) -> None:
    bench.opened()
    bench.presenter.show_entity(SERVICES[1])
    bench.background.finish()
    assert bench.surface.charts.bar.picked == SERVICES[:3]
    bench.presenter.show_entity(SERVICES[6])
    bench.background.finish()
    assert bench.surface.charts.bar.picked == (SERVICES[6],)


def test_an_entity_of_another_kind_brings_a_view_of_its_own(bench: Bench) -> None:
    bench.opened()
    bench.presenter.show_entity("partner/payhub")
    bench.background.finish()
    assert [kind.title for kind in bench.surface.charts.bar.kinds] == ["Services", "Integrations", "Partners"]
    assert bench.surface.charts.bar.kind == "partner"


def test_what_is_no_entity_is_not_opened(bench: Bench) -> None:
    before = len(bench.opened().source.asked)
    bench.presenter.show_entity("bank-metrics")
    assert len(bench.source.asked) == before
    assert bench.background.active == []


def test_the_selected_entity_is_drawn_more_strongly_without_reading_again(bench: Bench) -> None:
    before = len(bench.opened().source.asked)
    bench.presenter.select(SERVICES[1])
    assert [line.is_chosen for line in bench.surface.charts.charts[0].lines] == [False, True, False]
    assert bench.surface.emphases == 1
    assert len(bench.source.asked) == before
    assert [one.key for one in bench.background.active] == ["performance expected"]


def test_a_selected_entity_that_is_not_charted_joins_those_that_are(bench: Bench) -> None:
    bench.opened().presenter.select(SERVICES[5])
    bench.background.finish()
    assert bench.surface.charts.bar.picked == (*SERVICES[:3], SERVICES[5])
    chosen = [line.is_chosen for line in bench.surface.charts.charts[0].lines]
    assert chosen == [False, False, False, True]


def test_the_next_selected_entity_takes_the_place_of_the_one_before_and_of_no_other(bench: Bench) -> None:
    bench.opened()
    for key in (SERVICES[5], SERVICES[1], SERVICES[6]):
        bench.presenter.select(key)
        bench.background.finish()
    assert bench.surface.charts.bar.picked == (*SERVICES[:3], SERVICES[6])


def test_a_selected_entity_takes_the_last_place_where_six_are_charted(bench: Bench) -> None:
    bench.opened().presenter.choose(SERVICES[:6])
    bench.background.finish()
    bench.presenter.select(SERVICES[6])
    bench.background.finish()
    assert bench.surface.charts.bar.picked == (*SERVICES[:5], SERVICES[6])


def test_a_selected_entity_of_another_kind_brings_its_own_view_while_the_old_charts_stay(bench: Bench) -> None:
    bench.opened().presenter.select("integration/payhub")
    assert bench.surface.loadings == 1
    bench.background.finish()
    assert bench.surface.charts.bar.kind == "integration"
    assert bench.surface.charts.bar.picked == ("integration/payhub",)


def test_a_selected_entity_that_nothing_measures_leaves_the_charts_as_they_are(bench: Bench) -> None:
    bench.source.unmeasured = frozenset({"partner/payhub"})
    bench.opened().presenter.select("partner/payhub")
    bench.background.finish()
    assert bench.surface.charts.bar.picked == SERVICES[:3]
    assert [kind.value for kind, *_ in bench.source.asked] == ["service", "partner"]


def test_what_was_selected_before_the_panel_was_opened_is_charted_in_it(bench: Bench) -> None:
    bench.presenter.select("integration/payhub")
    bench.opened()
    assert bench.surface.charts.bar.picked == ("integration/payhub",)


def test_the_usual_charts_are_shown_where_what_was_selected_before_is_not_measured(bench: Bench) -> None:
    bench.source.unmeasured = frozenset({"partner/payhub"})
    bench.presenter.select("partner/payhub")
    bench.opened()
    assert bench.surface.charts.bar.picked == SERVICES[:3]


def test_what_a_person_picks_stays_without_the_selected_entity(bench: Bench) -> None:
    bench.opened().presenter.select(SERVICES[5])
    bench.background.finish()
    bench.presenter.choose(SERVICES[3:5])
    bench.background.finish()
    assert bench.surface.charts.bar.picked == SERVICES[3:5]


def test_where_nothing_is_measured_a_connection_is_offered(bench: Bench) -> None:
    bench.source.existing = {}
    message = bench.opened().surface.message
    assert (message.sentence, message.action) == ("Nothing is measured yet", PageAction.CONNECT)


def test_where_one_kind_is_not_measured_the_other_is_offered(bench: Bench) -> None:
    bench.opened()
    bench.presenter.choose_kind("integration")
    bench.background.finish()
    message = bench.surface.message
    assert (message.sentence, message.button) == ("No integrations are measured yet", "Show services")
    bench.presenter.choose_other_kind()
    bench.background.finish()
    assert bench.surface.charts.bar.kind == "service"


def test_a_store_that_cannot_be_read_is_told_with_the_next_step_and_tried_again(bench: Bench) -> None:
    bench.source.fault = GONE
    message = bench.opened().surface.message
    assert (message.sentence, message.explanation, message.action) == (GONE.message, GONE.next_step, PageAction.RETRY)
    bench.source.fault = None
    bench.presenter.retry()
    bench.background.finish()
    assert bench.surface.charts.bar.picked == SERVICES[:3]


def test_a_refresh_that_fails_leaves_the_charts_as_old(bench: Bench) -> None:
    bench.opened()
    bench.source.fault = GONE
    bench.presenter.refresh(later(60), frozenset({Topic.SERIES}))
    bench.background.finish()
    assert len(bench.surface.pages) == 1
    assert bench.surface.old[0].startswith("The store cannot be read. Shown as of ")


def blurred(bench: Bench) -> Bench:
    """A panel whose first look at very many samples is not sharp."""
    bench.source.answer = replace(report(*SERVICES[:3]), is_sharp=False)
    bench.presenter.set_pixels(1000)
    bench.presenter.show_moment(LIVE)
    bench.background.active[0].finish()
    return bench


def test_very_many_samples_are_shown_at_once_and_sharply_a_moment_later(bench: Bench) -> None:
    blurred(bench)
    assert len(bench.surface.pages) == 1
    bench.background.finish()
    assert [one.precision for one in bench.source.sharpnesses] == [Precision.FIRST, Precision.REFINED]
    assert isinstance(bench.surface.pages[-1], PerformanceState)
    assert len(bench.surface.pages) > 1


def test_what_is_sharp_at_once_is_read_once(bench: Bench) -> None:
    bench.opened()
    assert [one.precision for one in bench.source.sharpnesses] == [Precision.FIRST]


def test_whoever_moves_on_waits_for_no_sharper_picture_of_what_was_left(bench: Bench) -> None:
    blurred(bench)
    sharpening = next(piece for piece in bench.background.active if piece.key == "performance, sharp")
    sharpening.work()
    assert bench.source.sharpnesses[-1].is_wanted()
    bench.presenter.show_moment(later(-3600))
    assert not sharpening.is_active
    bench.background.finish()
    given_up, *others = [one for one in bench.source.sharpnesses if one.precision is Precision.REFINED]
    assert not given_up.is_wanted()
    assert others[-1].is_wanted()


def test_a_sharper_picture_that_cannot_be_read_leaves_the_first_one(bench: Bench) -> None:
    blurred(bench)
    shown = bench.surface.charts
    bench.source.fault = GONE
    bench.background.finish()
    assert bench.surface.charts == shown
    assert bench.surface.old == []
