"""The window's memory in a small file of the user's own, replaced whole: a crash leaves the old one or the new one."""

from __future__ import annotations

from pathlib import Path

from quarterdeck.domain.errors import OperatorError
from quarterdeck.sdk.local_files import make_private_folder, read_regular_file, replace_file

_LARGEST_BYTES = 1_000_000


class MemoryFile:
    """A `MemoryStore` in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> str:
        """The file's text; empty when there is none, or when it cannot be ours."""
        try:
            return read_regular_file(self._path, _LARGEST_BYTES).data.decode("utf-8")
        except (OperatorError, UnicodeDecodeError):
            return ""

    def write(self, text: str) -> None:
        """Replace the file. Raises OperatorError when it cannot be written."""
        make_private_folder(self._path.parent)
        replace_file(self._path, text.encode("utf-8"))
