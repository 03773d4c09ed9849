"""The file a store lies in: what may be opened at all, how it is made, and that only its owner reads it.

Nothing here opens a file as SQLite before its header says that it is a store of this program: SQLite follows whatever
lies beside a file (a crafted `-journal` can make it delete another one), so a foreign file is never handed to it.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from quarterdeck.domain.errors import StoreDamaged, StoreUnavailable

APPLICATION_ID = 0x51444543
"""`QDEC`: stands in the header of every store."""

_MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100
_APPLICATION_ID_AT = 68
_PRIVATE_FILE = 0o600
_PRIVATE_FOLDER = 0o700
_FOREIGN_HINT = "Name another place with --store, or move this file away."
_FOLDER_HINT = "Name another place with --store, or give this user the right to use that folder."


@dataclass(frozen=True, slots=True)
class Identity:
    """Which file it is, whatever its name."""

    device: int
    inode: int


@dataclass(frozen=True, slots=True)
class StoreFile:
    """The place of a store in the file system."""

    path: Path

    @classmethod
    def at(cls, path: Path) -> StoreFile:
        """The file that a path leads to, links followed once and for all."""
        return cls(Path(os.path.realpath(path)))

    def identity(self) -> Identity | None:
        """Which file lies there now; None when none does or nobody can say."""
        return _identity(self.path)

    def log_identity(self) -> Identity | None:
        """Which write-ahead log lies beside it now; None when none does."""
        return _identity(_beside(self.path, "-wal"))

    def exists(self) -> bool:
        """Whether anything lies there. Raises StoreUnavailable when that cannot be told."""
        try:
            self.path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as fault:
            raise _unreachable(self.path, fault) from fault
        return True

    def ensure_ours(self) -> None:
        """Return when a store of this program lies there; raises StoreDamaged or StoreUnavailable, touching nothing."""
        self._ensure_regular()
        header = self._header()
        if not header.startswith(_MAGIC) or len(header) < _HEADER_BYTES:
            raise StoreDamaged(f"The file {self.path} is not a store: it does not begin as one.", _FOREIGN_HINT)
        (application_id,) = struct.unpack_from(">I", header, _APPLICATION_ID_AT)
        if application_id != APPLICATION_ID:
            raise StoreDamaged(f"The database {self.path} was not made by this program.", _FOREIGN_HINT)
        self._ensure_plain_companions()

    def make(self, build: Callable[[Path], None]) -> None:
        """Let a store appear whole: built under another name, then put in place unless somebody was quicker."""
        self._make_folder()
        draft = self.path.with_name(f".{self.path.name}.{uuid4().hex}")
        try:
            os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, _PRIVATE_FILE))
            build(draft)
            _sync(draft)
            _place(draft, self.path)
            _sync(self.path.parent)
        except OSError as fault:
            raise _unreachable(self.path, fault) from fault
        finally:
            for leftover in (draft, _beside(draft, "-journal"), _beside(draft, "-wal"), _beside(draft, "-shm")):
                with suppress(OSError):
                    leftover.unlink()

    def make_private(self) -> None:
        """Take the file and its companions from everybody but the owner, as far as this user may."""
        for path in (self.path, *(_beside(self.path, ending) for ending in ("-wal", "-shm"))):
            with suppress(OSError):
                if stat.S_IMODE(path.stat().st_mode) != _PRIVATE_FILE:
                    path.chmod(_PRIVATE_FILE)

    def size_bytes(self) -> int:
        """Bytes of the file and of its write-ahead log."""
        total = 0
        for path in (self.path, _beside(self.path, "-wal")):
            with suppress(OSError):
                total += path.stat().st_size
        return total

    def free_bytes(self) -> int | None:
        """Bytes that this user may still write where it lies; None when that cannot be told."""
        try:
            return shutil.disk_usage(self.path.parent).free
        except OSError:
            return None

    def has_log(self) -> bool:
        """Whether a write-ahead log with content lies beside the file."""
        with suppress(OSError):
            return _beside(self.path, "-wal").stat().st_size > 0
        return False

    def takes_companions(self) -> bool:
        """Whether this user can make files beside it, as reading a store that others may write requires."""
        return _may(self.path.parent, os.W_OK | os.X_OK)

    def ensure_log_is_readable(self) -> None:
        """Return when whatever its log holds can be read from where this user stands; raises StoreUnavailable.

        A log is read through an index beside it, which whoever comes first has to make.
        """
        log, index = _beside(self.path, "-wal"), _beside(self.path, "-shm")
        if not self.has_log():
            return
        if not _may(log, os.R_OK) or (index.exists() and not _may(index, os.R_OK)):
            message = f"The newest data of the store {self.path} cannot be read: {log.name} is closed to this user."
            raise StoreUnavailable(message, f"Give this user the right to read {log} and {index}.")
        if not index.exists() and not self.takes_companions():
            message = f"The store {self.path} was not closed; what {log.name} holds cannot be read in this folder."
            step = f"Let a user who may write {self.path.parent} read it once, or copy both files to another folder."
            raise StoreUnavailable(message, step)

    def _ensure_regular(self) -> None:
        try:
            mode = self.path.lstat().st_mode
        except OSError as fault:
            raise _unreachable(self.path, fault) from fault
        if stat.S_ISDIR(mode):
            raise StoreUnavailable(f"{self.path} is a folder, not a store.", "Name a file inside it with --store.")
        if not stat.S_ISREG(mode):
            raise StoreDamaged(f"{self.path} is not an ordinary file.", _FOREIGN_HINT)

    def _header(self) -> bytes:
        try:
            with self.path.open("rb") as file:
                return file.read(_HEADER_BYTES)
        except OSError as fault:
            raise _unreachable(self.path, fault) from fault

    def _ensure_plain_companions(self) -> None:
        journal = _beside(self.path, "-journal")
        if journal.is_symlink() or journal.exists():
            raise StoreDamaged(
                f"The file {journal} lies beside the store, and no store has such a file.",
                "Find out who put it there, then move it away.",
            )
        for path in (_beside(self.path, "-wal"), _beside(self.path, "-shm")):
            if path.is_symlink() or (path.exists() and not path.is_file()):
                raise StoreDamaged(f"{path} is not an ordinary file.", "Find out who put it there, then move it away.")

    def _make_folder(self) -> None:
        try:
            self.path.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        except OSError as fault:
            raise _unreachable(self.path, fault) from fault


def takes_changes(file: StoreFile) -> bool:
    """Whether this user can write a store that is there; its log and the log's index have to be there or be made."""
    return _may(file.path, os.W_OK) and (file.takes_companions() or _beside(file.path, "-shm").exists())


def _identity(path: Path) -> Identity | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return Identity(found.st_dev, found.st_ino)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _may(path: Path, rights: int) -> bool:
    return os.access(path, rights, effective_ids=os.access in os.supports_effective_ids)


def _place(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    except OSError as fault:
        if fault.errno not in {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}:
            raise
        if not path.exists():
            draft.rename(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unreachable(path: Path, fault: OSError) -> StoreUnavailable:
    if fault.errno == errno.ENOSPC:
        return StoreUnavailable(
            f"The disk is full: no store can be made at {path}.", "Free some space and start again."
        )
    return StoreUnavailable(f"The store {path} cannot be reached: {fault.strerror or fault}.", _FOLDER_HINT)
