"""The ledger of an objective: every stretch of its window by what it counts as, and who or what decided so.

Time is whole microseconds since the epoch, so that the stretches add up to the window without a remainder.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from quarterdeck.domain.instants import EPOCH, TimeRange

MICROSECOND = timedelta(microseconds=1)


class Standing(StrEnum):
    """What a stretch of a window counts as. Unknown is none of the others, and never silently one of them."""

    GOOD = "good"
    BAD = "bad"
    EXCLUDED = "excluded"
    UNKNOWN = "unknown"


STANDINGS = tuple(Standing)
"""The standings by their number in arrays."""


class Basis(StrEnum):
    """What is counted: the time that was good, or what happened in it."""

    TIME = "time"
    EVENTS = "events"


class DecidedBy(StrEnum):
    """Who or what made a stretch count as it does."""

    MEASUREMENT = "measurement"
    MAINTENANCE = "maintenance"
    RULE = "rule"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class CountingRule:
    """How a ledger is counted. `unknown` says what unmeasured time counts as: apart, bad, or excluded.

    Without `excludes_maintenance` planned work counts as it was measured, with `degraded_is_bad` degraded time is bad,
    and without `follows_corrections` what people reclassified counts as it was measured.
    """

    unknown: Standing = Standing.UNKNOWN
    excludes_maintenance: bool = True
    degraded_is_bad: bool = False
    follows_corrections: bool = True


USUAL_RULE = CountingRule()


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One stretch `[from_us, to_us)`: what it counts as, why in words, and who decided it.

    `decided_id` is the maintenance window's id or the correction's number. `good` of `total` happened in it where
    events are counted, both 0 else.
    """

    from_us: int
    to_us: int
    standing: Standing
    reason: str
    decided_by: DecidedBy = DecidedBy.MEASUREMENT
    decided_id: str = ""
    good: float = 0.0
    total: float = 0.0

    @property
    def from_at(self) -> datetime:
        """When it begins."""
        return instant_of_us(self.from_us)

    @property
    def to_at(self) -> datetime:
        """When it ends, exclusive."""
        return instant_of_us(self.to_us)

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.to_us - self.from_us) / 1e6


@dataclass(frozen=True, slots=True)
class Tally:
    """A stretch of a ledger added up: microseconds by standing, and of events how many were good of how many.

    Only what counted is in `good` and `total`; whether time or events make the share is told by `basis`.
    """

    basis: Basis
    good_us: int = 0
    bad_us: int = 0
    excluded_us: int = 0
    unknown_us: int = 0
    good: float = 0.0
    total: float = 0.0

    @property
    def length_us(self) -> int:
        """The whole stretch."""
        return self.good_us + self.bad_us + self.excluded_us + self.unknown_us

    @property
    def attained(self) -> float | None:
        """The share of good (0 to 1) in what counted; None when nothing could be counted."""
        if self.basis is Basis.EVENTS:
            return self.good / self.total if self.total > 0 else None
        counted = self.good_us + self.bad_us
        return self.good_us / counted if counted > 0 else None

    @property
    def known_share(self) -> float:
        """How much of the time that is not excluded was measured (0 to 1); 0 where there is none."""
        counted = self.good_us + self.bad_us
        return counted / (counted + self.unknown_us) if counted > 0 else 0.0


def to_us(instant: datetime) -> int:
    """Microseconds since the epoch of an aware instant."""
    return (instant - EPOCH) // MICROSECOND


def instant_of_us(microseconds: int) -> datetime:
    """The aware UTC instant of a count of microseconds since the epoch."""
    return EPOCH + timedelta(microseconds=microseconds)


def span_us(time_range: TimeRange) -> tuple[int, int]:
    """Both ends of a range in microseconds."""
    return to_us(time_range.start_at), to_us(time_range.end_at)
