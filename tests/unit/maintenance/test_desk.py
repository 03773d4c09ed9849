"""The window's desk for planned work: refusals say the next step and write nothing, and the past stays the past."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.maintenance_scope import MaintenanceScope
from quarterdeck.exporters.maintenance_calendar import calendar_text
from quarterdeck.services.integrations import IntegrationReader
from quarterdeck.services.maintenance import Signature
from quarterdeck.services.maintenance_desk import MaintenanceDesk, Period, TakenCalendar
from quarterdeck.services.maintenance_forms import Field, Repeat, TypedWindow, typed_of
from quarterdeck.services.maintenance_import import ImportScope
from quarterdeck.services.maintenance_preview import WindowPreview
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import EstateChange
from quarterdeck.storage.opening import open_store
from tests.support.stores import PATIENCE_SECONDS, after
from tests.unit.collection.fakes import SteppedClock
from tests.unit.maintenance.windows import HOUR, WEEK

API = Entity("service/api", EntityKind.SERVICE, "API", domain="bill_pay")
PUSH = Entity("channel/push", EntityKind.CHANNEL, "Push")
ADA, WHY = Signature("ada"), Signature("bob", "It took longer")
NOW = TypedWindow(MaintenanceScope((API.key,)), "Upgrade", "2026-03-02 12:00", "1h")
NIGHTLY = replace(NOW, repeat=Repeat.DAILY)
IDENTITY = "window-1"


class Room:
    """A store with two entities, a clock, and the desk over both."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = SteppedClock()
        self.clock.at = after(600)
        self.store = open_store(str(path))
        change = EstateChange(after(-WEEK), "test", put_entities=(API, PUSH))
        self.store.writer.change_estate(change).result(PATIENCE_SECONDS)
        self.desk = self._open()

    def _open(self) -> MaintenanceDesk:
        return MaintenanceDesk(self.store, self.clock, calendar_text, who=lambda: "ada", zone=lambda: "UTC")

    def forbid_writing(self) -> None:
        self.store.close()
        self.store = open_store(str(self.path), read_only=True)
        self.desk = self._open()

    def moment(self, seconds: float = 600, *, live: bool = True) -> Moment:
        return Moment(TimeRange(after(seconds - HOUR), after(seconds)), after(seconds), live=live)

    def stands(self) -> list[tuple[str, Period]]:
        return [(one.window.id, one.period) for one in self.desk.board(self.moment()).windows]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path / "store.db")
    yield made
    made.store.close()


def test_a_faulty_form_is_told_its_faults_and_nothing_is_kept(room: Room) -> None:
    outcome = room.desk.plan(replace(NOW, end=""), Signature(" "))
    assert [place for place, _ in outcome.faults] == [Field.END, Field.BY]
    assert room.stands() == []


def test_a_store_that_may_not_be_written_refuses_with_the_next_step(room: Room) -> None:
    room.forbid_writing()
    with pytest.raises(OperatorError) as refused:
        room.desk.plan(NOW, ADA)
    assert refused.value.next_step
    assert isinstance(room.desk.preview(NOW), WindowPreview)


def test_a_planned_window_stands_on_the_board(room: Room) -> None:
    outcome = room.desk.plan(NOW, ADA)
    assert outcome.record is not None
    [one] = room.desk.board(room.moment()).windows
    assert (one.period, one.planned_by, one.names, one.covered_count) == (Period.RUNNING, "ada", ("API",), 1)
    assert (one.occurrence, one.following) == (TimeRange(after(0), after(HOUR)), None)


def test_what_runs_stands_first_then_what_comes_then_what_is_over(room: Room) -> None:
    for start in ("2026-03-03 12:00", "2026-03-01 12:00", "2026-03-02 12:00", "2026-02-27 12:00"):
        room.desk.plan(replace(NOW, start=start), ADA)
    assert room.stands() == [
        ("window-3", Period.RUNNING),
        ("window-1", Period.PLANNED),
        ("window-2", Period.PAST),
        ("window-4", Period.PAST),
    ]


def test_a_past_moment_shows_what_had_been_recorded_by_then(room: Room) -> None:
    room.desk.plan(NOW, ADA)
    assert room.desk.board(room.moment(300, live=False)).windows == ()
    room.clock.at = after(900)
    room.desk.end(IDENTITY, WHY, whole=False)
    [then] = room.desk.board(room.moment(700, live=False)).windows
    [now] = room.desk.board(room.moment(1000)).windows
    assert (then.period, now.period) == (Period.RUNNING, Period.PAST)
    assert now.occurrence == TimeRange(after(0), after(900))


def test_a_preview_writes_nothing_and_names_what_is_wrong(room: Room) -> None:
    faults = room.desk.preview(replace(NOW, zone="Mars"))
    assert not isinstance(faults, WindowPreview)
    assert [place for place, _ in faults] == [Field.ZONE]
    preview = room.desk.preview(NIGHTLY)
    assert isinstance(preview, WindowPreview)
    assert (preview.is_under_way, preview.is_over, preview.has_more, len(preview.occurrences)) == (True, False, True, 5)
    assert room.stands() == []


