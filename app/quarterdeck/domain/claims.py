"""What a partner claims beside what is measured: how the two stand to each other, and the record of both over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import median

from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange

_BADNESS = {
    HealthState.HEALTHY: 0,
    HealthState.DEGRADED: 1,
    HealthState.DOWN: 2,
    HealthState.UNREACHABLE: 2,
}
_WORST = 2
_UNKNOWN = frozenset({HealthState.UNKNOWN, HealthState.STALE})


class Standing(StrEnum):
    """How a claim stands to a measurement.

    `understated` is a claim better than what is measured, `overstated` an outage that is claimed while all is well
    here. Maintenance on either side is `planned` and explains itself; `not_known` is neither agreement nor
    disagreement.
    """

    AGREED = "agreed"
    UNDERSTATED = "understated"
    OVERSTATED = "overstated"
    PLANNED = "planned"
    NOT_KNOWN = "not_known"


DISAGREEMENTS = frozenset({Standing.UNDERSTATED, Standing.OVERSTATED})


def standing(claimed: HealthState, measured: HealthState) -> Standing:
    """How a claim and a measurement stand to each other.

    They disagree when the claim is better than what is measured, and when a partner says it is down and all is well
    here. A partner that admits more trouble than one of its integrations has does not contradict it.
    """
    if claimed in _UNKNOWN or measured in _UNKNOWN:
        return Standing.NOT_KNOWN
    if HealthState.MAINTENANCE in {claimed, measured}:
        return Standing.PLANNED
    if _BADNESS[claimed] == _WORST:
        return Standing.OVERSTATED if _BADNESS[measured] == 0 else Standing.AGREED
    return Standing.UNDERSTATED if _BADNESS[claimed] < _BADNESS[measured] else Standing.AGREED


def contradicts(claimed: HealthState, measured: HealthState) -> bool:
    """Whether a claim and a measurement disagree, either way."""
    return standing(claimed, measured) in DISAGREEMENTS


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: the state and what was said of it, and the states it went through, in their order."""

    state: HealthState
    words: str = ""
    course: tuple[HealthState, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimSpan:
    """One standing over `[from_at, to_at)`; `subject_keys` are the entities whose claim and measurement decided it.

    `is_open` says that it still held at the end of what was looked at, `is_cut` that it began before.
    """

    standing: Standing
    from_at: datetime
    to_at: datetime
    claimed: Side
    measured: Side
    subject_keys: tuple[str, ...] = ()
    is_open: bool = False
    is_cut: bool = False

    @property
    def seconds(self) -> float:
        """Its length inside what was looked at."""
        return (self.to_at - self.from_at).total_seconds()


@dataclass(frozen=True, slots=True)
class ClaimTotals:
    """Seconds of a range by standing; the five add up to the range's length."""

    agreed_seconds: float = 0.0
    understated_seconds: float = 0.0
    overstated_seconds: float = 0.0
    planned_seconds: float = 0.0
    not_known_seconds: float = 0.0

    @property
    def compared_seconds(self) -> float:
        """The time in which both sides were known and neither was in maintenance."""
        return self.agreed_seconds + self.understated_seconds + self.overstated_seconds

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.compared_seconds + self.planned_seconds + self.not_known_seconds

    def share(self, which: Standing) -> float | None:
        """A standing's share (0 to 1): of the compared time, or of all time for planned and not known; None of none."""
        whole = self.seconds if which in {Standing.PLANNED, Standing.NOT_KNOWN} else self.compared_seconds
        return getattr(self, f"{which.value}_seconds") / whole if whole > 0 else None

    @property
    def known_share(self) -> float | None:
        """The share of all time in which both sides were known, in maintenance too; None of no time at all."""
        return 1.0 - self.not_known_seconds / self.seconds if self.seconds > 0 else None


class Told(StrEnum):
    """Whether a partner told of an outage: before we saw it, late, not up to now, never, or it is not known."""

    BEFORE = "before"
    LATE = "late"
    NOT_YET = "not_yet"
    NEVER = "never"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Telling:
    """One measured outage `[from_at, to_at)` and when the partner's page first told of it."""

    from_at: datetime
    to_at: datetime
    measured: Side
    told: Told
    told_at: datetime | None = None
    is_open: bool = False

    @property
    def delay_seconds(self) -> float | None:
        """How long after the onset it was told; 0 for one told before, None for one not told or not known."""
        if self.told is Told.BEFORE:
            return 0.0
        return (self.told_at - self.from_at).total_seconds() if self.told_at is not None else None


def median_delay_seconds(tellings: tuple[Telling, ...]) -> float | None:
    """The middle of the delays of those outages that were told; None when none was."""
    delays = [each.delay_seconds for each in tellings if each.delay_seconds is not None]
    return median(delays) if delays else None


@dataclass(frozen=True, slots=True)
class PartnerRecord:
    """One partner's claims against our measurement over a range: spans without overlap or gap, and what they add up to.

    `read_at` is when its page was last read. `claimed` and `measured` are what holds at the end of the range, however
    short it has held; unknown where nothing was told, or nothing seen.
    """

    partner_key: str
    partner_name: str
    time_range: TimeRange
    spans: tuple[ClaimSpan, ...]
    totals: ClaimTotals
    tellings: tuple[Telling, ...]
    read_at: datetime | None = None
    claimed: Side = Side(HealthState.UNKNOWN)
    measured: Side = Side(HealthState.UNKNOWN)

    @property
    def disagreements(self) -> tuple[ClaimSpan, ...]:
        """The log: only the disagreements, oldest first."""
        return tuple(span for span in self.spans if span.standing in DISAGREEMENTS)
