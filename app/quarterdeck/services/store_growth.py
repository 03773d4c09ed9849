"""How large the store is, how fast it grows, when its room ends, and how long samples are kept at which resolution."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

import numpy as np

from quarterdeck.analysis.trends import Trend, present_trend
from quarterdeck.domain.errors import OperatorError

WARNING_DAYS = 7.0
_LOOK_BACK = timedelta(days=14)
_LEAST_SPAN_DAYS = 0.25
_DAY_SECONDS = 86_400.0
_LONGEST_DAYS = 36_500.0
_SMALLEST_LIMIT_BYTES = 64 * 1024 * 1024
_AT_THE_LIMIT = 0.98
"""Thinning keeps a store just below its limit: from this share on it counts as reached."""


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """How many days samples are kept at each resolution, and what the store may take; None is without end.

    `raw_days` is for single samples, `fine_days` for summaries of up to 256 of them, `coarse_days` for summaries of up
    to 4,096. Events, checks, changes, states and every other record are never thinned. Over `limit_bytes` the oldest
    single samples go earlier than `raw_days` says, never those of the last day; the log says so.
    """

    raw_days: float | None = None
    limit_bytes: int | None = None
    fine_days: float | None = None
    coarse_days: float | None = None

    def ensure_sensible(self) -> None:
        """Raises OperatorError for a policy that cannot be meant: it keeps nothing, or coarser for a shorter time."""
        kept = [days for days in (self.raw_days, self.fine_days, self.coarse_days) if days is not None]
        if any(not 0 < days <= _LONGEST_DAYS for days in kept):
            message = "Samples cannot be kept for that long."
            raise OperatorError(message, f"Name days between 1 and {_LONGEST_DAYS:,.0f}, or forever.")
        chain = [_LONGEST_DAYS + 1 if d is None else d for d in (self.raw_days, self.fine_days, self.coarse_days)]
        if chain != sorted(chain):
            message = "A coarser resolution cannot be kept for a shorter time than a finer one."
            raise OperatorError(message, "Keep single samples the shortest and coarse summaries the longest.")
        if self.limit_bytes is not None and self.limit_bytes < _SMALLEST_LIMIT_BYTES:
            message = "The store cannot be held to so little room."
            raise OperatorError(message, "Allow it 64 MB at least.")


@dataclass(frozen=True, slots=True)
class SizeNote:
    """How large the store was at a moment."""

    at: datetime
    size_bytes: int


class RoomEnd(StrEnum):
    """What the store meets first when it grows on."""

    LIMIT = "limit"
    DISK = "disk"


@dataclass(frozen=True, slots=True)
class DaysLeft:
    """Days until the room ends: the most likely, and between which two it lies in nine cases of ten."""

    earliest: float
    likely: float
    latest: float


@dataclass(frozen=True, slots=True)
class StoreGrowth:
    """The store's size now, its growth in bytes a day, what it keeps, the room it has, and when that ends.

    `per_day` is unknown until the notes span six hours. `room_end` is what it meets first, None without a limit and on
    a disk nobody knows. `days_left` is None where the growth is unknown, or may as well be none.
    """

    size_bytes: int
    per_day: Trend | None
    policy: RetentionPolicy
    free_bytes: int | None
    room_end: RoomEnd | None
    days_left: DaysLeft | None

    @property
    def is_warning(self) -> bool:
        """Whether the room may end within a week."""
        return self.days_left is not None and self.days_left.earliest <= WARNING_DAYS


@dataclass(frozen=True, slots=True)
class SingleSamples:
    """How far back single samples are held, and which share of them, from 0 to 1, lies before an instant.

    Both are told of what is packed away; `oldest_at` is None where nothing is, or where no calendar has the instant.
    """

    oldest_at: datetime | None
    share_before: float


class StoreSizes(Protocol):
    """What a store tells of its size and of what it keeps."""

    def retention(self) -> RetentionPolicy:
        """The policy in force."""
        ...

    def sizes(self) -> tuple[SizeNote, ...]:
        """Notes of the size, oldest first, about one an hour over some weeks; the last one is of now."""
        ...

    def free_bytes(self) -> int | None:
        """What is free where the store lies; None where nobody can say."""
        ...

    def single_samples(self, before: datetime) -> SingleSamples:
        """What thinning would take that keeps single samples from an instant on."""
        ...


class Housekeeping(Protocol):
    """Who changes what a store keeps."""

    def set_retention(self, policy: RetentionPolicy) -> Future[None]:
        """Put a policy in force; thinning follows in quiet moments."""
        ...

    def vacuum(self) -> None:
        """Thin what the policy no longer keeps and give all free room back to the disk; returns when that is done.

        It works in short slices between what others write, and so does not disturb a collector that runs. Raises
        StoreUnavailable or StoreDamaged.
        """
        ...


def growth_of(store: StoreSizes) -> StoreGrowth:
    """The growth of a store as it stands."""
    return growth(store.sizes(), store.retention(), store.free_bytes())


def growth(sizes: Sequence[SizeNote], policy: RetentionPolicy, free_bytes: int | None = None) -> StoreGrowth:
    """From notes of the size, oldest first and at least one; those of the last two weeks count."""
    now = sizes[-1]
    recent = [note for note in sizes if note.at >= now.at - _LOOK_BACK]
    per_day = _per_day(recent)
    room_end, room_bytes = _room(now.size_bytes, policy, free_bytes)
    if _is_at_limit(recent, policy):
        room_end, days_left = RoomEnd.LIMIT, DaysLeft(0.0, 0.0, 0.0)
    else:
        days_left = _days_left(room_bytes, per_day)
    return StoreGrowth(now.size_bytes, per_day, policy, free_bytes, room_end, days_left)


def _per_day(notes: Sequence[SizeNote]) -> Trend | None:
    days = [(note.at - notes[0].at).total_seconds() / _DAY_SECONDS for note in notes]
    sizes = [float(note.size_bytes) for note in notes]
    return present_trend(np.array(days), np.array(sizes), least_days=_LEAST_SPAN_DAYS)


def _room(size_bytes: int, policy: RetentionPolicy, free_bytes: int | None) -> tuple[RoomEnd | None, int | None]:
    """What ends the room first, and how many bytes are left until then."""
    ends: list[tuple[int, RoomEnd]] = []
    if policy.limit_bytes is not None:
        ends.append((max(0, policy.limit_bytes - size_bytes), RoomEnd.LIMIT))
    if free_bytes is not None:
        ends.append((free_bytes, RoomEnd.DISK))
    room_bytes, room_end = min(ends, default=(None, None))
    return room_end, room_bytes


def _is_at_limit(recent: Sequence[SizeNote], policy: RetentionPolicy) -> bool:
    """Whether the limit was reached in the last week: a store that is held at it goes a little up and down below it."""
    if policy.limit_bytes is None:
        return False
    reached, now = _AT_THE_LIMIT * policy.limit_bytes, recent[-1]
    week = timedelta(days=WARNING_DAYS)
    largest = max(note.size_bytes for note in recent if note.at >= now.at - week)
    return now.size_bytes >= reached or (largest >= reached and now.size_bytes >= policy.limit_bytes / 2)


def _days_left(room_bytes: int | None, per_day: Trend | None) -> DaysLeft | None:
    if room_bytes is None:
        return None
    if room_bytes == 0:
        return DaysLeft(0.0, 0.0, 0.0)
    if per_day is None or per_day.low <= 0:
        return None
    return DaysLeft(room_bytes / per_day.high, room_bytes / per_day.slope, room_bytes / per_day.low)
