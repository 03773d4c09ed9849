"""Taking samples in: live batches go to the head, long stretches of the past straight into chunks."""

from __future__ import annotations

import numpy as np

from quarterdeck.sdk.records import Samples
from quarterdeck.services.ports import Topic
from quarterdeck.storage.series_chunks import add_samples
from quarterdeck.storage.series_codec import HeadColumns, in_time
from quarterdeck.storage.series_head import append, reaches_into
from quarterdeck.storage.series_registry import SeriesRegistry
from quarterdeck.storage.transaction import WriteTransaction

STRETCH_SAMPLES = 256
"""From so many samples a series on average a batch is packed at once."""

EARLIEST_MS = -62_135_596_800_000
LATEST_MS = 253_402_300_799_999
"""The instants a calendar has; a sample beyond them is left out, it could be shown nowhere."""


def put_samples(
    transaction: WriteTransaction, registry: SeriesRegistry, connection_id: str, samples: Samples
) -> tuple[int, int]:
    """Store samples; how many were stored and how many series are new."""
    numbers, new = registry.numbers(transaction, connection_id, samples.identities)
    known = (samples.times_ms >= EARLIEST_MS) & (samples.times_ms <= LATEST_MS)
    columns = HeadColumns(
        np.asarray(numbers, np.int32)[samples.series_index[known]],
        samples.times_ms[known].astype(np.int64),
        samples.values[known].astype(np.float64),
    )
    if len(columns):
        _put(transaction, columns)
    if len(columns) or new:
        transaction.touch(Topic.SERIES)
    return len(columns), new


def _put(transaction: WriteTransaction, columns: HeadColumns) -> None:
    """What the head may also hold must go through the head: there the later received stands over the earlier."""
    present = np.unique(columns.series)
    start_ms, end_ms = int(columns.times.min()), int(columns.times.max())
    long = len(columns) >= STRETCH_SAMPLES * len(present)
    if not long or reaches_into(transaction.connection, start_ms, end_ms):
        append(transaction, columns)
        return
    for number in present:
        mine = columns.series == number
        add_samples(transaction, int(number), *in_time(columns.times[mine], columns.values[mine]))
