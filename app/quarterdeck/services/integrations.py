"""Every integration with its state, why, since when, and the figures an administrator judges it by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
import numpy.typing as npt

from quarterdeck.domain.availability import Ledger, ledger
from quarterdeck.domain.checks import ClaimedStatus
from quarterdeck.domain.claims import contradicts
from quarterdeck.domain.estate import Entity, EntityKind, Estate, RelationKind
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import Meaning, SeriesInfo
from quarterdeck.services.current_states import CurrentStates, JudgedStates, silent_since
from quarterdeck.services.expiries import Expiry, read_expiries
from quarterdeck.services.expiry_calendar import ExpiryCalendar, read_calendar
from quarterdeck.services.maintenance_ports import MaintenanceStore
from quarterdeck.services.maintenance_watch import covered_at
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import ConnectionStore, EstateStore, OccurrenceStore, SeriesStore, StateStore
from quarterdeck.services.reasons import reason_now
from quarterdeck.services.signals import NO_SIGNALS, Patience, SignalReader, Signals

SPARK_POINTS = 90
INTERNAL = "internal"
SPARK_MEANINGS = (Meaning.RESPONSE_TIME, Meaning.THROUGHPUT, Meaning.ERROR_RATE)
"""What a row's line shows: the first of these that the integration has."""


class IntegrationSources(
    EstateStore, JudgedStates, SeriesStore, OccurrenceStore, ConnectionStore, MaintenanceStore, Protocol
):
    """What the list reads from."""


@dataclass(frozen=True, slots=True, eq=False)
class IntegrationRow:
    """One integration at the moment shown.

    `reason` is why it is in its state, as bad as it is now, `cause` the signal that decided. `response_statistic` says
    which summary the response time is (`p95`, `mean`, …). `spark` is one signal over the range (float64, NaN is a
    gap), `spark_meaning` which one. `claimed` is what its partner says, `is_disputed` whether that contradicts what is
    measured. `newest_at` is its newest signal; figures are None where nothing fresh is known.
    """

    entity: Entity
    partner_name: str
    partner_key: str
    state: HealthState
    reason: str
    cause: str
    since_at: datetime | None
    ledger: Ledger
    response_time_seconds: float | None
    response_statistic: str
    error_ratio: float | None
    requests_per_second: float | None
    spark: npt.NDArray[np.float64]
    spark_meaning: Meaning | None
    claimed: ClaimedStatus | None
    is_disputed: bool
    newest_at: datetime | None


@dataclass(frozen=True, slots=True)
class IntegrationList:
    """All integrations at a moment, by domain and name, and how many of them have fresh data.

    `silent_since_at` is since when nobody has collected, None while somebody does.
    """

    rows: tuple[IntegrationRow, ...]
    silent_since_at: datetime | None = None

    @property
    def fresh_count(self) -> int:
        """How many are neither stale nor unknown."""
        return sum(row.state not in {HealthState.STALE, HealthState.UNKNOWN} for row in self.rows)


class IntegrationReader:
    """Answers for the Integrations panel and the Overview's cards."""

    def __init__(self, store: IntegrationSources) -> None:
        self._store = store
        self._states = CurrentStates(store)
        self._signals = SignalReader(store)

    def integrations(self, moment: Moment) -> IntegrationList:
        """All integrations of the estate at the play-head."""
        return self.integrations_of(self._store.estate(moment.at), moment)

    def integrations_of(self, estate: Estate, moment: Moment) -> IntegrationList:
        """The same, for who has read the estate of the play-head already."""
        entities = estate.of_kind(EntityKind.INTEGRATION)
        keys = [entity.key for entity in entities]
        signals = self._signals.read(keys, moment, patience_of(entities, self._store))
        facts = _Facts(
            partners=partners_of(estate),
            states=self._states.states_at(moment.at),
            ledgers=ledgers(self._states, keys, moment.availability_range),
            claimed=self._store.claimed_at(moment.at),
            signals=signals,
            sparks=self._signals.sparks(_spark_ids(signals), moment, SPARK_POINTS),
        )
        rows = [_row(entity, facts) for entity in entities]
        ordered = sorted(rows, key=lambda row: (row.entity.domain, row.entity.name))
        return IntegrationList(tuple(ordered), silent_since(self._store, moment.at))

    def expiries(self, moment: Moment) -> tuple[Expiry, ...]:
        """What runs out, the soonest first, at the play-head."""
        return read_expiries(self._store, self._store.estate(moment.at), moment)

    def calendar(self, moment: Moment) -> ExpiryCalendar:
        """What ends when, and of what no end is known, at the play-head."""
        estate = self._store.estate(moment.at)
        return read_calendar(estate, read_expiries(self._store, estate, moment), moment.at)

    def covered(self, moment: Moment) -> frozenset[str]:
        """The keys of what a maintenance window covers at the play-head, whatever state that is in."""
        records = self._store.maintenance.records()
        known = [one for one in records if moment.live or one.recorded_at <= moment.at]
        return covered_at(known, self._store.estate(moment.at).entities, moment.at)


