"""Windows for tests: seconds after noon, an hour long unless said otherwise."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from quarterdeck.domain.maintenance import MaintenanceAct, MaintenanceRecord, MaintenanceWindow
from tests.support.stores import after

HOUR = 3600.0
WEEK = 7 * 24 * HOUR


def window(start: float = 0.0, hours: float = 1.0, *keys: str, **also: Any) -> MaintenanceWindow:
    """A window on entities; `also` are other fields."""
    plain = MaintenanceWindow("w-1", after(start), timedelta(hours=hours), "Upgrade", keys or ("service/api",))
    return replace(plain, **also)


def record(given: MaintenanceWindow, at: float = 0.0, revision: int = 1, **also: str) -> MaintenanceRecord:
    """A record that is not stored yet."""
    return MaintenanceRecord(
        given,
        revision,
        MaintenanceAct.PLANNED if revision == 1 else MaintenanceAct.CORRECTED,
        after(at),
        also.get("by", "ada"),
        also.get("note", ""),
    )
