"""What an entity's signals make of its health, and why, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from quarterdeck.analysis.assessment import NO_SIGNAL, Signal, Stretch, assess, holds_for, levels_of, next_change
from quarterdeck.domain.estate import Entity
from quarterdeck.domain.expectations import Expectation, expectation_of, expectations_for
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import from_ms, to_ms
from quarterdeck.services.entity_courses import EntityCourse
from quarterdeck.services.reasons import Breach, breach_words
from quarterdeck.services.signal_memory import CHECK_LEVELS, CheckTrack, SeriesTrack, patience_ms
from quarterdeck.services.signals import DEFAULT_FRESHNESS_SECONDS

_SILENCE_WORDS = {HealthState.STALE: "No fresh data", HealthState.UNKNOWN: "No data yet"}
_SILENCE_CAUSE = "freshness"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The signals of one entity, from memory or from the store."""

    series: Sequence[SeriesTrack]
    checks: Sequence[CheckTrack]


def freshness_of(entity: Entity) -> float:
    """How old an entity's newest signal may be before its state is stale, in seconds."""
    return entity.freshness_seconds or DEFAULT_FRESHNESS_SECONDS


@dataclass(frozen=True, slots=True)
class Judgement:
    """An entity's states, and the first instant at which the last could change without anything new; None for never."""

    intervals: list[StateInterval]
    next_change_ms: int | None


def judged_now(course: EntityCourse, evidence: Evidence, span_ms: tuple[int, int], *, seen_before: bool) -> Judgement:
    """The states of an entity over a span that ends now, by what was expected at each time."""
    signals = _Signals.of(course.latest, evidence)
    intervals = _judged(course, evidence, span_ms, latest=signals, known_until_ms=span_ms[1], seen_before=seen_before)
    # A sample of this very millisecond is not in the span yet.
    changes_ms = next_change(signals.signals, span_ms[1] - 1)
    begins_ms = course.begun_ms if course.begun_ms >= span_ms[1] else None
    return Judgement(intervals, min((at for at in (changes_ms, begins_ms) if at is not None), default=None))


def judged(
    course: EntityCourse, evidence: Evidence, span_ms: tuple[int, int], *, known_until_ms: int, seen_before: bool
) -> list[StateInterval]:
    """The states of an entity over a span of milliseconds, each with its reason, by what was expected at each time.

    Without gap or overlap, but for the time in which the entity was withdrawn, and the time before anybody told of it
    of which there are no data either. `known_until_ms` is up to when the evidence is complete: the end of the span, or
    beyond it.
    """
    latest = _Signals.of(course.latest, evidence)
    return _judged(course, evidence, span_ms, latest=latest, known_until_ms=known_until_ms, seen_before=seen_before)


def _judged(
    course: EntityCourse,
    evidence: Evidence,
    span_ms: tuple[int, int],
    *,
    latest: _Signals,
    known_until_ms: int,
    seen_before: bool,
) -> list[StateInterval]:
    intervals: list[StateInterval] = []
    for piece in course.over(*span_ms):
        signals = latest if piece.entity is course.latest else _Signals.of(piece.entity, evidence)
        stretches = assess(
            signals.signals, piece.from_ms, piece.to_ms, known_until_ms=known_until_ms, seen_before=seen_before
        )
        for interval in map(signals.interval, stretches):
            last = intervals[-1] if intervals else None
            if last is not None and (last.state, last.to_at) == (interval.state, interval.from_at):
                intervals[-1] = replace(last, to_at=interval.to_at)
            else:
                intervals.append(interval)
    return _since_begun(intervals, from_ms(course.begun_ms))


def _since_begun(intervals: list[StateInterval], begun_at: datetime) -> list[StateInterval]:
    """Without what nobody could know: that nothing was known of an entity before there was one."""
    first = intervals[0] if intervals else None
    if first is None or first.state is not HealthState.UNKNOWN or first.from_at >= begun_at:
        return intervals
    if first.to_at is not None and first.to_at <= begun_at:
        return intervals[1:]
    return [replace(first, from_at=begun_at), *intervals[1:]]


@dataclass(frozen=True, slots=True)
class _Signals:
    """An entity's signals with what stands behind each: the track, and what is expected of it."""

    entity_key: str
    signals: tuple[Signal, ...]
    tracks: tuple[SeriesTrack | CheckTrack, ...]
    expectations: tuple[Expectation | None, ...]

    @classmethod
    def of(cls, entity: Entity, evidence: Evidence) -> _Signals:
        """Checks first: of two signals equally bad the first gives the reason, and a check's sentence tells more."""
        known, freshness_seconds = expectations_for(entity.expectations), freshness_of(entity)
        wanted = [expectation_of(known, track.identity.meaning, track.identity.statistic) for track in evidence.series]
        signals = [_check_signal(check, freshness_seconds) for check in evidence.checks]
        signals += [
            _series_signal(track, expectation, freshness_seconds)
            for track, expectation in zip(evidence.series, wanted, strict=True)
        ]
        expectations = [None] * len(evidence.checks) + wanted
        return cls(entity.key, tuple(signals), (*evidence.checks, *evidence.series), tuple(expectations))

    def interval(self, stretch: Stretch) -> StateInterval:
        """A stretch with its reason."""
        return StateInterval(
            entity_key=self.entity_key,
            state=stretch.state,
            reason=self._words(stretch),
            from_at=from_ms(stretch.from_ms),
            to_at=from_ms(stretch.to_ms),
            cause=_SILENCE_CAUSE if stretch.signal == NO_SIGNAL else self.signals[stretch.signal].cause,
        )

    def _words(self, stretch: Stretch) -> str:
        if stretch.signal == NO_SIGNAL:
            return _SILENCE_WORDS[stretch.state]
        track, expectation = self.tracks[stretch.signal], self.expectations[stretch.signal]
        if stretch.state is HealthState.HEALTHY:
            return ""
        if isinstance(track, CheckTrack):
            return track.results[stretch.index].summary
        return "" if expectation is None else _bound_words(stretch, track, expectation)


def _series_signal(track: SeriesTrack, expectation: Expectation | None, freshness_seconds: float) -> Signal:
    identity = track.identity
    levels = levels_of(track.values, expectation) if expectation else np.zeros(len(track.values), np.int8)
    labels = ",".join(f"{name}={value}" for name, value in identity.labels)
    cause = ":".join(part for part in ("series", identity.meaning.value, identity.statistic, labels) if part)
    for_ms = int(expectation.for_seconds * 1000) if expectation else 0
    holds = holds_for(track.times_ms, patience_ms(freshness_seconds, track.poll_seconds))
    return Signal(cause, track.times_ms, levels, holds, for_ms)


def _check_signal(track: CheckTrack, freshness_seconds: float) -> Signal:
    times = np.array([to_ms(result.checked_at) for result in track.results], np.int64)
    levels = np.array([CHECK_LEVELS[result.outcome] for result in track.results], np.int8)
    holds = holds_for(times, patience_ms(freshness_seconds, track.poll_seconds))
    return Signal(f"check:{track.name}", times, levels, holds)


def _bound_words(stretch: Stretch, track: SeriesTrack, expectation: Expectation) -> str:
    identity = track.identity
    value = float(track.values[stretch.index])
    breach = Breach(identity.meaning, identity.statistic, identity.unit, value, identity.labels)
    return breach_words(breach, expectation, stretch.state)
