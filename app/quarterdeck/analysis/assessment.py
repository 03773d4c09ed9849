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
Positions = npt.NDArray[np.intp]

STEP_SLACK = 2.5
"""A sample speaks for this many of its series' usual steps, so that one missed poll is no gap."""

SAMPLES_TO_KNOW_A_STEP = 3
"""Of two samples nobody can say whether what lies between them is a step or a gap."""

NO_SIGNAL = -1
_SILENT = -1
_STATES = (HealthState.HEALTHY, HealthState.DEGRADED, HealthState.DOWN, HealthState.STALE, HealthState.UNKNOWN)
_STALE, _UNKNOWN = 3, 4
_BREACHES = (1, 2)


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
    """A state over `[from_ms, to_ms)`; `signal` is the position of the signal that decided, and `index` its sample.

    Where nothing spoke, `signal` is `NO_SIGNAL`.
    """

    state: HealthState
    signal: int
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


def holds_for(times_ms: Times, patience_ms: int) -> Times:
    """How long each sample (n) speaks, in ms: as long as is patience, or a few steps where its series comes less often.

    The step at a sample is the smaller of the two distances before it, at the first two the smaller of the first two
    distances: history kept at a coarse step has no gaps, and a real gap lends no long life to the samples around it.
    """
    holds = np.full(len(times_ms), patience_ms, np.int64)
    if len(times_ms) >= SAMPLES_TO_KNOW_A_STEP:
        distances = np.diff(times_ms)
        known = np.minimum(distances[1:], distances[:-1])
        steps = np.concatenate([known[:1], known[:1], known])
        np.maximum(holds, (STEP_SLACK * steps).astype(np.int64), out=holds)
    return holds


def assess(
    signals: Sequence[Signal],
    start_ms: int,
    end_ms: int,
    *,
    known_until_ms: int | None = None,
    seen_before: bool = False,
) -> list[Stretch]:
    """States over `[start_ms, end_ms)` without gap or overlap, merged while the state stays the same.

    Samples before `start_ms` count as far as they still hold. `known_until_ms` is up to when the signals are complete,
    usually the end: what is known after it tells how long a breach at the end lasted. `seen_before` says that older
    data exist, so that silence is stale and not unknown.
    """
    if end_ms <= start_ms:
        return []
    until_ms = max(end_ms, known_until_ms or end_ms)
    spoken = [(number, _Speech.of(signal, until_ms)) for number, signal in enumerate(signals) if len(signal.times_ms)]
    starts = _edges(spoken, start_ms, end_ms)
    levels, deciders, indexes = _worst(spoken, starts)
    first_ms = start_ms if seen_before else min((int(each.times_ms[0]) for _, each in spoken), default=end_ms)
    silent = levels == _SILENT
    states = np.where(silent, np.where(starts >= first_ms, _STALE, _UNKNOWN), levels)
    begins = np.flatnonzero(np.append(True, states[1:] != states[:-1]))
    ends = np.append(starts[begins[1:]], end_ms)
    return [
        Stretch(
            state=_STATES[int(states[begin])],
            signal=int(deciders[begin]),
            index=int(indexes[begin]),
            from_ms=int(starts[begin]),
            to_ms=int(end),
        )
        for begin, end in zip(begins, ends, strict=True)
    ]


def next_change(signals: Sequence[Signal], now_ms: int) -> int | None:
    """The first instant after `now_ms` at which the state could become another one without a further sample.

    That is when a sample ceases to speak, when a breach has lasted long enough, or when a sample dated ahead begins.
    None when nothing of the kind will happen.
    """
    instants = [instant for signal in signals for instant in _turns(signal, now_ms) if instant > now_ms]
    return min(instants, default=None)


@dataclass(frozen=True, slots=True, eq=False)
class _Speech:
    """What a signal says: sample for sample until when it speaks and the level that counts."""

    times_ms: Times
    ends_ms: Times
    levels: Levels

    @classmethod
    def of(cls, signal: Signal, end_ms: int) -> _Speech:
        last_ms = max(end_ms, int(signal.times_ms[-1]))
        ends_ms = np.minimum(np.append(signal.times_ms[1:], last_ms), signal.times_ms + signal.holds_ms)
        return cls(signal.times_ms, ends_ms, _confirmed(signal, ends_ms))


def _edges(spoken: Sequence[tuple[int, _Speech]], start_ms: int, end_ms: int) -> Times:
    """Where the state may change: the start of the range and each instant inside it at which a sample comes or ends."""
    parts = [np.array([start_ms], np.int64)]
    for _, speech in spoken:
        parts += [_inside(speech.times_ms, start_ms, end_ms), _inside(speech.ends_ms, start_ms, end_ms)]
    return np.unique(np.concatenate(parts))


def _inside(instants: Times, start_ms: int, end_ms: int) -> Times:
    first, last = np.searchsorted(instants, [start_ms, end_ms])
    return instants[first:last]


def _worst(spoken: Sequence[tuple[int, _Speech]], starts: Times) -> tuple[Levels, Positions, Positions]:
    """The worst level in force at each start, which signal it is of, and which of its samples; -1 for silence."""
    levels = np.full(len(starts), _SILENT, np.int8)
    deciders, indexes = np.full(len(starts), NO_SIGNAL, np.intp), np.zeros(len(starts), np.intp)
    for number, speech in spoken:
        at = np.searchsorted(speech.times_ms, starts, "right") - 1
        held = np.maximum(at, 0)
        in_force = (at >= 0) & (starts < speech.ends_ms[held])
        mine = np.where(in_force, speech.levels[held], _SILENT).astype(np.int8)
        better = mine > levels
        levels[better], deciders[better], indexes[better] = mine[better], number, held[better]
    return levels, deciders, indexes


def _confirmed(signal: Signal, ends_ms: Times) -> Levels:
    """Levels with breaches that were too short taken back to the level that did last."""
    if not signal.for_ms or not signal.levels.any():
        return signal.levels
    confirmed = np.zeros_like(signal.levels)
    for level in _BREACHES:
        breached, run, first = _runs(signal, ends_ms, level)
        last = np.append(first[1:], len(run)) - 1
        lasted = ends_ms[last] - signal.times_ms[first]
        confirmed[breached & (lasted[run] >= signal.for_ms)] = level
    return confirmed


def _runs(signal: Signal, ends_ms: Times, level: int) -> tuple[npt.NDArray[np.bool_], Positions, Positions]:
    """Which samples (n) breach a level, the number of each sample's run, and the first sample of each run."""
    breached = signal.levels >= level
    joined = np.append(False, breached[1:] & breached[:-1] & (signal.times_ms[1:] <= ends_ms[:-1]))
    return breached, np.cumsum(~joined) - 1, np.flatnonzero(~joined)


def _turns(signal: Signal, now_ms: int) -> list[int]:
    at = int(np.searchsorted(signal.times_ms, now_ms, "right")) - 1
    instants = [int(signal.times_ms[at + 1])] if at + 1 < len(signal.times_ms) else []
    if at < 0:
        return instants
    end_ms = int(signal.times_ms[at] + signal.holds_ms[at])
    instants.append(end_ms)
    if signal.for_ms and end_ms > now_ms:
        ends_ms = np.minimum(np.append(signal.times_ms[1:], end_ms), signal.times_ms + signal.holds_ms)
        for level in _BREACHES:
            breached, run, first = _runs(signal, ends_ms, level)
            if breached[at]:
                instants.append(int(signal.times_ms[first[run[at]]]) + signal.for_ms)
    return instants
