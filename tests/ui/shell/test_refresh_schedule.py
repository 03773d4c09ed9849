"""Nothing is refreshed sooner than it asked for, and nothing without a reason."""

from dataclasses import dataclass

from quarterdeck.services.ports import Topic
from quarterdeck.ui.shell.refresh_schedule import RefreshSchedule


@dataclass
class Seconds:
    value: float = 100.0

    def read(self) -> float:
        return self.value


def watched(seconds: Seconds, refresh_seconds: float = 5.0) -> RefreshSchedule:
    schedule = RefreshSchedule(seconds.read)
    schedule.watch("overview", refresh_seconds)
    return schedule


def test_new_data_waits_until_the_pause_is_over() -> None:
    seconds = Seconds()
    schedule = watched(seconds)
    schedule.note({Topic.STATES})
    assert schedule.take_due(["overview"], is_live=True) == ()
    seconds.value += 5
    due = schedule.take_due(["overview"], is_live=True)
    assert [(entry.name, entry.topics) for entry in due] == [("overview", {Topic.STATES})]


def test_what_was_taken_is_not_due_again() -> None:
    seconds = Seconds()
    schedule = watched(seconds)
    schedule.note({Topic.STATES})
    seconds.value += 5
    schedule.take_due(["overview"], is_live=True)
    seconds.value += 6
    assert schedule.take_due(["overview"], is_live=True) == ()


def test_changes_add_up_while_something_is_hidden() -> None:
    seconds = Seconds()
    schedule = watched(seconds)
    schedule.note({Topic.STATES})
    schedule.note({Topic.SERIES})
    seconds.value += 60
    assert schedule.take_due([], is_live=True) == ()
    assert schedule.take_due(["overview"], is_live=True)[0].topics == {Topic.STATES, Topic.SERIES}


def test_while_live_ages_grow_every_half_minute_without_any_change() -> None:
    seconds = Seconds()
    schedule = watched(seconds)
    seconds.value += 29
    assert schedule.take_due(["overview"], is_live=True) == ()
    seconds.value += 1
    assert schedule.take_due(["overview"], is_live=True)[0].topics == frozenset()


def test_the_past_needs_no_clock() -> None:
    seconds = Seconds()
    schedule = watched(seconds)
    seconds.value += 3600
    assert schedule.take_due(["overview"], is_live=False) == ()


def test_history_that_arrives_refreshes_the_past_too() -> None:
    seconds = Seconds()
    schedule = watched(seconds)
    schedule.note({Topic.SERIES})
    seconds.value += 5
    assert schedule.take_due(["overview"], is_live=False) != ()


def test_names_nobody_watches_are_never_due() -> None:
    assert watched(Seconds()).take_due(["connectors"], is_live=True) == ()
