"""What the estate declares of an entity, as facts that rules read: kept apart so that each fact is one small rule."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from quarterdeck.domain.estate import (
    Entity,
    EntityKind,
    EntityVersion,
    Origin,
    RelationKind,
    RelationVersion,
    precedence,
)
from quarterdeck.domain.evidence_records import Content, FactValue
from quarterdeck.domain.facts import fact
from quarterdeck.domain.instants import to_ms

_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*%", re.ASCII)
_DAYS = re.compile(r"[0-9]{1,6}", re.ASCII)
_ENCRYPTED = ("https", "sftp", "ftps", "ssh", "tls", "mtls", "amqps", "mqtts", "smtps", "grpcs", "ldaps", "wss")
"""Protocols that are encrypted by what they are; for any other a link says how it is encrypted."""

_MOST_CLASSES = 64


@dataclass(frozen=True, slots=True)
class DeclaredEstateView:
    """The versions that stand at a moment, with every entity's links at hand."""

    entities: dict[str, EntityVersion]
    links: dict[str, list[RelationVersion]]
    undeclared: dict[str, int]

    @classmethod
    def of(cls, entities: Iterable[EntityVersion], relations: Iterable[RelationVersion]) -> DeclaredEstateView:
        """Of several versions of one key the one that stands; links that only an observer tells are counted apart."""
        standing = {version.entity.key: version for version in sorted(entities, key=precedence)}
        linked = {version.relation.key: version for version in sorted(relations, key=precedence)}
        view = cls(standing, defaultdict(list), defaultdict(int))
        for version in linked.values():
            for key in {version.relation.source_key, version.relation.target_key}:
                view.links[key].append(version)
                view.undeclared[key] += version.origin is Origin.OBSERVED
        return view

    def behind(self, key: str, kind: RelationKind, *, towards: bool) -> Iterator[Entity]:
        """Entities that a link of a kind leads to (`towards`), or comes from."""
        for version in self.links.get(key, ()):
            relation = version.relation
            own, other = relation.source_key, relation.target_key
            if not towards:
                own, other = other, own
            if relation.kind is kind and own == key and other in self.entities:
                yield self.entities[other].entity


@dataclass(slots=True)
class Declaration:
    """What is declared of one entity: the facts, since when all of it stands, by whom, and how many things told it."""

    content: Content
    since_at: datetime
    sources: tuple[str, ...]
    population: int


def declaration_of(version: EntityVersion, view: DeclaredEstateView) -> Declaration:
    """The facts that the estate declares of an entity at the moment of the view."""
    entity, links = version.entity, view.links.get(version.entity.key, [])
    told = (version, *links)
    content = _own_facts(entity) | _link_facts(entity, links) | _partner_facts(entity, links, view)
    content |= {"drift.undeclared_links": view.undeclared.get(entity.key, 0)} | _restore_facts(entity, view)
    return Declaration(
        content=tuple(sorted((name, value) for name, value in content.items() if value is not None)),
        since_at=max(each.valid_from_at for each in told),
        sources=tuple(sorted({each.source for each in told})),
        population=len(told),
    )


_Told = dict[str, FactValue | None]


def _own_facts(entity: Entity) -> _Told:
    objective = _PERCENT.fullmatch(fact(entity.facts, "objective").strip())
    return {
        "entity.kind": entity.kind.value,
        "entity.domain": entity.domain,
        "entity.tier": entity.tier,
        "owner.declared": bool(entity.owner),
        "monitoring.declared": bool(entity.expectations),
        "objective.declared": bool(fact(entity.facts, "objective")),
        "objective.percent": float(objective[1]) if objective else None,
        "data.retention_days": _whole(fact(entity.facts, "retention_days")),
        "access.days_since_review": _day_ms(fact(entity.facts, "access_reviewed")),
        "secret.days_since_rotation": _day_ms(fact(entity.facts, "key_rotated")),
    }


def _link_facts(entity: Entity, links: Sequence[RelationVersion]) -> _Told:
    """What the links say of data; notifications name a class, but what carries them is a link of its own."""
    relations = [version.relation for version in links]
    carrying = [each for each in relations if each.kind is not RelationKind.EVENT_NOTIFICATION]
    outward = [each for each in carrying if each.kind is RelationKind.EXTERNAL_INTERNAL]
    named = {fact(each.facts, "data_class") for each in relations} | {fact(entity.facts, "data_class")}
    with_data = [each for each in carrying if fact(each.facts, "data_class")]
    bare = [
        each for each in with_data if not _is_encrypted(fact(each.facts, "protocol"), fact(each.facts, "encryption"))
    ]
    protocols = [fact(each.facts, "protocol") for each in outward] + [fact(entity.facts, "protocol")]
    classes = tuple(sorted(named - {""}))[:_MOST_CLASSES]
    return {
        "data.classes": classes,
        "data.declared": bool(classes) and all(fact(each.facts, "data_class") for each in outward),
        "encryption.links": len(with_data),
        "encryption.undeclared_links": len(bare),
        "protocol.declared": any(protocols),
    }


def _partner_facts(entity: Entity, links: Sequence[RelationVersion], view: DeclaredEstateView) -> _Told:
    behind = view.behind(entity.key, RelationKind.EXTERNAL_INTERNAL, towards=False)
    partners = [other for other in behind if other.kind is EntityKind.PARTNER]
    told = [entity.facts, *(partner.facts for partner in partners), *(version.relation.facts for version in links)]
    return {
        "partner.declared": bool(partners),
        "contract.declared": any(fact(facts, "contract") for facts in told),
        "exit.declared": any(fact(facts, "exit_plan") for facts in told),
    }


def _restore_facts(entity: Entity, view: DeclaredEstateView) -> _Told:
    """When the oldest restore test was, over all that keeps the entity's data; unknown when one was never tested."""
    behind = view.behind(entity.key, RelationKind.SERVICE_COMPONENT, towards=True)
    keepers = [other for other in (entity, *behind) if _keeps_data(other)]
    tested = [_day_ms(fact(keeper.facts, "restore_tested")) for keeper in keepers]
    known = [day for day in tested if day is not None]
    return {"restore.days_since_test": min(known) if known and len(known) == len(tested) else None}


def _keeps_data(entity: Entity) -> bool:
    is_store = entity.kind is EntityKind.COMPONENT and bool(fact(entity.facts, "retention_days"))
    return is_store or bool(fact(entity.facts, "restore_tested"))


def _is_encrypted(protocol: str, encryption: str) -> bool:
    words = re.split(r"[^a-z0-9]+", protocol.lower())
    return bool(encryption) or any(word in _ENCRYPTED for word in words)


def _whole(text: str) -> int | None:
    return int(text) if _DAYS.fullmatch(text) else None


def _day_ms(text: str) -> int | None:
    """The instant at which a declared day begins."""
    try:
        return to_ms(datetime.combine(date.fromisoformat(text), time.min, UTC))
    except ValueError:
        return None
