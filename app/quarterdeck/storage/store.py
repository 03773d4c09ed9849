"""One store, whole: all that is read, the one writer, the lease. What few of its users want is loaded for them only."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from typing_extensions import override

from quarterdeck.services.ports import Store
from quarterdeck.storage.connections import SqlConnections
from quarterdeck.storage.database import Database
from quarterdeck.storage.estate import SqlEstate
from quarterdeck.storage.group_commit import Chore, WriteQueue
from quarterdeck.storage.inspection import SqlInspection
from quarterdeck.storage.lease import SqlLease
from quarterdeck.storage.occurrences import SqlOccurrences
from quarterdeck.storage.reserve import Reserve
from quarterdeck.storage.retention import SqlRetention
from quarterdeck.storage.series import SqlSeries
from quarterdeck.storage.states import SqlStates
from quarterdeck.storage.versions import SqlVersions

if TYPE_CHECKING:
    from quarterdeck.storage.anomalies import SqlAnomalies
    from quarterdeck.storage.compliance import SqlCompliance
    from quarterdeck.storage.housekeeping import SqlHousekeeping
    from quarterdeck.storage.maintenance import SqlMaintenance
    from quarterdeck.storage.transaction import WriteTransaction
    from quarterdeck.storage.writer import SqlStoreWriter


class SqlStore(
    SqlEstate, SqlStates, SqlSeries, SqlOccurrences, SqlConnections, SqlVersions, SqlInspection, SqlRetention, Store
):
    """A store over one database. Reads from any thread; `close` when done."""

    def __init__(self, database: Database, reserve: Reserve, chore: Chore | None = None) -> None:
        super().__init__(database)
        self._queue = WriteQueue(database, reserve, chore or _LateCompaction(database))
        self._leases = SqlLease(database)

    @property
    @override
    def writer(self) -> SqlStoreWriter:
        return self._writer

    @cached_property
    def _writer(self) -> SqlStoreWriter:
        from quarterdeck.storage.writer import SqlStoreWriter

        return SqlStoreWriter(self._queue)

    @property
    @override
    def housekeeping(self) -> SqlHousekeeping:
        return self._housekeeping

    @cached_property
    def _housekeeping(self) -> SqlHousekeeping:
        from quarterdeck.storage.housekeeping import SqlHousekeeping

        return SqlHousekeeping(self._queue, self._database.size_bytes)

    @property
    @override
    def compliance(self) -> SqlCompliance:
        return self._compliance

    @cached_property
    def _compliance(self) -> SqlCompliance:
        from quarterdeck.storage.compliance import SqlCompliance

        return SqlCompliance(self._database, self._queue)

    @property
    @override
    def maintenance(self) -> SqlMaintenance:
        return self._maintenance

    @cached_property
    def _maintenance(self) -> SqlMaintenance:
        from quarterdeck.storage.maintenance import SqlMaintenance

        return SqlMaintenance(self._database, self._queue)

    @property
    @override
    def anomalies(self) -> SqlAnomalies:
        return self._anomalies

    @cached_property
    def _anomalies(self) -> SqlAnomalies:
        from quarterdeck.storage.anomalies import SqlAnomalies

        return SqlAnomalies(self._database, self._queue)

    @override
    def check(self) -> tuple[str, ...]:
        return (*super().check(), *self.compliance.check(), *self.maintenance.check())

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


class _LateCompaction(Chore):
    """Compaction with thinning, loaded by the writer's thread when it first looks whether there is anything to do."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @cached_property
    def _chore(self) -> Chore:
        from quarterdeck.storage.compaction import Compaction
        from quarterdeck.storage.thinning import Thinning

        return Compaction(thinning=Thinning(self._database.size_bytes))

    @override
    def is_due(self, connection: Connection) -> bool:
        return self._chore.is_due(connection)

    @override
    def work(self, transaction: WriteTransaction) -> None:
        self._chore.work(transaction)
