"""Everything the Overview draws, in words: immutable, comparable, without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.tokens import Tone

EVERYTHING_HEALTHY = "everything_healthy"
EVERYTHING_AVAILABLE = "everything_available"


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
    NOWHERE = "nowhere"


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
class PartWords:
    """What of a machine is in use, and how much."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class CardWords:
    """The card of an integration or a machine.

    `line` is its state and since when, `figure` what is told of it first and `figure_note` what that is. `parts` stand
    in a line of their own beneath. `spark` holds the values drawn, oldest first, gaps as the one NaN of `math.nan`, so
    that equal lines compare equal.
    """

    entity_key: str
    name: str
    state: HealthState
    line: str
    figure: str
    figure_note: str
    spark: tuple[float, ...]
    description: str
    parts: tuple[PartWords, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """The cards under one heading: those of a domain, or the machines."""

    title: str
    cards: tuple[CardWords, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """Sections that share the columns of the page; the next band begins beneath all of them."""

    sections: tuple[Section, ...]
    has_parts: bool = False


@dataclass(frozen=True, slots=True)
class OverviewState:
    """The whole page.

    `stale` is a phrase when old numbers are shown, else empty. `quiet` is said in place of the list when nothing needs
    attention, `no_cards` when there is no integration. `machines` are the most urgent of `machine_count`; `beyond` says
    how the others are found, empty where there are none. `attention_count` and `worst` are the rail's; `worst` is a
    HealthState's value, empty when nothing needs attention.
    """

    figures: tuple[FigureWords, ...]
    attention: tuple[AttentionLine, ...]
    sections: tuple[Section, ...]
    attention_count: int
    worst: str
    machines: Section | None = None
    machine_count: int = 0
    beyond: str = ""
    quiet: str = ""
    no_cards: str = ""
    stale: str = ""


@dataclass(frozen=True, slots=True)
class PageMessage:
    """What stands in the page's place: a sentence, what to do about it, and the verbs on the buttons.

    `watch` is the verb of the button that has this machine watched, empty where that is not offered.
    """

    sentence: str
    explanation: str
    button: str
    watch: str = ""
