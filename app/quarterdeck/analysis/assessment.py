"""From an entity's signals to its health over time.

Each signal is a row of levels in time: 0 as expected, 1 degraded, 2 down. A level holds until the next sample, at most
for the signal's hold time. A breach counts once it has lasted long enough, and then from its first sample. The state
is the worst level in force; without any signal in force it is stale, and unknown before the first one ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.health import HealthState

Levels = npt.NDArray[np.int8]
Times = npt.NDArray[np.int64]

STEP_SLACK = 2.5
"""A sample speaks for this many of its series' usual steps, so that one missed poll is no gap."""

_LEVEL_STATES = (HealthState.HEALTHY, HealthState.DEGRADED, HealthState.DOWN)
_SILENT = -1


@dataclass(frozen=True, slots=True, eq=False)
class Signal:
    """One signal of an entity: `times_ms` int64 ascending (n), `levels` int8 (n) from 0 to 2.

    A level speaks for its `holds_ms` (int64, n) at most. Levels above 0 count only in runs that last at least `for_ms`.
    """

    cause: str
    times_ms: Times
    levels: Levels
    holds_ms: Times
    for_ms: int = 0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A state over `[from_ms, to_ms)`; `cause` names the signal that decided and `index` its sample that began it."""

    state: HealthState
    cause: str
    index: int
    from_ms: int
    to_ms: int


def levels_of(values: npt.NDArray[np.float64], expectation: Expectation) -> Levels:
    """The level of each value (n) under an expectation; NaN is level 0, for it breaks no bound."""
    levels = np.zeros(len(values), np.int8)
    bounds = (
        (expectation.degraded_above, expectation.degraded_below, 1),
        (expectation.down_above, expectation.down_below, 2),
    )
    for above, below, level in bounds:
        if above is not None:
            levels[values > above] = level
        if below is not None:
            levels[values < below] = level
    return levels


def holds_for(times_ms: Times, freshness_ms: int) -> Times:
    """How long each sample (n) speaks, in ms: the freshness budget, or a few steps where its series comes less often.

    The step at a sample is the smaller of the two distances before it, so that history kept at a coarse step has no
    gaps, and a real gap lends no long life to the sample that ends it.
    """
    holds = np.full(len(times_ms), freshness_ms, np.int64)
    if len(times_ms) > 1:
        distances = np.diff(times_ms)
        before = np.concatenate([distances[:1], distances])
        earlier = np.concatenate([distances[:2], distances])[: len(times_ms)]
        np.maximum(holds, (STEP_SLACK * np.minimum(before, earlier)).astype(np.int64), out=holds)
    return holds


def assess(signals: Sequence[Signal], start_ms: int, end_ms: int, *, seen_before: bool = False) -> list[Stretch]:
    """States over `[start_ms, end_ms)` without gap or overlap, merged while the state stays the same.

    Samples before `start_ms` count as far as they still hold. `seen_before` says that older data exist, so that
    silence is stale and not unknown.
    """
    if end_ms <= start_ms:
        return []
    spoken = [signal for signal in signals if len(signal.times_ms)]
    edges = _edges(spoken, start_ms, end_ms)
    levels, deciders, indexes = _worst(spoken, edges[:-1], end_ms)
    first_ms = min((int(signal.times_ms[0]) for signal in spoken), default=end_ms)
    stretches: list[Stretch] = []
    for number in range(len(levels)):
        level = int(levels[number])
        from_ms, to_ms = int(edges[number]), int(edges[number + 1])
        state = _LEVEL_STATES[level] if level != _SILENT else _silence(seen=seen_before or from_ms >= first_ms)
        if stretches and stretches[-1].state is state:
            last = stretches[-1]
            stretches[-1] = Stretch(state, last.cause, last.index, last.from_ms, to_ms)
            continue
        cause: str = spoken[int(deciders[number])].cause if level != _SILENT else "freshness"
        stretches.append(Stretch(state, cause, int(indexes[number]), from_ms, to_ms))
    return stretches


def _silence(*, seen: bool) -> HealthState:
    return HealthState.STALE if seen else HealthState.UNKNOWN


def _edges(signals: Sequence[Signal], start_ms: int, end_ms: int) -> Times:
    parts = [np.array([start_ms, end_ms], np.int64)]
    for signal in signals:
        parts += [signal.times_ms, _ends(signal, end_ms)]
    edges = np.unique(np.concatenate(parts))
    return edges[(edges >= start_ms) & (edges <= end_ms)]


def _ends(signal: Signal, end_ms: int) -> Times:
    following = np.append(signal.times_ms[1:], max(end_ms, int(signal.times_ms[-1])))
    return np.minimum(following, signal.times_ms + signal.holds_ms)


def _worst(
    signals: Sequence[Signal], starts: Times, end_ms: int
) -> tuple[Levels, npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The worst level in force at each start, which signal it is of, and which of its samples; -1 for silence."""
    levels = np.full(len(starts), _SILENT, np.int8)
    deciders, indexes = np.zeros(len(starts), np.intp), np.zeros(len(starts), np.intp)
    for number, signal in enumerate(signals):
        ends = _ends(signal, end_ms)
        confirmed = _confirmed(signal, ends)
        at = np.searchsorted(signal.times_ms, starts, "right") - 1
        held = np.maximum(at, 0)
        in_force = (at >= 0) & (starts < ends[held])
        mine = np.where(in_force, confirmed[held], _SILENT).astype(np.int8)
        better = mine > levels
        levels[better], deciders[better], indexes[better] = mine[better], number, held[better]
    return levels, deciders, indexes


def _confirmed(signal: Signal, ends: Times) -> Levels:
    """Levels with breaches that were too short taken back to the level that did last."""
    if not signal.for_ms or not signal.levels.any():
        return signal.levels
    confirmed = np.zeros_like(signal.levels)
    for level in (1, 2):
        breached = signal.levels >= level
        joined = np.append(False, breached[1:] & breached[:-1] & (signal.times_ms[1:] <= ends[:-1]))
        run = np.cumsum(~joined) - 1
        first = np.flatnonzero(~joined)
        last = np.append(first[1:], len(run)) - 1
        lasted = ends[last] - signal.times_ms[first]
        confirmed[breached & (lasted[run] >= signal.for_ms)] = level
    return confirmed
