"""Series as the rest of the program reads them: chunks and head behind one answer, nobody else looks at either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, Select, func, select
from sqlalchemy import Row as SqlRow

from quarterdeck.analysis.columns import column_edges, gathered
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity, SeriesInfo, SeriesKind
from quarterdeck.services.ports import Envelope, SampleColumns, SeriesQuery
from quarterdeck.storage.database import Database, DatabaseReader
from quarterdeck.storage.encoding import facts_from
from quarterdeck.storage.series_chunks import Chunk, chunks_in
from quarterdeck.storage.series_codec import Damaged, Instants, Values, in_time, unpacked
from quarterdeck.storage.series_head import HeadCache, HeadView
from quarterdeck.storage.tables import series, series_latest
from quarterdeck.storage.transaction import in_parts

_DAMAGED = "A stretch of the stored samples is damaged and left out; run `quarterdeck store check`."
_NOTHING = (np.empty(0, np.int64), np.empty(0, np.float64))
_INFO = select(series, series_latest.c.first_ms, series_latest.c.last_ms, series_latest.c.last_value).join(
    series_latest, series_latest.c.series_id == series.c.id, isouter=True
)


class SqlSeries(DatabaseReader):
    """Reads series."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._head = HeadCache()
        self._identities: tuple[int, dict[int, SeriesIdentity]] = (0, {})

    def find(self, query: SeriesQuery) -> tuple[SeriesInfo, ...]:
        with self._database.reading() as connection:
            head = self._head.view(connection, self._database.generation)
            found = self._infos(connection, _matching(query), head)
        return tuple(sorted(found, key=_order))

    def envelope(self, series_ids: Sequence[int], time_range: TimeRange, pixels: int) -> tuple[Envelope, ...]:
        edges_ms = column_edges(time_range.start_ms, time_range.end_ms, pixels)
        edges_ms.flags.writeable = False
        with self._database.reading() as connection:
            infos, held = self._held(connection, series_ids, time_range)
        envelopes: list[Envelope] = []
        for series_id in series_ids:
            if (info := infos.get(series_id)) is not None:
                times_ms, values, failure = held[series_id]
                columns = gathered(times_ms, values, edges_ms)
                envelopes.append(
                    Envelope(
                        info,
                        edges_ms,
                        columns.low,
                        columns.high,
                        columns.mean,
                        last=columns.last,
                        counts=columns.counts,
                        failure=failure,
                    )
                )
        return tuple(envelopes)

    def samples(self, series_id: int, time_range: TimeRange) -> SampleColumns:
        with self._database.reading() as connection:
            _, held = self._held(connection, [series_id], time_range)
        times_ms, values, _ = held.get(series_id, (*_NOTHING, ""))
        return SampleColumns(times_ms, values)

    def series_counts(self) -> Mapping[str, int]:
        counted = select(series.c.connection_id, func.count()).group_by(series.c.connection_id)
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(counted)}

    def remote_queries(self, series_ids: Sequence[int]) -> Mapping[int, str]:
        chosen = select(series.c.id, series.c.query).where(series.c.read_through.is_(True))
        with self._database.reading() as connection:
            return {
                row.id: row.query
                for part in in_parts(series_ids)
                for row in connection.execute(chosen.where(series.c.id.in_(part)))
            }

    def _held(
        self, connection: Connection, series_ids: Sequence[int], time_range: TimeRange
    ) -> tuple[dict[int, SeriesInfo], dict[int, tuple[Instants, Values, str]]]:
        """The known ones of series, and per series its samples in a range, in time, and what is wrong with them."""
        start_ms, end_ms = time_range.start_ms, time_range.end_ms
        head = self._head.view(connection, self._database.generation)
        asked = [_INFO.where(series.c.id.in_(part)) for part in in_parts(series_ids)]
        infos = {info.id: info for info in self._infos(connection, asked, head)}
        local = [series_id for series_id, info in infos.items() if not info.read_through]
        chunks: dict[int, list[Chunk]] = {series_id: [] for series_id in infos}
        for chunk in chunks_in(connection, local, start_ms, end_ms):
            chunks[chunk.series_id].append(chunk)
        recent = head.between(local, start_ms, end_ms)
        held: dict[int, tuple[Instants, Values, str]] = {}
        for series_id, found in chunks.items():
            parts, failure = _readable(found)
            parts.append(recent.get(series_id, _NOTHING))
            held[series_id] = (*_between(parts, start_ms, end_ms), failure)
        return infos, held

    def _infos(self, connection: Connection, statements: Sequence[Select[Any]], head: HeadView) -> list[SeriesInfo]:
        rows = [row for statement in statements for row in connection.execute(statement)]
        if self._identities[0] != head.generation:
            self._identities = (head.generation, {})
        known = self._identities[1]
        return [_info(row, known.get(row.id) or known.setdefault(row.id, _identity(row)), head) for row in rows]


