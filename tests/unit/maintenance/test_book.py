"""Planning windows: what is wrong is refused in words, and every change is a record of its own."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.maintenance import Cut, MaintenanceAct, MaintenanceWindow
from quarterdeck.services.maintenance import ListedWindow, MaintenanceBook, Signature
from quarterdeck.services.ports import EstateChange
from quarterdeck.storage.opening import open_store
from tests.support.stores import PATIENCE_SECONDS, after
from tests.unit.collection.fakes import SteppedClock
from tests.unit.maintenance.windows import HOUR, WEEK, record, window

API = Entity("service/api", EntityKind.SERVICE, "API", domain="bill_pay")
ADA, WHY = Signature("ada"), Signature("bob", "It took longer")
NEW = window(id="")
WEEKLY = replace(NEW, rule="FREQ=WEEKLY")


class Desk:
    """A store with one entity, a clock, and the book over both."""

    def __init__(self, path: Path) -> None:
        self.clock = SteppedClock()
        self.clock.at = after(0)
        self.store = open_store(str(path))
        change = EstateChange(after(-WEEK), "test", put_entities=(API,))
        self.store.writer.change_estate(change).result(PATIENCE_SECONDS)
        self.book = MaintenanceBook(self.store, self.clock)

    def listed(self) -> ListedWindow:
        return self.book.listed()[0]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "store.db")
    yield desk
    desk.store.close()


def hours(start: float, end: float) -> TimeRange:
    return TimeRange(after(start * HOUR), after(end * HOUR))


def test_a_planned_window_gets_an_id_and_stands(desk: Desk) -> None:
    record = desk.book.add(NEW, ADA)
    assert (record.window.id, record.act, record.recorded_by) == ("window-1", MaintenanceAct.PLANNED, "ada")
    assert desk.listed() == ListedWindow(record, hours(0, 1), None)
    assert desk.book.add(NEW, ADA).window.id == "window-2"


@pytest.mark.parametrize(
    ("fields", "words", "step"),
    [
        ({"entity_keys": ("service/apo",)}, "There is no entity 'service/apo'.", "Did you mean service/api?"),
        ({"entity_keys": ("x",)}, "There is no entity 'x'.", "`quarterdeck status` tells what there is."),
        ({"domains": ("bil_pay",)}, "There is no domain 'bil_pay'.", "Did you mean bill_pay?"),
        ({"reason": "  "}, "A maintenance window says the reason.", "Say it in 1 to 500 characters."),
        ({"reason": "x" * 501}, "A maintenance window says the reason.", "Say it in 1 to 500 characters."),
        ({"rule": "FREQ=SECONDLY"}, "The rule comes too often: SECONDLY", "A rule is such as FREQ=WEEKLY;BYDAY=SU"),
        ({"rule": "FREQ=WEEKLY;BYDAY=MO", "start_at": after(24 * HOUR)}, "The first start is none", "A rule is such"),
        ({"zone": "Mars"}, "'Mars' is no time zone.", "A rule is such as"),
        ({"length": timedelta(days=400)}, "The window lasts 400 days.", "Plan at most 366 days"),
        ({"start_at": after(-60 * 366 * 24 * HOUR)}, "The window begins in 196", "Say a year from 2000 to 2199."),
    ],
    ids=lambda value: str(value)[:30] if isinstance(value, str) else "",
)
def test_a_window_that_cannot_be_is_refused_with_the_next_step(
    desk: Desk, fields: dict[str, Any], words: str, step: str
) -> None:
    with pytest.raises(OperatorError) as refused:
        desk.book.add(replace(NEW, **fields), ADA)
    assert refused.value.message.startswith(words)
    assert refused.value.next_step.startswith(step)
    assert desk.book.listed() == ()


def test_nobody_plans_without_a_name(desk: Desk) -> None:
    with pytest.raises(OperatorError, match="says who"):
        desk.book.add(NEW, Signature(" "))


def test_an_id_is_given_only_once(desk: Desk) -> None:
    desk.book.add(window(id="core"), ADA)
    with pytest.raises(OperatorError, match="There is a maintenance window 'core' already"):
        desk.book.add(window(id="core"), ADA)


def test_words_are_kept_on_one_line(desk: Desk) -> None:
    assert desk.book.add(replace(NEW, reason="Core\n  upgrade"), ADA).window.reason == "Core upgrade"


def test_a_window_ended_early_is_over(desk: Desk) -> None:
    desk.book.add(NEW, ADA)
    record = desk.book.end("window-1", after(600), WHY)
    assert (record.act, record.revision, record.window.closed_at) == (MaintenanceAct.ENDED, 2, after(600))
    desk.clock.at = after(601)
    assert desk.listed().is_over
    with pytest.raises(OperatorError, match="is over already"):
        desk.book.end("window-1", after(700), WHY)


def test_ending_one_occurrence_leaves_the_next(desk: Desk) -> None:
    desk.book.add(WEEKLY, ADA)
    record = desk.book.end("window-1", after(600), WHY)
    assert record.window.cuts == (Cut(after(0), after(600)),)
    desk.clock.at = after(601)
    assert (desk.listed().current, desk.listed().following) == (None, hours(168, 169))


def test_between_occurrences_only_the_whole_can_be_ended(desk: Desk) -> None:
    desk.book.add(WEEKLY, ADA)
    with pytest.raises(OperatorError, match="With `--all` the window ends for good"):
        desk.book.end("window-1", after(9 * HOUR), WHY)
    desk.book.end("window-1", after(9 * HOUR), WHY, whole=True)
    desk.clock.at = after(9 * HOUR)
    assert desk.listed().is_over


def test_a_correction_of_the_past_leaves_the_first_record_readable(desk: Desk) -> None:
    desk.book.add(NEW, ADA)
    desk.clock.at = after(5 * HOUR)
    desk.book.correct(window(-HOUR, 3, id="window-1"), WHY)
    first, second = desk.book.history("window-1")
    assert (first.window.length, second.window.length) == (timedelta(hours=1), timedelta(hours=3))
    assert (second.act, second.recorded_by, second.note) == (MaintenanceAct.CORRECTED, "bob", "It took longer")
    assert [each.record for each in desk.book.listed(after(HOUR))] == [first]
    assert desk.store.check() == ()


def test_a_correction_says_why(desk: Desk) -> None:
    desk.book.add(NEW, ADA)
    with pytest.raises(OperatorError, match="says why"):
        desk.book.correct(window(0, 2, id="window-1"), ADA)


def test_a_correction_that_changes_nothing_is_refused(desk: Desk) -> None:
    planned = desk.book.add(NEW, ADA).window
    with pytest.raises(OperatorError, match="is like that already"):
        desk.book.correct(planned, WHY)


def test_an_unknown_window_is_told_with_where_to_look(desk: Desk) -> None:
    with pytest.raises(OperatorError, match=r"no maintenance window 'core'.*maintenance list --all"):
        desk.book.end("core", after(0), WHY)


def test_a_window_on_what_was_withdrawn_can_still_be_ended(desk: Desk) -> None:
    desk.book.add(NEW, ADA)
    gone = EstateChange(after(60), "test", remove_entity_keys=(API.key,))
    desk.store.writer.change_estate(gone).result(PATIENCE_SECONDS)
    desk.clock.at = after(120)
    assert desk.book.end("window-1", after(120), WHY).act is MaintenanceAct.ENDED


def test_taking_windows_in_twice_changes_nothing_the_second_time(desk: Desk) -> None:
    told = [window(id="a"), window(WEEK, 1, id="b", rule="FREQ=WEEKLY")]
    assert [each.window.id for each in desk.book.take(told, ADA)] == ["a", "b"]
    assert desk.book.take(told, ADA) == ()
    (changed,) = desk.book.take([told[0], replace(told[1], length=timedelta(hours=2))], ADA)
    assert (changed.window.id, changed.revision, changed.act) == ("b", 2, MaintenanceAct.CORRECTED)


def test_of_windows_taken_in_none_stays_where_one_is_refused(desk: Desk) -> None:
    stranger: MaintenanceWindow = window(0, 1, "service/none", id="b")
    with pytest.raises(OperatorError):
        desk.book.take([window(id="a"), stranger], ADA)
    assert desk.book.listed() == ()


def test_a_window_that_cannot_be_followed_any_more_counts_as_over(desk: Desk) -> None:
    lost = record(replace(NEW, id="lost", rule="FREQ=DAILY", zone="Europe/Atlantis"))
    desk.store.maintenance.add([lost]).result(PATIENCE_SECONDS)
    assert desk.listed().is_over


def test_a_series_that_is_over_is_listed_with_its_last_occurrence(desk: Desk) -> None:
    desk.book.add(replace(WEEKLY, rule="FREQ=WEEKLY;COUNT=2"), ADA)
    desk.clock.at = after(9 * WEEK)
    assert desk.listed() == replace(
        desk.listed(), current=None, following=None, last=TimeRange(after(WEEK), after(WEEK + HOUR))
    )
    assert desk.book.listed(at=after(0))[0].last is None


def test_a_series_that_was_called_off_in_time_has_no_last_occurrence(desk: Desk) -> None:
    desk.book.add(replace(WEEKLY, start_at=after(WEEK)), ADA)
    desk.book.end("window-1", after(0), ADA, whole=True)
    desk.clock.at = after(9 * WEEK)
    assert (desk.listed().is_over, desk.listed().last) == (True, None)
