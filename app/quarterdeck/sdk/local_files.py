"""Reading a file somebody named, within every limit a wrong name makes necessary; keeping our own private and whole.

Opening a pipe waits for its other end, a device never ends, a link leads elsewhere than was agreed, and a huge file
fills the memory: only a regular file of a bounded size is read.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from quarterdeck.sdk.errors import ConnectorError, Denied, Misconfigured, UnexpectedReply, Unreachable
from quarterdeck.sdk.texts import one_line, size_words

_MAX_SHOWN_CHARS = 160
_PIECE_BYTES = 1 << 20
_PRIVATE_FILE = 0o600
_PRIVATE_FOLDER = 0o700
_WRITE_STEP = "See whether the disk is full, and whether this user may write there."
_ABSENT = frozenset({errno.ENOENT, errno.ENOTDIR})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM})
_KINDS = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
)


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file's content and when it was last written, in seconds since the epoch."""

    data: bytes
    modified_seconds: float


def read_regular_file(path: str | os.PathLike[str], max_bytes: int) -> LocalFile:
    """Read a whole file of at most `max_bytes`.

    Raises Unreachable (there is none, or the disk fails), Denied (no right), Misconfigured (no regular file) or
    UnexpectedReply (too large). Never waits for a pipe's other end.
    """
    shown = one_line(os.fspath(path), _MAX_SHOWN_CHARS)
    try:
        _refuse_kind(os.lstat(path).st_mode, shown)
        # The name may have come to mean something else since: no link is followed, no pipe is waited for.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb", buffering=0) as file:  # noqa: PTH123 - a path cannot open a descriptor
            status = os.fstat(handle)
            _refuse_kind(status.st_mode, shown)
            return LocalFile(_read_bounded(file.read, max_bytes, shown), status.st_mtime)
    except ValueError as fault:
        raise Misconfigured(f"{shown} is not the name of a file.", "Choose the file again.") from fault
    except OSError as fault:
        raise explain_file_error(fault, shown) from fault


def replace_file(path: Path, data: bytes) -> None:
    """Let a file have this content, whole or not at all, readable by its owner only. Raises ConnectorError.

    The content is on disk before the file gets its name; a link of that name is replaced, not followed.
    """
    shown = one_line(path, _MAX_SHOWN_CHARS)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, _PRIVATE_FILE)
        with open(handle, "wb") as file:  # noqa: PTH123 - a path cannot open a descriptor
            file.write(data)
            file.flush()
            os.fsync(handle)
        draft.replace(path)
        _sync_folder(path.parent)
    except OSError as fault:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise Unreachable(f"The file {shown} cannot be written: {_reason(fault)}.", _WRITE_STEP) from fault


def make_private_folder(folder: Path) -> Path:
    """The folder, made for its owner only where it is missing. Raises ConnectorError when there can be none."""
    try:
        folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    except FileExistsError as fault:
        raise Misconfigured(f"{one_line(folder, _MAX_SHOWN_CHARS)} is not a folder.", "Move it away.") from fault
    except OSError as fault:
        message = f"The folder {one_line(folder, _MAX_SHOWN_CHARS)} cannot be made: {_reason(fault)}."
        raise Unreachable(message, _WRITE_STEP) from fault
    return folder


def explain_file_error(fault: OSError, shown: str) -> ConnectorError:
    """The connector error for a failed look at a file, in words, with the next step."""
    if fault.errno in _ABSENT:
        return Unreachable(f"There is no file {shown}.", "See whether it was moved or renamed, or its disk is missing.")
    if fault.errno in _FORBIDDEN:
        return Denied(f"The file {shown} must not be read by this user.", "Give the user of the collector that right.")
    if fault.errno == errno.ELOOP:
        return _no_regular_file(shown, "a symbolic link")
    return Unreachable(f"The file {shown} cannot be read: {_reason(fault)}.", "Look at the disk it lies on.")


def _refuse_kind(mode: int, shown: str) -> None:
    if stat.S_ISREG(mode):
        return
    raise _no_regular_file(shown, next((name for is_kind, name in _KINDS if is_kind(mode)), "a device"))


def _no_regular_file(shown: str, kind: str) -> Misconfigured:
    return Misconfigured(f"{shown} is {kind}, not a file.", "Give the path of the file itself.")


def _read_bounded(read: Callable[[int], bytes | None], max_bytes: int, shown: str) -> bytes:
    data = bytearray()
    while piece := read(_PIECE_BYTES):
        data += piece
        if len(data) > max_bytes:
            message = f"The file {shown} is larger than {size_words(max_bytes)}."
            raise UnexpectedReply(message, "Split it, or see whether it is the right one.")
    return bytes(data)


def _reason(fault: OSError) -> str:
    return os.strerror(fault.errno) if fault.errno else "unknown fault"


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
