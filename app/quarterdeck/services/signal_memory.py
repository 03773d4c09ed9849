"""The last minutes of every entity's signals, kept in memory so that each new sample is judged without a read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quarterdeck.domain.checks import CheckOutcome, CheckResult
from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.records import Samples

CHECK_LEVELS = {CheckOutcome.PASSED: 0, CheckOutcome.WARNING: 1, CheckOutcome.FAILED: 2}


@dataclass(frozen=True, slots=True, eq=False)
class SeriesTrack:
    """Recent samples of one series: `times_ms` int64 ascending, `values` float64."""

    identity: SeriesIdentity
    times_ms: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CheckTrack:
    """Recent results of one check, oldest first."""

    name: str
    results: tuple[CheckResult, ...]


class SignalMemory:
    """Recent samples and check results by entity; what is older than `span_ms` is forgotten."""

    def __init__(self, span_ms: int) -> None:
        self._span_ms = span_ms
        self._series: dict[str, dict[SeriesIdentity, dict[int, float]]] = defaultdict(dict)
        self._checks: dict[str, dict[str, dict[int, CheckResult]]] = defaultdict(lambda: defaultdict(dict))

    def remember(self, samples: Samples, checks: Iterable[CheckResult]) -> None:
        """Add what a batch brought; a later sample of the same instant replaces the earlier one."""
        tracks = [self._series[identity.entity_key].setdefault(identity, {}) for identity in samples.identities]
        columns = zip(samples.series_index.tolist(), samples.times_ms.tolist(), samples.values.tolist(), strict=True)
        for number, time_ms, value in columns:
            tracks[number][time_ms] = value
        for check in checks:
            self._checks[check.entity_key][check.name][to_ms(check.checked_at)] = check

    def forget_before(self, now_ms: int) -> None:
        """Drop what is too old to matter."""
        oldest = now_ms - self._span_ms
        for tracks in self._series.values():
            for track in tracks.values():
                _trim(track, oldest)
        for named in self._checks.values():
            for results in named.values():
                _trim(results, oldest)

    def series_of(self, entity_key: str) -> list[SeriesTrack]:
        """The recent samples of an entity, a track per series that has any."""
        tracks: list[SeriesTrack] = []
        for identity, track in self._series.get(entity_key, {}).items():
            if track:
                times = np.array(sorted(track), np.int64)
                values = np.array([track[time] for time in times.tolist()], np.float64)
                tracks.append(SeriesTrack(identity, times, values))
        return tracks

    def checks_of(self, entity_key: str) -> list[CheckTrack]:
        """The recent results of an entity, a track per check."""
        named = self._checks.get(entity_key, {})
        return [CheckTrack(name, tuple(r for _, r in sorted(results.items()))) for name, results in named.items()]


def _trim(points: dict[int, float] | dict[int, CheckResult], oldest: int) -> None:
    for time_ms in [time for time in points if time < oldest]:
        del points[time_ms]


def expectation_of(identity: SeriesIdentity, expectations: Iterable[Expectation]) -> Expectation | None:
    """The expectation that judges a series: same meaning, and the same statistic where one is named."""
    for expectation in expectations:
        if expectation.meaning is identity.meaning and expectation.statistic in {"", identity.statistic}:
            return expectation
    return None
