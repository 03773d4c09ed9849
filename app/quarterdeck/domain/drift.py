"""Drift: where what is declared and what sources see do not agree, since when, and where nobody can know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

SEEN_BY = "seen_by"
"""The fact that names the connections which are to see an entity or a relation, separated by commas."""


class DriftStanding(StrEnum):
    """How one entity or relation stands. The first two are drift; of the last two nothing can be said."""

    NOT_SEEN = "declared_not_seen"
    NOT_DECLARED = "seen_not_declared"
    SOURCE_SILENT = "source_silent"
    NO_SOURCE = "no_source"

    @property
    def is_drift(self) -> bool:
        """Whether declaration and sight disagree."""
        return self in {DriftStanding.NOT_SEEN, DriftStanding.NOT_DECLARED}


@dataclass(frozen=True, slots=True)
class Drift:
    """One entity or relation that is not both declared and seen.

    `sources` are the connections that would see it, or do. `since_at` is since when it stands so; None where nothing
    can be said. `first_seen_at` and `last_seen_at` are over all sources, None for what was never seen.
    """

    key: str
    standing: DriftStanding
    sources: tuple[str, ...] = ()
    since_at: datetime | None = None
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None
