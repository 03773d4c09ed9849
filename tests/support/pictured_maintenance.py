"""Planned work of the pictured bank: what runs at its noon, what comes, what is over, with corrections."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from quarterdeck.domain.maintenance_scope import MaintenanceScope
from quarterdeck.exporters.maintenance_calendar import calendar_text
from quarterdeck.services.maintenance import Signature
from quarterdeck.services.maintenance_desk import MaintenanceDesk
from quarterdeck.services.maintenance_forms import Repeat, TypedWindow
from quarterdeck.services.ports import Store
from quarterdeck.storage.opening import open_store
from tests.support.pictured_bank import NOON

FILES, CORE, PUSH = "integration/settlement-files", "integration/core-accounts", "integration/push"
PLANS = (
    TypedWindow(MaintenanceScope((FILES,)), "Moving settlement files", "2026-11-24 12:00", "14:00"),
    TypedWindow(
        MaintenanceScope((CORE,), ("bill_pay",)),
        "Core banking release",
        "2026-11-29 02:00",
        "90min",
        "Europe/Berlin",
        Repeat.WEEKLY,
        ("SU",),
    ),
    TypedWindow(MaintenanceScope((), ("notification",)), "Push relay certificates", "2026-11-26 21:00", "1h"),
    TypedWindow(MaintenanceScope((PUSH,)), "Relay restart", "2026-11-22 03:00", "30min"),
    TypedWindow(MaintenanceScope((CORE,)), "Storage firmware", "2026-11-20 01:00", "2h"),
)


@dataclass(slots=True)
class SetClock:
    """A clock that is set."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@contextmanager
def desk_over(path: Path, now: datetime = NOON) -> Iterator[MaintenanceDesk]:
    """The desk over a store file, told by ada in UTC."""
    store = open_store(str(path))
    try:
        yield desk_of(store, SetClock(now))
    finally:
        store.close()


def desk_of(store: Store, clock: SetClock) -> MaintenanceDesk:
    """The desk over an open store, told by ada in UTC."""
    return MaintenanceDesk(store, clock, calendar_text, who=lambda: "ada", zone=lambda: "UTC")


def plan_work(path: Path, now: datetime = NOON) -> None:
    """Write the plans, a correction and a window that was called off into a store file."""
    with desk_over(path, now - timedelta(days=5)) as desk:
        for typed in PLANS:
            desk.plan(typed, Signature("ada"))
    with desk_over(path, now - timedelta(days=2)) as desk:
        longer = replace(PLANS[3], end="50min")
        desk.correct("window-4", longer, Signature("bob", "The relay came up later than it was told"))
        desk.end("window-3", Signature("bob", "The partner asked for another week"), whole=True)