def test_a_preview_of_a_window_that_is_over_says_so(room: Room) -> None:
    preview = room.desk.preview(replace(NOW, start="2026-03-01 12:00"))
    assert isinstance(preview, WindowPreview)
    assert (preview.is_over, preview.is_under_way) == (True, False)


def test_a_correction_needs_a_reason_and_a_change(room: Room) -> None:
    room.desk.plan(NOW, ADA)
    assert [place for place, _ in room.desk.correct(IDENTITY, replace(NOW, end="2h"), ADA).faults] == [Field.NOTE]
    with pytest.raises(OperatorError, match=r"Nothing was changed.*Change a field"):
        room.desk.correct(IDENTITY, NOW, WHY)
    assert len(room.desk.history(IDENTITY)) == 1


def test_a_correction_is_a_record_and_the_old_one_stays_readable(room: Room) -> None:
    room.desk.plan(NOW, ADA)
    room.desk.correct(IDENTITY, replace(NOW, end="2h"), WHY)
    first, second = room.desk.history(IDENTITY)
    assert (first.window.length, second.window.length) == (timedelta(hours=1), timedelta(hours=2))
    assert (second.recorded_by, second.note) == ("bob", "It took longer")
    preview = room.desk.preview(typed_of(second.window), IDENTITY)
    assert isinstance(preview, WindowPreview)
    assert preview.overlaps == ()


def test_what_is_over_cannot_be_ended_again(room: Room) -> None:
    room.desk.plan(NOW, ADA)
    room.desk.end(IDENTITY, WHY, whole=True)
    for attempt in (lambda: room.desk.end(IDENTITY, WHY, whole=True), lambda: room.desk.skip(IDENTITY, WHY)):
        with pytest.raises(OperatorError, match="is over already"):
            attempt()


def test_only_what_is_under_way_can_be_ended_now(room: Room) -> None:
    room.desk.plan(replace(NIGHTLY, start="2026-03-02 14:00"), ADA)
    with pytest.raises(OperatorError, match="is not under way now"):
        room.desk.end(IDENTITY, WHY, whole=False)
    room.desk.end(IDENTITY, WHY, whole=True)
    assert room.stands() == [(IDENTITY, Period.CALLED_OFF)]


def test_the_next_occurrence_can_be_left_out(room: Room) -> None:
    room.desk.plan(NIGHTLY, ADA)
    room.desk.skip(IDENTITY, WHY)
    [one] = room.desk.board(room.moment()).windows
    assert one.following == TimeRange(after(2 * 24 * HOUR), after(49 * HOUR))


def test_a_window_that_comes_once_has_nothing_to_leave_out(room: Room) -> None:
    room.desk.plan(NOW, ADA)
    with pytest.raises(OperatorError, match="none can be left out"):
        room.desk.skip(IDENTITY, WHY)


def test_a_form_opens_with_what_can_be_covered(room: Room) -> None:
    ground = room.desk.ground()
    assert [(one.entity.name, one.state) for one in ground.choices] == [
        ("Push", HealthState.UNKNOWN),
        ("API", HealthState.UNKNOWN),
    ]
    assert (ground.domains, ground.zone, ground.by, ground.now) == (("bill_pay",), "UTC", "ada", after(600))


def test_a_calendar_taken_back_changes_nothing(room: Room, tmp_path: Path) -> None:
    room.desk.plan(NOW, ADA)
    room.desk.plan(NIGHTLY, ADA)
    path = tmp_path / "plan.ics"
    path.write_bytes(room.desk.calendar(["window-2"]))
    assert path.read_bytes().count(b"BEGIN:VEVENT") == 1
    assert room.desk.take_calendar(path, ImportScope(), ADA) == TakenCalendar(0, 0, 1)


def test_a_calendar_that_cannot_be_read_is_refused_whole(room: Room, tmp_path: Path) -> None:
    path = tmp_path / "plan.ics"
    path.write_text("nonsense")
    with pytest.raises(OperatorError) as refused:
        room.desk.take_calendar(path, ImportScope(), ADA)
    assert refused.value.next_step
    with pytest.raises(OperatorError, match="cannot be read"):
        room.desk.take_calendar(tmp_path / "missing.ics", ImportScope(), ADA)
    assert room.stands() == []


def test_what_a_window_covers_is_told_as_it_was_known_at_a_moment(room: Room) -> None:
    reader = IntegrationReader(room.store)
    assert reader.covered(room.moment()) == frozenset()
    room.desk.plan(NOW, ADA)
    assert reader.covered(room.moment()) == {API.key}
    assert reader.covered(room.moment(300, live=False)) == frozenset()
    assert reader.covered(room.moment(2 * HOUR)) == frozenset()
