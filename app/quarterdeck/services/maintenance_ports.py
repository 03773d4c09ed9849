"""Maintenance as it is stored: records that are only added to."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Protocol

from quarterdeck.domain.maintenance import MaintenanceRecord


class MaintenanceRecords(Protocol):
    """Reads from any thread; each write is one durable transaction and returns a future, as `StoreWriter` does."""

    def records(self, window_id: str | None = None) -> tuple[MaintenanceRecord, ...]:
        """Every record, or all of one window, in the order in which they were made."""
        ...

    def add(self, records: Sequence[MaintenanceRecord]) -> Future[tuple[MaintenanceRecord, ...]]:
        """Add records to the end of the chain, all or none; as they are stored, with numbers and digests.

        The future carries MaintenanceOvertaken where another record took the place of one of them meanwhile.
        """
        ...


class MaintenanceStore(Protocol):
    """A store that holds maintenance."""

    @property
    def maintenance(self) -> MaintenanceRecords:
        """Planned windows, with all that was ever recorded of them."""
        ...
