"""What the views of security, data and partners draw, in words: immutable, comparable, without Qt."""

from __future__ import annotations

from dataclasses import dataclass

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.compliance.state import EvidenceWords


@dataclass(frozen=True, slots=True)
class PostureCell:
    """One figure: its words, its mark, None where nobody judges it, and how it is known."""

    words: str
    mark: HealthState | None
    is_known: bool
    tip: str
    rank: float


@dataclass(frozen=True, slots=True)
class PostureLine:
    """One subject as a row; `entity_key` is what it is about, `mark` the worst of its cells."""

    id: str
    entity_key: str
    name: str
    group: str
    mark: HealthState
    cells: tuple[PostureCell, ...]


@dataclass(frozen=True, slots=True)
class PostureState:
    """One view at a moment. `shape` is what it is of: a table is made for each; `as_of` says which moment it is.

    `short` are the numbers of the columns of few words, whose room the others need.
    """

    shape: tuple[str, ...]
    subject: str
    columns: tuple[str, ...]
    lines: tuple[PostureLine, ...]
    summary: str
    as_of: str = ""
    short: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PostureDetail:
    """One subject by itself: a block for each figure and each piece of evidence that it rests on."""

    id: str
    entity_key: str
    title: str
    mark: HealthState
    words: str
    blocks: tuple[EvidenceWords, ...]
