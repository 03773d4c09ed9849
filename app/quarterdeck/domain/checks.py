"""Active probes' results and what partners claim about themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from quarterdeck.domain.facts import Facts
from quarterdeck.domain.health import HealthState


class CheckOutcome(StrEnum):
    """How a probe ended; unknown means that the probe itself could not tell."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One probe's result; `summary` is a sentence, `facts` carry its measured details."""

    entity_key: str
    name: str
    checked_at: datetime
    outcome: CheckOutcome
    summary: str
    duration_seconds: float | None = None
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class ClaimedStatus:
    """What a partner's own status page says at a moment, in the console's states and in the page's words."""

    entity_key: str
    claimed_at: datetime
    state: HealthState
    words: str
    facts: Facts = ()
