"""Everything the Overview draws, in words: immutable, comparable, without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.tokens import Tone


@dataclass(frozen=True, slots=True)
class FigureWords:
    """One figure of the strip; `tone` colours its value. The short words stand where there is little room."""

    key: str
    label: str
    value: str
    note: str = ""
    tone: Tone = Tone.TEXT
    short_label: str = ""
    short_note: str = ""
    tool_tip: str = ""


class Follow(StrEnum):
    """Where the button of an attention line leads."""

    PERFORMANCE = "performance"
    INTEGRATION = "integration"
    CONNECTION = "connection"
    INSPECTOR = "inspector"


@dataclass(frozen=True, slots=True)
class AttentionLine:
    """One line of "needs attention".

    `entity_key` is what selecting the line selects, empty for a connection; `target` is what the button opens.
    """

    id: str
    entity_key: str
    state: HealthState
    name: str
    sentence: str
    since: str
    since_exact: str
    follow: Follow
    target: str
    button: str


@dataclass(frozen=True, slots=True)
class CardWords:
    """One integration's card.

    `line` is its state and since when, `availability` over the time that `availability_note` names. `spark` holds the
    values drawn, oldest first, gaps as the one NaN of `math.nan`, so that equal lines compare equal.
    """

    entity_key: str
    name: str
    state: HealthState
    line: str
    availability: str
    availability_note: str
    spark: tuple[float, ...]
    description: str


@dataclass(frozen=True, slots=True)
class Section:
    """The cards of one domain."""

    title: str
    cards: tuple[CardWords, ...]


@dataclass(frozen=True, slots=True)
class OverviewState:
    """The whole page.

    `stale` is a phrase when old numbers are shown, else empty. `quiet` is said in place of the list when nothing needs
    attention, `no_cards` in place of the cards when there is no integration. `attention_count` and `worst` are the
    rail's; `worst` is a HealthState's value, empty when nothing needs attention.
    """

    figures: tuple[FigureWords, ...]
    attention: tuple[AttentionLine, ...]
    sections: tuple[Section, ...]
    attention_count: int
    worst: str
    quiet: str = ""
    no_cards: str = ""
    stale: str = ""


@dataclass(frozen=True, slots=True)
class PageMessage:
    """What stands in the page's place: a sentence, what to do about it, and the verb on the button."""

    sentence: str
    explanation: str
    button: str
