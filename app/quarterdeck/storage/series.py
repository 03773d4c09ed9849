"""Series as the rest of the program reads them: chunks and head behind one answer, nobody else looks at either."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, Select, func, select
from sqlalchemy import Row as SqlRow

from quarterdeck.analysis.columns import column_edges
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity, SeriesInfo, SeriesKind
from quarterdeck.services.ports import Envelope, Precision, SampleColumns, SeriesQuery
from quarterdeck.storage.database import Database, DatabaseReader
from quarterdeck.storage.encoding import facts_from
from quarterdeck.storage.series_codec import Element, Instants
from quarterdeck.storage.series_envelopes import RAW_SAMPLES, Drawing, Drawn, Wanted, kept
from quarterdeck.storage.series_head import HeadCache, HeadView
from quarterdeck.storage.series_reading import NOTHING, Decoded, Layers
from quarterdeck.storage.series_sql import rows_of
from quarterdeck.storage.tables import series, series_latest
from quarterdeck.storage.transaction import in_parts

_DAMAGED = "A stretch of the stored samples is damaged and left out; run `quarterdeck store check`."
_OF_IDS = (
    "SELECT s.id, s.connection_id, s.entity_key, s.name, s.meaning, s.unit, s.statistic, s.labels, s.kind, "
    "s.read_through, l.series_id, l.first_ms, l.last_ms, l.last_value, l.thinned_from_ms, l.thinned_to_ms "
    "FROM series s LEFT JOIN series_latest l ON l.series_id = s.id WHERE s.id IN ({ids})"
)
_INFO = select(series, series_latest.c.first_ms, series_latest.c.last_ms, series_latest.c.last_value).join(
    series_latest, series_latest.c.series_id == series.c.id, isouter=True
)


class SqlSeries(DatabaseReader):
    """Reads series; from more than `raw_samples` samples on with the help of the pyramid."""

    def __init__(self, database: Database, *, raw_samples: int = RAW_SAMPLES) -> None:
        super().__init__(database)
        self._raw_samples = raw_samples
        self._head = HeadCache()
        self._decoded = Decoded()
        self._identities: tuple[int, dict[int, SeriesIdentity]] = (0, {})

    def find(self, query: SeriesQuery) -> tuple[SeriesInfo, ...]:
        with self._database.reading() as connection:
            head = self._head.view(connection, self._database.generation)
            rows = [row for statement in _matching(query) for row in connection.execute(statement)]
            found = self._described(rows, head)
        return tuple(sorted(found, key=_order))

    def envelope(
        self, series_ids: Sequence[int], time_range: TimeRange, pixels: int, precision: Precision = Precision.EXACT
    ) -> tuple[Envelope, ...]:
        edges_ms = column_edges(time_range.start_ms, time_range.end_ms, pixels)
        edges_ms.flags.writeable = False
        with self._database.reading() as connection:
            head = self._head.view(connection, self._database.generation)
            known = self._known(connection, series_ids, head)
            layers = Layers(connection, self._database.generation, head, self._decoded)
            local = [wanted for info, wanted in known.values() if not info.read_through]
            drawn = Drawing(layers, edges_ms, precision, raw_samples=self._raw_samples).drawn(local)
        asked = [(known[series_id][0], drawn.get(series_id)) for series_id in series_ids if series_id in known]
        return tuple(_envelope(info, edges_ms, one or Drawn.empty(edges_ms)) for info, one in asked)

    def samples(self, series_id: int, time_range: TimeRange) -> SampleColumns:
        start_ms, end_ms = time_range.start_ms, time_range.end_ms
        with self._database.reading() as connection:
            head = self._head.view(connection, self._database.generation)
            known = self._known(connection, [series_id], head)
            layers = Layers(connection, self._database.generation, head, self._decoded)
            local = [wanted for info, wanted in known.values() if not info.read_through]
            found = {
                one.series_id: kept(one, layers.samples([one.series_id], start_ms, end_ms)[series_id]) for one in local
            }
        times_ms, values = found[series_id].between(start_ms, end_ms) if found else NOTHING
        return SampleColumns(_unchangeable(times_ms), _unchangeable(values))

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

    def _known(
        self, connection: Connection, series_ids: Sequence[int], head: HeadView
    ) -> dict[int, tuple[SeriesInfo, Wanted]]:
        asked = list(rows_of(connection, _OF_IDS, series_ids))
        infos = {info.id: info for info in self._described(asked, head)}
        return {row.id: (infos[row.id], _wanted(row)) for row in asked if row.id in infos}

    def _described(self, rows: Sequence[SqlRow[Any]], head: HeadView) -> list[SeriesInfo]:
        if self._identities[0] != head.generation:
            self._identities = (head.generation, {})
        known = self._identities[1]

        def info(row: SqlRow[Any]) -> SeriesInfo:
            return _info(row, known.get(row.id) or known.setdefault(row.id, _identity(row)), head)

        return list(self._database.unreadable.each(rows, (series, series_latest), info))


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


def _envelope(info: SeriesInfo, edges_ms: Instants, drawn: Drawn) -> Envelope:
    columns = drawn.columns
    return Envelope(
        info,
        edges_ms,
        columns.low,
        columns.high,
        columns.mean,
        last=columns.last,
        counts=columns.counts,
        failure=_DAMAGED if drawn.damaged else "",
        increase=drawn.increase,
        is_sharp=drawn.is_sharp,
    )


def _wanted(row: SqlRow[Any]) -> Wanted:
    thinned = None if row.thinned_to_ms is None else (row.thinned_from_ms, row.thinned_to_ms)
    return Wanted(row.id, row.kind == SeriesKind.COUNTER, thinned)


def _unchangeable(column: npt.NDArray[Element]) -> npt.NDArray[Element]:
    """The same numbers, in an array that nobody can change."""
    view = column.view()
    view.flags.writeable = False
    return view


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
        read_through=bool(row.read_through),
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
