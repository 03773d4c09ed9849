"""What one scrape leaves for the next: the counters' values, packed into the cursor.

A connector holds no state, so the counters travel with the store's cursor: 8 bytes of name hash, 8 of value and 4 of
time each, compressed. A cursor that cannot be read is the same as none: rates begin again with the next scrape.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np

from quarterdeck.domain.facts import Facts

MAX_COUNTERS = 100_000
_MARK = "om1:"
_MAX_PACKED_BYTES = 4 * 1024 * 1024
_RECORD = np.dtype([("key", "<u8"), ("value", "<f8"), ("age_ms", "<i4")])
_MAX_AGE_MS = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Counted:
    """A counter's value and the instant it had it, in milliseconds since the epoch."""

    value: float
    at_ms: int


@dataclass(frozen=True, slots=True)
class Memory:
    """The counters of the scrape before, by `key_of`, and when the newest of them was read."""

    counters: Mapping[int, Counted] = field(default_factory=dict[int, Counted])
    newest_ms: int | None = None

    def packed(self, now_ms: int) -> str:
        """As a cursor."""
        rows = np.zeros(min(len(self.counters), MAX_COUNTERS), _RECORD)
        for number, (key, counted) in enumerate(self.counters.items()):
            if number == MAX_COUNTERS:
                break
            rows[number] = (key, counted.value, min(max(0, now_ms - counted.at_ms), _MAX_AGE_MS))
        columns = b"".join(rows[name].tobytes() for name in ("key", "value", "age_ms"))
        packed = zlib.compress(now_ms.to_bytes(8, "little") + columns, 6)
        return _MARK + base64.b85encode(packed).decode("ascii")


def key_of(name: str, labels: Facts) -> int:
    """A counter's identity as a number: the same for the same name and labels, in every process."""
    text = "\0".join((name, *(part for pair in labels for part in pair)))
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def unpacked(cursor: str | None) -> Memory:
    """The memory in a cursor; empty when there is none or it cannot be read."""
    if not cursor or not cursor.startswith(_MARK):
        return Memory()
    try:
        unpack = zlib.decompressobj()
        raw = unpack.decompress(base64.b85decode(cursor[len(_MARK) :]), _MAX_PACKED_BYTES)
        return _read(raw)
    except (ValueError, binascii.Error, zlib.error):
        return Memory()


def _read(raw: bytes) -> Memory:
    count, rest = divmod(len(raw) - 8, _RECORD.itemsize)
    if count < 0 or rest:
        return Memory()
    now_ms = int.from_bytes(raw[:8], "little")
    keys = np.frombuffer(raw, "<u8", count, 8)
    values = np.frombuffer(raw, "<f8", count, 8 + 8 * count)
    ages = np.frombuffer(raw, "<i4", count, 8 + 16 * count)
    entries = zip(keys.tolist(), values.tolist(), ages.tolist(), strict=True)
    counters = {key: Counted(value, now_ms - age) for key, value, age in entries}
    return Memory(counters, now_ms - int(ages.min()) if count else None)
