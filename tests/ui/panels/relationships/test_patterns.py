"""The Patterns view: read only while somebody looks, what deviates first, what beside it, and the way to the map."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QTableView

from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.patterns import Demand, Finding, Verification
from quarterdeck.services.moments import Moment
from quarterdeck.services.patterns import HeldEntity, PatternReport
from quarterdeck.services.ports import Topic
from quarterdeck.ui.panels.relationships.pattern_presenter import PatternsPresenter
from quarterdeck.ui.panels.relationships.pattern_state import PatternsState
from quarterdeck.ui.panels.relationships.pattern_words import patterns_state
from quarterdeck.ui.widgets.buttons import Button
from tests.support.backgrounds import HeldBackground
from tests.support.graphs import PAYHUB, PROCESSOR
from tests.support.markup import faults_below, hostile_text, shows_the_image
from tests.ui.panels.overview.reports import LIVE, NOON
from tests.ui.panels.relationships.desk import Desk, table_in

LOCKED = StoreUnavailable("The store is locked.", "End the other program.")


def deviation(seen: str = "none", since_at: datetime | None = NOON - timedelta(days=2), *keys: str) -> Finding:
    return Finding(Demand.RELATION, "exactly 1 relation from a partner", seen, since_at, keys)


def held(name: str, *, deviations: tuple[Finding, ...] = (), unknowns: tuple[Finding, ...] = ()) -> HeldEntity:
    entity = Entity(f"integration/{name}", EntityKind.INTEGRATION, name.title(), "bill_pay", "payments-team")
    found = Verification(entity.key, "shape", "Shape", 5, deviations=deviations, unknowns=unknowns)
    return HeldEntity(entity, (found,))


BROKEN = HeldEntity(
    PROCESSOR.entity,
    (Verification(PROCESSOR.key, "shape", "Shape", 5, (deviation("2 (a, b)", NOON, PAYHUB.key), deviation())),),
)
SOUND = held("sound")
DARK = held("dark", unknowns=(Finding(Demand.SIGNAL, "error rate", "nothing tells of it yet"),))
BARE = HeldEntity(Entity("integration/bare", EntityKind.INTEGRATION, "Bare"))
TOLD = PatternReport(NOON, (SOUND, BARE, DARK, BROKEN), {PAYHUB.key: "Payhub"})


@dataclass
class PatternSource:
    """Answers, or fails; counts how often."""

    told: PatternReport = TOLD
    fault: OperatorError | None = None
    asked: list[Moment] = field(default_factory=list[Moment])

    def report(self, moment: Moment) -> PatternReport:
        self.asked.append(moment)
        if self.fault is not None:
            raise self.fault
        return self.told


@dataclass
class Surface:
    """Keeps what it was told to show."""

    shown: list[PatternsState] = field(default_factory=list[PatternsState])

    def show_patterns(self, state: PatternsState) -> None:
        self.shown.append(state)


class Looked:
    """A presenter in the hands of a test."""

    def __init__(self) -> None:
        self.source, self.background, self.surface = PatternSource(), HeldBackground(), Surface()
        self.presenter = PatternsPresenter(self.source, self.background, self.surface, str)

    def settle(self) -> None:
        while self.background.waiting:
            self.background.finish()


@pytest.fixture
def looked() -> Looked:
    return Looked()


def test_nothing_is_read_before_somebody_looks(looked: Looked) -> None:
    looked.presenter.show_moment(LIVE)
    looked.presenter.refresh(LIVE, frozenset({Topic.ESTATE}))
    looked.settle()
    assert looked.source.asked == []
    looked.presenter.want(is_wanted=True)
    looked.settle()
    assert looked.source.asked == [LIVE]


def test_looking_again_reads_again_only_what_changed_meanwhile(looked: Looked) -> None:
    looked.presenter.show_moment(LIVE)
    looked.presenter.want(is_wanted=True)
    looked.settle()
    for _ in range(2):
        looked.presenter.want(is_wanted=False)
        looked.presenter.want(is_wanted=True)
        looked.settle()
    assert len(looked.source.asked) == 1
    looked.presenter.want(is_wanted=False)
    looked.presenter.refresh(LIVE, frozenset({Topic.COMPLIANCE}))
    looked.presenter.want(is_wanted=True)
    looked.settle()
    assert len(looked.source.asked) == 2


def test_a_change_of_something_else_reads_nothing(looked: Looked) -> None:
    looked.presenter.show_moment(LIVE)
    looked.presenter.want(is_wanted=True)
    looked.settle()
    looked.presenter.refresh(LIVE, frozenset({Topic.STATES}))
    looked.presenter.refresh(LIVE, frozenset())
    looked.settle()
    assert len(looked.source.asked) == 2


def test_a_refresh_that_fails_leaves_what_was_shown_and_says_of_when_it_is(looked: Looked) -> None:
    looked.presenter.show_moment(LIVE)
    looked.presenter.want(is_wanted=True)
    looked.settle()
    looked.source.fault = LOCKED
    looked.presenter.refresh(LIVE, frozenset({Topic.ESTATE}))
    looked.settle()
    before, after = looked.surface.shown
    assert after.columns == before.columns
    assert after.summary.startswith("The store is locked. Shown as of ")


def test_a_moment_that_cannot_be_read_shows_no_row_and_what_to_do(looked: Looked) -> None:
    looked.source.fault = LOCKED
    looked.presenter.want(is_wanted=True)
    looked.presenter.show_moment(LIVE)
    looked.settle()
    assert looked.surface.shown == [PatternsState(summary="The store is locked. End the other program.")]


def test_what_deviates_stands_first_and_what_conforms_last() -> None:
    columns = patterns_state(TOLD, str).columns
    assert columns.names == (PROCESSOR.entity.name, "Dark", "Bare", "Sound")
    assert columns.standings == ("2 deviations", "Not known", "No pattern", "Conforms")
    assert columns.marks == (HealthState.DEGRADED, HealthState.UNKNOWN, None, HealthState.HEALTHY)
    assert columns.sinces == ("2 d", "—", "—", "—")


def test_the_deviation_that_lasts_longest_is_the_one_in_the_table() -> None:
    columns = patterns_state(TOLD, str).columns
    assert columns.firsts[:3] == (
        "none, required: exactly 1 relation from a partner",
        "nothing tells of it yet, required: error rate",
        "It names none in its facts",
    )


def test_the_line_below_counts_and_names_files_that_were_left_out() -> None:
    state = patterns_state(replace(TOLD, faults=("own.yaml, line 2: no.",)), str)
    assert (
        state.summary == "1 deviates · 1 not known · 1 conforms · 1 without a pattern · left out: own.yaml, line 2: no."
    )
    assert patterns_state(PatternReport(NOON, (), {}), str).summary == "No integration is declared"


def test_several_are_counted_as_several() -> None:
    told = replace(TOLD, held=TOLD.held * 2)
    assert patterns_state(told, str).summary == "2 deviate · 2 not known · 2 conform · 2 without a pattern"


def test_beside_an_entity_every_finding_says_what_is_required_seen_and_since_when() -> None:
    state = patterns_state(TOLD, str)
    broken, dark, bare, sound = (state.answers[at].sentences for at in range(4))
    assert broken[:2] == ("Required: exactly 1 relation from a partner.", "Seen: 2 (a, b), since 12:32 (0 s).")
    assert broken[2:4] == ("", "Required: exactly 1 relation from a partner.")
    assert dark == ("Required: error rate.", "Not known: nothing tells of it yet.")
    assert bare[0].startswith("It declares no shape to be held against.")
    assert sound == ("Everything that its pattern demands is there.",)


def test_a_deviation_without_a_date_is_told_without_one() -> None:
    state = patterns_state(replace(TOLD, held=(held("one", deviations=(deviation("silent", None),)),)), str)
    assert state.answers[0].title == "One: 1 deviation"
    assert state.answers[0].sentences[1] == "Seen: silent."
    assert state.columns.sinces == ("—",)


def look_at_patterns(desk: Desk, told: PatternReport = TOLD) -> PatternSource:
    source = PatternSource(told)
    presenter = PatternsPresenter(source, desk.background, desk.view.patterns, str)
    assert desk.view._presenter is not None
    desk.view.present(desk.view._presenter, desk.background, presenter)
    desk.view.show_moment(LIVE)
    desk.settle()
    desk.hands.run("patterns")
    return source


def test_the_view_lists_everything_and_the_line_below_sums_it_up(desk: Desk) -> None:
    look_at_patterns(desk)
    model = table_in(desk).findChildren(QTableView)[0].model()
    assert [str(model.index(line, 1).data()) for line in range(model.rowCount())] == [PROCESSOR.entity.name]
    assert any(
        label.text().endswith("1 deviates · 1 not known · 1 conforms · 1 without a pattern") for label in labels(desk)
    )


@pytest.mark.parametrize("kind", ["markup", "long_line"])
def test_names_and_findings_from_outside_are_text_in_the_table_and_beside_it(
    desk: Desk, tmp_path: Path, kind: str
) -> None:
    text: str = getattr(hostile_text(tmp_path), kind)
    entity = replace(PROCESSOR.entity, name=text, owner=text, domain=text)
    found = Verification(PROCESSOR.key, text, text, 1, (Finding(Demand.FACT, text, text, NOON, (PAYHUB.key,)),))
    look_at_patterns(desk, PatternReport(NOON, (HeldEntity(entity, (found,)),), {PAYHUB.key: text}, (text,)))
    desk.view.show_selection(PROCESSOR.key)
    desk.settle()
    assert desk.side is not None
    assert (faults_below(desk.window), shows_the_image(desk.window)) == ([], False)


def labels(desk: Desk) -> list[QLabel]:
    return [label for label in desk.view.findChildren(QLabel) if label.text()]


def test_selecting_a_row_shows_its_deviations_beside_with_the_states_of_the_moment(desk: Desk) -> None:
    look_at_patterns(desk)
    desk.view.show_selection(PROCESSOR.key)
    desk.settle()
    assert "Required: exactly 1 relation from a partner." in desk.said
    answer = desk.view._side._deviations
    assert answer is not None
    assert [line.state for line in answer.lines] == [PROCESSOR.state, PAYHUB.state]


def test_going_to_an_entity_beside_shows_it_on_the_map(desk: Desk) -> None:
    look_at_patterns(desk)
    desk.view.show_selection(PROCESSOR.key)
    desk.settle()
    assert desk.side is not None
    desk.side.entity_chosen.emit(PAYHUB.key)
    desk.settle()
    assert desk.selected[-1] == PAYHUB.key
    assert desk.current == "Payhub"
    assert desk.side is None


def test_what_was_closed_stays_closed_until_another_entity_is_selected(desk: Desk) -> None:
    look_at_patterns(desk)
    desk.view.show_selection(PROCESSOR.key)
    desk.settle()
    assert desk.side is not None
    desk.side.findChildren(Button)[0].click()
    desk.view.refresh(LIVE, frozenset({Topic.ESTATE}))
    desk.settle()
    assert desk.side is None
    desk.view.show_selection("integration/none")
    desk.view.show_selection(PROCESSOR.key)
    desk.settle()
    assert desk.side is not None


def test_the_same_key_goes_to_the_patterns_and_back_to_the_map(desk: Desk) -> None:
    source = look_at_patterns(desk)
    desk.hands.run("patterns")
    desk.view.refresh(LIVE, frozenset({Topic.ESTATE}))
    desk.settle()
    assert table_hidden(desk)
    assert len(source.asked) == 1


def table_hidden(desk: Desk) -> bool:
    return desk.map.isVisible()
