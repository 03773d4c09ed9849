"""What is told of several entities on one time axis: their requests, or what their machines have in use."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from quarterdeck.analysis.courses import Course, course_of
from quarterdeck.domain.estate import Entity, EntityKind, Estate
from quarterdeck.domain.events import Change
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.domain.series import Meaning, SeriesInfo
from quarterdeck.services.anomaly_ports import AnomalyStore
from quarterdeck.services.calculation import Calculation, in_place
from quarterdeck.services.chart_columns import chart_columns
from quarterdeck.services.compared_ranges import Against
from quarterdeck.services.current_states import CurrentStates, JudgedStates
from quarterdeck.services.earlier import Earlier, EarlierReader
from quarterdeck.services.expectation import Expectation, ExpectationReader
from quarterdeck.services.figures import (
    FIGURE_MEANINGS,
    MACHINE_FIGURES,
    REQUEST_FIGURES,
    Figure,
    Figures,
    figures_of,
    part_label,
)
from quarterdeck.services.integrations import patience_of
from quarterdeck.services.maintenance_ports import MaintenanceStore
from quarterdeck.services.moments import Moment
from quarterdeck.services.moved import MovedReader, MovedReport
from quarterdeck.services.ports import (
    ConnectionStore,
    Envelope,
    EstateStore,
    OccurrenceStore,
    Precision,
    SeriesQuery,
    SeriesStore,
)
from quarterdeck.services.ranking import by_urgency
from quarterdeck.services.readthrough import EnvelopeReader
from quarterdeck.services.signals import KEY_MEANINGS, Patience
from quarterdeck.services.unusual import Unusual, UnusualReader

MAX_LINES = 6
DEFAULT_LINES = 3
MARKED_STATES = frozenset({HealthState.DEGRADED, HealthState.DOWN, HealthState.UNREACHABLE, HealthState.MAINTENANCE})
"""The states that are marked on the time axis; where data is missing the lines themselves say so."""


class PerformanceSources(
    EstateStore, JudgedStates, SeriesStore, OccurrenceStore, ConnectionStore, AnomalyStore, MaintenanceStore, Protocol
):
    """What the panel reads from."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that can be charted, and its state at the moment."""

    entity: Entity
    state: HealthState


@dataclass(frozen=True, slots=True, eq=False)
class ChartLine:
    """One entity's line in one chart: its course over the range.

    `silent_since_at` says from when on nothing came, up to the end of the range; None while the line speaks there. It
    lies before the range where nothing came in it, and is None too where nothing ever came. `failure` says in words why
    a source that keeps its own samples did not give them.
    """

    entity_key: str
    label: str
    series: SeriesInfo
    course: Course
    silent_since_at: datetime | None = None
    failure: str = ""
    is_sharp: bool = True


@dataclass(frozen=True, slots=True)
class SignalChart:
    """One chart: a figure, the statistic and unit of its lines, and the lines; empty where nothing is measured."""

    figure: Figure
    statistic: str
    unit: str
    lines: tuple[ChartLine, ...]


@dataclass(frozen=True, slots=True)
class PerformanceReport:
    """The charts over the moment's range, and what is marked on their time axis.

    Of integrations there are always the same four; of other kinds what is told of those shown, and `untold` are the
    figures one would look for and that no source tells. `is_sharp` says that nothing would be drawn more exactly.
    `candidates` can be charted, the most urgent first. `marked` are the shown entities' degraded, down, unreachable and
    maintenance intervals; `changes` concern a shown entity, one related to it, or nothing in particular. `unusual` is
    what was unusual in the range, of all that is measured.
    """

    kind: EntityKind
    candidates: tuple[Candidate, ...]
    shown: tuple[str, ...]
    names: Mapping[str, str]
    charts: tuple[SignalChart, ...]
    marked: tuple[StateInterval, ...]
    changes: tuple[Change, ...]
    untold: tuple[Figure, ...] = ()
    is_sharp: bool = True
    unusual: tuple[Unusual, ...] = ()


