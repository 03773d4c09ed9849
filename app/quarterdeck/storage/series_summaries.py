"""Bringing the pyramid of one series up to date with its chunks, a few at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection, text

from quarterdeck.storage.series_chunks import Chunk, chunks_between
from quarterdeck.storage.series_codec import Damaged, Instants, Values
from quarterdeck.storage.series_pyramid import COVERED_CHUNKS, pyramids_of, segments_in
from quarterdeck.storage.tables import FOREVER

CHUNKS_AT_ONCE = 64
"""So many chunks are summarised in one slice."""

_LEFT = text("UPDATE series_latest SET unsummarised = :chunks WHERE series_id = :id")
_BEGINNING = -FOREVER


def summarise(connection: Connection, series_id: int, *, at_least: int = COVERED_CHUNKS) -> bool:
    """One slice for a series; whether nothing is left. At the newest end, chunks wait until there are `at_least`.

    The newest chunk is left out, it may still grow.
    """
    waiting = 0
    for after_ms, before_ms in _gaps(connection, series_id):
        chunks = chunks_between(connection, series_id, after_ms, before_ms, CHUNKS_AT_ONCE + 1)
        complete = chunks[:CHUNKS_AT_ONCE]
        if before_ms == FOREVER:
            waiting = min(len(chunks), COVERED_CHUNKS)
            complete = chunks[:-1] if len(chunks) > at_least else []
        if _cover(connection, series_id, complete):
            return False
    connection.execute(_LEFT, {"id": series_id, "chunks": waiting})
    return True


def _gaps(connection: Connection, series_id: int) -> list[tuple[int, int]]:
    """The stretches that no segment covers: after one instant and before another."""
    reached = _BEGINNING
    gaps: list[tuple[int, int]] = []
    for segment in segments_in(connection, [series_id], 1, _BEGINNING, FOREVER):
        gaps.append((reached, segment.start_ms))
        reached = segment.end_ms
    return [*gaps, (reached, FOREVER)]


def _cover(connection: Connection, series_id: int, chunks: Sequence[Chunk]) -> bool:
    """Summarise the first of chunks that can be read, up to one that cannot; whether there were any."""
    parts: list[tuple[Instants, Values]] = []
    for chunk in chunks:
        try:
            parts.append(chunk.samples())
        except Damaged:
            if parts:
                break
    if not parts:
        return False
    starts = np.append(0, np.cumsum([len(times) for times, _ in parts])[:-1])
    times, values = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    (pyramid,) = pyramids_of(connection, [series_id], int(times[0]), int(times[-1]))
    pyramid.add(pyramid.summaries(times, values, starts))
    return True
