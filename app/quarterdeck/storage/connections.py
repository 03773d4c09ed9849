"""Connections: how they are set up, how they do, what they delivered when, and where they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row as SqlRow
from sqlalchemy import delete, select

from quarterdeck.domain.connections import (
    Connection,
    ConnectionHealth,
    ConnectionState,
    Reception,
    ReceptionKind,
)
from quarterdeck.domain.instants import TimeRange, from_ms, to_ms
from quarterdeck.services.ports import Cursors, Topic
from quarterdeck.storage.database import DatabaseReader
from quarterdeck.storage.encoding import (
    backfill_from,
    backfill_text,
    facts_from,
    facts_text,
    instant_or_none,
    json_text,
    ms_or_none,
    names_from,
    settings_from,
)
from quarterdeck.storage.interval_rows import IntervalTable
from quarterdeck.storage.intervals import Span, SpanChange
from quarterdeck.storage.tables import connection as connection_table
from quarterdeck.storage.tables import connection_health, poll_cursor, reception, storable_text
from quarterdeck.storage.transaction import Row, WriteTransaction, in_parts

_RECEPTION = IntervalTable(reception, "connection_id", ("kind",))


class SqlConnections(DatabaseReader):
    """Reads connections."""

    def connections(self) -> tuple[Connection, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(select(connection_table))
            found = list(self._database.unreadable.each(rows, (connection_table,), _connection))
        return tuple(sorted(found, key=lambda known: (known.name.casefold(), known.id)))

    def health(self) -> Mapping[str, ConnectionHealth]:
        with self._database.reading() as connection:
            rows = connection.execute(select(connection_health))
            told = self._database.unreadable.each(rows, (connection_health,), _health)
            return {health.connection_id: health for health in told}

    def reception(self, time_range: TimeRange) -> tuple[Reception, ...]:
        overlapping = _RECEPTION.overlapping(time_range.start_ms, time_range.end_ms)
        with self._database.reading() as connection:
            found = list(self._database.unreadable.each(connection.execute(overlapping), (reception,), _reception))
        return tuple(sorted(found, key=lambda stretch: (stretch.connection_id, stretch.from_at)))

    def cursors(self, connection_id: str) -> Cursors:
        mine = select(poll_cursor).where(poll_cursor.c.connection_id == connection_id)
        with self._database.reading() as connection:
            found = self._database.unreadable.each(connection.execute(mine), (poll_cursor,), _cursors)
            return next(found, Cursors())


def put_connections(transaction: WriteTransaction, connections: Sequence[Connection]) -> None:
    """Add or replace connections; one that was not there begins anew, whatever was left of another of its id.

    Raises ValueError when one carries a secret among its settings.
    """
    for connection in connections:
        if exposed := {key for key, _ in connection.settings} & set(connection.secret_names):
            message = f"secrets never enter the store: {', '.join(sorted(exposed))}"
            raise ValueError(message)
    if connections:
        _forget_left_overs(transaction, [connection.id for connection in connections])
        transaction.put(connection_table, [_connection_row(connection) for connection in connections], ("id",))
        transaction.touch(Topic.CONNECTIONS)


def _forget_left_overs(transaction: WriteTransaction, connection_ids: Sequence[str]) -> None:
    """A poll that was under way when its connection was removed may have told once more where it stood."""
    for part in in_parts(connection_ids):
        found = transaction.connection.execute(select(connection_table.c.id).where(connection_table.c.id.in_(part)))
        forget_standing(transaction, sorted(set(part) - {row.id for row in found}))


def forget_standing(transaction: WriteTransaction, connection_ids: Sequence[str]) -> None:
    """Forget where connections stand and how they do; what they delivered stays."""
    for part in in_parts(connection_ids):
        for table in (connection_health, poll_cursor):
            transaction.connection.execute(delete(table).where(table.c.connection_id.in_(part)))


def remove_connections(transaction: WriteTransaction, connection_ids: Sequence[str]) -> None:
    """Forget connections with their health and cursors; what they delivered stays."""
    for part in in_parts(connection_ids):
        transaction.connection.execute(delete(connection_table).where(connection_table.c.id.in_(part)))
    forget_standing(transaction, connection_ids)
    if connection_ids:
        transaction.touch(Topic.CONNECTIONS)
        transaction.touch(Topic.CONNECTION_HEALTH)


def put_health(transaction: WriteTransaction, health: Sequence[ConnectionHealth]) -> None:
    """Record connections' own health."""
    if health:
        transaction.put(connection_health, [_health_row(known) for known in health], ("connection_id",))
        transaction.touch(Topic.CONNECTION_HEALTH)


