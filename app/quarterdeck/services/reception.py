"""What a connection's time was: received, come late or missing; never more than came is told as received."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from quarterdeck.domain.connections import Reception, ReceptionKind

_POLLS = 2.5
_SLACK = timedelta(seconds=5)
_USUAL_DELAY = 2
_Marks = list[tuple[ReceptionKind, datetime]]
"""The instants at which each kind begins."""


@dataclass(frozen=True, slots=True)
class Owed:
    """From when on a source that is behind has still to deliver, and until when it was gone since then, if it was.

    Whether a source still has what happened while it was gone shows only when it delivers. Where it answered all the
    time and was merely behind, its word that it has caught up is enough.
    """

    from_at: datetime
    gone_until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """A good poll: when it began, how often it comes, when the last good one was, and whether others failed since.

    `owed` is what the source had still to deliver at the last good poll; None when it owed nothing.
    """

    now: datetime
    every: timedelta
    last_good_at: datetime | None
    has_failed_since: bool = False
    owed: Owed | None = None

    @property
    def from_at(self) -> datetime:
        """From when on what comes tells of time that is not told of yet."""
        if self.last_good_at is None or self.last_good_at > self.now:  # the first, or the clock was set back
            return self.now - self.every
        return self.last_good_at if self.owed is None else min(self.owed.from_at, self.last_good_at)

    @property
    def is_in_time(self) -> bool:
        """Whether the last good poll was so lately that nothing can have been missed since."""
        if self.last_good_at is None or self.has_failed_since:
            return False
        return self.now - self.last_good_at <= _POLLS * self.every + _SLACK

    @property
    def usual_delay(self) -> timedelta:
        """By how much the records of a source may miss an edge without a gap."""
        return _USUAL_DELAY * self.every


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
        kind = ReceptionKind.RECEIVED if came.caught_up else ReceptionKind.MISSING
        return _cut(connection_id, [(kind, poll.from_at)], poll.now)
    if not poll.is_in_time:
        return _cut(connection_id, _after_a_gap(poll, since_at, came), poll.now)
    if came.caught_up and poll.owed is None:
        return _cut(connection_id, [(ReceptionKind.RECEIVED, since_at)], poll.now)
    return _cut(connection_id, _behind(poll, since_at, came), poll.now)


def owed_after(poll: Poll, came: Came) -> Owed | None:
    """What the source still owes after a good poll."""
    if came.caught_up:
        return None
    from_at = max(poll.from_at, came.newest_at or poll.from_at)
    gone_until_at = poll.owed.gone_until_at if poll.owed else None
    if poll.last_good_at is not None and not poll.is_in_time:
        gone_until_at = poll.now
    if gone_until_at is not None and from_at >= gone_until_at - poll.usual_delay:
        gone_until_at = None
    return Owed(from_at, gone_until_at)


def owed_before(recorded: Iterable[Reception], last_good_at: datetime) -> Owed | None:
    """What a source still owed at its last good poll, by what is recorded of its connection.

    After a good poll time is missing right up to it only while the source is behind.
    """
    for stretch in recorded:
        if stretch.kind is ReceptionKind.MISSING and stretch.from_at < last_good_at <= stretch.to_at:
            return Owed(stretch.from_at, last_good_at)
    return None


def _after_a_gap(poll: Poll, since_at: datetime, came: Came) -> _Marks:
    recent_at = max(since_at, poll.now - poll.every)
    until_at = recent_at if came.caught_up else poll.now
    marks = _shown(poll.from_at, until_at, poll.usual_delay, came)
    return [*marks, (ReceptionKind.RECEIVED, recent_at)] if came.caught_up else marks


def _behind(poll: Poll, since_at: datetime, came: Came) -> _Marks:
    """What a source that is or was behind, and answered in time, delivers now, and what it still owes."""
    from_at = poll.from_at
    gone_until_at = poll.owed.gone_until_at if poll.owed else None
    answered_at = from_at if gone_until_at is None else max(from_at, min(gone_until_at, since_at))
    if came.caught_up:
        marks = _shown(from_at, answered_at, poll.usual_delay, came)
        return [*marks, (ReceptionKind.LATE, answered_at), (ReceptionKind.RECEIVED, since_at)]
    if answered_at == from_at and came.oldest_at is not None:
        came = replace(came, oldest_at=from_at)
    return _shown(from_at, poll.now, poll.usual_delay, came)


def _shown(from_at: datetime, until_at: datetime, usual_delay: timedelta, came: Came) -> _Marks:
    """Of a stretch what came of it is late and the rest missing."""
    marks: _Marks = [(ReceptionKind.MISSING, from_at)]
    if came.oldest_at is not None and came.newest_at is not None and came.oldest_at < until_at:
        late_at = from_at if came.oldest_at <= from_at + usual_delay else came.oldest_at
        marks.append((ReceptionKind.LATE, late_at))
        to_at = until_at if came.newest_at >= until_at - usual_delay else came.newest_at
        marks.append((ReceptionKind.MISSING, max(to_at, late_at)))
    return marks


def _cut(connection_id: str, marks: _Marks, end_at: datetime) -> tuple[Reception, ...]:
    """Stretches from the instants at which each kind begins; empty ones are left out, alike neighbours are one."""
    edges = [*(min(from_at, end_at) for _, from_at in marks), end_at]
    found: list[Reception] = []
    for (kind, _), (from_at, to_at) in zip(marks, pairwise(edges), strict=True):
        if from_at >= to_at:
            continue
        if found and found[-1].kind is kind:
            found[-1] = replace(found[-1], to_at=to_at)
        else:
            found.append(Reception(connection_id, kind, from_at, to_at))
    return tuple(found)
