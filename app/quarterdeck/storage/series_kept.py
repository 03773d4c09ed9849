"""What was decoded from rows that never change, kept for the next reader: up to a number of bytes, while it is used.

Rows go when their samples move on, and nobody tells. So what nobody asked for in a long time is let go as well: there
would only be more of it until the limit.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
IDLE_USES = 4096
"""What was not asked for while so many others were is let go."""


class Kept(Generic[T]):
    """Values by the number of their row, the least lately used let go first. May be used from any thread."""

    def __init__(self, limit_bytes: int, size_of: Callable[[T], int], *, idle_uses: int = IDLE_USES) -> None:
        self._limit_bytes = limit_bytes
        self._size_of = size_of
        self._idle_uses = idle_uses
        self._lock = Lock()
        self._values: OrderedDict[tuple[int, int], tuple[T, int, int]] = OrderedDict()
        self._bytes = 0
        self._uses = 0

    @property
    def nbytes(self) -> int:
        """Bytes of all values kept."""
        return self._bytes

    def find(self, generation: int, row_id: int) -> T | None:
        """The value of a row; None when it is not kept."""
        key = (generation, row_id)
        with self._lock:
            self._uses += 1
            found = self._values.get(key)
            if found is None:
                return None
            self._values[key] = (found[0], found[1], self._uses)
            self._values.move_to_end(key)
            return found[0]

    def get(self, generation: int, row_id: int, make: Callable[[], T]) -> T:
        """The value of a row, made when it is not kept; whatever making raises is raised and nothing kept."""
        found = self.find(generation, row_id)
        if found is not None:
            return found
        value = make()
        self._put((generation, row_id), value, self._size_of(value))
        return value

    def _put(self, key: tuple[int, int], value: T, size: int) -> None:
        with self._lock:
            if key in self._values:
                return
            self._values[key] = (value, size, self._uses)
            self._bytes += size
            while self._values and self._is_to_go(next(iter(self._values.values()))[2]):
                _, (_, freed, _) = self._values.popitem(last=False)
                self._bytes -= freed

    def _is_to_go(self, used_at: int) -> bool:
        """Whether the value used least lately goes."""
        return self._bytes > self._limit_bytes or self._uses - used_at > self._idle_uses
