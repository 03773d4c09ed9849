"""The list of maintenance windows: what stands when, what can be done to one, and calendars in and out."""

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QWidget

from quarterdeck.services.ports import Topic
from quarterdeck.ui.widgets.filter_line import FilterLine
from quarterdeck.ui.widgets.state_stack import Freshness, StateStack
from tests.ui.panels.maintenance.conftest import MakeRoom
from tests.ui.panels.maintenance.room import NIGHTLY, NOW, TOMORROW, YESTERDAY, Room, moment_at, standing, type_into


def dialog() -> QDialog:
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible())


def shown(make_room: MakeRoom, window_id: str = "window-1") -> Room:
    room = make_room(NOW, TOMORROW, NIGHTLY, YESTERDAY)
    room.begin()
    room.view.show_target(window_id)
    room.settle()
    return room


def key(room: Room, letter: str) -> None:
    next(action for action in room.view.panel_actions() if action.spec.key == letter).run()
    room.settle()


def test_what_is_planned_and_under_way_stands_in_its_order(make_room: MakeRoom) -> None:
    room = make_room(NOW, TOMORROW, NIGHTLY, YESTERDAY)
    room.begin()
    assert room.reasons == ["Core upgrade", "Backups", "Relay restart"]
    assert "2 under way · 1 planned · 1 over" in room.said()
    room.press("Over")
    assert room.reasons == ["Firmware"]
    room.press("All")
    assert len(room.reasons) == 4


def test_a_search_tells_what_it_hides(make_room: MakeRoom) -> None:
    room = make_room(NOW, TOMORROW, NIGHTLY)
    room.begin()
    line = room.window.findChildren(FilterLine)[0]
    line.setText("backups daily")
    assert room.reasons == ["Backups"]
    assert "hidden from you: 2 by the search" in room.said()
    line.setText("nothing like it")
    assert "No window holds these words." in room.said()


def test_an_empty_list_offers_to_plan(make_room: MakeRoom) -> None:
    room = make_room()
    room.begin()
    assert "No maintenance is planned" in room.said()
    buttons = room.view.findChildren(StateStack)[0]
    room.press("Plan maintenance…", buttons)
    assert room.form.isVisible()


def test_an_empty_past_says_so_and_offers_nothing(make_room: MakeRoom) -> None:
    room = make_room(NOW)
    room.begin(live=False, at=-2 * 24 * 3600)
    assert "No maintenance had been planned by then" in room.said()
    key(room, "A")
    assert room.notices == ["You look at the past. Planned work is changed in the present: L goes back to live."]


def test_a_past_moment_takes_away_what_writes(make_room: MakeRoom) -> None:
    room = shown(make_room)
    room.begin(live=False, at=-600)
    assert "Shown as of 11:50. Planned work is changed in the present: L goes back to live." in room.said()
    room.press("End now…")
    assert not any(isinstance(one, QDialog) and one.isVisible() for one in QApplication.topLevelWidgets())


def test_a_window_by_itself_tells_its_facts_and_records(make_room: MakeRoom) -> None:
    told = shown(make_room, "window-3").said()
    for words in ("Under way until 13:00", "daily", "2 h", "Planned 1 Mar 12:00 by ada", "3 Mar 11:00 – 13:00"):
        assert words in told


@pytest.mark.parametrize(
    ("window_id", "verb", "accept", "words"),
    [
        ("window-1", "End now…", "End it", ("Core upgrade is ended.", "Ended 12:00 by ada")),
        ("window-3", "Leave out the next…", "Leave it out", ("The next occurrence of Backups is left out.", "4 Mar")),
        ("window-3", "End for good…", "Call it off", ("Backups is called off for good.", "Ended 12:00 by ada")),
        ("window-2", "Call off…", "Call it off", ("Relay restart is called off for good.", "Called off")),
    ],
    ids=["end", "skip", "for-good", "call-off"],
)
def test_a_window_is_ended_after_one_question(
    make_room: MakeRoom, window_id: str, verb: str, accept: str, words: tuple[str, str]
) -> None:
    room = shown(make_room, window_id)
    room.press(verb)
    question = dialog()
    question.findChildren(QLineEdit)[0].setText("Done early")
    room.press(accept, question)
    assert room.notices[0].startswith(words[0])
    assert words[1] in room.said(room.view.side)
    assert "Done early" in room.said(room.view.side)


def test_a_question_refused_changes_nothing(make_room: MakeRoom) -> None:
    room = shown(make_room)
    room.press("End now…")
    room.press("Let it go on", dialog())
    assert len(room.desk.history("window-1")) == 1


def test_what_cannot_be_ended_any_more_is_told_with_the_next_step(make_room: MakeRoom) -> None:
    room = shown(make_room)
    room.press("End now…")
    room.clock.at = room.clock.at.replace(hour=20)
    room.press("End it", dialog())
    [told] = room.notices
    assert told.startswith("This maintenance is over already; somebody may have ended it meanwhile. Look at the list")