@dataclass(frozen=True, slots=True)
class Sharpness:
    """How sharply lines are wanted, and whether anybody still waits for them: if not, what is left is not read."""

    precision: Precision = Precision.EXACT
    is_wanted: Callable[[], bool] = lambda: True


EXACT = Sharpness()


class PerformanceReader:
    """Answers for the Performance panel."""

    def __init__(self, store: PerformanceSources, envelopes: EnvelopeReader, calculate: Calculation = in_place) -> None:
        self._store = store
        self._states = CurrentStates(store)
        self._envelopes = envelopes
        self._expecting = ExpectationReader(envelopes, calculate)
        self._earlier = EarlierReader(store, envelopes)
        self._moved = MovedReader(store)
        self._unusual = UnusualReader(store)

    def performance(
        self, kind: EntityKind, wanted: Sequence[str], moment: Moment, *, pixels: int, sharpness: Sharpness = EXACT
    ) -> PerformanceReport:
        """Charts of the wanted entities of a kind; the most urgent ones that have data when none is wanted."""
        estate = self._store.estate(moment.at)
        entities = {entity.key: entity for entity in estate.of_kind(kind)}
        is_fixed = kind is EntityKind.INTEGRATION
        meanings = KEY_MEANINGS if is_fixed else FIGURE_MEANINGS
        series = figures_of(self._store.find(SeriesQuery(entity_keys=tuple(entities), meanings=meanings)))
        states = self._states.states_at(moment.at)
        order = by_urgency([entities[key] for key in series if key in entities], states)
        shown = tuple(key for key in wanted if key in entities)[:MAX_LINES] or order[:DEFAULT_LINES]
        told = series if is_fixed else self._told(shown)
        scope = _Scope([entities[key] for key in shown], told, moment, pixels, sharpness)
        figures = REQUEST_FIGURES if is_fixed else _told_figures(told)
        charts = self._charts(figures, scope)
        marked = self._states.states_in(moment.time_range, shown) if shown else ()
        unusual = self._unusual.unusual(moment).unusual
        unknown = HealthState.UNKNOWN
        return PerformanceReport(
            kind=kind,
            candidates=tuple(
                Candidate(entities[key], states[key].state if key in states else unknown) for key in order
            ),
            shown=shown,
            names={entity.key: entity.name for entity in estate.entities},
            charts=charts,
            marked=tuple(interval for interval in marked if interval.state in MARKED_STATES),
            changes=self._changes(estate, shown, moment),
            untold=_untold(kind, figures),
            is_sharp=all(line.is_sharp for chart in charts for line in chart.lines),
            unusual=unusual,
        )

    def expectations(self, series: Sequence[SeriesInfo], time_range: TimeRange) -> tuple[Expectation, ...]:
        """What is expected of each series over a range, in the order asked."""
        return self._expecting.expectations(series, time_range)

    def earlier(self, series: Sequence[SeriesInfo], moment: Moment, *, pixels: int) -> Earlier:
        """What the same series did at the same time of an earlier week."""
        return self._earlier.earlier(series, moment, pixels)

    def moved(self, moment: Moment, against: Against = Against.BEFORE) -> MovedReport:
        """What of the whole estate moved over the range, against an earlier one of equal length."""
        return self._moved.moved(moment, against)

    def _told(self, keys: Sequence[str]) -> Mapping[str, Figures]:
        """All figures of a few entities, also those that no meaning tells."""
        if not keys:
            return {}
        meanings = (*FIGURE_MEANINGS, Meaning.OTHER)
        return figures_of(self._store.find(SeriesQuery(entity_keys=tuple(keys), meanings=meanings)))

    def _charts(self, figures: Sequence[Figure], scope: _Scope) -> tuple[SignalChart, ...]:
        patience = patience_of(scope.shown, self._store)
        return tuple(self._chart(figure, scope, patience) for figure in figures)

    def _chart(self, figure: Figure, scope: _Scope, patience: Patience) -> SignalChart:
        chosen = {
            found[figure].id: entity for entity in scope.shown if figure in (found := scope.series.get(entity.key, {}))
        }
        lines = tuple(
            _line(chosen[one.series.id], figure, one, patience, scope.moment.time_range)
            for one in self._read(chosen, scope, _longest(figure, scope, patience))
        )
        identity = lines[0].series.identity if lines else None
        statistic, unit = (identity.statistic, identity.unit) if identity else ("", "")
        return SignalChart(figure, statistic, unit, lines)

    def _read(self, series_ids: Collection[int], scope: _Scope, patience_seconds: float) -> tuple[Envelope, ...]:
        moment = scope.moment
        columns = chart_columns(moment.time_range, scope.pixels, patience_seconds=patience_seconds, live=moment.live)
        found: list[Envelope] = []
        for few in _one_by_one(series_ids) if scope.sharpness.precision is Precision.REFINED else [tuple(series_ids)]:
            if scope.sharpness.is_wanted():
                found += self._envelopes.envelope(few, columns.time_range, columns.count, scope.sharpness.precision)
        return tuple(found)

    def _changes(self, estate: Estate, shown: Sequence[str], moment: Moment) -> tuple[Change, ...]:
        concerned = {"", *shown}
        for relation in estate.relations:
            ends = {relation.source_key, relation.target_key}
            if ends & set(shown):
                concerned |= ends
        return tuple(one for one in self._store.changes(moment.time_range) if one.entity_key in concerned)


