"""Whether anybody collects, as the window asks it."""

from datetime import timedelta

from quarterdeck.services.collector_watch import CollectorStatus, CollectorWatch
from quarterdeck.storage.store import SqlStore
from tests.support.pictured_bank import NOON


def test_a_collector_that_holds_its_lease_collects(bank: SqlStore) -> None:
    assert CollectorWatch(bank).status(NOON) == CollectorStatus(is_collecting=True, heard_at=NOON)


def test_a_collector_not_heard_of_for_a_while_does_not_collect_any_more(bank: SqlStore) -> None:
    later = NOON + timedelta(minutes=2)
    assert CollectorWatch(bank).status(later) == CollectorStatus(is_collecting=False, heard_at=NOON)


def test_a_store_for_which_nobody_ever_collected_says_so(store: SqlStore) -> None:
    assert CollectorWatch(store).status(NOON) == CollectorStatus(is_collecting=False, heard_at=None)
