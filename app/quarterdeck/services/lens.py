"""The time lens: how the whole estate did over a range, in buckets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
import numpy.typing as npt

from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.services.current_states import CurrentStates, JudgedStates, silent_since
from quarterdeck.services.ports import EstateStore


class LensSources(EstateStore, JudgedStates, Protocol):
    """What the lens reads from."""


LENS_STATES = (HealthState.DOWN, HealthState.DEGRADED, HealthState.MAINTENANCE, HealthState.STALE, HealthState.HEALTHY)
"""The rows of `LensReport.shares`, in this order; unreachable counts as down, unknown as no row at all."""


@dataclass(frozen=True, slots=True, eq=False)
class LensReport:
    """`edges_ms` int64 (n + 1); `shares` float64 (5, n): the share of what is counted in each of LENS_STATES.

    Integrations are counted; where there are none, everything is, and `counts_everything` says so.
    """

    time_range: TimeRange
    edges_ms: npt.NDArray[np.int64]
    shares: npt.NDArray[np.float64]
    counts_everything: bool = False


class LensReader:
    """Answers for the time lens."""

    def __init__(self, store: LensSources) -> None:
        self._store = store
        self._states = CurrentStates(store)

    def lens(self, time_range: TimeRange, buckets: int, *, known_to: datetime | None = None) -> LensReport:
        """The shares by state in each bucket; an entity counts with its worst state of the bucket.

        The last bucket may reach past `known_to`, the end of the range where none is given. Time that lies ahead of it
        says nothing about whether anybody collects: a silence counts once it is there at that instant.
        """
        estate = self._store.estate(time_range.end_at)
        integrations = estate.of_kind(EntityKind.INTEGRATION)
        keys = [entity.key for entity in integrations or estate.entities]
        edges = np.linspace(time_range.start_ms, time_range.end_ms, buckets + 1).astype(np.int64)
        worst = np.full((len(keys), buckets), len(LENS_STATES), np.int8)
        rows = {key: number for number, key in enumerate(keys)}
        is_silent = silent_since(self._store, known_to or time_range.end_at) is not None
        states = self._states if is_silent else self._store
        for interval in states.states_in(time_range, keys):
            _mark(worst[rows[interval.entity_key]], edges, interval)
        shares = np.stack([(worst == number).sum(axis=0) for number in range(len(LENS_STATES))])
        return LensReport(time_range, edges, shares / max(1, len(keys)), counts_everything=not integrations)


def _mark(worst: npt.NDArray[np.int8], edges: npt.NDArray[np.int64], interval: StateInterval) -> None:
    state = HealthState.DOWN if interval.state is HealthState.UNREACHABLE else interval.state
    if state not in LENS_STATES:
        return
    end_ms = to_ms(interval.to_at) if interval.to_at else int(edges[-1])
    first = max(0, int(np.searchsorted(edges, to_ms(interval.from_at), "right")) - 1)
    last = int(np.searchsorted(edges, end_ms, "left"))
    np.minimum(worst[first:last], LENS_STATES.index(state), out=worst[first:last])
