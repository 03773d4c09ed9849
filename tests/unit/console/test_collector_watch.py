"""Whether anybody collects, as the window asks it."""

import socket
from datetime import timedelta

from quarterdeck.services.collector_watch import CollectorStatus, CollectorWatch
from quarterdeck.storage.store import SqlStore
from tests.support.pictured_bank import NOON

HERE = socket.gethostname()


def test_a_collector_that_holds_its_lease_collects(bank: SqlStore) -> None:
    assert CollectorWatch(bank, host=HERE).status(NOON) == CollectorStatus(is_collecting=True, heard_at=NOON)


def test_a_collector_of_this_machine_whose_lease_has_run_out_does_not_collect(bank: SqlStore) -> None:
    watch = CollectorWatch(bank, host=HERE)
    assert watch.status(NOON + timedelta(seconds=11)).is_collecting
    assert watch.status(NOON + timedelta(seconds=12)) == CollectorStatus(is_collecting=False, heard_at=NOON)


def test_a_collector_elsewhere_is_given_time_for_a_clock_that_goes_otherwise(bank: SqlStore) -> None:
    watch = CollectorWatch(bank, host="another machine")
    assert watch.status(NOON + timedelta(seconds=40)).is_collecting
    assert not watch.status(NOON + timedelta(seconds=42)).is_collecting


def test_a_collector_that_gave_its_lease_back_does_not_collect(store: SqlStore) -> None:
    store.leases.acquire("a collector", NOON, 11.0)
    assert CollectorWatch(store, host=HERE).status(NOON).is_collecting
    store.leases.release("a collector")
    assert not CollectorWatch(store, host=HERE).status(NOON).is_collecting


def test_a_store_for_which_nobody_ever_collected_says_so(store: SqlStore) -> None:
    assert CollectorWatch(store, host=HERE).status(NOON) == CollectorStatus(is_collecting=False, heard_at=None)


def test_an_empty_store_oversees_nothing_and_a_bank_does(store: SqlStore, bank: SqlStore) -> None:
    assert not CollectorWatch(store, host=HERE).is_anything_overseen(NOON)
    assert CollectorWatch(bank, host=HERE).is_anything_overseen(NOON)