def patience_of(entities: Sequence[Entity], store: ConnectionStore) -> Patience:
    """How old the values of entities may be: as they declare, and as often as their connections poll."""
    return Patience(
        {entity.key: entity.freshness_seconds for entity in entities if entity.freshness_seconds is not None},
        {connection.id: connection.poll_seconds for connection in store.connections()},
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    partners: Mapping[str, Entity]
    states: Mapping[str, StateInterval]
    ledgers: Mapping[str, Ledger]
    claimed: Mapping[str, ClaimedStatus]
    signals: Mapping[str, Signals]
    sparks: Mapping[int, npt.NDArray[np.float64]]


def partners_of(estate: Estate) -> dict[str, Entity]:
    """The partner behind each integration, by integration key."""
    by_key = {entity.key: entity for entity in estate.entities}
    partners: dict[str, Entity] = {}
    for relation in estate.relations:
        source = by_key.get(relation.source_key)
        is_partner = source is not None and source.kind is EntityKind.PARTNER
        if relation.kind is RelationKind.EXTERNAL_INTERNAL and source is not None and is_partner:
            partners[relation.target_key] = source
    return partners


def ledgers(store: StateStore, keys: Sequence[str], time_range: TimeRange) -> dict[str, Ledger]:
    """The availability ledger of each entity over a range, by key."""
    grouped: dict[str, list[StateInterval]] = defaultdict(list)
    for interval in store.states_in(time_range, keys):
        grouped[interval.entity_key].append(interval)
    return {key: ledger(grouped[key], time_range) for key in keys}


def _spark_of(signals: Signals) -> SeriesInfo | None:
    return next((signals.series[meaning] for meaning in SPARK_MEANINGS if meaning in signals.series), None)


def _spark_ids(signals: Mapping[str, Signals]) -> list[int]:
    series = [_spark_of(found) for found in signals.values()]
    return [info.id for info in series if info is not None]


def _row(entity: Entity, facts: _Facts) -> IntegrationRow:
    interval = facts.states.get(entity.key)
    state = interval.state if interval else HealthState.UNKNOWN
    partner = facts.partners.get(entity.key)
    signals = facts.signals.get(entity.key) or NO_SIGNALS
    response = signals.series.get(Meaning.RESPONSE_TIME)
    drawn = _spark_of(signals)
    claimed = facts.claimed.get(entity.key) or (facts.claimed.get(partner.key) if partner else None)
    return IntegrationRow(
        entity=entity,
        partner_name=partner.name if partner else INTERNAL,
        partner_key=partner.key if partner else "",
        state=state,
        reason=reason_now(entity, interval, signals.readings) if interval else "",
        cause=interval.cause if interval else "",
        since_at=interval.since_at if interval else None,
        ledger=facts.ledgers[entity.key],
        response_time_seconds=signals.value(Meaning.RESPONSE_TIME),
        response_statistic=response.identity.statistic if response else "",
        error_ratio=signals.value(Meaning.ERROR_RATE),
        requests_per_second=signals.value(Meaning.THROUGHPUT),
        spark=facts.sparks.get(drawn.id, _NO_SPARK) if drawn else _NO_SPARK,
        spark_meaning=drawn.identity.meaning if drawn else None,
        claimed=claimed,
        is_disputed=claimed is not None and contradicts(claimed.state, state),
        newest_at=signals.newest_at,
    )


_NO_SPARK: npt.NDArray[np.float64] = np.empty(0)
