"""What a person asks of a store's upkeep: another policy, and thinning at once instead of in quiet moments."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial

from sqlalchemy import Connection

from quarterdeck.services.store_growth import RetentionPolicy
from quarterdeck.storage.group_commit import WriteQueue
from quarterdeck.storage.retention import put_retention
from quarterdeck.storage.thinning import Thinning
from quarterdeck.storage.transaction import WriteTransaction


class SqlHousekeeping:
    """Works through the write queue. `size_of` tells how large the store is."""

    def __init__(self, queue: WriteQueue, size_of: Callable[[Connection], int]) -> None:
        self._queue = queue
        self._size_of = size_of

    def set_retention(self, policy: RetentionPolicy) -> Future[None]:
        return self._queue.submit(partial(_set_retention, policy))

    def vacuum(self) -> None:
        thinning = Thinning(self._size_of, kept_free_pages=0)
        while thinning.is_due():
            self._queue.submit(partial(_thin, thinning)).result()


def _set_retention(policy: RetentionPolicy, transaction: WriteTransaction) -> None:
    put_retention(transaction, policy)


def _thin(thinning: Thinning, transaction: WriteTransaction) -> None:
    thinning.work(transaction.connection)
