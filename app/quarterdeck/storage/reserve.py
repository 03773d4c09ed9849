"""Room kept aside beside the store: on a full disk even deleting needs space, and this is where it comes from."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from typing_extensions import override

RESERVE_BYTES = 8 * 1024 * 1024
_PRIVATE_FILE = 0o600
_ROOM_FACTOR = 3


class Reserve(Protocol):
    """Space that can be given up once."""

    def stands(self) -> bool:
        """Whether the reserve is there, made anew when there is room for it again."""
        ...

    def give_up(self) -> bool:
        """Free the space; False when it was already given up."""
        ...

    @property
    def room_bytes(self) -> int:
        """How much must be free before it is made anew."""
        ...


class NoReserve(Reserve):
    """For engines that look after their own disk."""

    @override
    def stands(self) -> bool:
        return True

    @override
    def give_up(self) -> bool:
        return False

    @property
    @override
    def room_bytes(self) -> int:
        return 0


class FileReserve(Reserve):
    """A file of `size_bytes` beside the store, shared by all processes that write it.

    It is made again once three times its size is free, so that it does not take away the room that was just won.
    """

    def __init__(self, store_path: Path, size_bytes: int = RESERVE_BYTES) -> None:
        self._path = store_path.with_name(f"{store_path.name}.reserve")
        self._size_bytes = size_bytes

    @override
    def stands(self) -> bool:
        return self._path.exists() or (self._has_room() and self._make())

    @override
    def give_up(self) -> bool:
        try:
            self._path.unlink()
        except OSError:
            return False
        return True

    @property
    @override
    def room_bytes(self) -> int:
        return _ROOM_FACTOR * self._size_bytes

    def _has_room(self) -> bool:
        try:
            return shutil.disk_usage(self._path.parent).free >= self.room_bytes
        except OSError:
            return False

    def _make(self) -> bool:
        try:
            handle = os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, _PRIVATE_FILE)
        except FileExistsError:
            return True
        except OSError:
            return False
        try:
            os.posix_fallocate(handle, 0, self._size_bytes)
        except OSError:
            with suppress(OSError):
                self._path.unlink()
            return False
        finally:
            os.close(handle)
        return True
