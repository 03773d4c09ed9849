"""What runs out: certificates by the day they end, with what the last check saw of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from quarterdeck.domain.checks import CheckResult
from quarterdeck.domain.estate import Entity, EntityKind, Estate, RelationKind
from quarterdeck.domain.expectations import Expectation, expectations_for
from quarterdeck.domain.facts import Facts, fact
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.domain.series import Meaning, SeriesInfo
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import OccurrenceStore, SeriesQuery, SeriesStore

_LOOK_BACK = timedelta(days=7)
"""A certificate that nobody has seen for longer is no longer told of: its check is gone."""
_LOOK_BACK_COLUMNS = 672


class ExpirySources(SeriesStore, OccurrenceStore, Protocol):
    """What is read."""


@dataclass(frozen=True, slots=True)
class Expiry:
    """Something of an entity that ends at a known moment; today these are certificates.

    `days_left` counts from the play-head, below zero once it has ended; `state` is healthy, degraded or down by what
    the entity expects. `label` tells apart several of one entity. `used_by` are names of the integrations it stands
    behind, `used_keys` their keys in the same order. `subject`, `issuer` and `is_verified` are what the last check saw;
    empty and None where none told.
    """

    entity_key: str
    name: str
    kind: EntityKind
    label: str
    ends_at: datetime
    days_left: float
    state: HealthState
    seen_at: datetime
    used_by: tuple[str, ...] = ()
    used_keys: tuple[str, ...] = ()
    subject: str = ""
    issuer: str = ""
    is_verified: bool | None = None


def read_expiries(store: ExpirySources, estate: Estate, moment: Moment) -> tuple[Expiry, ...]:
    """Everything of the estate with a known end at the play-head, the soonest first."""
    series = store.find(SeriesQuery(meanings=(Meaning.EXPIRY,)))
    readings = _live_readings(series, moment.at) if moment.live else _past_readings(store, series, moment.at)
    if not readings:
        return ()
    entities = {entity.key: entity for entity in estate.entities}
    checks = [check for check in store.latest_checks(moment.at) if fact(check.facts, "certificate_not_after")]
    found = [
        _expiry(info, readings[info.id], moment.at, _Surroundings(entities, estate, checks))
        for info in series
        if info.id in readings and info.identity.entity_key in entities
    ]
    return tuple(sorted(found, key=lambda expiry: (expiry.ends_at, expiry.name)))


@dataclass(frozen=True, slots=True)
class _Surroundings:
    entities: Mapping[str, Entity]
    estate: Estate
    checks: list[CheckResult]


_Reading = tuple[datetime, float]


def _live_readings(series: Iterable[SeriesInfo], at: datetime) -> dict[int, _Reading]:
    return {
        info.id: (info.last_at, info.last_value)
        for info in series
        if info.last_at is not None
        and info.last_at > at - _LOOK_BACK
        and info.last_value is not None
        and math.isfinite(info.last_value)
    }


def _past_readings(store: SeriesStore, series: Iterable[SeriesInfo], at: datetime) -> dict[int, _Reading]:
    look_back = TimeRange(at - _LOOK_BACK, at + timedelta(seconds=1))
    readings: dict[int, _Reading] = {}
    for envelope in store.envelope([info.id for info in series], look_back, _LOOK_BACK_COLUMNS):
        known = [number for number, value in enumerate(envelope.last) if math.isfinite(value)]
        if known:
            readings[envelope.series.id] = from_ms(int(envelope.edges_ms[known[-1]])), float(envelope.last[known[-1]])
    return readings


def _expiry(info: SeriesInfo, reading: _Reading, at: datetime, around: _Surroundings) -> Expiry:
    seen_at, days = reading
    key, labels = info.identity.entity_key, info.identity.labels
    entity = around.entities[key]
    check = _check_of(key, labels, around.checks)
    ends_at = _told_end(check) or seen_at + timedelta(days=days)
    days_left = (ends_at - at) / timedelta(days=1)
    users = integrations_behind(key, around.entities, around.estate)
    return Expiry(
        entity_key=key,
        name=entity.name,
        kind=entity.kind,
        label=", ".join(value for _, value in labels),
        ends_at=ends_at,
        days_left=days_left,
        state=expiry_health(days_left, entity.expectations),
        seen_at=seen_at,
        used_by=tuple(one.name for one in users),
        used_keys=tuple(one.key for one in users),
        subject=fact(check.facts, "certificate_subject") if check else "",
        issuer=fact(check.facts, "certificate_issuer") if check else "",
        is_verified=_verified(check),
    )


def _check_of(entity_key: str, labels: Facts, checks: Iterable[CheckResult]) -> CheckResult | None:
    """The check that saw this certificate: of the same entity, of several the one that the series' label names."""
    mine = [check for check in checks if check.entity_key == entity_key]
    if len(mine) == 1:
        return mine[0]
    names = {value for _, value in labels}
    return next((check for check in mine if check.name in names), None)


def _told_end(check: CheckResult | None) -> datetime | None:
    if check is None:
        return None
    try:
        told_at = datetime.fromisoformat(fact(check.facts, "certificate_not_after"))
    except ValueError:
        return None
    return told_at if told_at.tzinfo is not None else None


def _verified(check: CheckResult | None) -> bool | None:
    told = fact(check.facts, "certificate_verified") if check else ""
    return {"yes": True, "no": False}.get(told)


def integrations_behind(entity_key: str, entities: Mapping[str, Entity], estate: Estate) -> tuple[Entity, ...]:
    """The integrations that an outside party stands behind, by name."""
    found = (entities.get(key) for key in estate.targets_of(entity_key, RelationKind.EXTERNAL_INTERNAL))
    linked = [entity for entity in found if entity is not None and entity.kind is EntityKind.INTEGRATION]
    return tuple(sorted(linked, key=lambda entity: (entity.name, entity.key)))


def expiry_health(days_left: float, declared: tuple[Expectation, ...]) -> HealthState:
    """How urgent something is that ends in so many days, by what its entity expects."""
    bounds = next(e for e in expectations_for(declared) if e.meaning is Meaning.EXPIRY)
    if days_left < 0 or (bounds.down_below is not None and days_left < bounds.down_below):
        return HealthState.DOWN
    is_near = bounds.degraded_below is not None and days_left < bounds.degraded_below
    return HealthState.DEGRADED if is_near else HealthState.HEALTHY
