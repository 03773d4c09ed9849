"""Everything known of one entity at a moment: what the inspector tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from quarterdeck.domain.allocations import Allocation
from quarterdeck.domain.availability import Ledger
from quarterdeck.domain.checks import CheckResult, ClaimedStatus
from quarterdeck.domain.claims import PartnerRecord
from quarterdeck.domain.estate import Entity, EntityKind, Estate, RelationKind
from quarterdeck.domain.facts import Facts
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import Meaning
from quarterdeck.services.anomaly_ports import AnomalyStore
from quarterdeck.services.claim_ports import ClaimStore
from quarterdeck.services.claims import ClaimReader
from quarterdeck.services.current_states import CurrentStates, JudgedStates
from quarterdeck.services.entity_series import EntitySeriesReader
from quarterdeck.services.fault_class import OUTAGES, FaultReader, JudgedOutage
from quarterdeck.services.figures import FIGURE_MEANINGS, FigureReading, figures_of, part_label
from quarterdeck.services.integrations import ledgers, partners_of, patience_of
from quarterdeck.services.maintenance_ports import MaintenanceStore
from quarterdeck.services.moments import Moment
from quarterdeck.services.planned_work import planned_words
from quarterdeck.services.ports import ConnectionStore, EstateStore, OccurrenceStore, SeriesQuery, SeriesStore
from quarterdeck.services.readthrough import EnvelopeReader
from quarterdeck.services.reasons import reason_now
from quarterdeck.services.signals import Patience, Reading, SignalReader
from quarterdeck.services.unusual import Unusual, UnusualReader
from quarterdeck.services.unusual_words import newest_change
from quarterdeck.services.why import Surroundings, why_words

HISTORY_DAYS = 7
MAX_HISTORY = 20
MAX_JUDGED = 6


class InspectorSources(
    EstateStore,
    JudgedStates,
    SeriesStore,
    OccurrenceStore,
    ClaimStore,
    ConnectionStore,
    MaintenanceStore,
    AnomalyStore,
    Protocol,
):
    """What the inspector reads from."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An entity at the other end of a relation; `outgoing` when the relation starts at the inspected one."""

    kind: RelationKind
    outgoing: bool
    key: str
    name: str
    state: HealthState
    facts: Facts


@dataclass(frozen=True, slots=True)
class EntityCard:
    """One entity with its state, signals, checks, neighbours, and its last state changes, newest first.

    The reason of its state is as bad as it is now. `figures` are what one looks for first, `readings` tell the rest.
    `faults` are verdicts on its newest outages, the one under way first; `record` is how its partner's claims held.
    `unusual` was outside its usual range in the last day; `changed` says what is recorded near the beginning of the
    newest that goes on.
    """

    entity: Entity
    state: StateInterval | None
    partner: Entity | None
    ledger: Ledger
    readings: tuple[Reading, ...]
    checks: tuple[CheckResult, ...]
    claimed: ClaimedStatus | None
    allocations: tuple[Allocation, ...]
    neighbours: tuple[Neighbour, ...]
    history: tuple[StateInterval, ...]
    figures: tuple[FigureReading, ...] = ()
    faults: tuple[JudgedOutage, ...] = ()
    record: PartnerRecord | None = None
    unusual: tuple[Unusual, ...] = ()
    changed: str = ""


