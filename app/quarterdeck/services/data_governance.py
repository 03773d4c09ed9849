"""Data governance: which classes of data each relation carries, how long they are kept, and who may see them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from quarterdeck.domain.estate import Entity, EntityKind, Origin, RelationVersion
from quarterdeck.domain.facts import fact
from quarterdeck.domain.instants import from_ms
from quarterdeck.domain.policies import EvidenceKind
from quarterdeck.services.posture import (
    EvidenceSubject,
    Figure,
    PostureRow,
    PostureTable,
    PostureView,
    judgements_on,
    mark_of,
    mark_of_unknown,
)
from quarterdeck.services.posture_facts import PostureFacts
from quarterdeck.services.wording import day_words, domain_words, moment_words

COLUMNS = ("Data class", "Protected by", "Kept for", "Who may see", "Access reviewed", "Known by")
_DAY = timedelta(days=1)


def data_table(facts: PostureFacts, kind: EntityKind) -> PostureTable:
    """A row for each relation that begins or ends at an entity of a kind, by domain and name."""
    noun = "an integration" if kind is EntityKind.INTEGRATION else f"a {kind.value}"
    return PostureTable(
        view=PostureView.DATA,
        subject="Relation",
        columns=COLUMNS,
        rows=tuple(_rows(facts, kind)),
        at=facts.at,
        query=f"data of every relation of {noun} at {facts.at.isoformat(timespec='seconds')}",
    )


def _rows(facts: PostureFacts, kind: EntityKind) -> Iterator[PostureRow]:
    told: set[str] = set()
    for entity in facts.entities(kind):
        links = sorted(facts.links_of(entity.key), key=lambda version: version.relation.key)
        for version in links:
            if version.relation.key not in told:
                told.add(version.relation.key)
                yield _row(_Link.of(version, entity, facts))


@dataclass(frozen=True, slots=True)
class _Link:
    """A relation with those of its ends that are in the estate; `entity` is the one that the row is about."""

    version: RelationVersion
    entity: Entity
    ends: tuple[Entity, ...]
    facts: PostureFacts

    @classmethod
    def of(cls, version: RelationVersion, entity: Entity, facts: PostureFacts) -> _Link:
        keys = (version.relation.source_key, version.relation.target_key)
        ends = tuple(facts.view.entities[key].entity for key in keys if key in facts.view.entities)
        return cls(version, entity, ends, facts)

    @property
    def evidence(self) -> tuple[EvidenceSubject, ...]:
        return tuple(EvidenceSubject(end.key, EvidenceKind.DECLARATION) for end in self.ends)

    def told(self, name: str) -> str:
        """A fact of the relation itself."""
        return fact(self.version.relation.facts, name)

    def figure(self, number: int, words: str, told_by: str, *names: str, rank: float = math.nan) -> Figure:
        """One figure, with the policies that read any of some facts of the relation's ends."""
        judged = judgements_on(names, [end.key for end in self.ends], self.facts.judged)
        mark = mark_of(judged) if words else mark_of_unknown(judged)
        return Figure(COLUMNS[number], words, mark, told_by, rank, judged, self.evidence)


def _row(link: _Link) -> PostureRow:
    relation = link.version.relation
    names = {end.key: end.name for end in link.ends}
    name = " → ".join(names.get(key, key) for key in (relation.source_key, relation.target_key))
    figures = (_class(link), _protection(link), _kept(link), _seen_by(link), _reviewed(link), _known_by(link))
    return PostureRow(relation.key, link.entity.key, name, domain_words(link.entity.domain), figures)


def _class(link: _Link) -> Figure:
    own = link.told("data_class")
    if own:
        return link.figure(0, own, "Declared of the relation.", "data.classes", "data.declared")
    told = "No class is declared of the relation (`data_class`)."
    return link.figure(0, "", told, "data.classes", "data.declared")


def _protection(link: _Link) -> Figure:
    protocol, encryption = link.told("protocol"), link.told("encryption")
    words = ", ".join(part for part in (encryption, protocol) if part)
    told = "As declared of the relation." if words else "Neither a protocol nor an encryption is declared of it."
    return link.figure(1, words, told, "encryption.undeclared_links", "protocol.declared")


def _kept(link: _Link) -> Figure:
    known = {end.name: days for end in link.ends if (days := _fact(link, end, "data.retention_days")) is not None}
    if not known:
        told = "Neither end declares how long it keeps data (`retention_days`)."
        return link.figure(2, "", told, "data.retention_days")
    longest = max(known.values())
    told = f"Declared: {'; '.join(f'{name} {days:,} d' for name, days in known.items())}."
    return link.figure(2, f"{longest:,} d", told, "data.retention_days", rank=float(longest))


def _seen_by(link: _Link) -> Figure:
    people = [link.told("may_see"), *(fact(end.facts, "may_see") for end in link.ends)]
    named = dict.fromkeys(one.strip() for text in people for one in text.split(";") if one.strip())
    owners = dict.fromkeys(part for part in (link.told("owner"), *(end.owner for end in link.ends)) if part)
    owned = f"Owned by {', '.join(owners)}." if owners else "It has no declared owner."
    if named:
        return link.figure(3, ", ".join(named), f"As declared. {owned}")
    return link.figure(3, "", f"Who may see the data is not declared (`may_see`). {owned}")


def _reviewed(link: _Link) -> Figure:
    reviews = [day for end in link.ends if (day := _fact(link, end, "access.days_since_review")) is not None]
    if not reviews:
        told = "No day of a review of access is declared (`access_reviewed`)."
        return link.figure(4, "", told, "access.days_since_review")
    reviewed_at = from_ms(min(reviews))
    days = (link.facts.at - reviewed_at) / _DAY
    told = f"Declared: {day_words(reviewed_at)} {reviewed_at.astimezone().year}, the older one where both ends declare."
    return link.figure(4, f"{math.floor(days)} d ago", told, "access.days_since_review", rank=days)


def _known_by(link: _Link) -> Figure:
    version, at = link.version, link.facts.at
    is_declared = version.origin is Origin.DECLARED
    since = moment_words(version.valid_from_at, at)
    told = f"By {version.source}, since {since}."
    if version.last_seen_at is not None:
        told += f" Last seen {moment_words(version.last_seen_at, at)}."
    words = "declared" if is_declared else "seen, not declared"
    return link.figure(5, words, told, "drift.undeclared_links")


def _fact(link: _Link, end: Entity, name: str) -> int | None:
    value = link.facts.declared(end.key).get(name)
    return value if isinstance(value, int) else None
