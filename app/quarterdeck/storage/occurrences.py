"""What happened: events, checks, changes, what partners claim, and how resources are allotted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy import Row as SqlRow

from quarterdeck.domain.allocations import Allocation
from quarterdeck.domain.checks import CheckOutcome, CheckResult, ClaimedStatus
from quarterdeck.domain.events import Change, Event, StoredEvent
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange, from_ms, to_ms
from quarterdeck.services.ports import EventQuery
from quarterdeck.storage.database import Database
from quarterdeck.storage.encoding import facts_from
from quarterdeck.storage.tables import (
    allocation,
    change_record,
    check_result,
    claimed_status,
    event,
    probe,
    resource,
)

_CHECKS_REACH = timedelta(days=1)


class SqlOccurrences:
    """Reads occurrences."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def events(self, query: EventQuery) -> tuple[StoredEvent, ...]:
        wanted = [_occurred_in(query.time_range)]
        if query.types:
            wanted.append(event.c.type.in_(query.types))
        if query.entity_keys:
            wanted.append(event.c.entity_key.in_(query.entity_keys))
        if query.correlation_key:
            wanted.append(event.c.correlation_key == query.correlation_key)
        if query.before_id is not None:
            wanted.append(event.c.id < query.before_id)
        statement = select(event).where(*wanted).order_by(event.c.id.desc()).limit(query.limit)
        with self._database.reading() as connection:
            return tuple(_stored_event(row) for row in connection.execute(statement))

    def count_events(self, time_range: TimeRange, type_name: str) -> int:
        statement = select(func.count()).where(event.c.type == type_name, _occurred_in(time_range))
        with self._database.reading() as connection:
            return int(connection.execute(statement).scalar_one())

    def changes(self, time_range: TimeRange) -> tuple[Change, ...]:
        columns = change_record.c
        inside = and_(columns.changed_ms >= time_range.start_ms, columns.changed_ms < time_range.end_ms)
        statement = select(change_record).where(inside).order_by(columns.changed_ms, columns.change_id)
        with self._database.reading() as connection:
            return tuple(_change(row) for row in connection.execute(statement))

    def latest_checks(self, as_of_at: datetime) -> tuple[CheckResult, ...]:
        newest = (
            select(func.max(check_result.c.checked_ms))
            .where(check_result.c.probe_id == probe.c.id, check_result.c.checked_ms <= to_ms(as_of_at))
            .correlate(probe)
            .scalar_subquery()
        )
        recent = and_(check_result.c.checked_ms == newest, check_result.c.checked_ms >= to_ms(as_of_at - _CHECKS_REACH))
        return self._checks(_CHECKS.where(recent))

    def checks_in(self, entity_key: str, time_range: TimeRange) -> tuple[CheckResult, ...]:
        columns = check_result.c
        inside = and_(columns.checked_ms >= time_range.start_ms, columns.checked_ms < time_range.end_ms)
        found = self._checks(_CHECKS.where(probe.c.entity_key == entity_key, inside))
        return tuple(sorted(found, key=lambda check: check.checked_at))

    def claimed_at(self, as_of_at: datetime) -> Mapping[str, ClaimedStatus]:
        told = claimed_status.alias()
        newest = (
            select(func.max(told.c.claimed_ms))
            .where(told.c.entity_key == claimed_status.c.entity_key, told.c.claimed_ms <= to_ms(as_of_at))
            .correlate(claimed_status)
            .scalar_subquery()
        )
        statement = select(claimed_status).where(claimed_status.c.claimed_ms == newest)
        with self._database.reading() as connection:
            return {row.entity_key: _claimed(row) for row in connection.execute(statement)}

    def allocations_at(self, as_of_at: datetime) -> tuple[Allocation, ...]:
        newest = (
            select(func.max(allocation.c.observed_ms))
            .where(allocation.c.resource_id == resource.c.id, allocation.c.observed_ms <= to_ms(as_of_at))
            .correlate(resource)
            .scalar_subquery()
        )
        joined = select(resource.c.entity_key, resource.c.name, allocation).join(
            allocation, allocation.c.resource_id == resource.c.id
        )
        with self._database.reading() as connection:
            rows = connection.execute(joined.where(allocation.c.observed_ms == newest))
            found = [_allocation(row) for row in rows]
        return tuple(sorted(found, key=lambda a: (a.entity_key, a.kind, a.resource)))

    def _checks(self, statement: Select[Any]) -> tuple[CheckResult, ...]:
        with self._database.reading() as connection:
            found = [_check(row) for row in connection.execute(statement)]
        return tuple(sorted(found, key=lambda check: (check.entity_key, check.name)))


_CHECKS = select(probe.c.entity_key, probe.c.name, check_result).join(
    check_result, check_result.c.probe_id == probe.c.id
)


def _occurred_in(time_range: TimeRange) -> ColumnElement[bool]:
    return and_(event.c.occurred_ms >= time_range.start_ms, event.c.occurred_ms < time_range.end_ms)


def _stored_event(row: SqlRow[Any]) -> StoredEvent:
    told = Event(
        source=row.source,
        event_id=row.event_id,
        type=row.type,
        occurred_at=from_ms(row.occurred_ms),
        entity_key=row.entity_key,
        correlation_key=row.correlation_key,
        facts=facts_from(row.facts),
    )
    return StoredEvent(row.id, told, from_ms(row.ingested_ms))


def _change(row: SqlRow[Any]) -> Change:
    return Change(
        row.change_id,
        row.kind,
        from_ms(row.changed_ms),
        row.summary,
        entity_key=row.entity_key,
        facts=facts_from(row.facts),
    )


def _check(row: SqlRow[Any]) -> CheckResult:
    return CheckResult(
        row.entity_key,
        row.name,
        from_ms(row.checked_ms),
        CheckOutcome(row.outcome),
        row.summary,
        duration_seconds=row.duration_seconds,
        facts=facts_from(row.facts),
    )


def _claimed(row: SqlRow[Any]) -> ClaimedStatus:
    return ClaimedStatus(
        row.entity_key, from_ms(row.claimed_ms), HealthState(row.state), row.words, facts=facts_from(row.facts)
    )


def _allocation(row: SqlRow[Any]) -> Allocation:
    return Allocation(
        row.entity_key,
        row.name,
        row.kind,
        row.unit,
        allocated=row.allocated,
        used=row.used,
        observed_at=from_ms(row.observed_ms),
    )
