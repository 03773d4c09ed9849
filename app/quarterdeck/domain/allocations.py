"""What a resource was given against what it uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Allocation:
    """A resource's size and use at a moment, both in `unit` (`By`, `1`, `1/s`).

    `resource` names it inside its entity (`/`, `memory`); `kind` is `storage`, `memory`, `processing` or `quota`.
    """

    entity_key: str
    resource: str
    kind: str
    unit: str
    allocated: float
    used: float | None
    observed_at: datetime
