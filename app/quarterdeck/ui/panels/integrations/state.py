"""Everything the Integrations panel draws, in words: immutable, comparable, without Qt.

Next to words stand the numbers that order them (`…_rank`, NaN for what is not known).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.tokens import Tone


class Arrangement(StrEnum):
    """The views of the panel."""

    DOMAIN = "domain"
    PARTNER = "partner"
    EXPIRY = "expiry"
    CALENDAR = "calendar"


LISTS = frozenset({Arrangement.DOMAIN, Arrangement.PARTNER})
"""The views that list the integrations."""


class Stretch(StrEnum):
    """By what the calendar is divided."""

    WEEK = "week"
    MONTH = "month"


class Selection(StrEnum):
    """Which integrations are shown."""

    ALL = "all"
    ATTENTION = "attention"
    DOWN = "down"
    DEGRADED = "degraded"
    SILENT = "silent"
    MAINTENANCE = "maintenance"
    HEALTHY = "healthy"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Cell:
    """Words, what orders them, and what more there is to say."""

    words: str
    rank: float
    tip: str = ""


@dataclass(frozen=True, slots=True)
class ClaimWords:
    """What a partner claims; `state` is None when it claims nothing."""

    state: HealthState | None
    words: str
    tip: str = ""
    is_disputed: bool = False


@dataclass(frozen=True, slots=True)
class IntegrationLine:
    """One integration. `spark` holds the values drawn, oldest first, gaps as the one NaN of `math.nan`.

    `ends_in_days` is when the first thing ends that it stands on, NaN where nothing is known; `is_covered` says that a
    maintenance window covers it, whatever state that leaves it in.
    """

    entity_key: str
    state: HealthState
    name: str
    about: str
    domain: str
    partner: str
    is_internal: bool
    why: Cell
    since: str
    why_tone: Tone
    available: Cell
    is_thin: bool
    response: Cell
    errors: Cell
    rate: Cell
    spark: tuple[float, ...]
    spark_tip: str
    claim: ClaimWords
    age: Cell
    tier: int = 3
    ends_in_days: float = math.nan
    is_covered: bool = False


@dataclass(frozen=True, slots=True)
class IntegrationsState:
    """All integrations of the moment, and the sentence below the table.

    `span` is the length of the range, over the lines. `stale` is a phrase when old numbers are shown, else empty.
    `attention_count` and `worst` are the rail's; `worst` is a HealthState's value, empty when none needs attention.
    """

    lines: tuple[IntegrationLine, ...]
    summary: str
    span: str
    attention_count: int
    worst: str
    stale: str = ""


@dataclass(frozen=True, slots=True)
class ExpiryLine:
    """One certificate: whose, when it ends, how long that is, who vouches for it, and when it was last seen."""

    id: str
    entity_key: str
    state: HealthState
    name: str
    kind: str
    ends: Cell
    left: Cell
    left_tone: Tone
    used_by: str
    issuer: str
    issuer_tone: Tone
    subject: str
    age: Cell


@dataclass(frozen=True, slots=True)
class ExpiryState:
    """Everything that ends, the soonest first, and the sentence below the table."""

    lines: tuple[ExpiryLine, ...]
    summary: str
    stale: str = ""


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """One thing that ends, or of which no end is known: then `ends` and `left` are dashes.

    `week` and `month` are the stretches it stands in, by their titles; `source` says where the date comes from.
    """

    id: str
    entity_key: str
    state: HealthState
    kind: str
    name: str
    ends: Cell
    left: Cell
    left_tone: Tone
    source: Cell
    used_by: str
    week: str
    month: str


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day on which something ends: the worst of it, all of it in words, and the row of the first."""

    day: date
    state: HealthState
    words: str
    row_id: str


@dataclass(frozen=True, slots=True)
class CalendarState:
    """Everything that ends, the soonest first, then what has no known end, and the sentence below the table.

    `days` are the days of the first, `today` the day of the moment shown.
    """

    lines: tuple[CalendarLine, ...]
    summary: str
    days: tuple[CalendarDay, ...] = ()
    today: date = date.min
    stale: str = ""


@dataclass(frozen=True, slots=True)
class PageMessage:
    """What stands in the page's place: a sentence, what to do about it, and the verb on the button, where one helps."""

    sentence: str
    explanation: str
    button: str = ""


Page: TypeAlias = IntegrationsState | ExpiryState | CalendarState | PageMessage
"""What the panel shows: a list, or what stands in its place when there is nothing to list."""
