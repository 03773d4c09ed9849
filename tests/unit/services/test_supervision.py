"""Processes beside the window are started again after a sudden end, but not for ever."""

from datetime import UTC, datetime

import pytest

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.supervision import MOST_FALLS, STEADY_SECONDS, Charge, ChildPhase
from tests.support.charges import KILLED, Nursery, Watch

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
REFUSED = OperatorError("The folder is not a store.", "Name another one.")


def charge_of(nursery: Nursery, watch: Watch) -> Charge:
    return Charge(nursery.plan, lambda: NOW, watch)


def start(charge: Charge) -> None:
    charge.begin()
    charge.start()
    charge.stand()


def die(charge: Charge, nursery: Nursery) -> None:
    nursery.newest.is_running = False
    assert charge.has_ended
    charge.fall(charge.bury())


def test_what_was_never_started_is_due_at_once() -> None:
    charge = charge_of(Nursery(), Watch())
    assert charge.is_due
    assert charge.status.phase is ChildPhase.WAITING


def test_what_runs_is_left_alone() -> None:
    charge = charge_of(Nursery(), Watch())
    start(charge)
    assert charge.status.phase is ChildPhase.RUNNING
    assert not charge.has_ended
    assert not charge.is_due


def test_an_ended_one_is_buried_and_tells_why_and_when() -> None:
    nursery = Nursery()
    charge = charge_of(nursery, Watch())
    start(charge)
    die(charge, nursery)
    assert nursery.newest.stop_count == 1
    assert charge.status.phase is ChildPhase.PAUSING
    assert (charge.status.reason, charge.status.ended_at) == (KILLED, NOW)
    assert not charge.has_ended


def test_the_pauses_grow_with_every_end_in_a_row() -> None:
    nursery, watch = Nursery(), Watch()
    charge = charge_of(nursery, watch)
    pauses: list[float] = []
    for _ in range(MOST_FALLS - 1):
        start(charge)
        die(charge, nursery)
        ended_at = watch.at_seconds
        while not charge.is_due:
            watch.at_seconds += 0.5
        pauses.append(watch.at_seconds - ended_at)
    assert pauses == [1, 2, 4, 8]


def test_after_several_quick_ends_it_is_left_alone_until_somebody_asks() -> None:
    nursery, watch = Nursery(), Watch()
    charge = charge_of(nursery, watch)
    for _ in range(MOST_FALLS):
        start(charge)
        die(charge, nursery)
    watch.at_seconds += 3600
    assert charge.status.phase is ChildPhase.GIVEN_UP
    assert not charge.is_due
    charge.ask()
    assert charge.is_due
    start(charge)
    assert charge.status.falls == 0
    assert not charge.is_due


def test_an_end_after_a_steady_life_counts_as_the_first() -> None:
    nursery, watch = Nursery(), Watch()
    charge = charge_of(nursery, watch)
    for _ in range(2 * MOST_FALLS):
        start(charge)
        watch.at_seconds += STEADY_SECONDS
        die(charge, nursery)
        assert charge.status.falls == 1


def test_one_that_does_not_start_is_tried_again_and_then_left_alone() -> None:
    charge = charge_of(Nursery(refusal=REFUSED), Watch())
    for _ in range(MOST_FALLS):
        charge.begin()
        with pytest.raises(OperatorError):
            charge.start()
        charge.fall(REFUSED)
    assert charge.status.phase is ChildPhase.GIVEN_UP
    assert charge.status.reason is REFUSED
    assert not charge.status.has_stood


def test_one_that_is_asked_for_while_it_runs_is_ended_first() -> None:
    nursery = Nursery()
    charge = charge_of(nursery, Watch())
    start(charge)
    charge.ask()
    assert charge.is_due
    start(charge)
    assert [child.stop_count for child in nursery.made] == [1, 0]


def test_it_ends_with_its_supervisor_and_once_only() -> None:
    nursery = Nursery()
    charge = charge_of(nursery, Watch())
    charge.stop()
    start(charge)
    charge.stop()
    charge.stop()
    assert nursery.newest.stop_count == 1


def test_what_was_not_started_cannot_be_buried() -> None:
    with pytest.raises(RuntimeError):
        charge_of(Nursery(), Watch()).bury()
