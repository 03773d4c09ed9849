"""How large the store is, how fast it grows, when it will be full, and how long single samples are kept."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

WARNING_DAYS = 7.0
_LOOK_BACK = timedelta(days=14)
_LEAST_SPAN = timedelta(hours=6)
_DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """Single samples older than `raw_days` give way to their summaries; `limit_bytes` is what the store may take.

    None is without end. Events, checks, changes, states and every other record are never thinned. Over the limit the
    oldest single samples go earlier than `raw_days` says, never those of the last day; the log says so.
    """

    raw_days: float | None = None
    limit_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class SizeNote:
    """How large the store was at a moment."""

    at: datetime
    size_bytes: int


@dataclass(frozen=True, slots=True)
class StoreGrowth:
    """The store's size now; growth and the days until the limit, None where nobody can say.

    `bytes_per_day` is unknown until the notes span six hours. `days_left` is 0 once the limit is reached.
    """

    size_bytes: int
    bytes_per_day: float | None
    limit_bytes: int | None
    days_left: float | None

    @property
    def is_warning(self) -> bool:
        """Whether the limit is a week away or less."""
        return self.days_left is not None and self.days_left <= WARNING_DAYS


class StoreSizes(Protocol):
    """What a store tells of its size and of what it keeps."""

    def retention(self) -> RetentionPolicy:
        """The policy in force."""
        ...

    def sizes(self) -> tuple[SizeNote, ...]:
        """Notes of the size, oldest first, about one an hour over some weeks; the last one is of now."""
        ...


class RetentionWriter(Protocol):
    """Who changes the policy."""

    def set_retention(self, policy: RetentionPolicy) -> Future[None]:
        """Put a policy in force; thinning follows in quiet moments."""
        ...


def growth(sizes: Sequence[SizeNote], policy: RetentionPolicy) -> StoreGrowth:
    """From notes of the size, oldest first and at least one: a straight line through those of the last two weeks."""
    now = sizes[-1]
    recent = [note for note in sizes if note.at >= now.at - _LOOK_BACK]
    per_day = _per_day(recent) if now.at - recent[0].at >= _LEAST_SPAN else None
    return StoreGrowth(now.size_bytes, per_day, policy.limit_bytes, _days_left(now.size_bytes, per_day, policy))


def _per_day(notes: Sequence[SizeNote]) -> float:
    days = [(note.at - notes[0].at).total_seconds() / _DAY_SECONDS for note in notes]
    mean_day, mean_size = sum(days) / len(days), sum(note.size_bytes for note in notes) / len(notes)
    spread = sum((day - mean_day) ** 2 for day in days)
    together = sum((day - mean_day) * (note.size_bytes - mean_size) for day, note in zip(days, notes, strict=True))
    return together / spread


def _days_left(size_bytes: int, per_day: float | None, policy: RetentionPolicy) -> float | None:
    if policy.limit_bytes is None:
        return None
    left = policy.limit_bytes - size_bytes
    if left <= 0:
        return 0.0
    return None if per_day is None or per_day <= 0 else left / per_day
