"""The form that plans maintenance: it says beforehand what it comes to, and a refusal loses nothing that was typed."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLineEdit

from quarterdeck.domain.maintenance_scope import MaintenanceScope
from quarterdeck.services.maintenance_forms import Repeat
from quarterdeck.ui.widgets.pick_button import PickButton
from tests.ui.panels.maintenance.conftest import MakeRoom
from tests.ui.panels.maintenance.room import (
    API,
    NIGHTLY,
    NOW,
    PAY,
    Room,
    choose_repeat,
    look_ahead,
    moment_at,
    standing,
    type_into,
)


def opened(make_room: MakeRoom) -> Room:
    room = make_room()
    room.begin()
    room.plan()
    return room


def test_a_refusal_stands_beside_its_field_and_nothing_typed_is_lost(make_room: MakeRoom) -> None:
    room = opened(make_room)
    type_into(room, "What is done", "Core upgrade")
    type_into(room, "Begins", "2026-03-02 14:00")
    type_into(room, "Ends", "2026-03-02 13:00")
    room.press("Plan it")
    assert "◆ The window ends before it begins, or as it begins. Say a later end" in room.said(room.form)
    assert room.form.typed.value("reason") == "Core upgrade"
    assert standing(room.desk) == []


def test_a_form_without_scope_says_so_and_leads_to_the_picker(make_room: MakeRoom) -> None:
    room = make_room()
    room.begin()
    room.plan(MaintenanceScope())
    type_into(room, "What is done", "Core upgrade")
    room.press("Plan it")
    assert "◆ The window does not say what it covers. Choose entities or domains." in room.said(room.form)


def test_a_store_that_cannot_be_written_keeps_the_form_open(make_room: MakeRoom) -> None:
    room = opened(make_room)
    room.forbid_writing()
    type_into(room, "What is done", "Core upgrade")
    room.press("Plan it")
    assert "◆ " in room.said(room.form)
    assert room.form.typed.value("reason") == "Core upgrade"
    assert room.notices == []


def test_a_refusal_stays_in_sight_while_time_goes_on(make_room: MakeRoom) -> None:
    room = opened(make_room)
    room.forbid_writing()
    type_into(room, "What is done", "Core upgrade")
    room.press("Plan it")
    before = room.said(room.form)
    room.view.refresh(moment_at(5), frozenset())
    room.settle()
    assert room.said(room.form) == before


def test_as_of_a_past_moment_nothing_can_be_kept_and_the_reason_stands_there(make_room: MakeRoom) -> None:
    room = opened(make_room)
    type_into(room, "What is done", "Core upgrade")
    room.begin(live=False, at=-3600)
    room.press("Plan it")
    assert "You look at the past. Planned work is changed in the present: L goes back to live." in room.said(room.form)
    assert standing(room.desk) == []
    room.begin()
    room.press("Plan it")
    assert standing(room.desk) == ["Core upgrade"]


def test_a_kept_window_is_told_of_and_shown_by_itself(make_room: MakeRoom) -> None:
    room = opened(make_room)
    type_into(room, "What is done", "Core upgrade")
    room.press("Plan it")
    assert room.notices == ["Core upgrade is planned."]
    assert room.view.side.detail_id == "window-1"
    assert room.reasons == ["Core upgrade"]


def test_return_in_a_field_keeps_the_form(make_room: MakeRoom) -> None:
    room = opened(make_room)
    type_into(room, "What is done", "Core upgrade")
    line = next(one for one in room.form.findChildren(QLineEdit) if one.accessibleName() == "What is done")
    QTest.keyClick(line, Qt.Key.Key_Return)
    room.settle()
    assert standing(room.desk) == ["Core upgrade"]


def test_the_preview_names_what_is_not_covered(make_room: MakeRoom) -> None:
    room = opened(make_room)
    type_into(room, "What is done", "Core upgrade")
    told = look_ahead(room)
    assert "Mon 2 Mar 12:15, for 60 min (UTC)" in told
    assert "Covers 1 entity: Pay" in told
    assert "Not covered: Hub. If it fails meanwhile, what depends on it stays red." in told
    assert "Not covered either: API, which depends on this. It is judged as ever and may turn red." in told


def test_the_preview_of_a_weekly_window_lists_the_next_times(make_room: MakeRoom) -> None:
    room = opened(make_room)
    type_into(room, "What is done", "Core upgrade")
    type_into(room, "Begins", "2026-03-22 02:00")
    type_into(room, "Time zone", "Europe/Berlin")
    choose_repeat(room, Repeat.WEEKLY)
    room.press("Su", room.form)
    room.press("Mo", room.form)
    told = look_ahead(room)
    assert "From Sun 22 Mar 02:00 on weekly on Sunday, each time for 60 min (Europe/Berlin)" in told
    assert "Sun 22 Mar 02:00 – 03:00 · 01:00 here" in told
    assert "and so on" in told
    assert "On 29 Mar 2026 the clocks go forward over the start: it begins at 03:00 that day." in told


def test_the_preview_tells_a_time_that_is_over(make_room: MakeRoom) -> None:
    room = opened(make_room)
    type_into(room, "What is done", "Core upgrade")
    type_into(room, "Begins", "2026-03-01 02:00")
    assert "This time is over already. It is recorded as told afterwards" in look_ahead(room)
    type_into(room, "Begins", "2026-03-02 11:30")
    assert "Under way as soon as it is kept; the time since 11:30 is judged anew." in look_ahead(room)


def test_the_preview_names_a_window_that_overlaps(make_room: MakeRoom) -> None:
    room = make_room(NIGHTLY)
    room.begin()
    room.plan()
    type_into(room, "What is done", "Core upgrade")
    assert "Overlaps Backups (window-1) at 12:15, on 1 entity. Both hold; what ends last counts." in look_ahead(room)


def test_what_is_missing_is_said_in_place_of_a_preview(make_room: MakeRoom) -> None:
    room = opened(make_room)
    type_into(room, "Ends", "")
    told = look_ahead(room)
    assert "The window does not say why." in told
    assert "The window does not say when it ends." in told


@pytest.mark.parametrize(
    ("repeat", "labels"),
    [
        (Repeat.ONCE, set[str]()),
        (Repeat.WEEKLY, {"On", "Last day it begins on"}),
        (Repeat.MONTHLY, {"Last day it begins on"}),
        (Repeat.RULE, {"Rule"}),
    ],
    ids=["once", "weekly", "monthly", "rule"],
)
def test_only_fields_with_a_meaning_are_shown(make_room: MakeRoom, repeat: Repeat, labels: set[str]) -> None:
    room = opened(make_room)
    choose_repeat(room, repeat)
    assert {"On", "Rule", "Last day it begins on"} & set(room.said(room.form).splitlines()) == labels


def test_a_begun_form_is_kept_and_covers_what_is_asked_for_later(make_room: MakeRoom) -> None:
    room = opened(make_room)
    type_into(room, "What is done", "Core upgrade")
    room.plan(MaintenanceScope((API.key,)))
    assert room.form.typed.value("reason") == "Core upgrade"
    assert room.form.typed.scope.entity_keys == (PAY.key, API.key)
    assert "Added to the form that you had begun." in room.said(room.form)


def test_a_correction_says_why_and_the_old_record_stays_readable(make_room: MakeRoom) -> None:
    room = make_room(NOW)
    room.begin()
    room.view.show_target("window-1")
    room.settle()
    room.press("Correct…")
    type_into(room, "Ends", "2026-03-02 14:00")
    room.press("Record the correction")
    assert "◆ A correction says why it is made." in room.said(room.form)
    type_into(room, "Why it is corrected", "It took longer")
    room.press("Record the correction")
    told = room.said(room.view.side)
    assert "Corrected 12:00 by ada" in told
    assert "It took longer" in told
    assert "Planned 1 Mar 12:00 by ada" in told


def test_a_correction_without_a_change_is_refused(make_room: MakeRoom) -> None:
    room = make_room(NOW)
    room.begin()
    room.view.show_target("window-1")
    room.settle()
    room.press("Correct…")
    type_into(room, "Why it is corrected", "No reason")
    room.press("Record the correction")
    assert "◆ Nothing was changed, so there is nothing to record." in room.said(room.form)


def test_a_scope_that_left_the_estate_can_still_be_corrected(make_room: MakeRoom) -> None:
    room = make_room(replace(NOW, scope=MaintenanceScope((PAY.key,), ("bill_pay",))))
    room.begin()
    room.view.show_target("window-1")
    room.settle()
    room.press("Correct…")
    assert "Pay · integration, all of Bill Pay" in room.said(room.form)


def test_cancel_gives_a_form_up(make_room: MakeRoom) -> None:
    room = opened(make_room)
    room.press("Cancel")
    assert not room.view.side.isVisible()


def asked(room: Room) -> QDialog:
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible())


def test_what_covers_several_is_asked_about_with_how_many(make_room: MakeRoom) -> None:
    room = opened(make_room)
    room.plan(MaintenanceScope((PAY.key, API.key)))
    type_into(room, "What is done", "Core upgrade")
    room.press("Plan it", room.form)
    assert asked(room).windowTitle() == "Plan maintenance of 2 entities?"
    room.press("Back to the form", asked(room))
    assert standing(room.desk) == []
    room.press("Plan it", room.form)
    room.press("Plan it", asked(room))
    assert standing(room.desk) == ["Core upgrade"]


def test_a_correction_of_several_is_asked_about_too(make_room: MakeRoom) -> None:
    room = make_room(replace(NOW, scope=MaintenanceScope((), ("bill_pay",))))
    room.begin()
    room.view.show_target("window-1")
    room.settle()
    room.press("Correct…")
    type_into(room, "Why it is corrected", "It took longer")
    type_into(room, "Ends", "2026-03-02 14:00")
    room.press("Record the correction", room.form)
    assert asked(room).windowTitle() == "Correct maintenance of 2 entities?"
    room.press("Record the correction", asked(room))
    assert len(room.desk.history("window-1")) == 2


def test_entities_and_domains_are_picked_from_lists(make_room: MakeRoom) -> None:
    room = opened(make_room)
    entities, domains = room.form.findChildren(PickButton)
    entities.picked.emit((API.key,))
    domains.picked.emit(("bill_pay",))
    assert room.form.typed.scope == MaintenanceScope((API.key,), ("bill_pay",))
    assert "API · service, all of Bill Pay" in room.said(room.form)
    entities.picked.emit(())
    domains.picked.emit(())
    assert "Nothing yet. A window covers what it names and nothing else." in room.said(room.form)


def test_what_cannot_be_opened_is_told_with_the_next_step(make_room: MakeRoom) -> None:
    room = make_room(NOW)
    room.begin()
    room.view.side.correction_requested.emit("window-9")
    room.settle()
    assert room.notices[0].startswith("There is no maintenance window 'window-9'.")


def test_an_edit_while_the_outlook_is_awaited_takes_the_wish_to_keep_back(make_room: MakeRoom) -> None:
    room = opened(make_room)
    type_into(room, "What is done", "Core upgrade")
    button = next(one for one in room.form.findChildren(QAbstractButton) if one.accessibleName() == "Plan it")
    button.click()
    type_into(room, "What is done", "Another")
    room.settle()
    assert standing(room.desk) == []
