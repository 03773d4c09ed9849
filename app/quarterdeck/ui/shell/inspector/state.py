"""What the inspector draws, already in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from quarterdeck.domain.health import HealthState

if TYPE_CHECKING:
    # It brings numpy; the inspector is made right after the first picture, without it.
    from quarterdeck.ui.charts.line_data import FloatArray, LineData


@dataclass(frozen=True, slots=True)
class Line:
    """A label and its value; `age` is how old a value is that is too old to speak for the moment shown."""

    label: str
    value: str
    age: str = ""


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A line with a state's mark: a check, a neighbour or a change of state.

    `key` is the entity it leads to, empty for none; `note` stands at the right end, `detail` below the title.
    """

    state: HealthState
    title: str
    note: str = ""
    detail: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Availability:
    """The share of the counted time that was up, and the durations behind it, over `days`; empty for none.

    `percent` is empty where nothing was counted; `counted` is how much of the days was, empty for nearly all of them.
    """

    percent: str
    counted: str
    up: str
    down: str
    excluded: str
    unknown: str
    days: int


@dataclass(frozen=True, slots=True)
class Claim:
    """What the partner says of itself beside what is measured."""

    claimed_state: HealthState
    claimed: str
    age: str
    disagrees: bool


@dataclass(frozen=True, slots=True)
class InspectorCard:
    """One entity. `since` is how long its state has held, empty when nothing is known; `why` a sentence.

    `now` is what one looks for first, `readings` all that is told. `shown_at` is the moment in the past that is shown,
    None for the present. `fault` says whose fault the outage under way is, `unusual` what is
    outside its usual range, `claim_record` how the partner's claims held.
    """

    key: str
    name: str
    kind: str
    state: HealthState
    since: str
    why: str
    readings: tuple[Line, ...]
    allocations: tuple[Line, ...]
    facts: tuple[Line, ...]
    checks: tuple[MarkedLine, ...]
    upstream: tuple[MarkedLine, ...]
    downstream: tuple[MarkedLine, ...]
    changes: tuple[MarkedLine, ...]
    availability: Availability
    claim: Claim | None
    shown_at: datetime | None = None
    now: tuple[Line, ...] = ()
    fault: tuple[Line, ...] = ()
    unusual: tuple[Line, ...] = ()
    claim_record: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SeriesList:
    """All series of an entity, a column for each thing that is told of them; all columns are equally long.

    `tips` say the name and the meaning whole. `amounts` and `age_seconds` sort; they are NaN where a series told
    nothing up to the moment.
    """

    entity_key: str
    ids: tuple[str, ...]
    names: tuple[str, ...]
    meanings: tuple[str, ...]
    values: tuple[str, ...]
    amounts: FloatArray
    ages: tuple[str, ...]
    age_seconds: FloatArray
    are_fresh: tuple[bool, ...]
    tips: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ChartedSeries:
    """The course of one series over a range in seconds since the epoch.

    `failure` says why its source did not give it, `silent_since` from when on nothing came; both are empty otherwise.
    `is_sharp` says that nothing would be drawn more exactly.
    """

    series_id: str
    line: LineData
    start_s: float
    end_s: float
    play_head_s: float | None
    failure: str = ""
    silent_since: str = ""
    is_sharp: bool = True
