"""Unusual stretches of one series: opened by an alarm, merged while they last, closed once it is calm again."""

from __future__ import annotations

from dataclasses import dataclass, field

from quarterdeck.analysis.anomalies import JOINT_THRESHOLD, NOTABLE, SHIFT_THRESHOLD, SPIKE_THRESHOLD
from quarterdeck.domain.anomalies import Detector, Sighted

SETTLED = 3
"""So many calm samples in a row end a span."""
LEAST_REACH = 1.5
SIGNS_FIRED = (
    Detector.LEVEL,
    Detector.SHORT_NOVELTY,
    Detector.LONG_NOVELTY,
    Detector.SPIKE,
    Detector.SHIFT,
    Detector.SEASON,
)
"""The order in which distances are told."""
_THRESHOLDS = {Detector.SPIKE: SPIKE_THRESHOLD, Detector.SHIFT: SHIFT_THRESHOLD, Detector.SEASON: LEAST_REACH}


@dataclass(frozen=True, slots=True)
class Seen:
    """A sample as it was judged: `season_from` is the step with which the run outside the season began, if that fired.

    `is_still` says that it is rather loud or outside, and no calm one.
    """

    step: int
    value: float
    low: float
    high: float
    loudness: float
    distances: tuple[float, ...]
    season_from: int | None
    is_still: bool

    @property
    def told(self) -> float:
        """How loud it counts: a run outside the season as far as it reaches."""
        season = self.distances[-1] / LEAST_REACH if self.season_from is not None else 0.0
        return max(self.loudness if self.loudness >= 1 else 0.0, season)


@dataclass(slots=True)
class Span:
    """An unusual stretch `[begin, end)` in steps, known with the step `known`; `fired` by how far at the most."""

    begin: int
    end: int
    known: int
    worst: Seen
    loudness: float
    fired: dict[Detector, float] = field(default_factory=dict[Detector, float])
    ended: bool = False
    calm: int = 0

    def take(self, seen: Seen) -> None:
        """One more sample of it, or a calm one after it."""
        told = seen.told
        if told >= self.loudness:
            self.worst, self.loudness = seen, told
        if told > 0:
            self._note(seen)
        if seen.is_still or told > 0:
            self.end, self.calm = seen.step + 1, 0
        else:
            self.calm += 1
            self.ended = self.calm >= SETTLED

    def sighted(self) -> tuple[Sighted, ...]:
        """What fired, the one that says most first."""
        told = [Sighted(detector, distance) for detector, distance in self.fired.items()]
        return tuple(
            sorted(told, key=lambda one: (-one.distance / _THRESHOLDS.get(one.detector, JOINT_THRESHOLD), one.detector))
        )

    def _note(self, seen: Seen) -> None:
        for detector, distance in zip(SIGNS_FIRED, seen.distances, strict=True):
            held = distance >= _THRESHOLDS.get(detector, NOTABLE)
            held = seen.season_from is not None if detector is Detector.SEASON else held and seen.loudness >= 1
            if held:
                self.fired[detector] = max(distance, self.fired.get(detector, 0.0))


@dataclass(slots=True)
class SpanBook:
    """The spans of one series in order; at most the last is open."""

    spans: list[Span] = field(default_factory=list[Span])

    @property
    def is_open(self) -> bool:
        """Whether a span is going on."""
        return bool(self.spans) and not self.spans[-1].ended

    def take(self, seen: Seen) -> None:
        """The next sample, which is an alarm or comes while a span is open."""
        if not self.is_open:
            begin = seen.step if seen.season_from is None else seen.season_from
            if self.spans:
                begin = max(begin, self.spans[-1].end)
            self.spans.append(Span(begin, seen.step + 1, seen.step, seen, 0.0))
        self.spans[-1].take(seen)
