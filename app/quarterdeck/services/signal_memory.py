"""The recent signals of every entity, kept in memory so that each new sample is judged without a read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.assessment import SAMPLES_TO_KNOW_A_STEP, STEP_SLACK, holds_for
from quarterdeck.domain.checks import CheckOutcome, CheckResult
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.records import Samples

Told = TypeVar("Told", float, CheckResult)
Name = TypeVar("Name", SeriesIdentity, str)

CHECK_LEVELS = {CheckOutcome.PASSED: 0, CheckOutcome.WARNING: 1, CheckOutcome.FAILED: 2}
"""A check that could not tell has no level: it says nothing about its entity."""

_KEEP_MS = 36 * 3_600_000
"""How long what fell silent is kept: of something that comes once a day, the step must become known."""


@dataclass(frozen=True, slots=True, eq=False)
class SeriesTrack:
    """Samples of one series: `times_ms` int64 ascending, `values` float64 without NaN.

    `poll_seconds` is how often its source is asked; 0 where that is not known.
    """

    identity: SeriesIdentity
    times_ms: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]
    poll_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class CheckTrack:
    """Results of one check, oldest first, each one that could tell."""

    name: str
    results: tuple[CheckResult, ...]
    poll_seconds: float = 0.0


def patience_ms(freshness_seconds: float, poll_seconds: float) -> int:
    """How long a signal speaks at least: as its entity says, or a few polls where its source is asked less often."""
    return int(1000 * max(freshness_seconds, STEP_SLACK * poll_seconds))


class _Recent(Generic[Told]):
    """What one series or check told lately, by instant."""

    __slots__ = ("_instants", "_told", "poll_seconds")

    def __init__(self) -> None:
        self._told: dict[int, Told] = {}
        self._instants: npt.NDArray[np.int64] | None = None
        self.poll_seconds = 0.0

    def add(self, time_ms: int, told: Told) -> None:
        """Add what was told at an instant, or replace it."""
        if time_ms not in self._told:
            self._instants = None
        self._told[time_ms] = told

    @property
    def instants(self) -> npt.NDArray[np.int64]:
        """The instants, ascending."""
        if self._instants is None:
            self._instants = np.array(sorted(self._told), np.int64)
        return self._instants

    def in_order(self) -> list[Told]:
        """What was told, oldest first."""
        told = self._told
        return [told[time_ms] for time_ms in self.instants.tolist()]

    def trim(self, oldest_ms: int) -> None:
        """Forget what is older, but for the few last before it that tell how often anything comes."""
        instants = self.instants
        kept_from = max(0, int(np.searchsorted(instants, oldest_ms)) - SAMPLES_TO_KNOW_A_STEP)
        for time_ms in instants[:kept_from].tolist():
            del self._told[time_ms]
        self._instants = instants[kept_from:]

    def speaks_at(self, instant_ms: int, freshness_seconds: float) -> bool:
        """Whether the last that was told still speaks at an instant."""
        last = self.instants[-SAMPLES_TO_KNOW_A_STEP:]
        return bool(last[-1] + holds_for(last, patience_ms(freshness_seconds, self.poll_seconds))[-1] > instant_ms)


class SignalMemory:
    """Recent samples and check results by entity."""

    def __init__(self) -> None:
        self._series: dict[str, dict[SeriesIdentity, _Recent[float]]] = defaultdict(dict)
        self._checks: dict[str, dict[str, _Recent[CheckResult]]] = defaultdict(dict)

    def remember(self, samples: Samples, checks: Iterable[CheckResult], *, poll_seconds: float = 0.0) -> dict[str, int]:
        """Add what a batch brought, and name the entities of which it tells anything, each with the earliest instant.

        A later word on the same instant replaces the earlier one. NaN and checks that could not tell say nothing.
        """
        told: dict[str, int] = {}
        spoken = ~np.isnan(samples.values)
        numbers: list[int] = samples.series_index[spoken].tolist()
        times_ms: list[int] = samples.times_ms[spoken].tolist()
        values: list[float] = samples.values[spoken].tolist()
        for number, time_ms, value in zip(numbers, times_ms, values, strict=True):
            identity = samples.identities[number]
            recent = self._series[identity.entity_key].setdefault(identity, _Recent())
            recent.add(time_ms, value)
            recent.poll_seconds = poll_seconds
            told[identity.entity_key] = min(time_ms, told.get(identity.entity_key, time_ms))
        for check in checks:
            if check.outcome in CHECK_LEVELS:
                results = self._checks[check.entity_key].setdefault(check.name, _Recent())
                time_ms = to_ms(check.checked_at)
                results.add(time_ms, check)
                results.poll_seconds = poll_seconds
                told[check.entity_key] = min(time_ms, told.get(check.entity_key, time_ms))
        return told

    def entity_keys(self) -> set[str]:
        """The entities of which anything is remembered."""
        return self._series.keys() | self._checks.keys()

    def track_count(self) -> int:
        """How many series and checks are remembered."""
        return sum(len(tracks) for kind in (self._series, self._checks) for tracks in kind.values())

    def forget_before(self, entity_key: str, oldest_ms: int, freshness_seconds: float) -> None:
        """Drop what is too old to matter to one entity, and whole series and checks that ceased to speak before."""
        _forget(self._series, entity_key, oldest_ms, freshness_seconds)
        _forget(self._checks, entity_key, oldest_ms, freshness_seconds)

    def series_of(self, entity_key: str) -> list[SeriesTrack]:
        """The recent samples of an entity, a track per series."""
        return [
            SeriesTrack(identity, recent.instants, np.array(recent.in_order(), np.float64), recent.poll_seconds)
            for identity, recent in self._series.get(entity_key, {}).items()
        ]

    def checks_of(self, entity_key: str) -> list[CheckTrack]:
        """The recent results of an entity, a track per check."""
        named = self._checks.get(entity_key, {})
        return [CheckTrack(name, tuple(recent.in_order()), recent.poll_seconds) for name, recent in named.items()]


def _forget(
    kind: dict[str, dict[Name, _Recent[Told]]], entity_key: str, oldest_ms: int, freshness_seconds: float
) -> None:
    tracks = kind.get(entity_key, {})
    for name, recent in list(tracks.items()):
        recent.trim(oldest_ms)
        if recent.instants[-1] < oldest_ms - _KEEP_MS and not recent.speaks_at(oldest_ms, freshness_seconds):
            del tracks[name]
    if not tracks:
        kind.pop(entity_key, None)
