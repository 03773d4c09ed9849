"""Naming the line a leftover comes from, so that a failing guard points at code and not only at a test."""

from collections.abc import Iterable
from pathlib import Path
from types import FrameType

REPOSITORY = Path(__file__).resolve().parents[3]


def where(frames: Iterable[tuple[str, int]]) -> str | None:
    """The innermost of ``frames`` (file, line; innermost first) inside this repository, as ``path:line``."""
    for file, line in frames:
        path = Path(file)
        if path.is_relative_to(REPOSITORY) and ".venv" not in path.parts:
            return f"{path.relative_to(REPOSITORY)}:{line}"
    return None


def stack_of(frame: FrameType | None) -> Iterable[tuple[str, int]]:
    """The files and lines of ``frame`` and its callers, innermost first."""
    while frame is not None:
        yield frame.f_code.co_filename, frame.f_lineno
        frame = frame.f_back
