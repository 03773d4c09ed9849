"""Columns of instants, each distinct one once: series that are scraped together have the same.

Instants at equal steps need no column: the first, the last and how many there are tell them.
"""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection, LargeBinary, bindparam, text

from quarterdeck.storage.series_codec import Instants, digest_of, pack

REGULAR = 0
"""In place of a row's number: the instants lie at equal steps."""

_RECENT = 8
_FIND = text("SELECT id FROM series_times WHERE digest = :digest").bindparams(bindparam("digest", type_=LargeBinary))
_INSERT = text(
    "INSERT INTO series_times (digest, uses, payload) VALUES (:digest, 0, :payload) RETURNING id"
).bindparams(bindparam("digest", type_=LargeBinary), bindparam("payload", type_=LargeBinary))
_COUNT = text("UPDATE series_times SET uses = uses + :more WHERE id = :id")
_SWEEP = text("DELETE FROM series_times WHERE id = :id AND uses <= 0")


class TimesBook:
    """Counts within one transaction who uses which column; `flush` writes the counts and drops what nobody uses."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._recent: list[tuple[Instants, int, bytes]] = []
        self._more: dict[int, int] = {}

    def use(self, times: Instants) -> tuple[int, bytes]:
        """The row that holds the instants, made when there is none, and the instants packed."""
        if is_regular(times):
            return REGULAR, b""
        found = next((one for one in self._recent if one[0][0] == times[0] and np.array_equal(one[0], times)), None)
        if found is None:
            payload = pack(times)
            found = (times, self._row(payload), payload)
            self._recent = [found, *self._recent[: _RECENT - 1]]
        _, times_id, payload = found
        self._more[times_id] = self._more.get(times_id, 0) + 1
        return times_id, payload

    def release(self, times_id: int) -> None:
        """One chunk less that uses a row."""
        if times_id == REGULAR:
            return
        self._more[times_id] = self._more.get(times_id, 0) - 1

    def flush(self) -> None:
        """Write the counts."""
        for times_id, more in self._more.items():
            if more:
                self._connection.execute(_COUNT, {"id": times_id, "more": more})
            if more <= 0:
                self._connection.execute(_SWEEP, {"id": times_id})
        self._more = {}
        self._recent = []

    def _row(self, payload: bytes) -> int:
        digest = digest_of(payload)
        known = self._connection.execute(_FIND, {"digest": digest}).scalar()
        if known is None:
            known = self._connection.execute(_INSERT, {"digest": digest, "payload": payload}).scalar_one()
        return int(known)


def is_regular(times: Instants) -> bool:
    """Whether instants lie at equal steps."""
    steps = np.diff(times)
    return not len(steps) or bool((steps == steps[0]).all())


def regular(start_ms: int, end_ms: int, count: int) -> Instants:
    """So many instants at equal steps from a first to a last."""
    step = (end_ms - start_ms) // max(1, count - 1)
    return start_ms + np.arange(count, dtype=np.int64) * step
