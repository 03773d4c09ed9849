"""Why something is in maintenance: which window covers it, until when, and who planned it."""

from __future__ import annotations

from datetime import datetime, timedelta

from quarterdeck.analysis.coverage import occurrences
from quarterdeck.analysis.recurrence import InvalidRule
from quarterdeck.domain.health import MAINTENANCE_CAUSE, HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.maintenance import MaintenanceWindow
from quarterdeck.services.maintenance_ports import MaintenanceStore
from quarterdeck.services.wording import moment_words

_A_MOMENT = timedelta(milliseconds=1)


def planned_words(interval: StateInterval, reason: str, store: MaintenanceStore, at: datetime) -> str:
    """`Core upgrade, until 14:00, planned by ada`; the reason as it is for what no window decides."""
    if interval.state is not HealthState.MAINTENANCE or not interval.cause.startswith(MAINTENANCE_CAUSE):
        return reason
    records = store.maintenance.records(interval.cause.removeprefix(MAINTENANCE_CAUSE))
    if not records:
        return reason
    ends_at = _end(records[-1].window, at)
    until = f", until {moment_words(ends_at, at)}" if ends_at is not None else ""
    return f"{records[-1].window.reason}{until}, planned by {records[0].recorded_by}"


def _end(window: MaintenanceWindow, at: datetime) -> datetime | None:
    """When the occurrence around an instant ends; None where none is around it."""
    try:
        return max((each.end_at for each in occurrences(window, TimeRange(at, at + _A_MOMENT))), default=None)
    except InvalidRule:
        return None
