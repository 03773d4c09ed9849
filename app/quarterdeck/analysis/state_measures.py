"""Availability from health states: time that was up or down, and what cannot be told apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from quarterdeck.analysis.objective_ledger import CODES, Measured
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.objective_ledger import Standing, to_us

_STANDINGS = {
    HealthState.HEALTHY: Standing.GOOD,
    HealthState.DEGRADED: Standing.GOOD,
    HealthState.DOWN: Standing.BAD,
}
_WORDS = {
    HealthState.HEALTHY: "healthy",
    HealthState.DEGRADED: "degraded, which counts as up",
    HealthState.DOWN: "down",
    HealthState.UNREACHABLE: "unreachable, so that it could not be measured itself",
    HealthState.MAINTENANCE: "in maintenance, without signals of its own",
    HealthState.STALE: "no fresh data",
    HealthState.UNKNOWN: "no data yet",
}


def up_over_time(
    shown: Sequence[StateInterval], own: Sequence[StateInterval], end_us: int, *, degraded_is_bad: bool = False
) -> Measured:
    """Time that was up or down by the intervals of one entity, in order; open ends reach to `end_us`.

    Where maintenance covers the state it was in, that of its `own` signals stands. Up is healthy and degraded.
    """
    pieces = list(_pieces(shown, own, end_us))
    words: dict[str, int] = {}
    froms, tos, codes, places = (np.empty(len(pieces), np.int64) for _ in range(4))
    for number, (interval, from_us, until_us) in enumerate(pieces):
        standing = _STANDINGS.get(interval.state, Standing.UNKNOWN)
        if degraded_is_bad and interval.state is HealthState.DEGRADED:
            standing = Standing.BAD
        froms[number], tos[number], codes[number] = from_us, until_us, CODES[standing]
        places[number] = words.setdefault(_reason(interval, standing), len(words))
    return Measured.of_time(froms, tos, codes.astype(np.int8), places, tuple(words))


def _reason(interval: StateInterval, standing: Standing) -> str:
    words = _WORDS[interval.state]
    if interval.state is HealthState.DEGRADED and standing is Standing.BAD:
        words = "degraded, which the rule counts as bad"
    return f"{words}: {interval.reason}" if interval.reason and standing is Standing.BAD else words


def _pieces(
    shown: Sequence[StateInterval], own: Sequence[StateInterval], end_us: int
) -> Iterator[tuple[StateInterval, int, int]]:
    for interval in shown:
        from_us, until_us = _span(interval, end_us)
        if interval.state is not HealthState.MAINTENANCE:
            if from_us < until_us:
                yield interval, from_us, until_us
            continue
        at_us = from_us
        for each in own:
            low, high = _span(each, end_us)
            low, high = max(low, at_us), min(high, until_us)
            if low < high:
                if at_us < low:
                    yield interval, at_us, low
                yield each, low, high
                at_us = high
        if at_us < until_us:
            yield replace(interval, reason=""), at_us, until_us


def _span(interval: StateInterval, end_us: int) -> tuple[int, int]:
    return to_us(interval.from_at), end_us if interval.to_at is None else to_us(interval.to_at)
