"""The report files at a path: one file, or those of a folder, each bounded and told apart by size, time and digest."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from quarterdeck.sdk.errors import UnexpectedReply
from quarterdeck.sdk.local_files import explain_file_error
from quarterdeck.sdk.texts import one_line

MAX_FILES = 1_000
SUFFIXES = (".sarif", ".json", ".dat", ".xml")
_MAX_SHOWN_CHARS = 160


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file as it lies there: its name within the folder, its path, and a mark that changes when it is written."""

    name: str
    path: Path
    mark: str
    modified_seconds: float


def report_files(path: str) -> tuple[FoundFile, ...]:
    """The file at a path, or the files of a folder that are named as reports are, by name.

    Hidden files, links, folders and whatever else is no regular file are passed over. Raises Unreachable or Denied
    when the path cannot be looked at, UnexpectedReply when a folder holds too many.
    """
    shown = one_line(path, _MAX_SHOWN_CHARS)
    try:
        status = os.lstat(path)
        if not stat.S_ISDIR(status.st_mode):
            return (_found(Path(path), status),)
        with os.scandir(path) as entries:
            named = [entry for entry in entries if _is_report(entry)]
        found = [_found(Path(entry.path), entry.stat(follow_symlinks=False)) for entry in named]
    except OSError as fault:
        raise explain_file_error(fault, shown) from fault
    if len(found) > MAX_FILES:
        message = f"The folder {shown} holds more than {MAX_FILES:,} reports."
        raise UnexpectedReply(message, "Move the older ones away; what was read of them stays.")
    return tuple(sorted(found, key=lambda file: file.name))


def _is_report(entry: os.DirEntry[str]) -> bool:
    name = entry.name.lower()
    return name.endswith(SUFFIXES) and not name.startswith(".") and entry.is_file(follow_symlinks=False)


def _found(path: Path, status: os.stat_result) -> FoundFile:
    return FoundFile(path.name, path, f"{status.st_size}:{status.st_mtime_ns}", status.st_mtime)
