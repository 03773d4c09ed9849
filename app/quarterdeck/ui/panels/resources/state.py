"""Everything the Resources panel draws, in words: immutable, comparable, without Qt.

Next to words stand the numbers that order them (`rank`, NaN for what is not known).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from quarterdeck.domain.health import HealthState
from quarterdeck.services.capacity import Resource
from quarterdeck.services.capacity_proposals import Proposal
from quarterdeck.ui.theme.tokens import Tone

ALL_KINDS = "all"


class Arrangement(StrEnum):
    """What the table tells of each resource."""

    ALLOCATION = "allocation"
    USAGE = "usage"
    PLAN = "plan"


class Supposed(StrEnum):
    """What proposals suppose of the demand: each entity of its own, and of equal nodes that share it."""

    NOTHING = "nothing"
    TENTH_MORE = "tenth_more"
    QUARTER_MORE = "quarter_more"
    HALF_MORE = "half_more"
    TWICE = "twice"
    ONE_OF_TWO = "one_of_two"
    ONE_OF_THREE = "one_of_three"


@dataclass(frozen=True, slots=True)
class Cell:
    """Words, what orders them, and their colour."""

    words: str
    rank: float
    tone: Tone = Tone.TEXT


@dataclass(frozen=True, slots=True)
class ResourceLine:
    """One resource in every view. `verdict` says whether its size fits; `source` is what it was put into words from."""

    id: str
    entity_key: str
    name: str
    kind: str
    kind_words: str
    mark: HealthState
    mark_words: str
    used: Cell
    allocated: Cell
    share: float
    share_words: str
    trend: Cell
    full: Cell
    interval: Cell
    changed: Cell
    demand: Cell
    busiest: str
    verdict: Cell
    work: Cell
    method: str
    error: Cell
    proposal: Cell
    tip: str
    source: Resource = field(compare=False)
    planned: Proposal = field(compare=False)


@dataclass(frozen=True, slots=True)
class FigureWords:
    """One of the figures above the table; `row_id` is the resource it leads to, if it is of one."""

    key: str
    label: str
    value: str
    note: str = ""
    tone: Tone = Tone.TEXT
    tip: str = ""
    row_id: str = ""


@dataclass(frozen=True, slots=True)
class ProposedLine:
    """One size that is proposed: `ledger-db storage`, `480 → 720 GB`, `+240 GB`."""

    id: str
    name: str
    sizes: str
    difference: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class ResourcesState:
    """One moment of the panel; `kinds` are those there are, with their words, and `stale` says since when it is old."""

    figures: tuple[FigureWords, ...]
    lines: tuple[ResourceLine, ...]
    proposed: tuple[ProposedLine, ...]
    constraint: str
    kinds: tuple[tuple[str, str], ...]
    summary: str
    remarks: tuple[str, ...] = ()
    as_of: str = ""
    stale: str = ""
    is_pending: bool = False


@dataclass(frozen=True, slots=True)
class PageMessage:
    """What stands in the page's place: what would be here, and the button that brings it, empty for none."""

    sentence: str
    explanation: str
    button: str = ""


Page: TypeAlias = ResourcesState | PageMessage
