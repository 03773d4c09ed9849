"""Sightings: what a connection saw of the estate by itself, from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

LOOKING = ""
"""The key of a sighting that says no more than that the connection looked."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A connection saw an entity or a relation over `[from_at, to_at)`; with an open end it still names it.

    `last_at` is when it last named it: between that and `to_at` lies the look that did not.
    """

    source: str
    key: str
    from_at: datetime
    to_at: datetime | None
    last_at: datetime

    def covers(self, at: datetime) -> bool:
        """Whether it was seen at a moment."""
        return self.from_at <= at and (self.to_at is None or at < self.to_at)


@dataclass(frozen=True, slots=True)
class DeclaredSpan:
    """A stretch `[from_at, to_at)` over which an entity or a relation was declared, whatever its content."""

    key: str
    from_at: datetime
    to_at: datetime | None
