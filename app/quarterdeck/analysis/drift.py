"""Telling drift from what was declared and seen over time: pure rules, as of any moment.

A source would see a thing when its declaration names it (`seen_by`), when it saw it before, or, for a relation, when it
sees relations of that kind at both its ends. What no source would see is not known to be missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from quarterdeck.domain.drift import Drift, DriftStanding
from quarterdeck.domain.sightings import LOOKING, DeclaredSpan, Sighting


@dataclass(frozen=True, slots=True)
class DeclaredThing:
    """An entity or a relation that is declared at the moment: who is to see it, and a relation's kind and ends."""

    key: str
    seen_by: tuple[str, ...] = ()
    kind: str = ""
    ends: tuple[str, str] | None = None


@dataclass(slots=True)
class _Sights:
    """The sightings up to a moment, at hand by key, and by which ends each source sees relations of a kind."""

    at: datetime
    by_key: dict[str, list[Sighting]] = field(default_factory=lambda: defaultdict[str, list[Sighting]](list))
    looking: dict[str, Sighting] = field(default_factory=dict[str, Sighting])
    ends: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict[tuple[str, str], set[str]](set))

    def seen_now(self, key: str) -> list[Sighting]:
        """Who sees it at the moment."""
        return [each for each in self.by_key.get(key, ()) if each.covers(self.at)]


def drift_at(
    at: datetime,
    declared: Iterable[DeclaredThing],
    spans: Sequence[DeclaredSpan],
    sightings: Iterable[Sighting],
    *,
    answering: Collection[str],
) -> tuple[tuple[Drift, ...], int]:
    """Everything that is not both declared and seen at a moment, by key; and how much is both.

    `answering` are the sources that brought something around then: only what they see or do not see counts.
    """
    sights, since = _sights(at, sightings), _Declarations(at, spans)
    found: list[Drift] = []
    things = {thing.key: thing for thing in declared}
    agreed = 0
    for thing in things.values():
        if any(each.source in answering for each in sights.seen_now(thing.key)):
            agreed += 1
        else:
            found.append(_unseen(thing, sights, since.of(thing.key), answering))
    others = (_undeclared(key, sights, since, answering) for key in sights.by_key if key not in things)
    found += [told for told in others if told is not None]
    return tuple(sorted(found, key=lambda each: each.key)), agreed


def _sights(at: datetime, sightings: Iterable[Sighting]) -> _Sights:
    sights = _Sights(at)
    for each in sightings:
        if each.from_at > at:
            continue
        if each.key == LOOKING:
            if each.covers(at):
                sights.looking[each.source] = each
            continue
        sights.by_key[each.key].append(each)
        kind, colon, ends = each.key.partition(":")
        if colon and each.covers(at):
            sights.ends[each.source, kind].update(ends.split(">"))
    return sights


def _unseen(thing: DeclaredThing, sights: _Sights, declared_at: datetime, answering: Collection[str]) -> Drift:
    would = tuple(sorted(set(_watchers(thing, sights))))
    seen = sights.by_key.get(thing.key, [])
    first_at, last_at = _bounds(seen, sights.at)
    awake = [source for source in would if source in answering and source in sights.looking]
    if not awake:
        standing = DriftStanding.SOURCE_SILENT if would else DriftStanding.NO_SOURCE
        return Drift(thing.key, standing, would, first_seen_at=first_at, last_seen_at=last_at)
    ended = [each.to_at for each in seen if each.source in awake and each.to_at is not None and each.to_at <= sights.at]
    looked_at = min(sights.looking[source].from_at for source in awake)
    since_at = max(declared_at, max(ended) if ended else looked_at)
    return Drift(thing.key, DriftStanding.NOT_SEEN, tuple(awake), since_at, first_at, last_at)


def _watchers(thing: DeclaredThing, sights: _Sights) -> Iterator[str]:
    yield from thing.seen_by
    yield from (each.source for each in sights.by_key.get(thing.key, ()))
    if thing.ends is not None:
        yield from (
            source for (source, kind), ends in sights.ends.items() if kind == thing.kind and ends.issuperset(thing.ends)
        )


def _undeclared(key: str, sights: _Sights, since: _Declarations, answering: Collection[str]) -> Drift | None:
    now = sights.seen_now(key)
    if not now:
        return None
    seen = [each for each in now if each.source in answering]
    first_at, last_at = _bounds(sights.by_key[key], sights.at)
    sources = tuple(sorted({each.source for each in seen or now}))
    if not seen:
        return Drift(key, DriftStanding.SOURCE_SILENT, sources, first_seen_at=first_at, last_seen_at=last_at)
    since_at = min(each.from_at for each in seen)
    ended_at = since.ended(key)
    return Drift(
        key,
        DriftStanding.NOT_DECLARED,
        sources,
        since_at if ended_at is None else max(since_at, ended_at),
        first_at,
        last_at,
    )


def _bounds(seen: Sequence[Sighting], at: datetime) -> tuple[datetime | None, datetime | None]:
    """When it was first and last seen, as it was known at a moment."""
    first_at = min((each.from_at for each in seen), default=None)
    return first_at, max((min(each.last_at, at) for each in seen), default=None)


class _Declarations:
    """Since when what is declared has been so without a gap, and until when what is not was."""

    def __init__(self, at: datetime, spans: Sequence[DeclaredSpan]) -> None:
        self._at = at
        self._since: dict[str, datetime] = {}
        self._until: dict[str, datetime | None] = {}
        for span in sorted(spans, key=lambda each: (each.key, each.from_at)):
            if span.from_at > at:
                continue
            until_at = self._until.get(span.key, span.from_at)
            if span.key not in self._since or (until_at is not None and span.from_at > until_at):
                self._since[span.key] = span.from_at
                until_at = span.from_at
            ends_at = span.to_at
            self._until[span.key] = None if until_at is None or ends_at is None else max(until_at, ends_at)

    def of(self, key: str) -> datetime:
        """Since when it is declared; the moment itself for what no stretch tells of."""
        return self._since.get(key, self._at)

    def ended(self, key: str) -> datetime | None:
        """Until when it was declared; None for what never was."""
        return self._until.get(key)


def is_relation_key(key: str) -> bool:
    """Whether a key is a relation's: kind, colon, ends; an entity's has no colon."""
    return ":" in key


def ends_of(key: str) -> tuple[str, str]:
    """The ends of a relation by its key."""
    first, _, second = key.partition(":")[2].partition(">")
    return first, second
