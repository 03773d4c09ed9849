"""Two ranges compared: every figure of the estate in the one beside the other, what shifted surely, and how far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.shifts import LEAST_SIZE, Shift, onset_of, seldom_none, shift_between
from quarterdeck.analysis.stretches import Stretch, odd_stretch
from quarterdeck.domain.estate import Entity
from quarterdeck.domain.events import Change
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.domain.series import Meaning, SeriesInfo
from quarterdeck.services.compared_ranges import RangePair
from quarterdeck.services.figures import FIGURE_MEANINGS, Figure, figures_of, part_label
from quarterdeck.services.ports import Envelope, EstateStore, OccurrenceStore, Precision, SeriesQuery, SeriesStore

STEPS = 96
"""Either range is looked at in so many equal steps, each by its mean."""
QUANTILES = (0.5, 0.95, 0.99)


class ComparisonSources(EstateStore, SeriesStore, OccurrenceStore, Protocol):
    """Where figures and changes come from."""


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """A figure of an entity in both ranges.

    `shift` tells the medians of the steps and how they differ; it is None of too few on either side. `stretch` is a
    part of the later range that lay elsewhere than at the same time of the earlier one, where both are equally long.
    Each is sure among all that were tested at once, or not. `since_at` is from when on it was elsewhere, as exactly as
    `within_seconds`, `until_at` the end of a stretch; None where that is not to be told.
    """

    entity: Entity
    figure: Figure
    part: str
    series: SeriesInfo
    shift: Shift | None
    stretch: Stretch | None
    is_shift_sure: bool
    is_stretch_sure: bool
    since_at: datetime | None = None
    until_at: datetime | None = None
    within_seconds: float = 0.0

    @property
    def is_sure(self) -> bool:
        """Whether it moved surely, as a whole or for a stretch."""
        return self.is_shift_sure or self.is_stretch_sure

    @property
    def size(self) -> float:
        """How many usual spreads it moved, with a sign: what is sure, else the shift; 0 where nothing is known."""
        if self.stretch is not None and self.is_stretch_sure and not self.is_shift_sure:
            return self.stretch.size
        return self.shift.size if self.shift is not None else 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """All figures: what shifted surely, the furthest first; then what did not; last what cannot be compared.

    `changes` are those from an hour before the later range to its end. Figures whose source keeps them are `unread`.
    """

    ranges: RangePair
    figures: tuple[ComparedFigure, ...]
    changes: tuple[Change, ...]
    unread: int = 0

    @property
    def moved(self) -> tuple[ComparedFigure, ...]:
        """What shifted surely, the furthest first."""
        return tuple(one for one in self.figures if one.is_sure)

    @property
    def tested(self) -> int:
        """How many figures could be compared."""
        return sum(one.shift is not None for one in self.figures)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the samples of a range add up to, exactly; NaN where there are none. `quantiles` are those of QUANTILES."""

    count: int
    mean: float
    low: float
    high: float
    quantiles: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SideBySide:
    """One series in both ranges: what its samples add up to, and its courses."""

    series: SeriesInfo
    ranges: RangePair
    earlier: Numbers
    later: Numbers
    earlier_course: Envelope | None
    later_course: Envelope | None


class ComparisonReader:
    """Compares what lies in the store; sources are not asked."""

    def __init__(self, store: ComparisonSources) -> None:
        self._store = store

    def compare(self, ranges: RangePair, at: datetime, only: tuple[str, ...] = ()) -> Comparison:
        """Every figure that the estate has at a moment, or only some entities, response times in all statistics."""
        every = self._store.estate(at).entities
        entities = {entity.key: entity for entity in every if not only or entity.key in only}
        chosen = _chosen(self._store.find(SeriesQuery(entity_keys=tuple(entities), meanings=FIGURE_MEANINGS)))
        kept = {info.id: (info, figure) for info, figure in chosen if not info.read_through}
        earlier, later = (self._steps(kept, span) for span in (ranges.earlier, ranges.later))
        pairs = {number: (earlier[number], later[number]) for number in kept if number in earlier and number in later}
        tested = {number: _Tested.of(pair, is_aligned=ranges.is_aligned) for number, pair in pairs.items()}
        limit = seldom_none([chance for one in tested.values() for chance in one.chances])
        found = [
            _compared(entities[kept[number][0].identity.entity_key], kept[number], one, pairs[number], limit)
            for number, one in tested.items()
        ]
        return Comparison(ranges, _ranked(found), self._changes(ranges.later), len(chosen) - len(found))

    def side_by_side(self, series_id: int, ranges: RangePair, pixels: int) -> SideBySide | None:
        """One series in both ranges, exactly; None for one that is not known."""
        courses = [self._store.envelope((series_id,), span, pixels) for span in (ranges.earlier, ranges.later)]
        told = [one[0] for one in courses if one]
        if not told:
            return None
        numbers = [numbers_of(self._store.samples(series_id, span).values) for span in (ranges.earlier, ranges.later)]
        first, second = (one[0] if one else None for one in courses)
        return SideBySide(told[0].series, ranges, numbers[0], numbers[1], first, second)

    def _steps(self, wanted: dict[int, tuple[SeriesInfo, Figure]], span: TimeRange) -> dict[int, Envelope]:
        envelopes = self._store.envelope(tuple(wanted), span, STEPS, Precision.FIRST)
        return {one.series.id: one for one in envelopes if not one.failure}

    def _changes(self, later: TimeRange) -> tuple[Change, ...]:
        return self._store.changes(TimeRange(from_ms(later.start_ms - _BEFORE_MS), later.end_at))


