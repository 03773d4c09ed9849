"""What the assessment has to know before it begins, of all entities at its start or of some that are new or changed."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from quarterdeck.domain.checks import CheckResult
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange, from_ms, to_ms
from quarterdeck.domain.series import SeriesInfo
from quarterdeck.services.entity_courses import EntityCourse, course_of, longest_breach_ms
from quarterdeck.services.live_rollup import KEEP
from quarterdeck.services.outage_beginnings import own_states_reaching_back
from quarterdeck.services.past_agenda import Task
from quarterdeck.services.ports import SeriesQuery, StateChange
from quarterdeck.services.signal_memory import SeriesTrack
from quarterdeck.services.stored_evidence import LEAD, EvidenceReader, EvidenceStore

_AHEAD = timedelta(minutes=10)
_A_SECOND = timedelta(seconds=1)
_FEW_KEYS = 50


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is known of some entities: how they are declared, what was told lately, and what is recorded of them.

    `recorded` are the own intervals of the latest past, `shown` what was shown then, `unjudged` the stretches with data
    that nobody judged, and `seen_ms` since when there were data, of entities of which there were ever any. States were
    read from `read_from_ms` on.
    """

    courses: Mapping[str, EntityCourse]
    tracks: Sequence[SeriesTrack]
    checks: Sequence[CheckResult]
    recorded: Mapping[str, list[StateInterval]]
    shown: Sequence[StateInterval]
    read_from_ms: int
    seen_ms: Mapping[str, int]
    unjudged: Sequence[Task]


class StartReader:
    """Reads beginnings from the store; every call may take a while and belongs off the event loop."""

    def __init__(self, store: EvidenceStore) -> None:
        self._store = store
        self._reader = EvidenceReader(store)

    def keys(self, now: datetime) -> frozenset[str]:
        """The entities that stand now."""
        return frozenset(version.entity.key for version in self._store.entity_versions(now))

    def courses(self, keys: Iterable[str]) -> dict[str, EntityCourse]:
        """How entities were declared over time."""
        found = {key: course_of(self._store.entity_history(key)) for key in sorted(keys)}
        return {key: course for key, course in found.items() if course is not None}

    def of(self, keys: Collection[str], now: datetime, window: timedelta) -> Beginning:
        """The beginning of some entities; `window` is how much of the latest past will be judged again."""
        courses = self.courses(keys)
        infos = self._infos(courses)
        recorded = self._recorded(courses, now)
        tracks: list[SeriesTrack] = []
        checks: list[CheckResult] = []
        for key, course in courses.items():
            breach = timedelta(milliseconds=longest_breach_ms(course.latest))
            read = TimeRange(now - max(LEAD, window + 2 * breach), now + _AHEAD)
            tracks += self._reader.tracks(infos.get(key, ()), read, now - window)
            checks += self._reader.checks(key, read, now - window)
        return Beginning(
            courses=courses,
            tracks=tracks,
            checks=checks,
            recorded=recorded,
            shown=self._store.states_in(TimeRange(now - KEEP, now + _AHEAD), sorted(courses)) if courses else (),
            read_from_ms=to_ms(now - KEEP),
            seen_ms=_seen_ms(infos, checks, recorded),
            unjudged=self._unjudged(infos, now),
        )

    def recorded(self, now: datetime) -> tuple[StateInterval, ...]:
        """The own intervals of the latest past of all entities. Raises StoreUnavailable."""
        return own_states_reaching_back(self._store, TimeRange(now - KEEP, now + _AHEAD))

    def closings(self, now: datetime) -> list[StateChange]:
        """What ends the states that still hold of entities that are withdrawn."""
        standing = self.keys(now)
        open_keys = [key for key, held in self._store.states_at(now).items() if held.to_at is None]
        gone = self.courses(set(open_keys) - standing)
        ended = {key: from_ms(course.ended_ms) for key, course in gone.items() if course.ended_ms is not None}
        return [change for key, ended_at in ended.items() for change in closings(key, ended_at)]

    def _infos(self, keys: Collection[str]) -> dict[str, list[SeriesInfo]]:
        few = tuple(keys) if len(keys) < _FEW_KEYS else ()
        by_key: dict[str, list[SeriesInfo]] = defaultdict(list)
        for info in self._store.find(SeriesQuery(entity_keys=few)) if keys else ():
            if info.first_at is not None and info.identity.entity_key in keys:
                by_key[info.identity.entity_key].append(info)
        return dict(by_key)

    def _recorded(self, keys: Collection[str], now: datetime) -> dict[str, list[StateInterval]]:
        by_key: dict[str, list[StateInterval]] = defaultdict(list)
        for interval in own_states_reaching_back(self._store, TimeRange(now - KEEP, now + _AHEAD), keys):
            by_key[interval.entity_key].append(interval)
        return by_key

    def _unjudged(self, infos: Mapping[str, Sequence[SeriesInfo]], now: datetime) -> list[Task]:
        """Per entity the stretch from its first sample to its first state: history that came and was never judged."""
        unjudged: list[Task] = []
        for key, known in infos.items():
            first_at = min(info.first_at for info in known if info.first_at is not None)
            if first_at >= now or self._told(key, first_at, first_at + _A_SECOND):
                continue
            told = self._told(key, first_at, now)
            until_at = told[0].from_at if told else now
            unjudged.append(Task(key, to_ms(first_at), to_ms(until_at)))
        return unjudged

    def _told(self, key: str, from_at: datetime, to_at: datetime) -> tuple[StateInterval, ...]:
        return self._store.own_states_in(TimeRange(from_at, to_at), [key])


def closings(entity_key: str, ended_at: datetime) -> tuple[StateChange, ...]:
    """What ends an entity's states at an instant, its own and those shown, with nothing after it."""
    shown = StateChange(entity_key, TimeRange(ended_at, ended_at), (), open_ended=True)
    return shown, replace(shown, is_own=True)


def _seen_ms(
    infos: Mapping[str, Sequence[SeriesInfo]],
    checks: Iterable[CheckResult],
    recorded: Mapping[str, Sequence[StateInterval]],
) -> dict[str, int]:
    found = [
        (key, info.first_at) for key, known in infos.items() for info in known if info.first_at and _has_value(info)
    ]
    found += [(check.entity_key, check.checked_at) for check in checks]
    found += [
        (key, each.from_at) for key, held in recorded.items() for each in held if each.state is not HealthState.UNKNOWN
    ]
    seen_ms: dict[str, int] = {}
    for key, instant in found:
        seen_ms[key] = min(to_ms(instant), seen_ms.get(key, to_ms(instant)))
    return seen_ms


def _has_value(info: SeriesInfo) -> bool:
    return info.last_value is not None and not math.isnan(info.last_value)
