"""Response time, throughput, errors and saturation of several entities on one time axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.events import Change
from quarterdeck.domain.health import HealthState, StateInterval, needs_attention
from quarterdeck.domain.series import Meaning, SeriesInfo
from quarterdeck.services.current_states import CurrentStates, JudgedStates
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Envelope, EstateStore, OccurrenceStore, SeriesQuery, SeriesStore
from quarterdeck.services.ranking import by_urgency
from quarterdeck.services.readthrough import EnvelopeReader
from quarterdeck.services.signals import KEY_MEANINGS, choose_series

MAX_LINES = 6
DEFAULT_LINES = 3


class PerformanceSources(EstateStore, JudgedStates, SeriesStore, OccurrenceStore, Protocol):
    """What the panel reads from."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that can be charted, and its state at the moment."""

    entity: Entity
    state: HealthState


@dataclass(frozen=True, slots=True, eq=False)
class ChartLine:
    """One entity's line in one chart."""

    entity_key: str
    label: str
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class SignalChart:
    """One chart: a meaning, the statistic and unit of its lines, and the lines; empty where nothing is measured."""

    meaning: Meaning
    statistic: str
    unit: str
    lines: tuple[ChartLine, ...]


@dataclass(frozen=True, slots=True)
class PerformanceReport:
    """The four charts over the moment's range, the trouble of the shown entities, and changes."""

    kind: EntityKind
    candidates: tuple[Candidate, ...]
    shown: tuple[str, ...]
    charts: tuple[SignalChart, ...]
    trouble: tuple[StateInterval, ...]
    changes: tuple[Change, ...]


class PerformanceReader:
    """Answers for the Performance panel."""

    def __init__(self, store: PerformanceSources, envelopes: EnvelopeReader) -> None:
        self._store = store
        self._states = CurrentStates(store)
        self._envelopes = envelopes

    def performance(self, kind: EntityKind, wanted: Sequence[str], moment: Moment, *, pixels: int) -> PerformanceReport:
        """Charts of the wanted entities of a kind; the most urgent ones that have data when none is wanted."""
        estate = self._store.estate(moment.at)
        entities = {entity.key: entity for entity in estate.of_kind(kind)}
        series = choose_series(self._store.find(SeriesQuery(entity_keys=tuple(entities), meanings=KEY_MEANINGS)))
        states = self._states.states_at(moment.at)
        order = by_urgency([entities[key] for key in series if key in entities], states)
        shown = tuple(key for key in wanted if key in entities)[:MAX_LINES] or order[:DEFAULT_LINES]
        charts = tuple(self._chart(meaning, shown, (entities, series), (moment, pixels)) for meaning in KEY_MEANINGS)
        trouble = self._states.states_in(moment.time_range, shown) if shown else ()
        unknown = HealthState.UNKNOWN
        return PerformanceReport(
            kind=kind,
            candidates=tuple(
                Candidate(entities[key], states[key].state if key in states else unknown) for key in order
            ),
            shown=shown,
            charts=charts,
            trouble=tuple(interval for interval in trouble if needs_attention(interval.state)),
            changes=self._store.changes(moment.time_range),
        )

    def _chart(
        self,
        meaning: Meaning,
        shown: Sequence[str],
        sources: tuple[Mapping[str, Entity], Mapping[str, Mapping[Meaning, SeriesInfo]]],
        view: tuple[Moment, int],
    ) -> SignalChart:
        entities, series = sources
        moment, pixels = view
        chosen = {series[key][meaning].id: key for key in shown if key in series and meaning in series[key]}
        envelopes = self._envelopes.envelope(tuple(chosen), moment.time_range, pixels)
        lines = tuple(
            ChartLine(chosen[envelope.series.id], entities[chosen[envelope.series.id]].name, envelope)
            for envelope in envelopes
        )
        identity = lines[0].envelope.series.identity if lines else None
        statistic, unit = (identity.statistic, identity.unit) if identity else ("", "")
        return SignalChart(meaning, statistic, unit, lines)