def test_a_list_that_cannot_be_read_offers_to_try_again(make_room: MakeRoom) -> None:
    room = make_room(NOW)
    room.desk.lost = True
    room.begin()
    stack = room.view.findChildren(StateStack)[0]
    assert stack.freshness is Freshness.FAILED
    room.desk.lost = False
    room.press("Try again", stack)
    assert room.reasons == ["Core upgrade"]
    room.desk.lost = True
    room.view.refresh(moment_at(5), frozenset({Topic.MAINTENANCE}))
    room.settle()
    assert stack.freshness is Freshness.STALE


def test_keys_walk_open_and_correct(make_room: MakeRoom) -> None:
    room = make_room(NOW, TOMORROW)
    room.begin()
    key(room, "J")
    key(room, "J")
    assert room.view.side.detail_id == "window-2"
    key(room, "K")
    key(room, "Return")
    assert room.view.side.detail_id == "window-1"
    QTest.keyClick(room.view.side, Qt.Key.Key_Escape)
    assert room.view.side.detail_id == ""
    key(room, "E")
    assert room.form.isVisible()
    key(room, "/")
    assert isinstance(room.window.focusWidget(), FilterLine)


def test_a_form_in_use_is_not_covered_by_a_row_that_is_walked_to(make_room: MakeRoom) -> None:
    room = make_room(NOW)
    room.begin()
    room.plan()
    type_into(room, "What is done", "Another")
    key(room, "J")
    assert room.form.typed.value("reason") == "Another"


@pytest.mark.usefixtures("qt_settings")
def test_a_calendar_goes_out_and_comes_back_unchanged(make_room: MakeRoom, tmp_path: Path) -> None:
    room = make_room(NOW, TOMORROW)
    room.begin()
    room.press("Export…")
    asked = room.view.findChildren(QFileDialog)[0]
    assert asked.windowTitle() == "Export 2 windows as a calendar"
    path = tmp_path / "plan.ics"
    asked.fileSelected.emit(str(path))
    asked.reject()
    asked.setParent(None)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    room.settle()
    assert path.read_bytes().count(b"BEGIN:VEVENT") == 2
    take_in(room, path)
    assert room.notices[-1] == "Taken in: 0 new, 0 corrected, 2 as they were."


def test_a_calendar_with_faults_is_refused_with_every_line(make_room: MakeRoom, tmp_path: Path) -> None:
    room = make_room(NOW)
    room.begin()
    path = tmp_path / "plan.ics"
    event = "BEGIN:VEVENT\nUID:{uid}\nSUMMARY:Work\nDTSTART:20260302T120000Z\nDTEND:20260302T110000Z\nEND:VEVENT\n"
    path.write_text(f"BEGIN:VCALENDAR\n{event.format(uid='a')}{event.format(uid='b')}END:VCALENDAR\n")
    take_in(room, path)
    told = room.said(room.import_page)
    assert "The document has 2 faults." in told
    assert "line 8: the event ends before it begins." in told
    assert standing(room.desk) == ["Core upgrade"]


def take_in(room: Room, path: Path) -> None:
    room.press("Import…")
    line = next(one for one in room.import_page.findChildren(QLineEdit) if one.accessibleName() == "Calendar file")
    line.setText(str(path))
    room.press("Take it in")


def test_nothing_in_sight_is_nothing_to_export(make_room: MakeRoom) -> None:
    room = make_room(NOW)
    room.begin()
    room.press("Over")
    room.press("Export…")
    assert room.notices == ["There is no window to export in this view."]


def test_a_window_asked_for_by_name_is_found_under_any_filter(make_room: MakeRoom) -> None:
    room = shown(make_room, "window-4")
    assert room.view.side.detail_id == "window-4"
    assert len(room.reasons) == 4


def test_buttons_that_write_are_named_for_assistive_tools(make_room: MakeRoom) -> None:
    room = make_room(NOW)
    room.begin(live=False)
    locked = [w for w in room.window.findChildren(QWidget) if w.accessibleName() in {"Import…", "Plan maintenance…"}]
    assert all("You look at the past." in one.accessibleDescription() for one in locked)
    assert len(locked) == 2


def test_the_import_is_locked_in_the_past_and_given_up_by_cancel(make_room: MakeRoom, tmp_path: Path) -> None:
    room = make_room(NOW)
    room.begin()
    room.press("Import…")
    room.begin(live=False, at=-60)
    room.press("Take it in")
    assert room.notices == []
    room.begin()
    room.press("Take it in")
    assert "◆ Calendar file is needed." in room.said(room.import_page)
    room.press("Cancel", room.import_page)
    assert not room.view.side.isVisible()


def test_a_window_that_left_the_list_closes_its_page(make_room: MakeRoom) -> None:
    room = shown(make_room)
    room.begin(live=False, at=-3 * 24 * 3600)
    assert room.view.side.detail_id == ""


def test_records_that_cannot_be_read_say_why(make_room: MakeRoom) -> None:
    room = shown(make_room)
    room.view.show_records("window-1", (), "The disk does not answer.")
    assert "◆ The disk does not answer." in room.said(room.view.side)


def test_nothing_over_yet_is_said(make_room: MakeRoom) -> None:
    room = make_room(NOW)
    room.begin()
    room.press("Over")
    assert "Nothing is over yet." in room.said()


def test_nothing_planned_is_said_where_all_is_over(make_room: MakeRoom) -> None:
    room = make_room(YESTERDAY)
    room.begin()
    assert "Nothing is under way or planned." in room.said()
