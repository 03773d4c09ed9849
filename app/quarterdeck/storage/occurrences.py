"""What happened: events, checks, changes, what partners claim, and how resources are allotted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select
from sqlalchemy import Row as SqlRow

from quarterdeck.domain.allocations import Allocation
from quarterdeck.domain.checks import CheckOutcome, CheckResult, ClaimedStatus
from quarterdeck.domain.events import Change, Event, StoredEvent
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange, from_ms, to_ms
from quarterdeck.services.failure_ports import FailureQuery, FoundFailures
from quarterdeck.services.ports import EventQuery
from quarterdeck.storage.database import DatabaseReader
from quarterdeck.storage.encoding import facts_from, instant_or_none
from quarterdeck.storage.newest import newest, subjects
from quarterdeck.storage.tables import (
    allocation,
    change_record,
    check_result,
    claimed_status,
    event,
    probe,
    resource,
)

_SORTED_EVENTS = 20_000
_LOOKED_THROUGH = 300_000
_CHECKS_REACH = timedelta(days=1)


class SqlOccurrences(DatabaseReader):
    """Reads occurrences."""

    def events(self, query: EventQuery) -> tuple[StoredEvent, ...]:
        with self._database.reading() as connection:
            walking = _are_many(connection, query)
            page = select(event).where(*_wanted(query, walking=walking)).order_by(event.c.id.desc()).limit(query.limit)
            return tuple(self._database.unreadable.each(connection.execute(page), (event,), _stored_event))

    def event_types(self) -> tuple[str, ...]:
        kinds = subjects(event.c.type)
        with self._database.reading() as connection:
            return tuple(kind for (kind,) in connection.execute(select(kinds.c.subject)) if kind is not None)

    def events_begin_at(self) -> datetime | None:
        with self._database.reading() as connection:
            return instant_or_none(connection.execute(select(func.min(event.c.occurred_ms))).scalar())

    def failures(self, query: FailureQuery) -> FoundFailures:
        inside = _occurred_in(query.time_range)
        hinting = [event.c.facts.like(f'%["{name}",%') for name in query.fact_names]
        may = or_(event.c.type.in_(query.types), *hinting)
        newest_first = (event.c.occurred_ms.desc(), event.c.id.desc())
        beyond = select(event.c.occurred_ms).where(inside).order_by(*newest_first).limit(1).offset(_LOOKED_THROUGH)
        with self._database.reading() as connection:
            cut_ms = connection.execute(beyond).scalar() if hinting else None
            from_ms_on = query.time_range.start_ms if cut_ms is None else cut_ms + 1
            wanted = select(event).where(inside, event.c.occurred_ms >= from_ms_on, may)
            rows = connection.execute(wanted.order_by(*newest_first).limit(query.limit + 1)).fetchall()
            kept = rows[: query.limit]
            found = tuple(self._database.unreadable.each(kept, (event,), _stored_event))
        return FoundFailures(found, from_ms(kept[-1].occurred_ms if len(rows) > len(kept) else from_ms_on))

    def count_events(self, time_range: TimeRange, type_name: str) -> int:
        statement = select(func.count()).where(event.c.type == type_name, _occurred_in(time_range))
        with self._database.reading() as connection:
            return int(connection.execute(statement).scalar_one())

    def changes(self, time_range: TimeRange) -> tuple[Change, ...]:
        columns = change_record.c
        inside = and_(columns.changed_ms >= time_range.start_ms, columns.changed_ms < time_range.end_ms)
        statement = select(change_record).where(inside).order_by(columns.changed_ms, columns.change_id)
        with self._database.reading() as connection:
            return tuple(self._database.unreadable.each(connection.execute(statement), (change_record,), _change))

    def latest_checks(self, as_of_at: datetime) -> tuple[CheckResult, ...]:
        last = newest(probe, probe.c.id, check_result.c.checked_ms, not_after_ms=to_ms(as_of_at))
        standing = and_(check_result.c.probe_id == last.c.subject, check_result.c.checked_ms == last.c.moment_ms)
        recent = last.c.moment_ms >= to_ms(as_of_at - _CHECKS_REACH)
        statement = _CHECKS.select_from(last).join(check_result, standing).join(probe, probe.c.id == last.c.subject)
        return self._checks(statement.where(recent))

    def checks_in(self, entity_key: str, time_range: TimeRange) -> tuple[CheckResult, ...]:
        columns = check_result.c
        inside = and_(columns.checked_ms >= time_range.start_ms, columns.checked_ms < time_range.end_ms)
        of_entity = _CHECKS.join(probe, check_result.c.probe_id == probe.c.id).where(probe.c.entity_key == entity_key)
        found = self._checks(of_entity.where(inside))
        return tuple(sorted(found, key=lambda check: check.checked_at))

    def claimed_at(self, as_of_at: datetime) -> Mapping[str, ClaimedStatus]:
        known = subjects(claimed_status.c.entity_key)
        last = newest(known, known.c.subject, claimed_status.c.claimed_ms, not_after_ms=to_ms(as_of_at))
        columns = claimed_status.c
        standing = and_(columns.entity_key == last.c.subject, columns.claimed_ms == last.c.moment_ms)
        with self._database.reading() as connection:
            rows = connection.execute(select(claimed_status).join(last, standing))
            told = self._database.unreadable.each(rows, (claimed_status,), _claimed)
            return {claim.entity_key: claim for claim in told}

    def claims_in(self, time_range: TimeRange, entity_keys: Sequence[str]) -> tuple[ClaimedStatus, ...]:
        columns, start_ms, end_ms = claimed_status.c, time_range.start_ms, time_range.end_ms
        found: list[ClaimedStatus] = []
        with self._database.reading() as connection:
            for key in entity_keys:
                of_entity = columns.entity_key == key
                before = select(func.max(columns.claimed_ms)).where(of_entity, columns.claimed_ms < start_ms)
                after = select(func.min(columns.claimed_ms)).where(of_entity, columns.claimed_ms >= end_ms)
                first = func.coalesce(before.scalar_subquery(), start_ms)
                last = func.coalesce(after.scalar_subquery(), end_ms)
                inside = and_(of_entity, columns.claimed_ms >= first, columns.claimed_ms <= last)
                rows = connection.execute(select(claimed_status).where(inside).order_by(columns.claimed_ms))
                found += self._database.unreadable.each(rows, (claimed_status,), _claimed)
        return tuple(found)

    def allocations_at(self, as_of_at: datetime) -> tuple[Allocation, ...]:
        last = newest(resource, resource.c.id, allocation.c.observed_ms, not_after_ms=to_ms(as_of_at))
        standing = and_(allocation.c.resource_id == last.c.subject, allocation.c.observed_ms == last.c.moment_ms)
        statement = select(resource.c.entity_key, resource.c.name, allocation).select_from(last)
        joined = statement.join(allocation, standing).join(resource, resource.c.id == last.c.subject)
        with self._database.reading() as connection:
            rows = connection.execute(joined)
            found = list(self._database.unreadable.each(rows, (allocation, resource), _allocation))
        return tuple(sorted(found, key=lambda a: (a.entity_key, a.kind, a.resource)))

    def _checks(self, statement: Select[Any]) -> tuple[CheckResult, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(statement)
            found = list(self._database.unreadable.each(rows, (check_result, probe), _check))
        return tuple(sorted(found, key=lambda check: (check.entity_key, check.name)))


_CHECKS = select(probe.c.entity_key, probe.c.name, check_result)


def _are_many(connection: Connection, query: EventQuery) -> bool:
    """Whether so many events match that walking back by number meets a page of them sooner than sorting all does."""
    some = select(event.c.id).where(*_wanted(query, walking=False)).limit(_SORTED_EVENTS + 1).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one() > _SORTED_EVENTS


def _wanted(query: EventQuery, *, walking: bool) -> list[ColumnElement[bool]]:
    """What a query asks for; when `walking`, in a form for which no index but the number's can be used."""
    occurred_ms = event.c.occurred_ms + 0 if walking else event.c.occurred_ms
    wanted = [occurred_ms >= query.time_range.start_ms, occurred_ms < query.time_range.end_ms]
    for column, values in ((event.c.type, query.types), (event.c.entity_key, query.entity_keys)):
        if values:
            wanted.append((column.concat("") if walking else column).in_(values))
    if query.correlation_key:
        wanted.append(event.c.correlation_key == query.correlation_key)
    if query.before_id is not None:
        wanted.append(event.c.id < query.before_id)
    return wanted


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
