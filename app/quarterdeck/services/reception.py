"""What a connection's time was: received, come late or missing; never more than came is told as received."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from quarterdeck.domain.connections import Reception, ReceptionKind

_POLLS = 2.5
_SLACK = timedelta(seconds=5)
_USUAL_DELAY = 2


@dataclass(frozen=True, slots=True)
class Poll:
    """A good poll: when it began, how often it comes, when the last good one was, and whether others failed since.

    `owed_from_at` is from when on a source that was behind still had something to deliver; None when it owed nothing.
    """

    now: datetime
    every: timedelta
    last_good_at: datetime | None
    has_failed_since: bool = False
    owed_from_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Came:
    """From when to when the records of a poll date, and whether the source had no more for now."""

    oldest_at: datetime | None = None
    newest_at: datetime | None = None
    caught_up: bool = True

    def with_instant(self, instant: datetime) -> Came:
        """With one more record."""
        oldest_at = min(instant, self.oldest_at or instant)
        return replace(self, oldest_at=oldest_at, newest_at=max(instant, self.newest_at or instant))


def stretches(connection_id: str, poll: Poll, came: Came) -> tuple[Reception, ...]:
    """What a good poll tells of the time up to it, as stretches that follow each other."""
    since_at = poll.last_good_at
    if since_at is None or since_at > poll.now:
        return _cut(connection_id, [(ReceptionKind.RECEIVED, poll.now - poll.every)], poll.now)
    if poll.owed_from_at is not None:
        return _cut(connection_id, _paid(since_at, came), poll.now)
    in_time = poll.now - since_at <= _POLLS * poll.every + _SLACK
    if in_time and came.caught_up and not poll.has_failed_since:
        return _cut(connection_id, [(ReceptionKind.RECEIVED, since_at)], poll.now)
    return _cut(connection_id, _after_a_gap(poll, since_at, came), poll.now)


def _after_a_gap(poll: Poll, since_at: datetime, came: Came) -> list[tuple[ReceptionKind, datetime]]:
    recent_at = max(since_at, poll.now - poll.every)
    until_at = recent_at if came.caught_up else poll.now
    marks = [(ReceptionKind.MISSING, since_at)]
    if came.oldest_at is not None and came.newest_at is not None and came.oldest_at < until_at:
        from_at = since_at if came.oldest_at <= since_at + _USUAL_DELAY * poll.every else came.oldest_at
        marks.append((ReceptionKind.LATE, max(from_at, since_at)))
        to_at = until_at if came.newest_at >= until_at - _USUAL_DELAY * poll.every else came.newest_at
        marks.append((ReceptionKind.MISSING, max(to_at, from_at)))
    return [*marks, (ReceptionKind.RECEIVED, recent_at)] if came.caught_up else marks


def _paid(since_at: datetime, came: Came) -> list[tuple[ReceptionKind, datetime]]:
    """What a source that was behind delivers now, and what it still owes."""
    marks: list[tuple[ReceptionKind, datetime]] = []
    if came.oldest_at is not None and came.newest_at is not None:
        newest_at = came.newest_at if not came.caught_up else since_at
        marks = [(ReceptionKind.LATE, min(came.oldest_at, since_at)), (ReceptionKind.MISSING, newest_at)]
    if came.caught_up:
        return [*marks[:1], (ReceptionKind.RECEIVED, since_at)]
    return marks or [(ReceptionKind.MISSING, since_at)]


def _cut(connection_id: str, marks: list[tuple[ReceptionKind, datetime]], end_at: datetime) -> tuple[Reception, ...]:
    """Stretches from the instants at which each kind begins; empty ones are left out."""
    edges = [*(min(from_at, end_at) for _, from_at in marks), end_at]
    found = [
        Reception(connection_id, kind, from_at, to_at)
        for (kind, _), (from_at, to_at) in zip(marks, pairwise(edges), strict=True)
    ]
    return tuple(stretch for stretch in found if stretch.from_at < stretch.to_at)
