"""How occurrences are written: what is sent again is kept once, and what does not change is not repeated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, desc, select
from sqlalchemy import Row as SqlRow

from quarterdeck.domain.allocations import Allocation
from quarterdeck.domain.checks import CheckResult, ClaimedStatus
from quarterdeck.domain.events import Change, Event
from quarterdeck.domain.instants import to_ms
from quarterdeck.services.ports import Topic
from quarterdeck.storage.encoding import facts_text
from quarterdeck.storage.tables import (
    allocation,
    change_record,
    check_result,
    claimed_status,
    event,
    probe,
    resource,
    storable_text,
)
from quarterdeck.storage.transaction import Row, WriteTransaction, in_parts

_MINUTE_MS = 60_000
Subject = tuple[str, str]
"""An entity's key and the name of a probe or resource of it."""


def put_events(transaction: WriteTransaction, events: Sequence[Event], received_ms: int) -> int:
    """Keep events that are new by source and id; how many were."""
    rows = [
        {
            "source": told.source,
            "event_id": told.event_id,
            "type": told.type,
            "occurred_ms": to_ms(told.occurred_at),
            "ingested_ms": received_ms,
            "entity_key": told.entity_key,
            "correlation_key": told.correlation_key,
            "facts": facts_text(told.facts),
        }
        for told in events
    ]
    new = transaction.insert_missing(event, rows, ("source", "event_id"))
    if new:
        transaction.touch(Topic.EVENTS)
    return new


def put_changes(transaction: WriteTransaction, changes: Sequence[Change]) -> None:
    """Keep changes; one told again under its id replaces what was told before."""
    rows = [
        {
            "change_id": change.change_id,
            "kind": change.kind,
            "changed_ms": to_ms(change.changed_at),
            "summary": change.summary,
            "entity_key": change.entity_key,
            "facts": facts_text(change.facts),
        }
        for change in changes
    ]
    if rows:
        transaction.put(change_record, rows, ("change_id",))
        transaction.touch(Topic.EVENTS)


def put_checks(transaction: WriteTransaction, checks: Sequence[CheckResult]) -> None:
    """Keep probes' results; a second one of one probe at one instant replaces the first."""
    if not checks:
        return
    ids = _subject_ids(transaction, probe, [(check.entity_key, check.name) for check in checks])
    rows = [
        {
            "probe_id": ids[_subject(check.entity_key, check.name)],
            "checked_ms": to_ms(check.checked_at),
            "outcome": check.outcome.value,
            "summary": check.summary,
            "duration_seconds": check.duration_seconds,
            "facts": facts_text(check.facts),
        }
        for check in checks
    ]
    transaction.put(check_result, rows, ("probe_id", "checked_ms"))
    transaction.touch(Topic.CHECKS)


def put_claimed(transaction: WriteTransaction, statuses: Sequence[ClaimedStatus]) -> None:
    """Keep what partners claim: of a run of equal claims the first and the newest."""
    for status in statuses:
        row: Row = {
            "entity_key": storable_text(status.entity_key),
            "claimed_ms": to_ms(status.claimed_at),
            "state": status.state.value,
            "words": storable_text(status.words),
            "facts": facts_text(status.facts),
        }
        content = (row["state"], row["words"], row["facts"])
        columns = claimed_status.c
        of_entity = columns.entity_key == row["entity_key"]
        last_two = _last_two(transaction.connection, claimed_status, of_entity, columns.claimed_ms)
        repeats = all((claim.state, claim.words, claim.facts) == content for claim in last_two)
        if repeats and _is_run(last_two) and last_two[0].claimed_ms < row["claimed_ms"]:
            middle = and_(of_entity, columns.claimed_ms == last_two[0].claimed_ms)
            transaction.connection.execute(delete(claimed_status).where(middle))
        transaction.put(claimed_status, [row], ("entity_key", "claimed_ms"))
    if statuses:
        transaction.touch(Topic.CHECKS)


def put_allocations(transaction: WriteTransaction, allocations: Sequence[Allocation]) -> None:
    """Keep allocations: one a minute and resource, besides the newest and every change of what was allocated."""
    ids = _subject_ids(transaction, resource, [(given.entity_key, given.resource) for given in allocations])
    for given in allocations:
        row: Row = {
            "resource_id": ids[_subject(given.entity_key, given.resource)],
            "observed_ms": to_ms(given.observed_at),
            "kind": given.kind,
            "unit": given.unit,
            "allocated": given.allocated,
            "used": given.used,
        }
        columns = allocation.c
        of_resource = columns.resource_id == row["resource_id"]
        last_two = _last_two(transaction.connection, allocation, of_resource, columns.observed_ms)
        minute = to_ms(given.observed_at) // _MINUTE_MS
        repeats = all(
            known.observed_ms // _MINUTE_MS == minute and known.allocated == given.allocated for known in last_two
        )
        if repeats and _is_run(last_two) and last_two[0].observed_ms < row["observed_ms"]:
            middle = and_(of_resource, columns.observed_ms == last_two[0].observed_ms)
            transaction.connection.execute(delete(allocation).where(middle))
        transaction.put(allocation, [row], ("resource_id", "observed_ms"))
    if allocations:
        transaction.touch(Topic.SERIES)


def _last_two(
    connection: Connection, table: Table, which: ColumnElement[bool], moment: ColumnElement[int]
) -> Sequence[SqlRow[Any]]:
    return connection.execute(select(table).where(which).order_by(desc(moment)).limit(2)).fetchall()


def _is_run(last_two: Sequence[SqlRow[Any]]) -> bool:
    """Whether there is a newest row with another before it."""
    return len(last_two) > 1


def _subject(entity_key: str, name: str) -> Subject:
    return storable_text(entity_key), storable_text(name)


def _subject_ids(transaction: WriteTransaction, table: Table, subjects: Sequence[Subject]) -> dict[Subject, int]:
    """The numbers of probes or resources, given on first sight."""
    wanted = {_subject(*subject) for subject in subjects}
    known = _known(transaction.connection, table, wanted)
    if missing := sorted(wanted - known.keys()):
        rows: list[Row] = [{"entity_key": entity_key, "name": name} for entity_key, name in missing]
        transaction.insert_missing(table, rows, ("entity_key", "name"))
        known = _known(transaction.connection, table, wanted)
    return known


def _known(connection: Connection, table: Table, wanted: set[Subject]) -> dict[Subject, int]:
    found: dict[Subject, int] = {}
    for part in in_parts(sorted({entity_key for entity_key, _ in wanted})):
        for row in connection.execute(select(table).where(table.c.entity_key.in_(part))):
            found[row.entity_key, row.name] = row.id
    return found
