"""Everything the Objectives panel draws, in words: immutable, comparable, without Qt.

Next to words stand the numbers that order them (`rank`, NaN for what is not known).
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
class ObjectiveLine:
    """One objective: `mark` is the lamp of how it stands, `tip` what is wrong with it or short of data."""

    id: str
    entity_key: str
    entity: str
    name: str
    target: Cell
    window: str
    attained: Cell
    mark: HealthState
    stands: str
    left: Cell
    burn: Cell
    burn_tone: Tone
    forecast: str
    forecast_tip: str
    unmeasured: Cell
    tip: str = ""


@dataclass(frozen=True, slots=True)
class StripPart:
    """A stretch of the ledger from and to as shares (0 to 1) of its window, and how it counts."""

    start: float
    end: float
    mark: HealthState


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry of the ledger; `mark` stands for what it counts as. The times as text can be typed back."""

    id: str
    began: Cell
    ended: Cell
    lasted: Cell
    mark: HealthState
    counts_as: str
    counted: Cell
    decided: str
    why: str
    from_text: str
    to_text: str


@dataclass(frozen=True, slots=True)
class LedgerState:
    """The ledger of one objective: figures by the rule chosen and by the usual one, the strip, and every entry.

    `left` is the share of the budget left over the window (NaN for none). `fault` stands where nothing can be counted.
    `can_change` says whether the form can say all of the definition; `draft` is what it begins with.
    """

    id: str
    entity_key: str
    title: str
    sentences: tuple[str, ...]
    beside: tuple[str, ...]
    corrections: tuple[str, ...]
    strip: tuple[StripPart, ...]
    strip_words: str
    left: tuple[float, ...]
    left_words: str
    entries: tuple[EntryLine, ...]
    fault: str = ""
    can_correct: bool = True
    why_not_changed: str = ""
    form: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectivesState:
    """One moment of the panel; in the past nothing can be written."""

    lines: tuple[ObjectiveLine, ...]
    summary: str
    is_past: bool = False


@dataclass(frozen=True, slots=True)
class PageMessage:
    """What stands in the page's place: what would be here, and the button that brings it, empty for none."""

    sentence: str
    explanation: str
    button: str = ""


Page: TypeAlias = ObjectivesState | PageMessage


@dataclass(frozen=True, slots=True)
class CorrectionAnswer:
    """What the dialog of a correction was filled in with."""

    from_text: str
    to_text: str
    counts_as: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class ObjectiveAnswer:
    """What the form of an objective was filled in with."""

    entity_key: str
    name: str
    kind: str
    target_percent: float
    window: str
    starts: str
    zone: str
    query: str
    total: str
    bound: float | None


Answer: TypeAlias = CorrectionAnswer | ObjectiveAnswer
