"""What an entity's signals make of its health, and why, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from quarterdeck.analysis.assessment import Signal, Stretch, assess, holds_for, levels_of
from quarterdeck.domain.checks import CheckResult
from quarterdeck.domain.estate import Entity
from quarterdeck.domain.expectations import Expectation, expectations_for
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import from_ms, to_ms
from quarterdeck.services.reasons import Breach, breach_words
from quarterdeck.services.signal_memory import CHECK_LEVELS, CheckTrack, SeriesTrack, expectation_of
from quarterdeck.services.signals import DEFAULT_FRESHNESS_SECONDS


@dataclass(frozen=True, slots=True)
class Evidence:
    """The signals of one entity, from memory or from the store."""

    series: Sequence[SeriesTrack]
    checks: Sequence[CheckTrack]


def check_tracks(results: Iterable[CheckResult]) -> list[CheckTrack]:
    """Results of one entity as a track per check, in the order given."""
    named: dict[str, list[CheckResult]] = {}
    for result in results:
        named.setdefault(result.name, []).append(result)
    return [CheckTrack(name, tuple(kept)) for name, kept in named.items()]


def intervals_of(
    entity: Entity, evidence: Evidence, span_ms: tuple[int, int], *, seen_before: bool
) -> list[StateInterval]:
    """The states of an entity over a span of milliseconds, each with its reason."""
    expectations = expectations_for(entity.expectations)
    freshness_ms = int((entity.freshness_seconds or DEFAULT_FRESHNESS_SECONDS) * 1000)
    signals: list[Signal] = []
    reasons: dict[str, _Reason] = {}
    # Of two signals equally bad the first one gives the reason, and a check's sentence tells more than a bound.
    for check in evidence.checks:
        signal = _check_signal(check, freshness_ms)
        signals.append(signal)
        reasons[signal.cause] = _Reason(check, None)
    for track in evidence.series:
        expectation = expectation_of(track.identity, expectations)
        signal = _series_signal(track, expectation, freshness_ms)
        signals.append(signal)
        reasons.setdefault(signal.cause, _Reason(track, expectation))
    return [
        StateInterval(
            entity_key=entity.key,
            state=stretch.state,
            reason=_words(stretch, reasons),
            from_at=from_ms(stretch.from_ms),
            to_at=from_ms(stretch.to_ms),
            cause=stretch.cause,
        )
        for stretch in assess(signals, *span_ms, seen_before=seen_before)
    ]


@dataclass(frozen=True, slots=True)
class _Reason:
    track: SeriesTrack | CheckTrack
    expectation: Expectation | None


def _series_signal(track: SeriesTrack, expectation: Expectation | None, freshness_ms: int) -> Signal:
    identity = track.identity
    known = ~np.isnan(track.values)
    times, values = track.times_ms[known], track.values[known]
    levels = levels_of(values, expectation) if expectation else np.zeros(len(values), np.int8)
    labels = ",".join(f"{name}={value}" for name, value in identity.labels)
    cause = ":".join(part for part in ("series", identity.meaning.value, identity.statistic, labels) if part)
    for_ms = int(expectation.for_seconds * 1000) if expectation else 0
    return Signal(cause, times, levels, holds_for(times, freshness_ms), for_ms)


def _check_signal(track: CheckTrack, freshness_ms: int) -> Signal:
    told = [result for result in track.results if result.outcome in CHECK_LEVELS]
    times = np.array([to_ms(result.checked_at) for result in told], np.int64)
    levels = np.array([CHECK_LEVELS[result.outcome] for result in told], np.int8)
    return Signal(f"check:{track.name}", times, levels, holds_for(times, freshness_ms))


def _words(stretch: Stretch, reasons: Mapping[str, _Reason]) -> str:
    if stretch.state is HealthState.STALE:
        return "No fresh data"
    if stretch.state is HealthState.UNKNOWN:
        return "No data yet"
    reason = reasons.get(stretch.cause)
    if stretch.state is HealthState.HEALTHY or reason is None:
        return ""
    if isinstance(reason.track, CheckTrack):
        told = [result for result in reason.track.results if result.outcome in CHECK_LEVELS]
        return told[stretch.index].summary
    return _bound_words(stretch, reason.track, reason.expectation)


def _bound_words(stretch: Stretch, track: SeriesTrack, expectation: Expectation | None) -> str:
    if expectation is None:
        return ""
    identity = track.identity
    value = float(track.values[~np.isnan(track.values)][stretch.index])
    breach = Breach(identity.meaning, identity.statistic, identity.unit, value, identity.labels)
    return breach_words(breach, expectation, stretch.state)
