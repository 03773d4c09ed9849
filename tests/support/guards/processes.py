"""A test ends its child processes, and theirs: an orphan holds ports, files and leases."""

import contextlib
import ctypes
import os
import sys
from pathlib import Path

import psutil

from tests.support.waiting import is_soon

GRACE_SECONDS = 2.0
_PR_SET_CHILD_SUBREAPER = 36
# Started by the standard library on first use and ended by it with the interpreter.
_STANDARD_LIBRARY = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")


def adopt_orphans() -> None:
    """Make grandchildren whose parent died children of this process, so that the guard sees them (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class ProcessGuard:
    """Finds child processes that were not there before, names their command line and ends them."""

    def __init__(self) -> None:
        self._before = _children()

    def leftovers(self) -> list[str]:
        """One sentence per process that does not end by itself within the grace period."""
        is_soon(lambda: not self._strays(), within_seconds=GRACE_SECONDS)
        return [_end(process) for process in self._strays()]

    def _strays(self) -> list[psutil.Process]:
        strays: list[psutil.Process] = []
        for pid in _children() - self._before:
            with contextlib.suppress(psutil.NoSuchProcess):
                process = psutil.Process(pid)
                if process.status() == psutil.STATUS_ZOMBIE:
                    _reap(pid)
                elif not any(name in " ".join(process.cmdline()) for name in _STANDARD_LIBRARY):
                    strays.append(process)
        return strays


def _children() -> set[int]:
    listings = list(Path("/proc/self/task").glob("*/children"))
    if not listings:
        return {child.pid for child in psutil.Process().children()}
    pids: set[int] = set()
    for listing in listings:
        with contextlib.suppress(OSError):  # the thread ended meanwhile
            pids.update(int(pid) for pid in listing.read_text().split())
    return pids


def _end(process: psutil.Process) -> str:
    sentence = f"the process {process.pid}: {' '.join(process.cmdline())[:200]}"
    with contextlib.suppress(psutil.NoSuchProcess):
        process.kill()
        process.wait(GRACE_SECONDS)
    return sentence


def _reap(pid: int) -> None:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