class InspectorReader:
    """Answers for the inspector; `series` lists all that its sources tell of an entity, which cards do not."""

    def __init__(self, store: InspectorSources, envelopes: EnvelopeReader | None = None) -> None:
        self._store = store
        self.series = EntitySeriesReader(store, envelopes)
        self._states = CurrentStates(store)
        self._signals = SignalReader(store)
        self._faults = FaultReader(store)
        self._claims = ClaimReader(store)
        self._unusual = UnusualReader(store)

    def card(self, entity_key: str, moment: Moment) -> EntityCard | None:
        """The card of one entity at the play-head; None when the estate holds no such entity then."""
        estate = self._store.estate(moment.at)
        entity = estate.entity(entity_key)
        if entity is None:
            return None
        states = self._states.states_at(moment.at)
        patience = patience_of([entity], self._store)
        signals = self._signals.read([entity_key], moment, patience).get(entity_key)
        current = interval = states.get(entity_key)
        if interval is not None:
            reason = reason_now(entity, interval, signals.readings) if signals else interval.reason
            reason = planned_words(interval, reason, self._store, moment.at)
            names = {each.key: each.name for each in estate.entities}
            interval = replace(interval, reason=why_words(interval, reason, Surroundings(states, names, moment.at)))
        recent = TimeRange(moment.at - timedelta(days=HISTORY_DAYS), moment.at)
        partner = partners_of(estate).get(entity_key)
        claims = self._store.claimed_at(moment.at)
        unusual = self._unusual.unusual(replace(moment, time_range=_last_day(moment)), [entity_key]).unusual
        history = tuple(reversed(self._states.states_in(recent, [entity_key])))[:MAX_HISTORY]
        return EntityCard(
            entity=entity,
            state=interval,
            partner=partner,
            ledger=ledgers(self._states, [entity_key], moment.availability_range)[entity_key],
            readings=_others(signals.readings.values()) if signals else (),
            checks=tuple(c for c in self._store.latest_checks(moment.at) if c.entity_key == entity_key),
            claimed=claims.get(entity_key) or (claims.get(partner.key) if partner else None),
            allocations=tuple(a for a in self._store.allocations_at(moment.at) if a.entity_key == entity_key),
            neighbours=_neighbours(estate, entity_key, states),
            history=history,
            figures=self._figures(entity_key, moment, patience),
            faults=self._faults.judged(_outages(current, history), estate, moment.at),
            record=self._record(partner or entity, moment),
            unusual=unusual,
            changed=newest_change(self._unusual, unusual, moment),
        )

    def _record(self, partner: Entity, moment: Moment) -> PartnerRecord | None:
        """How a partner's claims held; None for what is no partner, or has claimed nothing."""
        if partner.kind is not EntityKind.PARTNER:
            return None
        return self._claims.report(moment.availability_range, moment.at, partner.key).of_partner(partner.key)

    def _figures(self, key: str, moment: Moment, patience: Patience) -> tuple[FigureReading, ...]:
        series = figures_of(self._store.find(SeriesQuery(entity_keys=(key,)))).get(key, {})
        readings = self._signals.readings(tuple(series.values()), moment, patience)
        return tuple(
            FigureReading(figure, readings[info.id], part_label(figure, info))
            for figure, info in series.items()
            if info.id in readings
        )


def _last_day(moment: Moment) -> TimeRange:
    return TimeRange(moment.at - timedelta(days=1), moment.at)


def _outages(current: StateInterval | None, history: Sequence[StateInterval]) -> list[StateInterval]:
    """The outage under way, and the newest before it."""
    before = (each for each in history if current is None or each.from_at != current.from_at)
    found = [each for each in (current, *before) if each is not None and each.state in OUTAGES]
    return found[:MAX_JUDGED]


def _others(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """What no figure is about; what has no meaning of ours comes last."""
    found = [reading for reading in readings if reading.meaning not in FIGURE_MEANINGS]
    return tuple(sorted(found, key=lambda reading: reading.meaning is Meaning.OTHER))


def _neighbours(estate: Estate, key: str, states: Mapping[str, StateInterval]) -> tuple[Neighbour, ...]:
    entities = {entity.key: entity for entity in estate.entities}
    found: list[Neighbour] = []
    for relation in estate.relations:
        if key not in {relation.source_key, relation.target_key}:
            continue
        outgoing = relation.source_key == key
        other_key = relation.target_key if outgoing else relation.source_key
        other, interval = entities.get(other_key), states.get(other_key)
        found.append(
            Neighbour(
                kind=relation.kind,
                outgoing=outgoing,
                key=other_key,
                name=other.name if other else other_key,
                state=interval.state if interval else HealthState.UNKNOWN,
                facts=relation.facts,
            )
        )
    return tuple(sorted(found, key=lambda neighbour: (neighbour.outgoing, neighbour.kind, neighbour.name)))
