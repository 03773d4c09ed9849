"""Estate documents in the folder of another: teams keep theirs together, so that a conflict can name both places."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import DeclaredEstate
from quarterdeck.sdk.estate_document import parse_estate, read_document
from quarterdeck.services.estate_difference import Elsewhere

MOST_FILES = 100
"""A folder that holds more is no folder of documents, and is looked through so far only."""

_ENDINGS = frozenset({".yaml", ".yml", ".toml"})


def documents_beside(path: Path) -> Elsewhere:
    """Finds documents by their names among the files beside a path; one that does not hold together is none."""
    return partial(_found, path)


def _found(path: Path, names: Collection[str]) -> Mapping[str, DeclaredEstate]:
    found: dict[str, DeclaredEstate] = {}
    for beside in _beside(path):
        try:
            declared = parse_estate(read_document(beside), beside.name)
        except OperatorError:
            continue
        if declared.source in names:
            found.setdefault(declared.source, declared)
    return found


def _beside(path: Path) -> list[Path]:
    try:
        files = sorted(each for each in path.absolute().parent.iterdir() if each.suffix.lower() in _ENDINGS)
    except OSError:
        return []
    return [each for each in files[:MOST_FILES] if each.name != path.name]