def put_reception(transaction: WriteTransaction, stretches: Sequence[Reception]) -> None:
    """Record what came when; a later word on a stretch of time replaces an earlier one."""
    changes: dict[str, list[SpanChange]] = defaultdict(list)
    for stretch in stretches:
        span = Span(to_ms(stretch.from_at), to_ms(stretch.to_at), (stretch.kind.value,))
        changes[storable_text(stretch.connection_id)].append(SpanChange(span.from_ms, span.to_ms, (span,)))
    if changes and _RECEPTION.apply(transaction, changes):
        transaction.touch(Topic.CONNECTION_HEALTH)


def put_cursors(transaction: WriteTransaction, connection_id: str, cursors: Cursors, *, stood: Cursors) -> None:
    """Record where a connection stands; not when it stood somewhere and that was forgotten since."""
    if stood != Cursors() and not _stands(transaction, connection_id):
        return
    row: Row = {
        "connection_id": connection_id,
        "live": cursors.live,
        "last_good_ms": ms_or_none(cursors.last_good_at),
        "backfill_reached_ms": ms_or_none(cursors.backfill_reached_at),
        "backfill_until_ms": ms_or_none(cursors.backfill_until_at),
        "backfill_samples": cursors.backfill_samples,
    }
    transaction.put(poll_cursor, [row], ("connection_id",))


def _stands(transaction: WriteTransaction, connection_id: str) -> bool:
    mine = select(poll_cursor.c.connection_id).where(poll_cursor.c.connection_id == connection_id)
    return transaction.connection.execute(mine).first() is not None


def _connection_row(connection: Connection) -> Row:
    return {
        "id": connection.id,
        "connector_id": connection.connector_id,
        "name": connection.name,
        "settings": json_text(sorted(connection.settings)),
        "secret_names": json_text(connection.secret_names),
        "poll_seconds": connection.poll_seconds,
        "enabled": connection.enabled,
        "managed_by": connection.managed_by,
    }


def _connection(row: SqlRow[Any]) -> Connection:
    return Connection(
        row.id,
        row.connector_id,
        row.name,
        settings=settings_from(row.settings),
        secret_names=names_from(row.secret_names),
        poll_seconds=row.poll_seconds,
        enabled=row.enabled,
        managed_by=row.managed_by,
    )


def _health_row(health: ConnectionHealth) -> Row:
    return {
        "connection_id": health.connection_id,
        "state": health.state.value,
        "words": health.words,
        "next_step": health.next_step,
        "last_attempt_ms": ms_or_none(health.last_attempt_at),
        "last_good_ms": ms_or_none(health.last_good_at),
        "newest_data_ms": ms_or_none(health.newest_data_at),
        "failures_in_a_row": health.failures_in_a_row,
        "poll_duration_seconds": health.poll_duration_seconds,
        "backfill": backfill_text(health.backfill),
        "facts": facts_text(health.facts),
    }


def _health(row: SqlRow[Any]) -> ConnectionHealth:
    return ConnectionHealth(
        row.connection_id,
        ConnectionState(row.state),
        row.words,
        row.next_step,
        last_attempt_at=instant_or_none(row.last_attempt_ms),
        last_good_at=instant_or_none(row.last_good_ms),
        newest_data_at=instant_or_none(row.newest_data_ms),
        failures_in_a_row=row.failures_in_a_row,
        poll_duration_seconds=row.poll_duration_seconds,
        backfill=backfill_from(row.backfill),
        facts=facts_from(row.facts),
    )


def _reception(row: SqlRow[Any]) -> Reception:
    return Reception(row.connection_id, ReceptionKind(row.kind), from_ms(row.from_ms), from_ms(row.to_ms))


def _cursors(row: SqlRow[Any]) -> Cursors:
    return Cursors(
        live=row.live,
        last_good_at=instant_or_none(row.last_good_ms),
        backfill_reached_at=instant_or_none(row.backfill_reached_ms),
        backfill_until_at=instant_or_none(row.backfill_until_ms),
        backfill_samples=row.backfill_samples,
    )
