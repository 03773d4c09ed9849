"""Taking samples in: live batches go to the head, long stretches of the past straight into chunks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from quarterdeck.sdk.records import Samples
from quarterdeck.services.ports import Topic
from quarterdeck.storage.series_bundles import bundles_in
from quarterdeck.storage.series_codec import HeadColumns, Instants, Numbers, Values, in_time
from quarterdeck.storage.series_head import append, reaches_into
from quarterdeck.storage.series_packing import ChunkWriter
from quarterdeck.storage.series_registry import SeriesRegistry
from quarterdeck.storage.transaction import WriteTransaction

STRETCH_SAMPLES = 256
"""From so many samples a series on average a batch is packed at once."""

SERIES_AT_ONCE = 32

EARLIEST_MS = -62_135_596_800_000
LATEST_MS = 253_402_300_799_999
"""The instants a calendar has; a sample beyond them is left out, it could be shown nowhere."""


def put_samples(
    transaction: WriteTransaction, registry: SeriesRegistry, connection_id: str, samples: Samples
) -> tuple[int, int]:
    """Store samples; how many were stored and how many series are new."""
    numbers, new = registry.numbers(transaction, connection_id, samples.identities)
    columns = _in_calendar(numbers, samples)
    if len(columns):
        _put(transaction, columns)
    if len(columns) or new:
        transaction.touch(Topic.SERIES)
    return len(columns), new


def _in_calendar(numbers: Numbers, samples: Samples) -> HeadColumns:
    times = samples.times_ms
    if not len(times):
        return HeadColumns.joined(())
    series = np.broadcast_to(numbers, len(times)) if len(numbers) == 1 else numbers[samples.series_index]
    columns = HeadColumns(series, times.astype(np.int64, copy=False), samples.values.astype(np.float64, copy=False))
    if times.min() >= EARLIEST_MS and times.max() <= LATEST_MS:
        return columns
    known = (times >= EARLIEST_MS) & (times <= LATEST_MS)
    return HeadColumns(series[known], columns.times[known], columns.values[known])


def _put(transaction: WriteTransaction, columns: HeadColumns) -> None:
    """What head or bundles may also hold must go through the head: there the later received stands over the earlier."""
    if len(columns) < STRETCH_SAMPLES:
        append(transaction, columns)
        return
    present = columns.series[:1] if columns.series.strides == (0,) else np.flatnonzero(np.bincount(columns.series))
    start_ms, end_ms = int(columns.times.min()), int(columns.times.max())
    long = len(columns) >= STRETCH_SAMPLES * len(present)
    if not long or _waits_elsewhere(transaction, present.tolist(), start_ms, end_ms):
        append(transaction, columns)
        return
    writer = ChunkWriter(transaction)
    some: dict[int, tuple[Instants, Values]] = {}
    for number, times, values in _by_series(columns, present):
        some[number] = in_time(times, values)
        if len(some) == SERIES_AT_ONCE:
            writer.add(some)
            some = {}
    writer.add(some)
    writer.finish()


def _waits_elsewhere(transaction: WriteTransaction, series_ids: list[int], start_ms: int, end_ms: int) -> bool:
    connection = transaction.connection
    if reaches_into(connection, start_ms, end_ms):
        return True
    return bool(bundles_in(connection, series_ids, start_ms, end_ms + 1))


def _by_series(columns: HeadColumns, present: npt.NDArray[np.integer]) -> Iterator[tuple[int, Instants, Values]]:
    """Number, instants and values of each series, in the order received."""
    if len(present) == 1:
        yield int(present[0]), columns.times, columns.values
        return
    if bool((np.diff(columns.series) >= 0).all()):
        bounds = np.append(np.searchsorted(columns.series, present), len(columns))
        for number, start, end in zip(present.tolist(), bounds[:-1], bounds[1:], strict=True):
            yield number, columns.times[start:end], columns.values[start:end]
        return
    order = np.argsort(columns.series, kind="stable")
    ordered = HeadColumns(columns.series[order], columns.times[order], columns.values[order])
    yield from _by_series(ordered, present)
