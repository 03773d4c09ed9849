"""How samples lie in a blob: a batch as it came for the head, packed columns for a chunk.

A flipped bit in packed numbers mostly decodes to wrong numbers without an error, so a digest is compared first.
"""

from __future__ import annotations

import hashlib
import logging
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pcodec
from pcodec import standalone

Numbers = npt.NDArray[np.int32]
Instants = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
Element = TypeVar("Element", np.int32, np.int64, np.float64)

_log = logging.getLogger(__name__)
_HEAD = struct.Struct("<BI")
_EACH_ITS_TIME = 1
_ONE_TIME = 2
_PACKED = struct.Struct("<BIII")
_PACKED_EACH_ITS_TIME = 3
_PACKED_ONE_TIME = 4
_CHECK_BYTES = 8
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
    """One series' samples as a chunk keeps them; without `values` each is `first_value`."""

    samples: int
    times: bytes
    values: bytes | None
    digest: bytes
    first_value: float | None = None


def head_payload(columns: HeadColumns) -> bytes:
    """A batch as the head keeps it."""
    one_time = bool((columns.times == columns.times[0]).all())
    series, values = pack(columns.series), pack(columns.values)
    times = columns.times[:1].tobytes() if one_time else pack(columns.times)
    form = _PACKED_ONE_TIME if one_time else _PACKED_EACH_ITS_TIME
    body = _PACKED.pack(form, len(columns), len(series), len(times)) + series + times + values
    return body + hashlib.sha256(body).digest()[:_CHECK_BYTES]


def head_columns(payload: bytes) -> HeadColumns:
    """The batch a head row keeps. Raises Damaged."""
    if payload[:1] in {b"\3", b"\4"}:
        return _packed_head_columns(payload)
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


def _packed_head_columns(payload: bytes) -> HeadColumns:
    body, check = payload[:-_CHECK_BYTES], payload[-_CHECK_BYTES:]
    if len(body) < _PACKED.size or hashlib.sha256(body).digest()[:_CHECK_BYTES] != check:
        raise Damaged
    form, count, series_bytes, times_bytes = _PACKED.unpack_from(body)
    times_at = _PACKED.size + series_bytes
    values_at = times_at + times_bytes
    series = unpack(body[_PACKED.size : times_at], count, np.int32)
    values = unpack(body[values_at:], count, np.float64)
    if form == _PACKED_EACH_ITS_TIME:
        return HeadColumns(series, unpack(body[times_at:values_at], count, np.int64), values)
    times = np.broadcast_to(np.frombuffer(body, np.int64, 1, times_at), count)
    return HeadColumns(series, times, values)


def readable_columns(payloads: Sequence[bytes]) -> list[HeadColumns]:
    """The batches of head rows; a damaged one is left out with a warning in the log."""
    batches: list[HeadColumns] = []
    for payload in payloads:
        try:
            batches.append(head_columns(payload))
        except Damaged:
            _log.warning("A batch of samples in the store is damaged and left out; `quarterdeck store check` names it.")
    return batches


def packed(times: bytes, values: Values) -> PackedColumns:
    """Samples packed for a chunk, every bit of the values kept; the instants as `TimesBook` packed them."""
    payload = None if is_one_number(values) else pack(values)
    first = float(values[0])
    return PackedColumns(len(values), times, payload, _digest(times, payload, first), first)


def unpacked(columns: PackedColumns, times: Instants) -> tuple[Instants, Values]:
    """The samples of a chunk with its instants, unpacked before. Raises Damaged."""
    if _digest(columns.times, columns.values, columns.first_value) != columns.digest or len(times) != columns.samples:
        raise Damaged
    if columns.values is None:
        return times, np.full(columns.samples, columns.first_value, np.float64)
    return times, unpack(columns.values, columns.samples, np.float64)


def pack(column: Numbers | Instants | Values) -> bytes:
    """A column of numbers, every bit kept."""
    return standalone.simple_compress(np.ascontiguousarray(column), _PACKING)


def unpack(payload: bytes, count: int, kind: type[Element]) -> npt.NDArray[Element]:
    """A packed column of a known length. Raises Damaged."""
    column = np.empty(count, kind)
    unpack_into(payload, column)
    return column


def unpack_into(payload: bytes, column: npt.NDArray[np.int32 | np.int64 | np.float64]) -> None:
    """A packed column into an array of its length. Raises Damaged."""
    try:
        progress = standalone.simple_decompress_into(payload, column)
    except RuntimeError as fault:
        raise Damaged from fault
    if progress.n_processed != len(column) or not progress.finished:
        raise Damaged


def is_one_number(values: Values) -> bool:
    """Whether all have the same bits, and any engine gives those bits back."""
    if not (values[0] == values[-1] and bool((values == values[0]).all())):
        return False
    return values[0] != 0 or not bool(np.signbit(values).any())


def digest_of(payload: bytes) -> bytes:
    """What tells whether a payload is as it was written."""
    return hashlib.sha256(payload).digest()[:_DIGEST_BYTES]


def in_time(times: Instants, values: Values) -> tuple[Instants, Values]:
    """Samples ordered by time; of several at one instant the last one given stands."""
    if len(times) < 2 or bool((times[1:] > times[:-1]).all()):  # noqa: PLR2004 - one sample is in order
        return times, values
    order = np.argsort(times, kind="stable")
    times, values = times[order], values[order]
    stands = np.append(times[1:] != times[:-1], True)
    return times[stands], values[stands]


def _digest(times: bytes, values: bytes | None, first_value: float | None) -> bytes:
    if values is None:
        values = struct.pack("<d", np.nan if first_value is None else first_value)
    return digest_of(len(times).to_bytes(8, "little") + times + values)
