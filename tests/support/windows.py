"""Other processes with a window of their own, for what happens between two starts of the program."""

import subprocess
import sys
from types import TracebackType

_CLAIM = """
import os, sys
from PySide6.QtWidgets import QApplication
from quarterdeck.ui.shell.single_instance import SingleInstance
app = QApplication([])
instance = SingleInstance(sys.argv[1])
print("claimed" if instance.claim() else "raised", flush=True)
if sys.argv[2] == "crash":
    os._exit(9)
instance.release()
"""
_WAIT_SECONDS = 20.0


class Companion:
    """A process that claims a name as its window does, and then ends, or crashes with the socket left behind."""

    def __init__(self, name: str, *, crashes: bool = False) -> None:
        self._arguments = [sys.executable, "-c", _CLAIM, name, "crash" if crashes else "end"]
        self.claimed: bool | None = None

    def __enter__(self) -> "Companion":
        self._process = subprocess.Popen(self._arguments, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wait()

    @property
    def has_ended(self) -> bool:
        """Whether the process is gone."""
        return self._process.poll() is not None

    def wait(self) -> None:
        """Wait for its end, and read what it found."""
        if self.claimed is None:
            out, _ = self._process.communicate(timeout=_WAIT_SECONDS)
            self.claimed = out.strip() == "claimed"
