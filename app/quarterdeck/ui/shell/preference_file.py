"""Preferences in a small file of the user's own, replaced whole so that a crash leaves the old or the new one."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from quarterdeck.domain.errors import OperatorError

_LARGEST_BYTES = 1_000_000
_OWNER_ONLY = 0o600


class PreferenceFile:
    """A `PreferenceStore` in one file, readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> str:
        """The file's text; empty when there is none, or when it cannot be ours."""
        try:
            if self._path.stat().st_size > _LARGEST_BYTES:
                return ""
            return self._path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def write(self, text: str) -> None:
        """Replace the file. Raises OperatorError when the folder cannot be written."""
        beside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with open(beside, "w", encoding="utf-8", opener=_open_private) as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        except OSError as fault:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
            raise OperatorError(
                f"The window's settings cannot be kept: {fault.strerror or fault}.",
                f"Make {self._path.parent} writable.",
            ) from fault


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, _OWNER_ONLY)
