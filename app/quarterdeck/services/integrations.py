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
from quarterdeck.domain.estate import Entity, EntityKind, Estate, RelationKind
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import Meaning
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import EstateStore, OccurrenceStore, SeriesStore, StateStore
from quarterdeck.services.signals import SignalReader, Signals

SPARK_POINTS = 90
INTERNAL = "internal"


class IntegrationSources(EstateStore, StateStore, SeriesStore, OccurrenceStore, Protocol):
    """What the list reads from."""


@dataclass(frozen=True, slots=True, eq=False)
class IntegrationRow:
    """One integration at the moment shown.

    `reason` is why it is in its state; `spark` is its response time over the range (float64, NaN is a gap).
    `newest_at` is its newest signal; figures are None where nothing fresh is known.
    """

    entity: Entity
    partner_name: str
    partner_key: str
    state: HealthState
    reason: str
    since_at: datetime | None
    ledger: Ledger
    response_time_seconds: float | None
    error_ratio: float | None
    requests_per_second: float | None
    spark: npt.NDArray[np.float64]
    claimed: ClaimedStatus | None
    newest_at: datetime | None


@dataclass(frozen=True, slots=True)
class IntegrationList:
    """All integrations at a moment, by domain and urgency, and how many of them have fresh data."""

    rows: tuple[IntegrationRow, ...]

    @property
    def fresh_count(self) -> int:
        """How many are neither stale nor unknown."""
        return sum(row.state not in {HealthState.STALE, HealthState.UNKNOWN} for row in self.rows)


class IntegrationReader:
    """Answers for the Integrations panel and the Overview's cards."""

    def __init__(self, store: IntegrationSources) -> None:
        self._store = store
        self._signals = SignalReader(store)

    def integrations(self, moment: Moment) -> IntegrationList:
        """All integrations of the estate at the play-head."""
        estate = self._store.estate(moment.at)
        entities = estate.of_kind(EntityKind.INTEGRATION)
        keys = [entity.key for entity in entities]
        signals = self._signals.read(keys, moment)
        sparks = self._signals.sparks(_response_ids(signals), moment, SPARK_POINTS)
        facts = _Facts(
            partners=partners_of(estate),
            states=self._store.states_at(moment.at),
            ledgers=ledgers(self._store, keys, moment.availability_range),
            claimed=self._store.claimed_at(moment.at),
            signals=signals,
            sparks=sparks,
        )
        rows = [_row(entity, facts) for entity in entities]
        return IntegrationList(tuple(sorted(rows, key=lambda row: (row.entity.domain, row.entity.name))))


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


def _response_ids(signals: Mapping[str, Signals]) -> list[int]:
    series = [found.series.get(Meaning.RESPONSE_TIME) for found in signals.values()]
    return [info.id for info in series if info is not None]


def _row(entity: Entity, facts: _Facts) -> IntegrationRow:
    interval = facts.states.get(entity.key)
    partner = facts.partners.get(entity.key)
    signals = facts.signals.get(entity.key) or Signals({}, {}, None)
    response = signals.series.get(Meaning.RESPONSE_TIME)
    spark = facts.sparks.get(response.id) if response else None
    return IntegrationRow(
        entity=entity,
        partner_name=partner.name if partner else INTERNAL,
        partner_key=partner.key if partner else "",
        state=interval.state if interval else HealthState.UNKNOWN,
        reason=interval.reason if interval else "",
        since_at=interval.from_at if interval else None,
        ledger=facts.ledgers[entity.key],
        response_time_seconds=signals.value(Meaning.RESPONSE_TIME),
        error_ratio=signals.value(Meaning.ERROR_RATE),
        requests_per_second=signals.value(Meaning.THROUGHPUT),
        spark=spark if spark is not None else np.empty(0),
        claimed=facts.claimed.get(partner.key) if partner else None,
        newest_at=signals.newest_at,
    )
