"""What a report of a bug needs: the trace, and which program, Python, Qt and system it happened on."""

from __future__ import annotations

import platform
import traceback

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

_LONGEST_TRACE = 12_000


def program_version() -> str:
    """The version of Quarterdeck, or `unknown` in a tree that was never installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("quarterdeck")
    except PackageNotFoundError:
        return "unknown"


def surroundings() -> tuple[tuple[str, str], ...]:
    """Names and values of what the program runs on; nothing of the estate and no path."""
    return (
        ("Quarterdeck", program_version()),
        ("Python", platform.python_version()),
        ("Qt", qVersion()),
        ("Platform", QGuiApplication.platformName()),
        ("System", f"{platform.system()} {platform.release()} {platform.machine()}"),
    )


def report_of(fault: BaseException) -> str:
    """The whole report as text; the end of a very long trace is kept, where the cause stands."""
    trace = "".join(traceback.format_exception(fault))
    head = "\n".join(f"{name}: {value}" for name, value in surroundings())
    return f"{head}\n\n{trace[-_LONGEST_TRACE:]}"
