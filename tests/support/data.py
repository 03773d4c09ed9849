"""Recorded data that is too large for the repository: measurements and real replies, in a folder beside it."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def data_path(name: str) -> Path:
    """The file or folder ``name`` below ``QUARTERDECK_DATA`` or ``../shared/data``; skips the test without it."""
    folder = Path(os.environ.get("QUARTERDECK_DATA") or REPOSITORY.parent / "shared" / "data")
    path = folder / name
    if not path.exists():
        pytest.skip(f"no recorded data {name} in {folder}; name their folder in QUARTERDECK_DATA")
    return path
