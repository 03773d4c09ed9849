"""What maintenance windows cover: occurrences in time, and by entity over a while."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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

    def edges(self, after_ms: int, until_ms: int) -> Sequence[tuple[int, str]]:
        """Each beginning and end in `(after_ms, until_ms]` with whose it is, in the order of time."""
        first = bisect_right(self._edges, after_ms, key=_FIRST)
        return self._edges[first : bisect_right(self._edges, until_ms, key=_FIRST)]

    def first_difference(self, other: Coverage, from_ms: int, until_ms: int) -> int | None:
        """The first instant in `[from_ms, until_ms)` at which another coverage covers something else; None for none."""
        keys = self._covers.keys() | other._covers.keys()
        differing = [key for key in keys if self._covers.get(key) != other._covers.get(key)]
        found = [at for key in differing for at in self._differences(other, key, (from_ms, until_ms))]
        return min(found, default=None)

    def _differences(self, other: Coverage, key: str, span_ms: tuple[int, int]) -> Iterator[int]:
        held = (*self._covers.get(key, ()), *other._covers.get(key, ()))
        moments = sorted({span_ms[0], *(ms for each in held for ms in (each.from_ms, each.to_ms))})
        for ms in moments[bisect_left(moments, span_ms[0]) : bisect_left(moments, span_ms[1])]:
            if _what(self.at(key, ms)) != _what(other.at(key, ms)):
                yield ms


def _what(cover: Cover | None) -> str | None:
    return None if cover is None else cover.reason