@dataclass(frozen=True, slots=True)
class _Scope:
    shown: Sequence[Entity]
    series: Mapping[str, Figures]
    moment: Moment
    pixels: int
    sharpness: Sharpness


def _one_by_one(series_ids: Collection[int]) -> list[tuple[int, ...]]:
    """Each in a read of its own, so that nobody waits for all of them to be told that none is wanted any more."""
    return [(number,) for number in series_ids]


def _told_figures(told: Mapping[str, Figures]) -> tuple[Figure, ...]:
    return tuple(figure for figure in Figure if any(figure in figures for figures in told.values()))


def _untold(kind: EntityKind, told: Sequence[Figure]) -> tuple[Figure, ...]:
    """What one would look for: of a component its machine, unless something else is told; of others their requests."""
    if kind is EntityKind.INTEGRATION:
        return ()
    is_machine = kind is EntityKind.COMPONENT and (not told or not set(told).isdisjoint(MACHINE_FIGURES))
    expected = MACHINE_FIGURES if is_machine else REQUEST_FIGURES
    return tuple(figure for figure in expected if figure not in told)


def _longest(figure: Figure, scope: _Scope, patience: Patience) -> float:
    """For how many seconds a sample of any series shown may speak."""
    told = (scope.series.get(entity.key, {}).get(figure) for entity in scope.shown)
    return max((patience.seconds_for(info) for info in told if info is not None), default=0.0)


def _line(entity: Entity, figure: Figure, envelope: Envelope, patience: Patience, shown: TimeRange) -> ChartLine:
    info = envelope.series
    course = course_of(
        envelope.edges_ms,
        (envelope.low, envelope.high, envelope.mean),
        patience_ms=int(patience.seconds_for(info) * 1000),
        shown_ms=(shown.start_ms, shown.end_ms),
    )
    silent_at = None if envelope.failure else _silent_since(course, envelope)
    part = part_label(figure, info)
    label = f"{entity.name} · {part}" if part else entity.name
    return ChartLine(entity.key, label, info, course, silent_at, envelope.failure, envelope.is_sharp)


def _silent_since(course: Course, envelope: Envelope) -> datetime | None:
    """To the instant where the series ends there, to the width of a column else."""
    last_at = envelope.series.last_at
    if course.silent_from_ms is None:
        return None
    from_at = from_ms(int(course.silent_from_ms))
    if len(course.times_ms) == 0:
        return None if last_at is None else min(last_at, from_at)
    width = from_ms(int(envelope.edges_ms[1])) - from_ms(int(envelope.edges_ms[0]))
    return last_at if last_at is not None and abs(last_at - from_at) <= width else from_at
