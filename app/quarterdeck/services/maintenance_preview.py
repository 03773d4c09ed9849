"""What a window would come to, before it is kept: when it comes next, what it covers, and what it leaves red."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from quarterdeck.analysis.coverage import occurrences
from quarterdeck.analysis.reach import reached
from quarterdeck.analysis.recurrence import InvalidRule, zone_of
from quarterdeck.domain.estate import Entity, Estate
from quarterdeck.domain.health import SEVERITY, HealthState
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.maintenance import MaintenanceRecord, MaintenanceWindow
from quarterdeck.services.maintenance import last_occurrence

MOST_OCCURRENCES = 5
_LOOK_AHEAD = timedelta(days=3 * 366)
_CLOCKS_AHEAD = timedelta(days=366)
_ONE_SECOND = timedelta(seconds=1)


class ClockChange(StrEnum):
    """What a change of the clocks does to an occurrence."""

    MOVED_START = "moved start"
    """The local start is left out that day: it begins an hour later by the clock."""
    FIRST_OF_TWO = "first of two"
    """The local start comes twice that day; the first is meant."""
    OTHER_END = "other end"
    """The clocks change while it lasts: it ends at another hour by the clock than it usually does."""


@dataclass(frozen=True, slots=True)
class ClockNote:
    """An occurrence that a change of the clocks touches, and how."""

    occurrence: TimeRange
    change: ClockChange


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Something that what is covered depends on and that stays judged as ever, with its state now."""

    entity: Entity
    state: HealthState

    @property
    def is_failing(self) -> bool:
        """Whether it is in trouble already."""
        return self.state in {HealthState.DEGRADED, HealthState.DOWN, HealthState.UNREACHABLE}


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another window that covers some of the same at the same time, first there."""

    record: MaintenanceRecord
    shared: TimeRange
    entity_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WindowPreview:
    """All that can be told of a window before it is kept.

    `occurrences` are the next ones, of a window that is over the last; `is_endless` that more follow. `covered` are the
    entities it names or whose domain it names, `behind` what those depend on and it does not cover, the worst first,
    `dependents` what depends on them and is judged as ever. `now` is when that was
    so, `silent_since_at` since when nobody collects.
    """

    window: MaintenanceWindow
    occurrences: tuple[TimeRange, ...]
    has_more: bool
    is_over: bool
    is_under_way: bool
    covered: tuple[Entity, ...]
    behind: tuple[Uncovered, ...]
    dependents: tuple[Entity, ...]
    overlaps: tuple[Overlap, ...]
    clock_notes: tuple[ClockNote, ...]
    now: datetime
    silent_since_at: datetime | None = None


def covered_entities(window: MaintenanceWindow, estate: Estate) -> tuple[Entity, ...]:
    """What a window covers of an estate, by kind and name."""
    found = [one for one in estate.entities if one.key in window.entity_keys or one.domain in window.domains]
    return tuple(sorted(found, key=lambda one: (one.kind, one.name)))


def uncovered_behind(
    covered: Collection[str], estate: Estate, states: Mapping[str, HealthState]
) -> tuple[Uncovered, ...]:
    """What covered entities depend on, at any distance, without being covered: the worst first."""
    needs: dict[str, list[str]] = {}
    for relation in estate.relations:
        needs.setdefault(relation.dependent_key, []).append(relation.provider_key)
    found = {key for start in covered for key in reached(start, needs).steps} - set(covered)
    told = [Uncovered(one, states.get(one.key, HealthState.UNKNOWN)) for one in estate.entities if one.key in found]
    return tuple(sorted(told, key=lambda one: (-SEVERITY[one.state], one.entity.kind, one.entity.name)))


def uncovered_dependents(covered: Collection[str], estate: Estate) -> tuple[Entity, ...]:
    """What depends directly on covered entities without being covered, by kind and name."""
    keys = {one.dependent_key for one in estate.relations if one.provider_key in covered} - set(covered)
    return tuple(sorted((one for one in estate.entities if one.key in keys), key=lambda one: (one.kind, one.name)))


def next_occurrences(window: MaintenanceWindow, now: datetime) -> tuple[tuple[TimeRange, ...], bool]:
    """The occurrences that are not over yet, a few, and whether more follow; of a window that is over the last one."""
    ahead = TimeRange(now, max(now, window.start_at) + _LOOK_AHEAD)
    found: list[TimeRange] = []
    for each in occurrences(window, ahead):
        if each.end_at > now:
            found.append(each)
        if len(found) > MOST_OCCURRENCES:
            break
    if found:
        return tuple(found[:MOST_OCCURRENCES]), len(found) > MOST_OCCURRENCES
    last = last_occurrence(window, now)
    return ((last,) if last is not None else ()), False


def overlapping(
    window: MaintenanceWindow, others: Iterable[MaintenanceRecord], estate: Estate, now: datetime
) -> tuple[Overlap, ...]:
    """Other windows that cover some of the same in the year to come, each with the first time it does."""
    mine, keys = _coming(window, now), {one.key for one in covered_entities(window, estate)}
    found: list[Overlap] = []
    for record in others:
        if record.window.id == window.id:
            continue
        shared_keys = tuple(sorted(keys.intersection(one.key for one in covered_entities(record.window, estate))))
        shared = _first_shared(mine, _coming(record.window, now)) if shared_keys else None
        if shared is not None:
            found.append(Overlap(record, shared, shared_keys))
    return tuple(sorted(found, key=lambda one: one.shared.start_at))


def clock_notes(window: MaintenanceWindow, now: datetime) -> tuple[ClockNote, ...]:
    """The occurrences of the year to come that a change of the clocks touches."""
    zone = zone_of(window.zone)
    usual = window.start_at.astimezone(zone).time()
    found: list[ClockNote] = []
    for each in _coming(window, now):
        start, end = each.start_at.astimezone(zone), each.end_at.astimezone(zone)
        twice = not start.fold and start.replace(fold=1).utcoffset() != start.utcoffset()
        if window.rule and start.time() != usual:
            found.append(ClockNote(each, ClockChange.MOVED_START))
        elif twice:
            found.append(ClockNote(each, ClockChange.FIRST_OF_TWO))
        elif start.utcoffset() != end.utcoffset():
            found.append(ClockNote(each, ClockChange.OTHER_END))
    return tuple(found)


def _coming(window: MaintenanceWindow, now: datetime) -> tuple[TimeRange, ...]:
    """Nothing for a window whose rule cannot be followed on this machine: it covers nothing then."""
    begin = now if window.rule else min(now, window.start_at)
    try:
        return tuple(occurrences(window, TimeRange(begin, max(now, window.start_at) + _CLOCKS_AHEAD)))
    except InvalidRule:
        return ()


def _first_shared(mine: Sequence[TimeRange], theirs: Sequence[TimeRange]) -> TimeRange | None:
    return next(_shared(mine, theirs), None)


def _shared(mine: Sequence[TimeRange], theirs: Sequence[TimeRange]) -> Iterator[TimeRange]:
    """What two rows of ranges share, in order; each is walked once."""
    at, other = 0, 0
    while at < len(mine) and other < len(theirs):
        first, second = mine[at], theirs[other]
        start_at, end_at = max(first.start_at, second.start_at), min(first.end_at, second.end_at)
        if end_at - start_at >= _ONE_SECOND:
            yield TimeRange(start_at, end_at)
        if first.end_at <= second.end_at:
            at += 1
        else:
            other += 1
