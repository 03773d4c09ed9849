"""What ends when: certificates as probes saw them, keys and consents as declared, and what no end is known of.

An entity or a relation declares an end by a fact: `certificate_ends`, `key_ends` or `consent_ends`, a day or an instant
in ISO 8601. A day ends with its last second, in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from quarterdeck.domain.estate import Entity, EntityKind, Estate, Relation
from quarterdeck.domain.facts import Facts, fact
from quarterdeck.domain.health import HealthState
from quarterdeck.services.expiries import Expiry, expiry_health, integrations_behind

_A_DAY = timedelta(days=1)
_LAST_MOMENT = time(23, 59, 59, tzinfo=UTC)


class ExpiryKind(StrEnum):
    """What can run out."""

    CERTIFICATE = "certificate"
    KEY = "key"
    CONSENT = "consent"


FACT_NAMES: Mapping[ExpiryKind, str] = {kind: f"{kind.value}_ends" for kind in ExpiryKind}
"""The fact that declares the end of each kind."""


@dataclass(frozen=True, slots=True)
class ExpiryEntry:
    """Something with a known end.

    `days_left` counts from the play-head, below zero once it has ended. `seen_at` is when a probe saw it last, None for
    what is declared; `declared_on` is then the name of what declares it. `used_by` are the integrations it stands
    behind, `used_keys` their keys.
    """

    kind: ExpiryKind
    entity_key: str
    name: str
    ends_at: datetime
    days_left: float
    state: HealthState
    seen_at: datetime | None = None
    declared_on: str = ""
    used_by: tuple[str, ...] = ()
    used_keys: tuple[str, ...] = ()


def soonest_ends(entries: Iterable[ExpiryEntry]) -> dict[str, float]:
    """In how many days the first thing ends that an integration stands on, by its key; below zero where it has."""
    found: dict[str, float] = {}
    for one in entries:
        for key in one.used_keys:
            found[key] = min(one.days_left, found.get(key, one.days_left))
    return found


@dataclass(frozen=True, slots=True)
class UndatedEntry:
    """An integration with an outside party of whose kinds no end is known; `told` is what facts say instead."""

    entity_key: str
    name: str
    kinds: tuple[ExpiryKind, ...]
    told: tuple[tuple[ExpiryKind, str], ...] = ()

    def told_of(self, kind: ExpiryKind) -> str:
        """What is declared of a kind and is no date; empty where nothing is."""
        return next((text for of, text in self.told if of is kind), "")


@dataclass(frozen=True, slots=True)
class ExpiryCalendar:
    """Everything with a known end, the soonest first, and what has none, by name."""

    entries: tuple[ExpiryEntry, ...]
    undated: tuple[UndatedEntry, ...]


def read_calendar(estate: Estate, certificates: Sequence[Expiry], at: datetime) -> ExpiryCalendar:
    """The calendar of an estate at an instant, given the certificates that probes saw."""
    entities = {entity.key: entity for entity in estate.entities}
    declared = list(_declared(estate, entities, at))
    entries = [*map(_seen, certificates), *(one for one in declared if isinstance(one, ExpiryEntry))]
    unclear = [one for one in declared if isinstance(one, _Unclear)]
    return ExpiryCalendar(
        tuple(sorted(entries, key=lambda one: (one.ends_at, one.name, one.kind))),
        tuple(_undated(estate, entities, certificates, entries, unclear)),
    )


@dataclass(frozen=True, slots=True)
class _Unclear:
    """A fact that should be an end and is no date."""

    kind: ExpiryKind
    entity_key: str
    text: str


def _seen(expiry: Expiry) -> ExpiryEntry:
    return ExpiryEntry(
        kind=ExpiryKind.CERTIFICATE,
        entity_key=expiry.entity_key,
        name=f"{expiry.name} · {expiry.label}" if expiry.label else expiry.name,
        ends_at=expiry.ends_at,
        days_left=expiry.days_left,
        state=expiry.state,
        seen_at=expiry.seen_at,
        used_by=expiry.used_by,
        used_keys=expiry.used_keys,
    )


def _declared(estate: Estate, entities: Mapping[str, Entity], at: datetime) -> Iterator[ExpiryEntry | _Unclear]:
    for entity in estate.entities:
        yield from _told(entity, entity.name, entity.facts, entities, estate, at=at)
    for relation in estate.relations:
        owner = entities.get(relation.source_key)
        if owner is not None:
            yield from _told(owner, _link_words(relation, entities), relation.facts, entities, estate, at=at)


def _link_words(relation: Relation, entities: Mapping[str, Entity]) -> str:
    ends = [entities.get(key) for key in (relation.source_key, relation.target_key)]
    return " → ".join(one.name for one in ends if one is not None)


def _told(
    owner: Entity,
    declared_on: str,
    facts: Facts,
    entities: Mapping[str, Entity],
    estate: Estate,
    *,
    at: datetime,
) -> Iterator[ExpiryEntry | _Unclear]:
    for kind, name in FACT_NAMES.items():
        text = fact(facts, name).strip()
        ends_at = _instant(text)
        if ends_at is not None:
            days_left = (ends_at - at) / _A_DAY
            users = (
                [owner] if owner.kind is EntityKind.INTEGRATION else integrations_behind(owner.key, entities, estate)
            )
            yield ExpiryEntry(
                kind=kind,
                entity_key=owner.key,
                name=declared_on,
                ends_at=ends_at,
                days_left=days_left,
                state=expiry_health(days_left, owner.expectations),
                declared_on=declared_on,
                used_by=tuple(one.name for one in users),
                used_keys=tuple(one.key for one in users),
            )
        elif text:
            yield _Unclear(kind, owner.key, text)


def _instant(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), _LAST_MOMENT)
    except ValueError:
        pass
    try:
        told_at = datetime.fromisoformat(text)
        return (told_at if told_at.tzinfo is not None else told_at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _undated(
    estate: Estate,
    entities: Mapping[str, Entity],
    certificates: Iterable[Expiry],
    entries: Sequence[ExpiryEntry],
    unclear: Sequence[_Unclear],
) -> Iterator[UndatedEntry]:
    """Integrations that run to an outside party, with what of them, or of that party, has no known end."""
    known = {(one.entity_key, one.kind) for one in entries}
    used = {key for one in certificates for key in one.used_keys}
    for partner in estate.of_kind(EntityKind.PARTNER):
        for link in integrations_behind(partner.key, entities, estate):
            places = {partner.key, link.key}
            kinds = [kind for kind in ExpiryKind if not any((place, kind) in known for place in places)]
            if link.key in used and ExpiryKind.CERTIFICATE in kinds:
                kinds.remove(ExpiryKind.CERTIFICATE)
            told = tuple((one.kind, one.text) for one in unclear if one.entity_key in places and one.kind in kinds)
            if kinds:
                yield UndatedEntry(link.key, link.name, tuple(kinds), told)
