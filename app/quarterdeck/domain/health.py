"""Health states and their history as intervals; unknown and stale are never healthy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class HealthState(StrEnum):
    """The seven states an entity can be in."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    DOWN = "down"
    UNREACHABLE = "unreachable"
    MAINTENANCE = "maintenance"
    STALE = "stale"
    UNKNOWN = "unknown"


ROLLUP_CAUSE = "rollup"
"""The cause of an interval whose state comes of other entities."""
MAINTENANCE_CAUSE = "maintenance:"
"""Stands before the window's id in the cause of an interval where planned work decides."""

SEVERITY: dict[HealthState, int] = {
    HealthState.HEALTHY: 0,
    HealthState.MAINTENANCE: 1,
    HealthState.UNKNOWN: 2,
    HealthState.STALE: 3,
    HealthState.DEGRADED: 4,
    HealthState.UNREACHABLE: 5,
    HealthState.DOWN: 6,
}
"""Rank for lists and for the worst of several, from calm to urgent."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a state follows from beyond the entity's own signals.

    `because` are the keys of the roots that explain it, the earliest first. `masked` is an unplanned failure inside or
    behind a maintenance window. `flapping` holds the worst state while the entity's own keeps changing. `held_since_at`
    is since when the state holds, where that began under other grounds.
    """

    because: tuple[str, ...] = ()
    masked: bool = False
    flapping: bool = False
    held_since_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StateInterval:
    """An entity's state over `[from_at, to_at)` with its reason as a sentence; an open end means it still holds.

    `cause` names the signal that decided (`check:login`, `series:error_rate`, `freshness`, …), or `rollup` where the
    entity's own signals did not.
    """

    entity_key: str
    state: HealthState
    reason: str
    from_at: datetime
    to_at: datetime | None = None
    cause: str = ""
    grounds: Grounds = Grounds()

    @property
    def since_at(self) -> datetime:
        """Since when the state holds, whatever its grounds were meanwhile."""
        return self.grounds.held_since_at or self.from_at


def worst(states: Iterable[HealthState]) -> HealthState:
    """The most urgent of several states; `unknown` where there is none."""
    return max(states, key=SEVERITY.__getitem__, default=HealthState.UNKNOWN)


def needs_attention(state: HealthState) -> bool:
    """Whether somebody should look: degraded, down, unreachable and stale do, unknown and maintenance do not."""
    return state in {HealthState.DEGRADED, HealthState.DOWN, HealthState.UNREACHABLE, HealthState.STALE}
