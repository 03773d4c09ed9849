"""What maintenance windows cover: occurrences in time, and by entity over a while."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter, itemgetter

from quarterdeck.analysis.recurrence import Course
from quarterdeck.domain.estate import Entity
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.maintenance import MaintenanceWindow

_FIRST = itemgetter(0)


def occurrences(window: MaintenanceWindow, time_range: TimeRange) -> Iterator[TimeRange]:
    """The occurrences that share an instant with a range, whole, in order, as they were cut. Raises InvalidRule."""
    cuts = {cut.start_at: cut.end_at for cut in window.cuts}
    course = Course(window.start_at, window.rule, window.zone)
    for start_at in course.starts(time_range.start_at - window.length, time_range.end_at):
        end_at = min(cuts.get(start_at, start_at + window.length), start_at + window.length)
        if window.closed_at is not None:
            end_at = min(end_at, window.closed_at)
        if end_at > max(start_at, time_range.start_at):
            yield TimeRange(start_at, end_at)


def differing(before: MaintenanceWindow | None, after: MaintenanceWindow, until_at: datetime) -> tuple[TimeRange, ...]:
    """Where a window covers otherwise than it did, up to an instant, in order. Raises InvalidRule."""
    now = set(_all(after, until_at))
    then = set(_all(before, until_at)) if before is not None else set[TimeRange]()
    is_alike = before is not None and _what(before) == _what(after)
    return tuple(sorted(now ^ then if is_alike else now | then, key=attrgetter("start_at", "end_at")))


def _all(window: MaintenanceWindow, until_at: datetime) -> Iterator[TimeRange]:
    if window.start_at < until_at:
        yield from occurrences(window, TimeRange(window.start_at, until_at))


def _what(window: MaintenanceWindow) -> tuple[frozenset[str], frozenset[str], str]:
    return frozenset(window.entity_keys), frozenset(window.domains), window.reason


@dataclass(frozen=True, slots=True)
class Cover:
    """One occurrence over `[from_ms, to_ms)`, of which window and for what reason."""

    from_ms: int
    to_ms: int
    window_id: str
    reason: str


class Coverage:
    """Which entities are covered when, over the range it was worked out for."""

    def __init__(self, covers: Mapping[str, Sequence[Cover]]) -> None:
        self._covers = covers
        edges = {(ms, key) for key, held in covers.items() for each in held for ms in (each.from_ms, each.to_ms)}
        self._edges = sorted(edges)

    @classmethod
    def of(cls, windows: Iterable[MaintenanceWindow], entities: Iterable[Entity], time_range: TimeRange) -> Coverage:
        """What windows cover of some entities over a range."""
        known: set[str] = set()
        by_domain: dict[str, list[str]] = defaultdict(list)
        for entity in entities:
            known.add(entity.key)
            by_domain[entity.domain].append(entity.key)
        covers: dict[str, list[Cover]] = defaultdict(list)
        for window in windows:
            found = [
                Cover(to_ms(each.start_at), to_ms(each.end_at), window.id, window.reason)
                for each in occurrences(window, time_range)
            ]
            named = known.intersection(window.entity_keys).union(*(by_domain[name] for name in window.domains))
            for key in named if found else ():
                covers[key] += found
        return cls({key: sorted(held, key=attrgetter("from_ms", "to_ms", "window_id")) for key, held in covers.items()})

    def at(self, key: str, at_ms: int) -> Cover | None:
        """What covers an entity at an instant, the longest lasting of several; None for nothing."""
        held = [each for each in self._covers.get(key, ()) if each.from_ms <= at_ms < each.to_ms]
        return max(held, key=attrgetter("to_ms"), default=None)

    def since_ms(self, key: str, at_ms: int) -> int:
        """Since when an entity that is covered at an instant has been so without a break; else the instant itself."""
        begun_ms = at_ms
        for each in sorted(self._covers.get(key, ()), key=attrgetter("from_ms"), reverse=True):
            if each.from_ms < begun_ms <= each.to_ms:
                begun_ms = each.from_ms
        return begun_ms

    def edges(self, after_ms: int, until_ms: int) -> Sequence[tuple[int, str]]:
        """Each beginning and end in `(after_ms, until_ms]` with whose it is, in the order of time."""
        first = bisect_right(self._edges, after_ms, key=_FIRST)
        return self._edges[first : bisect_right(self._edges, until_ms, key=_FIRST)]
