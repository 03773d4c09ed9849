"""Records what SQLite writes and when it waits for the disk, so that a power cut can be played at any moment.

``record`` runs in a process of its own: it writes to a store through its ordinary writer and leaves behind every write,
truncation and sync of its files, and every acknowledgement, in their order. SQLite's own file layer does the work; its
function pointers are wrapped, which needs SQLite as a shared library.
"""

import ctypes
import os
import pickle
import sqlite3
from collections.abc import Callable
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.ports import Cursors, Ingest
from quarterdeck.storage.opening import open_store
from tests.support.stores import NOON, PATIENCE_SECONDS

ROUNDS = 120
SAMPLES = 8000
NOISE = SeriesIdentity("component/host", "noise")


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes at a place of a file."""

    file: str
    offset: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Truncation:
    """A file cut to a length."""

    file: str
    length: int


@dataclass(frozen=True, slots=True)
class Sync:
    """Everything written to a file before is on disk from here on."""

    file: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A write whose future resolved: the connection of that number, and its samples."""

    number: int


Recorded = Write | Truncation | Sync | Acknowledged

_FILE = ctypes.c_void_p
_OPEN = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, _FILE, ctypes.c_int, ctypes.c_void_p)
_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, _FILE, ctypes.c_void_p, ctypes.c_int, ctypes.c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, _FILE, ctypes.c_int64)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, _FILE, ctypes.c_int)


class _Vfs(ctypes.Structure):
    _fields_ = (
        ("version", ctypes.c_int),
        ("file_size", ctypes.c_int),
        ("longest_name", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("data", ctypes.c_void_p),
        ("open", _OPEN),
    )


class _Methods(ctypes.Structure):
    _fields_ = (
        ("version", ctypes.c_int),
        ("close", ctypes.c_void_p),
        ("read", ctypes.c_void_p),
        ("write", _WRITE),
        ("truncate", _TRUNCATE),
        ("sync", _SYNC),
        ("others", ctypes.c_void_p * 13),
    )


class Recorder:
    """Stands between SQLite and its file layer; must live as long as anything of SQLite does."""

    def __init__(self, keep: Callable[[Recorded], None]) -> None:
        self._keep = keep
        self._names: dict[int, str] = {}
        self._wrapped: dict[int, tuple[_Methods, _Methods]] = {}
        library = ctypes.CDLL(find_library("sqlite3") or "libsqlite3.so.0")
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        self._vfs = library.sqlite3_vfs_find(None).contents
        self._open = _OPEN(ctypes.cast(self._vfs.open, ctypes.c_void_p).value or 0)
        self._vfs.open = self._own = _OPEN(self._opened)

    def stop(self) -> None:
        """Keep nothing any more."""
        self._keep = _forget

    def _opened(self, vfs: int, name: int | None, file: int, flags: int, out: int) -> int:
        result = self._open(vfs, name, file, flags, out)
        methods = ctypes.cast(file, ctypes.POINTER(ctypes.c_void_p))
        if result == 0 and name and methods[0]:
            self._names[file] = Path(ctypes.string_at(name).decode()).name
            methods[0] = ctypes.addressof(self._wrapping(methods[0]))
        return result

    def _wrapping(self, address: int) -> _Methods:
        if address not in self._wrapped:
            before = _Methods.from_address(address)
            wrapped = _Methods()
            ctypes.pointer(wrapped)[0] = before
            wrapped.write = _WRITE(self._writing(before.write))
            wrapped.truncate = _TRUNCATE(self._truncating(before.truncate))
            wrapped.sync = _SYNC(self._syncing(before.sync))
            self._wrapped[address] = (wrapped, before)
        return self._wrapped[address][0]

    def _writing(self, write: Any) -> Callable[[int, int, int, int], int]:
        def writing(file: int, content: int, size: int, offset: int) -> int:
            self._keep(Write(self._names[file], offset, ctypes.string_at(content, size)))
            return write(file, content, size, offset)

        return writing

    def _truncating(self, truncate: Any) -> Callable[[int, int], int]:
        def truncating(file: int, length: int) -> int:
            self._keep(Truncation(self._names[file], length))
            return truncate(file, length)

        return truncating

    def _syncing(self, sync: Any) -> Callable[[int, int], int]:
        def syncing(file: int, flags: int) -> int:
            result = sync(file, flags)
            self._keep(Sync(self._names[file]))
            return result

        return syncing


def _forget(recorded: Recorded) -> None:
    """Keep nothing."""


def is_possible() -> bool:
    """Whether Python's sqlite3 uses the shared library whose pointers are wrapped."""
    maps = Path("/proc/self/maps")
    return bool(sqlite3.sqlite_version) and maps.exists() and "libsqlite3.so" in maps.read_text()


def batch(number: int) -> Batch:
    """Samples of a round, as good as random, so that the log runs over several times."""
    random = np.random.default_rng(number)
    times = 1_700_000_000_000 + np.int64(number) * SAMPLES + np.arange(SAMPLES)
    return Batch(samples=Samples.of_series(NOISE, times, random.random(SAMPLES)))


def run(store_path: str, keep: Callable[[Recorded], None]) -> None:
    """Write to a store round after round, keeping each acknowledgement."""
    store = open_store(store_path)
    for number in range(ROUNDS):
        store.writer.put_connection(Connection(str(number), "http_probe", "p"))
        store.writer.ingest(Ingest(str(number), batch(number), NOON, Cursors())).result(PATIENCE_SECONDS)
        keep(Acknowledged(number))


def record(store_path: str, log_path: str) -> None:
    """Record writing to the store at a path that is there already; ends the process."""
    with Path(log_path).open("wb") as log:

        def keep(recorded: Recorded) -> None:
            pickle.dump(recorded, log)

        recorder = Recorder(keep)
        run(store_path, keep)
        recorder.stop()
    os._exit(0)  # like a crash: nothing is tidied up behind the recording
