"""Recorded data that is too large for the repository: measurements and real replies, in a folder beside it."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def data_folder(name: str) -> Path | None:
    """The file or folder ``name`` below ``QUARTERDECK_DATA`` or ``../shared/data``, None where it is absent."""
    path = _recordings() / name
    return path if path.exists() else None


def data_path(name: str) -> Path:
    """The same, and where it is absent the test is skipped."""
    path = data_folder(name)
    if path is None:
        pytest.skip(f"no recorded data {name} in {_recordings()}; name their folder in QUARTERDECK_DATA")
    return path


def _recordings() -> Path:
    return Path(os.environ.get("QUARTERDECK_DATA") or REPOSITORY.parent / "shared" / "data")
