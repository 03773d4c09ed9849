"""Which of the things that an entity depends on most likely made it fail: ranked, with reasons and a word of certainty.

What is weighed is whether a node was unusual when the target became so, whether unusual nodes join it to the target,
whether the target depends on it at all, whether nothing that it depends on itself was unusual, and whether its course
followed the target's. The size of a deviation hardly counts, for the loudest node is seldom the one that failed first;
nor does how many others depend on a node, which only parts what is otherwise alike.
Metrics do not see every fault: where nothing else was unusual, the ranking says that there is no evidence.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.reach import reached

Values = npt.NDArray[np.float64]

UNUSUAL = 3.0
"""Robust standard deviations from the usual level."""
LEAST_SHARE = 0.05
"""A spread is at least so much of the level: what barely moves is not unusual for moving barely."""
LEAST_USUAL = 8
EXPLAINING_SHARE = 0.25
"""A dependency has to be at least so far from usual as the node whose trouble it is to explain, in their spreads."""
CLEAR_MARGIN = 0.5
TAIL = 0.98
"""What is exceeded in usual times by more than one value in fifty makes the spread, where that is more."""
_MAD_OF_NORMAL, _TAIL_OF_NORMAL = 1.4826, 2.3263
_LEAST_COMMON = 3


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """A node's measure over the time of the trouble (t, the same instants for all, NaN where missing) and before it.

    `usual` (n) are values of a time without trouble, in any order.
    """

    node: str
    values: Values
    usual: Values


class Reason(Enum):
    """Why a node ranks where it does."""

    AT_ONSET = "at onset"
    JOINED = "joined"
    DEPENDED_ON = "depended on"
    NO_UNUSUAL_DEPENDENCY = "no unusual dependency"
    CORRELATED = "correlated"


class Certainty(Enum):
    """How far the ranking can be trusted."""

    CLEAR = "clear"
    LIKELY = "likely"
    AMBIGUOUS = "ambiguous"
    NO_EVIDENCE = "no evidence"


@dataclass(frozen=True, slots=True)
class Cause:
    """A node with its score, the reasons that made it up, and how far from usual it was at the most.

    `onset` is the first place at which it was unusual, None if it never was. `deviation` is signed, in robust standard
    deviations, NaN without data; `correlation` is that with the target over the time of the trouble, NaN if unknown.
    """

    node: str
    score: float
    reasons: frozenset[Reason]
    deviation: float
    onset: int | None
    correlation: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """All nodes, the likeliest cause first and the target last.

    `onset` is the place at which the target left what is usual of it. Where it never did, that is None, and its largest
    step was taken for the onset.
    """

    causes: tuple[Cause, ...]
    onset: int | None
    certainty: Certainty


def rank_causes(target: str, courses: Sequence[Course], depends_on: Mapping[str, Collection[str]]) -> Ranking:
    """Ranks every node that has a course or that the target depends on, by the way of others or straight."""
    deviations = {course.node: _deviations(course) for course in courses}
    values = {course.node: course.values for course in courses}
    onset = _first_unusual(deviations.get(target, np.empty(0)))
    place = onset if onset is not None else _largest_step(deviations.get(target, np.empty(0)))
    unusual = {
        node: abs(float(course[place]))
        for node, course in deviations.items()
        if place is not None and _is_unusual_at(course, place)
    }
    scene = _Scene(
        place=place,
        unusual=unusual,
        depended_on=_reached(target, depends_on, None),
        joined=_reached(target, depends_on, unusual) & unusual.keys(),
        depends_on=depends_on,
        callers=Counter(node for called in depends_on.values() for node in called),
    )
    nodes = sorted({*deviations, *scene.depended_on} - {target})
    causes = [
        _cause(node, deviations.get(node, np.empty(0)), _correlation(values.get(node), values.get(target)), scene)
        for node in nodes
    ]
    causes.sort(key=lambda cause: (-cause.score, cause.node))
    own = _cause(target, deviations.get(target, np.empty(0)), math.nan, scene)
    return Ranking((*causes, own), onset, _certainty(causes, onset))


@dataclass(frozen=True, slots=True)
class _Scene:
    """What was so at the onset: `unusual` by node how far, `callers` by node how many depend on it straight."""

    place: int | None
    unusual: Mapping[str, float]
    depended_on: Collection[str]
    joined: Collection[str]
    depends_on: Mapping[str, Collection[str]]
    callers: Mapping[str, int]

    def explains(self, dependency: str, node: str) -> bool:
        """Whether a dependency was unusual enough to have made a node so."""
        return self.unusual.get(dependency, 0.0) >= EXPLAINING_SHARE * self.unusual[node]


def _cause(node: str, deviations: Values, correlation: float, scene: _Scene) -> Cause:
    is_unusual = node in scene.unusual
    dependencies = set(scene.depends_on.get(node, ())) - {node}
    held = {
        Reason.AT_ONSET: scene.place is not None and _is_unusual_at(deviations, scene.place),
        Reason.JOINED: node in scene.joined,
        Reason.DEPENDED_ON: node in scene.depended_on,
        Reason.NO_UNUSUAL_DEPENDENCY: is_unusual and not any(scene.explains(other, node) for other in dependencies),
        Reason.CORRELATED: correlation > 0,
    }
    furthest = _furthest(deviations)
    deviation = math.nan if furthest is None else float(deviations[furthest])
    score = 2.0 * held[Reason.AT_ONSET] + held[Reason.JOINED] + held[Reason.DEPENDED_ON]
    score += held[Reason.NO_UNUSUAL_DEPENDENCY] + (correlation if held[Reason.CORRELATED] else 0.0)
    score += 0.0 if math.isnan(deviation) else 0.1 * math.tanh(abs(deviation) / (10 * UNUSUAL))
    score += 0.1 * (1 - 1 / (1 + scene.callers.get(node, 0)))
    reasons = frozenset(reason for reason, holds in held.items() if holds)
    return Cause(node, score, reasons, deviation, _first_unusual(deviations), correlation)


def _certainty(causes: Sequence[Cause], onset: int | None) -> Certainty:
    """Clear when the first was unusual at the onset, is joined, has no rival near, and the target turned at all."""
    if onset is None or not causes or Reason.AT_ONSET not in causes[0].reasons:
        return Certainty.NO_EVIDENCE
    margin = causes[0].score - causes[1].score if len(causes) > 1 else math.inf
    if Reason.JOINED not in causes[0].reasons or margin < CLEAR_MARGIN / 2:
        return Certainty.AMBIGUOUS
    is_clear = Reason.NO_UNUSUAL_DEPENDENCY in causes[0].reasons and margin >= CLEAR_MARGIN
    return Certainty.CLEAR if is_clear else Certainty.LIKELY


def _deviations(course: Course) -> Values:
    """How far each value lies from the usual level, in robust standard deviations; all NaN with too little to know."""
    usual = course.usual[np.isfinite(course.usual)]
    if len(usual) < LEAST_USUAL:
        return np.full(len(course.values), np.nan)
    level = float(np.median(usual))
    off = np.abs(usual - level)
    tail = float(np.quantile(off, TAIL)) / _TAIL_OF_NORMAL
    spread = max(_MAD_OF_NORMAL * float(np.median(off)), tail, LEAST_SHARE * abs(level), 1e-12)
    return (course.values - level) / spread


def _is_unusual_at(deviations: Values, place: int) -> bool:
    return place < len(deviations) and abs(float(deviations[place])) > UNUSUAL


def _first_unusual(deviations: Values) -> int | None:
    places = np.flatnonzero(np.abs(deviations) > UNUSUAL)
    return int(places[0]) if len(places) else None


def _largest_step(deviations: Values) -> int | None:
    """Where the course moved most against the value before it; None with fewer than two values."""
    known = np.flatnonzero(np.isfinite(deviations))
    return int(known[1 + int(np.argmax(np.abs(np.diff(deviations[known]))))]) if len(known) > 1 else None


def _furthest(deviations: Values) -> int | None:
    known = np.isfinite(deviations)
    return int(np.argmax(np.where(known, np.abs(deviations), -1))) if known.any() else None


def _reached(target: str, depends_on: Mapping[str, Collection[str]], through: Collection[str] | None) -> set[str]:
    """What the target depends on; with `through`, by way of these nodes alone."""
    following = depends_on if through is None else {node: depends_on.get(node, ()) for node in {target, *through}}
    return set(reached(target, following).steps) - {target}


def _correlation(one: Values | None, other: Values | None) -> float:
    """Pearson's, over what both have; NaN where one is missing, too short or does not move."""
    if one is None or other is None:
        return math.nan
    both = np.isfinite(one) & np.isfinite(other)
    if both.sum() < _LEAST_COMMON or np.ptp(one[both]) == 0 or np.ptp(other[both]) == 0:
        return math.nan
    return float(np.corrcoef(one[both], other[both])[0, 1])
