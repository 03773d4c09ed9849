"""Everything the Claims panel draws, in words: immutable, comparable, without Qt.

Next to words stand the numbers that order them (`…_rank`, NaN for what is not known).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.tokens import Tone


@dataclass(frozen=True, slots=True)
class Cell:
    """Words and what orders them."""

    words: str
    rank: float


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """One partner: how its claims held over the range, how late it tells, and both sides as of the play-head."""

    key: str
    name: str
    claimed: HealthState
    claimed_words: str
    measured: HealthState
    measured_words: str
    known: Cell
    agreed: Cell
    too_good: Cell
    alarm: Cell
    planned: Cell
    delay: Cell
    tip: str = ""


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One disagreement. `detail` says in sentences what both sides said and whose fault the outage was."""

    id: str
    subject_key: str
    kind: str
    kind_tone: Tone
    partner: str
    about: str
    began: Cell
    ended: Cell
    lasted: Cell
    claimed: HealthState
    claimed_words: str
    measured: HealthState
    measured_words: str
    fault: str
    detail: str


@dataclass(frozen=True, slots=True)
class ClaimsState:
    """One moment of the panel; `stale` says in a phrase since when nobody collects, empty while somebody does."""

    partners: tuple[PartnerLine, ...]
    entries: tuple[EntryLine, ...]
    summary: str
    stale: str = ""


@dataclass(frozen=True, slots=True)
class PageMessage:
    """What stands in the page's place: what would be here, and the button that brings it, empty for none."""

    sentence: str
    explanation: str
    button: str = ""


Page: TypeAlias = ClaimsState | PageMessage
