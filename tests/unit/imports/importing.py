"""Importing texts in tests, and what a refusal says."""

from pathlib import Path

import pytest

from quarterdeck.domain.errors import InvalidEstate
from quarterdeck.services.estate_import import ForeignFile, ImportedEstate, read_foreign_estate

SAMPLES = Path(__file__).with_name("samples")
HEAD = "apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata:\n  name: {name}\n"


def sample(name: str) -> tuple[str, str]:
    """A sample file by its name, with its text."""
    return name, (SAMPLES / name).read_text(encoding="utf-8")


def imported(*files: tuple[str, str]) -> ImportedEstate:
    """What files of these names and texts declare."""
    return read_foreign_estate([ForeignFile(name, text.encode()) for name, text in files])


def told_by(*files: tuple[str, str]) -> list[str]:
    """The lines of the refusal of these files."""
    with pytest.raises(InvalidEstate) as caught:
        imported(*files)
    return list(caught.value.lines or (caught.value.message,))
