"""One store, whole: all that is read, the one writer, the lease."""

from __future__ import annotations

from collections.abc import Callable

from typing_extensions import override

from quarterdeck.services.ports import Store
from quarterdeck.storage.compaction import Compaction
from quarterdeck.storage.compliance import SqlCompliance
from quarterdeck.storage.connections import SqlConnections
from quarterdeck.storage.database import Database
from quarterdeck.storage.estate import SqlEstate
from quarterdeck.storage.group_commit import Chore, WriteQueue
from quarterdeck.storage.housekeeping import SqlHousekeeping
from quarterdeck.storage.inspection import SqlInspection
from quarterdeck.storage.lease import SqlLease
from quarterdeck.storage.maintenance import SqlMaintenance
from quarterdeck.storage.occurrences import SqlOccurrences
from quarterdeck.storage.reserve import Reserve
from quarterdeck.storage.retention import SqlRetention
from quarterdeck.storage.series import SqlSeries
from quarterdeck.storage.states import SqlStates
from quarterdeck.storage.thinning import Thinning
from quarterdeck.storage.versions import SqlVersions
from quarterdeck.storage.writer import SqlStoreWriter


class SqlStore(
    SqlEstate, SqlStates, SqlSeries, SqlOccurrences, SqlConnections, SqlVersions, SqlInspection, SqlRetention, Store
):
    """A store over one database. Reads from any thread; `close` when done."""

    def __init__(self, database: Database, reserve: Reserve, chore: Chore | None = None) -> None:
        super().__init__(database)
        self._queue = WriteQueue(database, reserve, chore or Compaction(thinning=Thinning(database.size_bytes)))
        self._housekeeping = SqlHousekeeping(self._queue, database.size_bytes)
        self._writer = SqlStoreWriter(self._queue)
        self._leases = SqlLease(database)
        self._compliance = SqlCompliance(database, self._queue)
        self._maintenance = SqlMaintenance(database, self._queue)

    @property
    @override
    def writer(self) -> SqlStoreWriter:
        return self._writer

    @property
    @override
    def housekeeping(self) -> SqlHousekeeping:
        return self._housekeeping

    @property
    @override
    def compliance(self) -> SqlCompliance:
        return self._compliance

    @property
    @override
    def maintenance(self) -> SqlMaintenance:
        return self._maintenance

    @override
    def check(self) -> tuple[str, ...]:
        return (*super().check(), *self._compliance.check(), *self._maintenance.check())

    @property
    @override
    def leases(self) -> SqlLease:
        return self._leases

    @override
    def guard_writes(self, may_write: Callable[[], bool]) -> None:
        self._queue.guard(may_write)

    @override
    def close(self) -> None:
        self._queue.close()
        self._database.close()