def _matching(query: SeriesQuery) -> list[Select[Any]]:
    narrowed = _INFO
    if query.meanings:
        narrowed = narrowed.where(series.c.meaning.in_([meaning.value for meaning in query.meanings]))
    if query.connection_ids:
        narrowed = narrowed.where(series.c.connection_id.in_(query.connection_ids))
    if query.statistics:
        narrowed = narrowed.where(series.c.statistic.in_(query.statistics))
    if not query.entity_keys:
        return [narrowed]
    return [narrowed.where(series.c.entity_key.in_(part)) for part in in_parts(list(dict.fromkeys(query.entity_keys)))]


def _readable(chunks: Sequence[Chunk]) -> tuple[list[tuple[Instants, Values]], str]:
    parts: list[tuple[Instants, Values]] = []
    failure = ""
    for chunk in chunks:
        try:
            parts.append(unpacked(chunk.columns))
        except Damaged:
            failure = _DAMAGED
    return parts, failure


def _between(parts: Sequence[tuple[Instants, Values]], start_ms: int, end_ms: int) -> tuple[Instants, Values]:
    """Parts put one over the other, cut to `[start_ms, end_ms)`, as arrays nobody can change."""
    times_ms, values = in_time(np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts]))
    first, last = np.searchsorted(times_ms, [start_ms, end_ms])
    times_ms, values = times_ms[first:last], values[first:last]
    times_ms.flags.writeable = False
    values.flags.writeable = False
    return times_ms, values


def _identity(row: SqlRow[Any]) -> SeriesIdentity:
    return SeriesIdentity(
        row.entity_key,
        row.name,
        Meaning(row.meaning),
        row.unit,
        row.statistic,
        labels=facts_from(row.labels),
        kind=SeriesKind(row.kind),
    )


def _info(row: SqlRow[Any], identity: SeriesIdentity, head: HeadView) -> SeriesInfo:
    extent = None if row.read_through else _extent(row, head.extent.of(row.id))
    first_ms, last_ms, last_value = extent or (None, None, None)
    return SeriesInfo(
        row.id,
        identity,
        row.connection_id,
        first_at=None if first_ms is None else from_ms(first_ms),
        last_at=None if last_ms is None else from_ms(last_ms),
        last_value=last_value,
        read_through=row.read_through,
    )


def _extent(row: SqlRow[Any], head: tuple[int, int, float] | None) -> tuple[int, int, float] | None:
    """First instant, newest instant, newest value of what is packed with the head over it."""
    if row.first_ms is None:
        return head
    packed = (row.first_ms, row.last_ms, np.nan if row.last_value is None else row.last_value)
    if head is None:
        return packed
    newest = head if head[1] >= packed[1] else packed
    return min(head[0], packed[0]), newest[1], newest[2]


def _order(info: SeriesInfo) -> tuple[Any, ...]:
    return info.identity.entity_key, info.identity.name, info.identity.statistic, info.identity.labels, info.id