_BEFORE_MS = 3_600_000


def numbers_of(values: npt.NDArray[np.float64]) -> Numbers:
    """What samples add up to; those that are not finite are left out."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        nothing = float("nan")
        return Numbers(0, nothing, nothing, nothing, (nothing,) * len(QUANTILES))
    quantiles = np.quantile(finite, QUANTILES)
    return Numbers(
        len(finite), float(finite.mean()), float(finite.min()), float(finite.max()), tuple(map(float, quantiles))
    )


def _chosen(series: Sequence[SeriesInfo]) -> list[tuple[SeriesInfo, Figure]]:
    """The series that stand for figures, and beside a response time its other statistics."""
    found = [(info, figure) for figures in figures_of(series).values() for figure, info in figures.items()]
    stands = {(info.identity.entity_key, info.identity.name) for info, f in found if f is Figure.RESPONSE_TIME}
    known = {info.id for info, _ in found}
    others = [
        (info, Figure.RESPONSE_TIME)
        for info in series
        if info.identity.meaning is Meaning.RESPONSE_TIME
        and info.id not in known
        and (info.identity.entity_key, info.identity.name) in stands
        and info.identity.statistic
    ]
    return found + others


@dataclass(frozen=True, slots=True)
class _Tested:
    """What both tests find of a figure."""

    shift: Shift | None
    stretch: Stretch | None
    is_aligned: bool

    @classmethod
    def of(cls, pair: tuple[Envelope, Envelope], *, is_aligned: bool) -> _Tested:
        earlier, later = (one.mean for one in pair)
        return cls(shift_between(earlier, later), odd_stretch(earlier, later) if is_aligned else None, is_aligned)

    @property
    def chances(self) -> tuple[float, ...]:
        """A test that found nothing is a test too."""
        if self.shift is None:
            return ()
        stretch = 1.0 if self.stretch is None else self.stretch.chance
        return (self.shift.chance, stretch) if self.is_aligned else (self.shift.chance,)


def _compared(
    entity: Entity, of: tuple[SeriesInfo, Figure], one: _Tested, pair: tuple[Envelope, Envelope], limit: float
) -> ComparedFigure:
    (info, figure), (earlier, later), edges = of, pair, pair[1].edges_ms
    is_shift = one.shift is not None and one.shift.chance <= limit and abs(one.shift.size) >= LEAST_SIZE
    is_stretch = one.stretch is not None and one.stretch.chance <= limit
    place = onset_of(earlier.mean, later.mean) if is_shift else None
    end = None
    if one.stretch is not None and is_stretch and not is_shift:
        place, end = one.stretch.first, one.stretch.last + 1
    return ComparedFigure(
        entity,
        figure,
        part_label(figure, info),
        info,
        one.shift,
        one.stretch,
        is_shift,
        is_stretch,
        None if place is None else from_ms(int(edges[place])),
        None if end is None else from_ms(int(edges[end])),
        0.0 if place is None else _within_seconds(later, place),
    )


def _within_seconds(later: Envelope, place: int) -> float:
    """How far the beginning may lie from its step: back to the last step before it of which anything is known."""
    before = np.flatnonzero(np.isfinite(later.mean[:place]))
    first = int(before[-1]) if len(before) else 0
    steps = max(1, place - first)
    return float(later.edges_ms[1] - later.edges_ms[0]) / 1000 * steps


def _ranked(found: Sequence[ComparedFigure]) -> tuple[ComparedFigure, ...]:
    def rank(one: ComparedFigure) -> tuple[bool, bool, float, str, str, str]:
        identity = one.series.identity
        return not one.is_sure, one.shift is None, -abs(one.size), one.entity.name, one.figure.value, identity.statistic

    return tuple(sorted(found, key=rank))
