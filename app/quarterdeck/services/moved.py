"""What moved: the figures of the whole estate over a range against those before it, the largest shift first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np

from quarterdeck.analysis.shifts import Shift, onset_of, shift_between, sure_ones
from quarterdeck.domain.estate import Entity
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.domain.series import SeriesInfo
from quarterdeck.services.figures import FIGURE_MEANINGS, Figure, figures_of, part_label
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Envelope, EstateStore, Precision, SeriesQuery, SeriesStore

STEPS = 96
"""Either time is looked at in so many equal steps, each by its mean."""


class MovedSources(EstateStore, SeriesStore, Protocol):
    """Where figures come from."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure of an entity that moved; `part` is the disk or interface, empty for the whole.

    `since_at` is where in the range the step lies from which on it was elsewhere, None where that is not to be told.
    """

    entity: Entity
    figure: Figure
    part: str
    series: SeriesInfo
    shift: Shift
    since_at: datetime | None


@dataclass(frozen=True, slots=True)
class MovedReport:
    """What moved surely, the furthest first, between the time `before` and the range.

    `unmoved` figures did not, or not surely; of `untold` ones there is too little on one side, or they stay in their
    source.
    """

    before: TimeRange
    moved: tuple[Moved, ...]
    unmoved: int
    untold: int


class MovedReader:
    """Compares what lies in the store; sources are not asked."""

    def __init__(self, store: MovedSources) -> None:
        self._store = store

    def moved(self, moment: Moment) -> MovedReport:
        """The range of a moment against the equal time just before it."""
        shown = moment.time_range
        before = TimeRange(shown.start_at - (shown.end_at - shown.start_at), shown.start_at)
        estate = self._store.estate(moment.at)
        entities = {entity.key: entity for entity in estate.entities}
        found = figures_of(self._store.find(SeriesQuery(entity_keys=tuple(entities), meanings=FIGURE_MEANINGS)))
        chosen = {
            info.id: (entities[key], figure)
            for key, figures in found.items()
            if key in entities
            for figure, info in figures.items()
        }
        envelopes = self._store.envelope(
            tuple(chosen), TimeRange(before.start_at, shown.end_at), 2 * STEPS, Precision.FIRST
        )
        told = [one for one in envelopes if not one.series.read_through and not one.failure]
        shifts = [shift_between(one.mean[:STEPS], one.mean[STEPS:]) for one in told]
        sure = sure_ones(shifts)
        moved = [
            _moved(*chosen[one.series.id], one, shift)
            for one, shift, is_sure in zip(told, shifts, sure, strict=True)
            if is_sure and shift is not None
        ]
        compared = sum(shift is not None for shift in shifts)
        return MovedReport(before, _by_size(moved), compared - len(moved), len(chosen) - compared)


def _moved(entity: Entity, figure: Figure, envelope: Envelope, shift: Shift) -> Moved:
    place = onset_of(envelope.mean[:STEPS], envelope.mean[STEPS:])
    since_at = None if place is None else from_ms(int(envelope.edges_ms[STEPS + place]))
    part = part_label(figure, envelope.series)
    return Moved(entity, figure, part, envelope.series, shift, since_at)


def _by_size(moved: Sequence[Moved]) -> tuple[Moved, ...]:
    return tuple(sorted(moved, key=lambda one: (-abs(one.shift.size), one.entity.name, one.figure.value)))


def ratio(shift: Shift) -> float | None:
    """How many times as much as before; None where that says nothing."""
    if shift.before == 0 or not np.isfinite(shift.after / shift.before) or shift.after / shift.before <= 0:
        return None
    return shift.after / shift.before
