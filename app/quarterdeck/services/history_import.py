"""Taking long histories out of a file of text into the store."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.history_text import HistoryReader, Stretch
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.sdk.texts import one_line
from quarterdeck.services.ports import Clock, Cursors, EstateStore, Ingest, IngestReceipt, StoreWriter

SOURCE = "import"
BLOCK_BYTES = 32 * 1024 * 1024
_TEXT_STEP = "Name a file of OpenMetrics text with an instant in each line."
_AHEAD = 2
"""So many blocks may wait for the disk while the next is read."""


@dataclass(frozen=True, slots=True)
class ImportedHistory:
    """What was taken in: samples, series seen for the first time, and lines that hold no sample with an instant."""

    samples: int
    new_series: int
    not_understood: int


class HistoryStore(EstateStore, Protocol):
    """The store that a history goes into."""

    @property
    def writer(self) -> StoreWriter:
        """Where samples go."""
        ...


class HistoryImport:
    """Takes files in, all series of a file as those of one entity, which has to exist: else nobody would see them."""

    def __init__(self, store: HistoryStore, clock: Clock, *, block_bytes: int = BLOCK_BYTES) -> None:
        self._store = store
        self._clock = clock
        self._block_bytes = block_bytes

    def take(self, path: Path, entity_key: str) -> ImportedHistory:
        """Read a file of OpenMetrics text with instants; returns once all of it is durable. Raises OperatorError.

        Taking it in twice changes nothing the second time.
        """
        if self._store.estate(self._clock.now()).entity(entity_key) is None:
            message = f"There is no {one_line(entity_key, 160)} in the estate, so nobody would see its series."
            raise OperatorError(
                message, "Name one that `quarterdeck status` lists, or declare it and apply that first."
            )
        try:
            with path.open("rb") as file:
                found = self._take(file, entity_key)
        except OSError as fault:
            message = f"{one_line(path)} cannot be read: {fault.strerror or fault}."
            raise OperatorError(message, "Name a file that this user may read.") from fault
        except ValueError as fault:
            message = f"{one_line(path)} is no text of samples: {fault}."
            raise OperatorError(message, _TEXT_STEP) from fault
        if not found.samples:
            raise OperatorError(f"{one_line(path)} holds no sample with an instant; nothing was taken in.", _TEXT_STEP)
        return found

    def _take(self, file: BinaryIO, entity_key: str) -> ImportedHistory:
        waiting: deque[Future[IngestReceipt]] = deque()
        samples = series = not_understood = 0
        for block in HistoryReader(file, block_bytes=self._block_bytes).blocks():
            not_understood += block.not_understood
            if block.stretches:
                waiting.append(self._store.writer.ingest(self._ingest(block.stretches, entity_key)))
            while len(waiting) > _AHEAD:
                receipt = waiting.popleft().result()
                samples, series = samples + receipt.samples, series + receipt.new_series
        for future in waiting:
            receipt = future.result()
            samples, series = samples + receipt.samples, series + receipt.new_series
        return ImportedHistory(samples, series, not_understood)

    def _ingest(self, stretches: Sequence[Stretch], entity_key: str) -> Ingest:
        return Ingest(SOURCE, Batch(samples=_samples(stretches, entity_key)), self._clock.now(), Cursors())


def _samples(stretches: Sequence[Stretch], entity_key: str) -> Samples:
    identities = [SeriesIdentity(entity_key, one.name, labels=one.labels, kind=one.kind) for one in stretches]
    numbers = {identity: number for number, identity in enumerate(dict.fromkeys(identities))}
    counts = [len(one.values) for one in stretches]
    return Samples(
        tuple(numbers),
        np.repeat(np.array([numbers[identity] for identity in identities], np.int32), counts),
        np.concatenate([one.times_ms for one in stretches]),
        np.concatenate([one.values for one in stretches]),
    )
