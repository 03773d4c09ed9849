"""What moved: the figures of the whole estate over a range against those before it, the largest shift first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol

import numpy as np

from quarterdeck.analysis.shifts import LEAST_SIZE, Shift, onset_of, seldom_none, shift_between
from quarterdeck.analysis.stretches import Stretch, odd_stretch
from quarterdeck.domain.estate import Entity
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.domain.series import SeriesInfo
from quarterdeck.services.compared_ranges import Against, RangePair, earlier_range
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
    With an `until_at` it was elsewhere than at the same time earlier up to then only, and `shift` tells that stretch.
    """

    entity: Entity
    figure: Figure
    part: str
    series: SeriesInfo
    shift: Shift
    since_at: datetime | None
    until_at: datetime | None = None


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

    def __init__(self, store: MovedSources, zone: tzinfo | None = None) -> None:
        self._store = store
        self._zone = zone

    def moved(self, moment: Moment, against: Against = Against.BEFORE) -> MovedReport:
        """The range of a moment against the equal time just before it, or another earlier one."""
        shown = moment.time_range
        before = earlier_range(shown, against, self._zone)
        estate = self._store.estate(moment.at)
        entities = {entity.key: entity for entity in estate.entities}
        found = figures_of(self._store.find(SeriesQuery(entity_keys=tuple(entities), meanings=FIGURE_MEANINGS)))
        chosen = {
            info.id: (entities[key], figure)
            for key, figures in found.items()
            if key in entities
            for figure, info in figures.items()
        }
        told = [
            (one, other)
            for one, other in zip(*(self._steps(tuple(chosen), span) for span in (before, shown)), strict=True)
            if not one.series.read_through and not one.failure and not other.failure
        ]
        shifts = [shift_between(one.mean, other.mean) for one, other in told]
        is_aligned = against is not Against.BEFORE and RangePair(before, shown).is_aligned
        stretches = [odd_stretch(one.mean, other.mean) if is_aligned else None for one, other in told]
        tested = [shift.chance for shift in shifts if shift is not None]
        found = [1.0 if one is None else one.chance for one in stretches] if is_aligned else []
        limit = seldom_none([*tested, *found])
        moved = [
            one
            for pair, shift, stretch in zip(told, shifts, stretches, strict=True)
            if (one := _moved(chosen[pair[0].series.id], pair, shift, stretch, limit=limit)) is not None
        ]
        compared = sum(shift is not None for shift in shifts)
        return MovedReport(before, _by_size(moved), compared - len(moved), len(chosen) - compared)

    def _steps(self, series_ids: tuple[int, ...], span: TimeRange) -> tuple[Envelope, ...]:
        return self._store.envelope(series_ids, span, STEPS, Precision.FIRST)


def _moved(
    of: tuple[Entity, Figure],
    pair: tuple[Envelope, Envelope],
    shift: Shift | None,
    stretch: Stretch | None,
    *,
    limit: float,
) -> Moved | None:
    """What moved as a whole, or else for a stretch; None where neither is sure."""
    (entity, figure), (before, after) = of, pair
    part, edges = part_label(figure, after.series), after.edges_ms
    if shift is not None and shift.chance <= limit and abs(shift.size) >= LEAST_SIZE:
        place = onset_of(before.mean, after.mean)
        since_at = None if place is None else from_ms(int(edges[place]))
        return Moved(entity, figure, part, after.series, shift, since_at)
    if stretch is None or stretch.chance > limit:
        return None
    alike = Shift(stretch.before, stretch.after, stretch.size, 1.0, stretch.chance)
    first_at, end_at = (from_ms(int(edges[place])) for place in (stretch.first, stretch.last + 1))
    return Moved(entity, figure, part, after.series, alike, first_at, end_at)


def _by_size(moved: Sequence[Moved]) -> tuple[Moved, ...]:
    return tuple(sorted(moved, key=lambda one: (-abs(one.shift.size), one.entity.name, one.figure.value)))


def ratio(shift: Shift) -> float | None:
    """How many times as much as before; None where that says nothing."""
    if shift.before == 0 or not np.isfinite(shift.after / shift.before) or shift.after / shift.before <= 0:
        return None
    return shift.after / shift.before
