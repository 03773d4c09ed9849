"""What this machine is like, as plain facts: gathered without loading Qt, changing nothing, judged elsewhere."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import shutil
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path

from quarterdeck.services.workspace import Workspace

QT_DISTRIBUTION = "PySide6-Essentials"
WINDOW_LIBRARIES = (
    ("libEGL.so.1", "libegl1"),
    ("libGL.so.1", "libgl1"),
    ("libdbus-1.so.3", "libdbus-1-3"),
    ("libfontconfig.so.1", "libfontconfig1"),
    ("libglib-2.0.so.0", "libglib2.0-0"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    ("libxcb-cursor.so.0", "libxcb-cursor0"),
)
"""What Qt loads from the system to open a window, each with the package Debian keeps it in."""

_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_FONT_ENDINGS = frozenset({".ttf", ".otf", ".ttc", ".pfb"})
_REQUIREMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class ProgramFacts:
    """The interpreter, the versions of what is installed, and the names of requirements that are not."""

    python: tuple[int, int, int]
    qt_version: str
    missing_requirements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WindowFacts:
    """Whether a window could open: a display, the libraries it needs (those missing, by package), and a font."""

    has_display: bool
    missing_packages: tuple[str, ...]
    has_fonts: bool


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """The place of a store in the file system; modes are permission bits, None where there is no such file.

    `folder` is the nearest one that exists, `file_system` its type, `modified_at` when the store was last written.
    """

    path: Path
    folder: Path
    is_writable: bool
    free_bytes: int
    file_system: str
    file_mode: int | None = None
    folder_mode: int | None = None
    is_ours: bool = True
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LogFacts:
    """Where the collector of the window writes what happens; `written_at` is None while it never did."""

    path: Path
    written_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything that is looked at; `store` is None for one on a server."""

    program: ProgramFacts
    window: WindowFacts
    store: StoreFacts | None
    log: LogFacts
    now: datetime


def look_around(workspace: Workspace, now: datetime, environment: Mapping[str, str]) -> Surroundings:
    """The facts about this machine and this workspace, at a moment of its own clock."""
    path = workspace.store_path
    return Surroundings(
        program=_program(),
        window=_window(environment),
        store=_store(path, now) if path else None,
        log=_log(workspace.log_file, now),
        now=now,
    )


def _program() -> ProgramFacts:
    major, minor, micro = sys.version_info[:3]
    return ProgramFacts((major, minor, micro), _version(QT_DISTRIBUTION), _missing_requirements())


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


def _missing_requirements() -> tuple[str, ...]:
    with contextlib.suppress(metadata.PackageNotFoundError):
        lines = metadata.requires("quarterdeck") or []
        names = [match[0] for line in lines if ";" not in line and (match := _REQUIREMENT.match(line))]
        return tuple(name for name in names if not _version(name))
    return ()


def _window(environment: Mapping[str, str]) -> WindowFacts:
    has_display = any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    missing = tuple(package for library, package in WINDOW_LIBRARIES if not _loads(library))
    return WindowFacts(has_display, missing, _has_fonts())


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has_fonts() -> bool:
    for name in _FONT_FOLDERS:
        for _, _, files in os.walk(Path(name).expanduser()):
            if any(Path(file).suffix.lower() in _FONT_ENDINGS for file in files):
                return True
    return False


def _store(path: Path, now: datetime) -> StoreFacts:
    folder = next((one for one in path.parents if _is_folder(one)), Path("/"))
    status = _status(path)
    return StoreFacts(
        path=path,
        folder=folder,
        is_writable=os.access(path if status else folder, os.W_OK) and os.access(folder, os.W_OK | os.X_OK),
        free_bytes=shutil.disk_usage(folder).free,
        file_system=_file_system(folder),
        file_mode=stat.S_IMODE(status.st_mode) if status else None,
        folder_mode=stat.S_IMODE(folder.stat().st_mode) if folder == path.parent else None,
        is_ours=status is None or status.st_uid == os.geteuid(),
        modified_at=datetime.fromtimestamp(status.st_mtime, now.tzinfo) if status else None,
    )


def _log(path: Path, now: datetime) -> LogFacts:
    status = _status(path)
    return LogFacts(path, datetime.fromtimestamp(status.st_mtime, now.tzinfo) if status else None)


def _is_folder(path: Path) -> bool:
    status = _status(path)
    return status is not None and stat.S_ISDIR(status.st_mode)


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _file_system(folder: Path) -> str:
    """The type of the file system a folder lies on, as the kernel names it; empty when it is not known."""
    import psutil

    inside = [part for part in psutil.disk_partitions(all=True) if folder.is_relative_to(part.mountpoint)]
    return max(inside, key=lambda part: len(part.mountpoint)).fstype if inside else ""
