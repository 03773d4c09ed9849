"""Maintenance in the store: every record that was made, and the one write, which adds to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import Row as SqlRow
from sqlalchemy import func, select

from quarterdeck.domain.errors import MaintenanceOvertaken
from quarterdeck.domain.instants import from_ms, to_ms
from quarterdeck.domain.maintenance import (
    FIRST_DIGEST,
    MaintenanceAct,
    MaintenanceRecord,
    MaintenanceWindow,
    chain_faults,
    chained_digest,
)
from quarterdeck.services.ports import Topic
from quarterdeck.storage.database import Database
from quarterdeck.storage.encoding import cuts_from, cuts_text, instant_or_none, json_text, ms_or_none, names_from
from quarterdeck.storage.group_commit import WriteQueue
from quarterdeck.storage.maintenance_tables import maintenance_record
from quarterdeck.storage.row_columns import values_of
from quarterdeck.storage.tables import storable_text
from quarterdeck.storage.transaction import Row, WriteTransaction

_MS = timedelta(milliseconds=1)
_MOST_SENTENCES = 50
_COLUMNS = maintenance_record.c


class SqlMaintenance:
    """`MaintenanceRecords` over one database and its write queue."""

    def __init__(self, database: Database, queue: WriteQueue) -> None:
        self._database = database
        self._queue = queue

    def records(self, window_id: str | None = None) -> tuple[MaintenanceRecord, ...]:
        wanted = select(maintenance_record).order_by(_COLUMNS.id)
        if window_id is not None:
            wanted = wanted.where(_COLUMNS.window_id == storable_text(window_id))
        with self._database.reading() as connection:
            rows = connection.execute(wanted)
            return tuple(self._database.unreadable.each(rows, (maintenance_record,), _record_of))

    def check(self) -> tuple[str, ...]:
        """What is wrong with the records, a sentence each."""
        return tuple(islice(chain_faults(self.records()), _MOST_SENTENCES))

    def add(self, records: Sequence[MaintenanceRecord]) -> Future[tuple[MaintenanceRecord, ...]]:
        return self._queue.submit(partial(_add, tuple(records)))


def _add(records: Sequence[MaintenanceRecord], transaction: WriteTransaction) -> tuple[MaintenanceRecord, ...]:
    newest = select(_COLUMNS.id, _COLUMNS.digest).order_by(_COLUMNS.id.desc()).limit(1)
    last = transaction.connection.execute(newest).one_or_none()
    number, digest = (0, FIRST_DIGEST) if last is None else (last.id, last.digest)
    stored: list[MaintenanceRecord] = []
    for record in map(_storable, records):
        _refuse_overtaken(record, stored, transaction)
        number, digest = number + 1, chained_digest(digest, record)
        stored.append(replace(record, id=number, digest=digest))
    if stored:
        transaction.connection.execute(maintenance_record.insert(), [_row(record) for record in stored])
        transaction.touch(Topic.MAINTENANCE)
    return tuple(stored)


def _refuse_overtaken(
    record: MaintenanceRecord, before: Sequence[MaintenanceRecord], transaction: WriteTransaction
) -> None:
    held = select(func.count()).where(_COLUMNS.window_id == record.window.id)
    count = transaction.connection.execute(held).scalar_one()
    count += sum(each.window.id == record.window.id for each in before)
    if record.revision != count + 1:
        raise MaintenanceOvertaken(
            f"The maintenance window {record.window.id} was changed by somebody else meanwhile.",
            "Look at it with `quarterdeck maintenance list`, then do it again.",
        )


def _storable(record: MaintenanceRecord) -> MaintenanceRecord:
    """The record as it will be read back: its digest must be one over what the store can keep."""
    row = {name: storable_text(value) if isinstance(value, str) else value for name, value in _row(record).items()}
    return _record_from(row)


def _row(record: MaintenanceRecord) -> Row:
    window = record.window
    return {
        "id": record.id,
        "window_id": window.id,
        "revision": record.revision,
        "act": record.act.value,
        "recorded_ms": to_ms(record.recorded_at),
        "recorded_by": record.recorded_by,
        "note": record.note,
        "entity_keys": json_text([storable_text(key) for key in window.entity_keys]),
        "domains": json_text([storable_text(name) for name in window.domains]),
        "reason": window.reason,
        "start_ms": to_ms(window.start_at),
        "length_ms": window.length // _MS,
        "rule": window.rule,
        "zone": window.zone,
        "cuts": cuts_text(window.cuts),
        "closed_ms": ms_or_none(window.closed_at),
        "digest": record.digest,
    }


def _record_of(row: SqlRow[Any]) -> MaintenanceRecord:
    return _record_from(values_of(row))


def _record_from(row: Mapping[Any, Any]) -> MaintenanceRecord:
    window = MaintenanceWindow(
        id=row["window_id"],
        start_at=from_ms(row["start_ms"]),
        length=row["length_ms"] * _MS,
        reason=row["reason"],
        entity_keys=names_from(row["entity_keys"]),
        domains=names_from(row["domains"]),
        rule=row["rule"],
        zone=row["zone"],
        cuts=cuts_from(row["cuts"]),
        closed_at=instant_or_none(row["closed_ms"]),
    )
    return MaintenanceRecord(
        window=window,
        revision=row["revision"],
        act=MaintenanceAct(row["act"]),
        recorded_at=from_ms(row["recorded_ms"]),
        recorded_by=row["recorded_by"],
        note=row["note"],
        id=row["id"],
        digest=row["digest"],
    )
