"""What was decoded from rows that never change, kept for the next reader up to a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Values by the number of their row, the least lately used let go first. May be used from any thread."""

    def __init__(self, limit_bytes: int, size_of: Callable[[T], int]) -> None:
        self._limit_bytes = limit_bytes
        self._size_of = size_of
        self._lock = Lock()
        self._values: OrderedDict[tuple[int, int], tuple[T, int]] = OrderedDict()
        self._bytes = 0
        self._begins: tuple[int, int] = (0, 0)

    @property
    def nbytes(self) -> int:
        """Bytes of all values kept."""
        return self._bytes

    def find(self, generation: int, row_id: int) -> T | None:
        """The value of a row; None when it is not kept."""
        key = (generation, row_id)
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
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

    def forget_before(self, generation: int, row_id: int) -> None:
        """Let go of rows with lesser numbers, which are no longer in the store, and of those of another store."""
        begins = (generation, row_id)
        with self._lock:
            if begins == self._begins:
                return
            self._begins = begins
            for key in [key for key in self._values if key < begins]:
                self._bytes -= self._values.pop(key)[1]

    def _put(self, key: tuple[int, int], value: T, size: int) -> None:
        with self._lock:
            if key in self._values:
                return
            self._values[key] = (value, size)
            self._bytes += size
            while self._bytes > self._limit_bytes and self._values:
                _, (_, freed) = self._values.popitem(last=False)
                self._bytes -= freed
