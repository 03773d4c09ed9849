"""Bundles: what left the head, some hundred samples each of a few neighbouring series in a row, until chunks are due.

A chunk of few samples costs as much work as a large one, so samples wait here in what is cheap to write and quick to
read for one series. Of two bundles the later written stands over the earlier, and all stand over the chunks.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection
from sqlalchemy import Row as SqlRow

from quarterdeck.storage.series_codec import (
    Damaged,
    HeadColumns,
    Instants,
    Numbers,
    Values,
    digest_of,
    pack,
    unpack,
)
from quarterdeck.storage.series_sql import rows_of
from quarterdeck.storage.transaction import Row

BUNDLE_SERIES = 16
"""So many neighbouring series share a bundle: more pack worse, fewer make more rows."""

_FORM = struct.Struct("<BIIII")
_EACH_ITS_TIMES = 1
_SAME_TIMES = 2

_INSIDE = (
    "SELECT id, bundle, samples, digest, payload FROM series_bundle "
    "WHERE bundle IN ({ids}) AND start_ms < {end_ms} AND end_ms >= {start_ms} ORDER BY id"
)


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """Samples of a few series: `series[i]` has those from `starts[i]` to `starts[i + 1]`, in the order received."""

    series: Numbers
    starts: Instants
    times: Instants
    values: Values

    @classmethod
    def of(cls, columns: HeadColumns) -> Bundle:
        """From samples of one bundle's series, in the order received."""
        first = int(columns.series.min())
        order = np.argsort((columns.series - first).astype(np.int16), kind="stable")  # 16 bits are sorted by counting
        series = columns.series[order]
        starts = np.flatnonzero(np.diff(series, prepend=first - 1))
        bounds = np.append(starts, len(order)).astype(np.int64)
        return cls(series[starts], bounds, columns.times[order], columns.values[order])

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        return self.series.nbytes + self.starts.nbytes + self.times.nbytes + self.values.nbytes

    def samples(self, series_id: int) -> tuple[Instants, Values] | None:
        """Those of one series; None when it has none of it."""
        position = int(np.searchsorted(self.series, series_id))
        if position == len(self.series) or self.series[position] != series_id:
            return None
        inside = slice(int(self.starts[position]), int(self.starts[position + 1]))
        return self.times[inside], self.values[inside]


def bundle_of(series_id: int) -> int:
    """The number of the bundles that a series lies in."""
    return series_id // BUNDLE_SERIES


def bundle_row(bundle: int, content: Bundle) -> Row:
    """A bundle as its row."""
    payload = _payload(content)
    return {
        "bundle": bundle,
        "start_ms": int(content.times.min()),
        "end_ms": int(content.times.max()),
        "samples": len(content.times),
        "digest": digest_of(payload),
        "payload": payload,
    }


def bundle_in(row: SqlRow[Any]) -> Bundle:
    """What a row holds. Raises Damaged."""
    payload: bytes = row.payload
    if digest_of(payload) != row.digest or len(payload) < _FORM.size:
        raise Damaged
    form, count, series_bytes, counts_bytes, times_bytes = _FORM.unpack_from(payload)
    at = np.cumsum([_FORM.size, series_bytes, counts_bytes, times_bytes]).tolist()
    series = unpack(payload[at[0] : at[1]], count, np.int32)
    counts = unpack(payload[at[1] : at[2]], count, np.int64)
    starts = np.append(0, np.cumsum(counts))
    values = unpack(payload[at[3] :], int(starts[-1]), np.float64)
    if form == _SAME_TIMES:
        times = np.tile(unpack(payload[at[2] : at[3]], int(counts[0]), np.int64), count)
    else:
        times = unpack(payload[at[2] : at[3]], len(values), np.int64)
    return Bundle(series, starts, times, values)


def bundles_in(connection: Connection, series_ids: Sequence[int], start_ms: int, end_ms: int) -> list[SqlRow[Any]]:
    """The rows that may hold samples of series in `[start_ms, end_ms)`, in the order written."""
    bundles = sorted({bundle_of(series_id) for series_id in series_ids})
    return list(rows_of(connection, _INSIDE, bundles, start_ms=start_ms, end_ms=end_ms))


def _payload(content: Bundle) -> bytes:
    counts = np.diff(content.starts)
    same = bool((counts == counts[0]).all())
    if same:
        grid = content.times.reshape(len(counts), -1)
        same = bool((grid == grid[0]).all())
    times = content.times[: counts[0]] if same else content.times
    columns = (pack(content.series), pack(counts), pack(times))
    form = _FORM.pack(_SAME_TIMES if same else _EACH_ITS_TIMES, len(counts), *map(len, columns))
    return form + b"".join(columns) + pack(content.values)
