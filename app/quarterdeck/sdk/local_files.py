"""Reading a file somebody named, with every limit a wrong name makes necessary.

Opening a pipe waits for its other end, a device never ends, a link leads elsewhere than was agreed, and a huge file
fills the memory: only a regular file of a bounded size is read.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass

from quarterdeck.sdk.errors import ConnectorError, Denied, Misconfigured, UnexpectedReply, Unreachable
from quarterdeck.sdk.texts import one_line, size_words

_MAX_SHOWN_CHARS = 160
_PIECE_BYTES = 1 << 20
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


def explain_file_error(fault: OSError, shown: str) -> ConnectorError:
    """The connector error for a failed look at a file, in words, with the next step."""
    if fault.errno in _ABSENT:
        return Unreachable(f"There is no file {shown}.", "See whether it was moved or renamed, or its disk is missing.")
    if fault.errno in _FORBIDDEN:
        return Denied(f"The file {shown} must not be read by this user.", "Give the user of the collector that right.")
    if fault.errno == errno.ELOOP:
        return _no_regular_file(shown, "a symbolic link")
    reason = os.strerror(fault.errno) if fault.errno else "unknown fault"
    return Unreachable(f"The file {shown} cannot be read: {reason}.", "Look at the disk it lies on.")


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
