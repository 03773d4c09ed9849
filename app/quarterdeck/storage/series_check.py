"""Which stored samples are not what was written, or do not fit together: for the check of a store."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from quarterdeck.domain.instants import from_ms
from quarterdeck.storage import tables
from quarterdeck.storage.series_bundles import bundle_in
from quarterdeck.storage.series_chunks import Chunk, all_chunks, statistics_of
from quarterdeck.storage.series_codec import Damaged, digest_of, head_columns
from quarterdeck.storage.series_pyramid import joined_blocks
from quarterdeck.storage.series_times import REGULAR

_ROWS_AT_ONCE = 100
_MOST = 50


def sample_faults(connection: Connection) -> Iterator[str]:
    """Faults in chunks, their instants, bundles, head and pyramid, each a sentence."""
    yield from _chunk_faults(connection)
    yield from _times_faults(connection)
    yield from _bundle_faults(connection)
    yield from _head_faults(connection)
    yield from _pyramid_faults(connection)


def _chunk_faults(connection: Connection) -> Iterator[str]:
    before: tuple[int, int] | None = None
    for row in connection.execute(all_chunks().execution_options(yield_per=_ROWS_AT_ONCE)):
        where = f"The packed samples of series {row.series_id} from {from_ms(row.start_ms).isoformat()}"
        if row.times is None and row.times_id != REGULAR:
            yield f"{where} have lost their instants."
            continue
        try:
            told = statistics_of(*Chunk.of(row).samples())
        except Damaged:
            yield f"{where} are damaged."
        else:
            if any(_differs(getattr(row, name), value) for name, value in told.items()):
                yield f"{where} are not what their row says."
        if before is not None and before[0] == row.series_id and before[1] >= row.start_ms:
            yield f"{where} overlap others."
        before = (row.series_id, row.end_ms)


def _differs(stored: float | None, told: float | None) -> bool:
    """Beyond what adding up in another order does to a total."""
    if stored is None or told is None:
        return stored is not told
    return not math.isclose(stored, told, rel_tol=1e-9, abs_tol=1e-6)


def _times_faults(connection: Connection) -> Iterator[str]:
    times, chunks = tables.series_times.c, tables.series_chunk.c
    used = select(chunks.times_id, func.count().label("uses")).group_by(chunks.times_id).subquery()
    counted = select(times.id, times.uses, func.coalesce(used.c.uses, 0).label("found")).join(
        used, used.c.times_id == times.id, isouter=True
    )
    for row in connection.execute(counted.where(times.uses != func.coalesce(used.c.uses, 0)).limit(_MOST)):
        yield f"The instants {row.id} say that {row.uses} stretches of samples have them, and {row.found} do."


def _bundle_faults(connection: Connection) -> Iterator[str]:
    statement = select(tables.series_bundle).order_by(tables.series_bundle.c.id)
    for row in connection.execute(statement.execution_options(yield_per=_ROWS_AT_ONCE)):
        try:
            times = bundle_in(row).times
        except Damaged:
            yield f"The bundle of samples {row.id} is damaged."
        else:
            if (len(times), times.min(), times.max()) != (row.samples, row.start_ms, row.end_ms):
                yield f"The bundle of samples {row.id} is not what its row says."


def _head_faults(connection: Connection) -> Iterator[str]:
    statement = select(tables.series_head).order_by(tables.series_head.c.id)
    for row in connection.execute(statement.execution_options(yield_per=_ROWS_AT_ONCE)):
        try:
            columns = head_columns(row.payload)
        except Damaged:
            yield f"The batch of samples {row.id} is damaged."
        else:
            if len(columns) != row.samples or columns.times.min() < row.start_ms or columns.times.max() > row.end_ms:
                yield f"The batch of samples {row.id} is not what its row says."


def _pyramid_faults(connection: Connection) -> Iterator[str]:
    columns = tables.series_pyramid.c
    statement = select(tables.series_pyramid).order_by(columns.series_id, columns.level, columns.start_ms)
    before: tuple[int, int, int] | None = None
    for row in connection.execute(statement.execution_options(yield_per=_ROWS_AT_ONCE)):
        where = f"The summary of series {row.series_id} from {from_ms(row.start_ms).isoformat()}"
        if digest_of(row.payload) != row.digest:
            yield f"{where} is damaged; the samples are read instead."
        else:
            blocks = joined_blocks([row], counter=True)
            told = (int(blocks.start_ms[0]), int(blocks.end_ms[-1]), int(blocks.counts.sum()))
            if told != (row.start_ms, row.end_ms, row.samples):
                yield f"{where} is not what its row says."
        if before is not None and before[:2] == (row.series_id, row.level) and before[2] >= row.start_ms:
            yield f"{where} overlaps another."
        before = (row.series_id, row.level, row.end_ms)
