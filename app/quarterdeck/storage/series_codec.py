"""How samples lie in a blob: a batch as it came for the head, packed columns for a chunk.

A flipped bit in packed numbers mostly decodes to wrong numbers without an error, so a chunk's digest is compared first.
"""

from __future__ import annotations

import hashlib
import logging
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pcodec
from pcodec import standalone

Numbers = npt.NDArray[np.int32]
Instants = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]

_log = logging.getLogger(__name__)
_HEAD = struct.Struct("<BI")
_EACH_ITS_TIME = 1
_ONE_TIME = 2
_DIGEST_BYTES = 16
_PACKING = pcodec.ChunkConfig(compression_level=4)


class Damaged(Exception):
    """Stored samples are not what was written."""


@dataclass(frozen=True, slots=True, eq=False)
class HeadColumns:
    """Samples of several series, in the order received: `series` int32, `times` int64 ms, `values` float64."""

    series: Numbers
    times: Instants
    values: Values

    def __len__(self) -> int:
        return len(self.times)

    @classmethod
    def joined(cls, parts: Sequence[HeadColumns]) -> HeadColumns:
        """One after the other."""
        if not parts:
            return cls(np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.float64))
        return cls(
            np.concatenate([part.series for part in parts]),
            np.concatenate([part.times for part in parts]),
            np.concatenate([part.values for part in parts]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class PackedColumns:
    """One series' samples as a chunk keeps them."""

    samples: int
    times: bytes
    values: bytes
    digest: bytes


def head_payload(columns: HeadColumns) -> bytes:
    """A batch as the head keeps it."""
    one_time = bool((columns.times == columns.times[0]).all())
    times = columns.times[:1] if one_time else columns.times
    body = columns.series.tobytes() + times.tobytes() + columns.values.tobytes()
    return _HEAD.pack(_ONE_TIME if one_time else _EACH_ITS_TIME, len(columns)) + zlib.compress(body, 1)


def head_columns(payload: bytes) -> HeadColumns:
    """The batch a head row keeps. Raises Damaged."""
    try:
        form, count = _HEAD.unpack_from(payload)
        body = zlib.decompress(payload[_HEAD.size :])
        instants = 1 if form == _ONE_TIME else count
        series = np.frombuffer(body, np.int32, count)
        times = np.frombuffer(body, np.int64, instants, series.nbytes)
        values = np.frombuffer(body, np.float64, count, series.nbytes + times.nbytes)
    except (struct.error, zlib.error, ValueError) as fault:
        raise Damaged from fault
    return HeadColumns(series, np.repeat(times, count) if form == _ONE_TIME else times, values)


def readable_columns(payloads: Sequence[bytes]) -> HeadColumns:
    """All batches of head rows one after the other; a damaged one is left out with a warning in the log."""
    batches: list[HeadColumns] = []
    for payload in payloads:
        try:
            batches.append(head_columns(payload))
        except Damaged:
            _log.warning("A batch of samples in the store is damaged and left out; `quarterdeck store check` names it.")
    return HeadColumns.joined(batches)


def packed(times: Instants, values: Values) -> PackedColumns:
    """Samples packed for a chunk, every bit of the values kept."""
    packed_times = standalone.simple_compress(np.ascontiguousarray(times), _PACKING)
    packed_values = standalone.simple_compress(np.ascontiguousarray(values), _PACKING)
    return PackedColumns(len(times), packed_times, packed_values, _digest(packed_times, packed_values))


def unpacked(columns: PackedColumns) -> tuple[Instants, Values]:
    """The samples of a chunk. Raises Damaged."""
    if _digest(columns.times, columns.values) != columns.digest:
        raise Damaged
    times = np.empty(columns.samples, np.int64)
    values = np.empty(columns.samples, np.float64)
    for payload, into in ((columns.times, times), (columns.values, values)):
        try:
            progress = standalone.simple_decompress_into(payload, into)
        except RuntimeError as fault:
            raise Damaged from fault
        if progress.n_processed != columns.samples or not progress.finished:
            raise Damaged
    return times, values


def in_time(times: Instants, values: Values) -> tuple[Instants, Values]:
    """Samples ordered by time; of several at one instant the last one given stands."""
    if len(times) < 2 or bool((np.diff(times) > 0).all()):  # noqa: PLR2004 - one sample is in order
        return times, values
    order = np.argsort(times, kind="stable")
    times, values = times[order], values[order]
    stands = np.append(times[1:] != times[:-1], True)
    return times[stands], values[stands]


def _digest(times: bytes, values: bytes) -> bytes:
    return hashlib.sha256(len(times).to_bytes(8, "little") + times + values).digest()[:_DIGEST_BYTES]
