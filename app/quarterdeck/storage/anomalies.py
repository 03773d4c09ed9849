"""Anomalies in the store: read by range, replaced by series and day."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from itertools import groupby
from typing import Any

from sqlalchemy import Row as SqlRow
from sqlalchemy import and_, bindparam, delete, insert, select

from quarterdeck.domain.anomalies import Anomaly
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.anomaly_ports import JudgedDay
from quarterdeck.services.ports import Topic
from quarterdeck.storage.anomaly_tables import anomaly
from quarterdeck.storage.database import Database
from quarterdeck.storage.encoding import sighted_from, sighted_text
from quarterdeck.storage.group_commit import WriteQueue
from quarterdeck.storage.transaction import Row, WriteTransaction, in_parts

_DAY_MS = 86_400_000
_COLUMNS = anomaly.c
_GONE = delete(anomaly).where(
    and_(_COLUMNS.series == bindparam("gone_series"), _COLUMNS.day_ms == bindparam("gone_day_ms"))
)


class SqlAnomalies:
    """`AnomalyRecords` over one database and its write queue."""

    def __init__(self, database: Database, queue: WriteQueue) -> None:
        self._database = database
        self._queue = queue

    def days(self, time_range: TimeRange, series_ids: Sequence[int] | None = None) -> tuple[JudgedDay, ...]:
        wanted = select(anomaly).where(
            _COLUMNS.day_ms > time_range.start_ms - _DAY_MS, _COLUMNS.day_ms < time_range.end_ms
        )
        wanted = wanted.order_by(_COLUMNS.series, _COLUMNS.day_ms, _COLUMNS.from_ms)
        parts = [wanted] if series_ids is None else [wanted.where(_COLUMNS.series.in_(p)) for p in in_parts(series_ids)]
        with self._database.reading() as connection:
            found = [
                each
                for part in parts
                for each in self._database.unreadable.each(connection.execute(part), (anomaly,), _anomaly_of)
            ]
        return tuple(
            JudgedDay(series, day_ms, tuple(one for _, one in held))
            for (day_ms, series), held in groupby(found, key=lambda each: (each[0], each[1].series_id))
        )

    def replace(self, days: Sequence[JudgedDay]) -> Future[None]:
        return self._queue.submit(partial(_replace, tuple(days)))


def _replace(days: Sequence[JudgedDay], transaction: WriteTransaction) -> None:
    if not days:
        return
    gone = [{"gone_series": each.series_id, "gone_day_ms": each.day_ms} for each in days]
    transaction.connection.execute(_GONE, gone)
    rows = [_row(each.day_ms, one) for each in days for one in each.anomalies]
    if rows:
        transaction.connection.execute(insert(anomaly), rows)
    transaction.touch(Topic.ANOMALIES)


def _row(day_ms: int, one: Anomaly) -> Row:
    return {
        "series": one.series_id,
        "day_ms": day_ms,
        "from_ms": one.from_ms,
        "to_ms": one.to_ms,
        "known_ms": one.known_ms,
        "worst_ms": one.worst_ms,
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "loudness": one.loudness,
        "once_in": one.once_in,
        "fired": sighted_text(one.fired),
        "ended": one.ended,
    }


def _anomaly_of(row: SqlRow[Any]) -> tuple[int, Anomaly]:
    return row.day_ms, Anomaly(
        series_id=row.series,
        from_ms=row.from_ms,
        to_ms=row.to_ms,
        known_ms=row.known_ms,
        worst_ms=row.worst_ms,
        value=row.value,
        low=row.low,
        high=row.high,
        loudness=row.loudness,
        once_in=row.once_in,
        fired=sighted_from(row.fired),
        ended=bool(row.ended),
    )
