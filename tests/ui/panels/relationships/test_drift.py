"""The Drift view: read only while somebody looks, drift first, saved as a table, and the past as it stood then."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QTableView

from quarterdeck.domain.drift import Drift, DriftStanding
from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.domain.health import HealthState
from quarterdeck.services.drift import DriftReport, DriftRow
from quarterdeck.services.ports import Topic
from quarterdeck.ui.panels.relationships.drift_presenter import DriftPresenter
from quarterdeck.ui.panels.relationships.drift_state import DriftState
from quarterdeck.ui.panels.relationships.drift_words import drift_state
from tests.support.backgrounds import HeldBackground
from tests.support.graphs import PAYHUB, PROCESSOR
from tests.support.markup import faults_below, hostile_text, shows_the_image
from tests.ui.panels.overview.reports import LIVE, NOON
from tests.ui.panels.relationships.desk import Desk, table_in

LOCKED = StoreUnavailable("The store is locked.", "End the other program.")
LINK = f"external_internal:{PAYHUB.key}>{PROCESSOR.key}"
GONE = DriftRow(
    Drift(LINK, DriftStanding.NOT_SEEN, ("mesh",), NOON - timedelta(days=2), NOON - timedelta(days=9), NOON),
    "PayHub → PayHub processor",
    "external_internal",
    ("Mesh",),
)
NEW = DriftRow(
    Drift("component/new", DriftStanding.NOT_DECLARED, ("mesh",), NOON, NOON, NOON), "new", "component", ("Mesh",)
)
SILENT = DriftRow(Drift("service/s", DriftStanding.SOURCE_SILENT, ("feed",)), "S", "service", ("Feed",))
DARK = DriftRow(Drift(PROCESSOR.key, DriftStanding.NO_SOURCE), "PayHub processor", "integration", ())
TOLD = DriftReport(NOON, (GONE, NEW, SILENT, DARK), 7, ("Mesh",))


@dataclass
class Source:
    """Answers, or fails; keeps of which moments."""

    told: DriftReport = TOLD
    fault: OperatorError | None = None
    asked: list[datetime] = field(default_factory=list[datetime])

    def report(self, at: datetime) -> DriftReport:
        self.asked.append(at)
        if self.fault is not None:
            raise self.fault
        return self.told


@dataclass
class Surface:
    """Keeps what it was told to show."""

    shown: list[DriftState] = field(default_factory=list[DriftState])

    def show_drift(self, state: DriftState) -> None:
        self.shown.append(state)


class Looked:
    """A presenter in the hands of a test."""

    def __init__(self) -> None:
        self.source, self.background, self.surface = Source(), HeldBackground(), Surface()
        self.presenter = DriftPresenter(self.source, self.background, self.surface, str)

    def settle(self) -> None:
        while self.background.waiting:
            self.background.finish()


@pytest.fixture
def looked() -> Looked:
    return Looked()


def test_nothing_is_read_before_somebody_looks_and_again_only_what_changed(looked: Looked) -> None:
    looked.presenter.show_moment(LIVE)
    looked.presenter.refresh(LIVE, frozenset({Topic.ESTATE}))
    looked.settle()
    assert looked.source.asked == []
    looked.presenter.want(is_wanted=True)
    looked.presenter.refresh(LIVE, frozenset({Topic.SERIES}))
    looked.settle()
    assert looked.source.asked == [LIVE.at]
    looked.presenter.refresh(LIVE, frozenset({Topic.ESTATE}))
    looked.settle()
    assert len(looked.source.asked) == 2


def test_the_past_is_read_as_of_the_play_head(looked: Looked) -> None:
    looked.presenter.want(is_wanted=True)
    past = replace(LIVE, at=LIVE.at - timedelta(days=3))
    looked.presenter.show_moment(past)
    looked.settle()
    assert looked.source.asked == [past.at]


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
    assert looked.surface.shown == [DriftState(summary="The store is locked. End the other program.")]


def test_each_row_says_how_it_stands_since_when_and_who_tells_of_it() -> None:
    columns = drift_state(TOLD, str).columns
    assert columns.standings == ("Declared, not seen", "Seen, not declared", "Source silent", "No source sees it")
    assert columns.marks == (HealthState.DEGRADED, HealthState.DEGRADED, HealthState.STALE, HealthState.UNKNOWN)
    assert columns.sinces == ("2 d", "0 s", "—", "—")
    assert columns.kinds == ("external → internal", "component", "service", "integration")
    assert columns.sources == ("Mesh", "Mesh", "Feed", "—")
    assert columns.entity_keys == (PAYHUB.key, "component/new", "service/s", PROCESSOR.key)


def test_a_tip_tells_in_a_sentence_why_and_with_dates() -> None:
    tips = drift_state(TOLD, str).columns.tips
    assert tips[0].splitlines()[:2] == [LINK, "It is declared, and Mesh would see it and does not."]
    assert [line.split()[0] for line in tips[0].splitlines()[2:]] == ["Since", "First", "Last"]
    assert tips[3].splitlines()[1].startswith("No source would see it: whether it is there is not known")


def test_the_line_below_counts_drift_apart_from_what_is_not_known() -> None:
    assert drift_state(TOLD, str).summary == (
        "1 declared and not seen · 1 seen and not declared · 1 not known, its source is silent · "
        "1 that no source would see · 7 declared and seen · looking: Mesh"
    )
    silent = [row for row in TOLD.rows if row.drift.standing is DriftStanding.SOURCE_SILENT]
    assert drift_state(DriftReport(NOON, (*silent, *silent), 0), str).summary.startswith(
        "2 not known, their source is silent"
    )
    assert drift_state(DriftReport(NOON, (), 0), str).summary == "no source looks"


def look_at_drift(desk: Desk, told: DriftReport = TOLD) -> Source:
    source = Source(told)
    presenter = DriftPresenter(source, desk.background, desk.view.drift, str)
    assert desk.view._presenter is not None
    desk.view.present(desk.view._presenter, desk.background, None, presenter)
    desk.view.show_moment(LIVE)
    desk.settle()
    desk.hands.run("drift")
    desk.settle()
    return source


def test_the_view_lists_what_stands_apart_and_sums_it_up(desk: Desk) -> None:
    look_at_drift(desk)
    model = table_in(desk).findChildren(QTableView)[0].model()
    assert [str(model.index(line, 1).data()) for line in range(model.rowCount())] == [row.name for row in TOLD.rows]
    assert any(label.text().endswith("looking: Mesh") for label in desk.view.findChildren(QLabel))


def test_moving_to_a_row_selects_its_entity_and_a_relation_where_it_begins(desk: Desk) -> None:
    look_at_drift(desk)
    desk.hands.run("next")
    desk.settle()
    assert desk.selected[-1] == PAYHUB.key


def test_states_cannot_be_meant_where_nothing_has_one(desk: Desk) -> None:
    look_at_drift(desk)
    assert not desk.view._bar._states.isEnabled()
    desk.hands.run("drift")
    assert desk.view._bar._states.isEnabled()


def test_the_key_leads_back_to_the_map(desk: Desk) -> None:
    look_at_drift(desk)
    desk.hands.run("drift")
    desk.settle()
    assert desk.view._page.arrangement.value == "map"


def test_drift_is_saved_as_a_table_and_without_any_that_is_said(desk: Desk, tmp_path: Path) -> None:
    look_at_drift(desk)
    file = desk.view._page.table_file()
    assert file is not None
    assert file.name.startswith("drift 2026-11-24 ")
    assert file.write().decode().splitlines()[1].startswith(f"declared_not_seen,{LINK},")
    told: list[str] = []
    desk.view.notice_raised.connect(told.append)
    desk.view.drift.show_drift(DriftState())
    desk.hands.run("save")
    assert told == ["There is nothing to save: everything is declared and seen."]


@pytest.mark.parametrize("kind", ["markup", "long_line"])
def test_names_from_outside_are_text_in_the_table(desk: Desk, tmp_path: Path, kind: str) -> None:
    text: str = getattr(hostile_text(tmp_path), kind)
    row = DriftRow(Drift(text, DriftStanding.NOT_DECLARED, (text,), NOON, NOON, NOON), text, text, (text,))
    look_at_drift(desk, DriftReport(NOON, (row,), 0, (text,)))
    assert (faults_below(desk.window), shows_the_image(desk.window)) == ([], False)


def test_names_have_the_room_that_the_sources_do_not_need(desk: Desk) -> None:
    name = "notification-queue → Notification requested"
    row = DriftRow(Drift(LINK, DriftStanding.NO_SOURCE), name, "event_notification", ())
    look_at_drift(desk, DriftReport(NOON, (row,), 0))
    desk.window.resize(1000, 700)
    desk.settle()
    table = table_in(desk).findChildren(QTableView)[0]
    needed = table.fontMetrics().horizontalAdvance(name)
    assert table.columnWidth(1) > needed
    assert not table.isColumnHidden(5)
