"""What a document would change: the difference between what it declares and what the store holds, and who may."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias, TypeVar

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.errors import InvalidEstate
from quarterdeck.domain.estate import DeclaredEstate, Entity, EntityVersion, Origin, Relation, RelationVersion
from quarterdeck.sdk.texts import counted, one_line
from quarterdeck.services import estate_wording
from quarterdeck.services.wording import dated_words

Version = TypeVar("Version", EntityVersion, RelationVersion)
Thing = TypeVar("Thing", Entity, Relation, Connection)
Elsewhere: TypeAlias = Callable[[Collection[str]], Mapping[str, DeclaredEstate]]
"""Finds other documents by their names, as far as their files are at hand; they are asked for only on a conflict."""


class Step(StrEnum):
    """What happens to one thing, with the sign a dry run prints before it."""

    ADDED = "+"
    CHANGED = "~"
    REMOVED = "-"


@dataclass(frozen=True, slots=True)
class EstateStep:
    """One thing that is added, changed or removed: what it is, its key, a few words, and each field that differs."""

    step: Step
    noun: str
    key: str
    words: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EstateDifference:
    """All a document would change, in words (`steps`) and as what is written; empty when nothing would change."""

    source: str
    title: str
    since_at: datetime | None = None
    steps: tuple[EstateStep, ...] = ()
    put_entities: tuple[Entity, ...] = ()
    put_relations: tuple[Relation, ...] = ()
    put_connections: tuple[Connection, ...] = ()
    remove_entity_keys: tuple[str, ...] = ()
    remove_relation_keys: tuple[str, ...] = ()
    remove_connection_ids: tuple[str, ...] = ()
    held_count: int = 0
    """How many things the document declared before."""

    def __bool__(self) -> bool:
        return bool(self.steps)

    def count(self, step: Step) -> int:
        """How many things are added, changed or removed."""
        return sum(one.step is step for one in self.steps)

    @property
    def withdrawal(self) -> str:
        """What to ask about before it is applied: that it withdraws all, or most, of what the document declared.

        Empty where it does not. A file that was cut off is still a sound document, and would do just that.
        """
        gone = self.count(Step.REMOVED)
        is_most = gone >= _FEWEST_ASKED and gone * 2 > self.held_count
        if not gone or (gone < self.held_count and not is_most):
            return ""
        parts = (
            counted(len(self.remove_entity_keys), "entity", "entities"),
            counted(len(self.remove_relation_keys), "relation"),
            counted(len(self.remove_connection_ids), "connection"),
        )
        told = ", ".join(part for part in parts if not part.startswith("0 "))
        of_them = f"{gone:,} of {counted(self.held_count, 'thing')}"
        return f"The document withdraws {of_them} it declared before: {told}. A file that was cut off looks like this."


@dataclass(frozen=True, slots=True)
class HeldEstate:
    """What the store holds at the moment a document is applied.

    One key may stand there several times: as each document declares it, and as each connection observes it.
    """

    entities: tuple[EntityVersion, ...]
    relations: tuple[RelationVersion, ...]
    connections: tuple[Connection, ...]


_FEWEST_ASKED = 3


def nowhere(names: Collection[str]) -> Mapping[str, DeclaredEstate]:
    """No other document is at hand."""
    del names
    return {}


def difference_between(declared: DeclaredEstate, held: HeldEstate, elsewhere: Elsewhere = nowhere) -> EstateDifference:
    """What must be written so that the store holds what the document declares.

    Raises InvalidEstate when another document, or a person, declared the same thing; where `elsewhere` finds the other
    document, with its file and line too. A declared entity or relation
    takes the place of an observed one; what the same document declared before and does not any more is removed.
    Whether a connection runs stays as it was set in the console.
    """
    _refuse_conflicts(declared, held, elsewhere)
    entities = {version.entity.key: version for version in _ours_last(held.entities, declared.source)}
    relations = {version.relation.key: version for version in _ours_last(held.relations, declared.source)}
    connections = {connection.id: connection for connection in held.connections}
    entity_steps = _steps(_entity_step(entity, entities.get(entity.key)) for entity in declared.entities)
    relation_steps = _steps(_relation_step(relation, relations.get(relation.key)) for relation in declared.relations)
    wanted = [_as_set(connection, connections.get(connection.id)) for connection in declared.connections]
    connection_steps = _steps(_connection_step(connection, connections.get(connection.id)) for connection in wanted)
    gone_entities = _withdrawn_entities(declared, held)
    gone_relations = _withdrawn_relations(declared, held)
    gone_connections = _withdrawn_connections(declared, held)
    return EstateDifference(
        source=declared.source,
        title=declared.title,
        since_at=declared.since_at,
        steps=(
            *entity_steps.values(),
            *relation_steps.values(),
            *connection_steps.values(),
            *gone_connections.values(),
            *gone_relations.values(),
            *gone_entities.values(),
        ),
        put_entities=tuple(entity for entity in declared.entities if entity.key in entity_steps),
        put_relations=tuple(relation for relation in declared.relations if relation.key in relation_steps),
        put_connections=tuple(connection for connection in wanted if connection.id in connection_steps),
        remove_entity_keys=tuple(gone_entities),
        remove_relation_keys=tuple(gone_relations),
        remove_connection_ids=tuple(gone_connections),
        held_count=_held_count(declared.source, held),
    )


def difference_words(difference: EstateDifference) -> tuple[str, ...]:
    """The lines of a dry run: `+` added, `~` changed, `-` removed, each changed field below, and the sum."""
    title = one_line(difference.title or difference.source)
    if not difference:
        return (f"{title}: nothing to change; the store holds what the document declares.",)
    lines: list[str] = []
    for step in difference.steps:
        lines.append(f"{step.step} {step.noun} {one_line(step.key)}" + (f" ({step.words})" if step.words else ""))
        lines += [f"    {detail}" for detail in step.details]
    sums = ((Step.ADDED, "added"), (Step.CHANGED, "changed"), (Step.REMOVED, "removed"))
    return (*lines, f"{title}: " + ", ".join(f"{difference.count(step)} {word}" for step, word in sums) + ".")


def _steps(steps: Iterable[EstateStep | None]) -> dict[str, EstateStep]:
    return {step.key: step for step in steps if step is not None}


def _entity_step(entity: Entity, held: EntityVersion | None) -> EstateStep | None:
    words = estate_wording.entity_words(entity)
    if held is None:
        return EstateStep(Step.ADDED, "entity", entity.key, words)
    changes = _changes(estate_wording.entity_changes, held.entity, entity)
    details = (*_declared_now(held.origin, held.source), *changes)
    return EstateStep(Step.CHANGED, "entity", entity.key, words, details) if details else None


def _relation_step(relation: Relation, held: RelationVersion | None) -> EstateStep | None:
    words = estate_wording.relation_words(relation)
    if held is None:
        return EstateStep(Step.ADDED, "relation", relation.key, "")
    details = (
        *_declared_now(held.origin, held.source),
        *_changes(estate_wording.relation_changes, held.relation, relation),
    )
    return EstateStep(Step.CHANGED, "relation", relation.key, words, details) if details else None


def _connection_step(connection: Connection, held: Connection | None) -> EstateStep | None:
    words = estate_wording.connection_words(connection)
    if held is None:
        return EstateStep(Step.ADDED, "connection", connection.id, words)
    details = _changes(estate_wording.connection_changes, held, connection)
    return EstateStep(Step.CHANGED, "connection", connection.id, words, details) if details else None


def _changes(words: Callable[[Thing, Thing], tuple[str, ...]], old: Thing, new: Thing) -> tuple[str, ...]:
    return () if old == new else words(old, new) or ("changed in its order or its empty fields",)


def _declared_now(origin: Origin, source: str) -> tuple[str, ...]:
    if origin is Origin.DECLARED:
        return ()
    return (f"declared from now on; until now only observed by {one_line(source, 80)}",)


def _as_set(connection: Connection, held: Connection | None) -> Connection:
    return replace(connection, enabled=held.enabled) if held else connection


def _withdrawn_entities(declared: DeclaredEstate, held: HeldEstate) -> dict[str, EstateStep]:
    kept = {entity.key for entity in declared.entities}
    return {
        version.entity.key: EstateStep(
            Step.REMOVED, "entity", version.entity.key, estate_wording.entity_words(version.entity)
        )
        for version in held.entities
        if _is_ours(version, declared.source) and version.entity.key not in kept
    }


def _withdrawn_relations(declared: DeclaredEstate, held: HeldEstate) -> dict[str, EstateStep]:
    kept = {relation.key for relation in declared.relations}
    return {
        version.relation.key: EstateStep(Step.REMOVED, "relation", version.relation.key, "")
        for version in held.relations
        if _is_ours(version, declared.source) and version.relation.key not in kept
    }


def _withdrawn_connections(declared: DeclaredEstate, held: HeldEstate) -> dict[str, EstateStep]:
    kept = {connection.id for connection in declared.connections}
    return {
        connection.id: EstateStep(
            Step.REMOVED, "connection", connection.id, estate_wording.connection_words(connection)
        )
        for connection in held.connections
        if connection.managed_by == declared.source and connection.id not in kept
    }


def _held_count(source: str, held: HeldEstate) -> int:
    ours = [_is_ours(version, source) for version in (*held.entities, *held.relations)]
    return sum(ours) + sum(connection.managed_by == source for connection in held.connections)


def _ours_last(versions: tuple[Version, ...], source: str) -> list[Version]:
    return sorted(versions, key=lambda version: _is_ours(version, source))


def _is_ours(version: EntityVersion | RelationVersion, source: str) -> bool:
    return version.origin is Origin.DECLARED and version.source == source


@dataclass(frozen=True, slots=True)
class _Taken:
    """A thing that another document, or a person where `owner` is empty, declared already, and since when."""

    noun: str
    key: str
    owner: str
    since_at: datetime | None = None


def _refuse_conflicts(declared: DeclaredEstate, held: HeldEstate, elsewhere: Elsewhere) -> None:
    entities = _owners((version.entity.key, version) for version in held.entities)
    relations = _owners((version.relation.key, version) for version in held.relations)
    connections = {connection.id: {connection.managed_by: None} for connection in held.connections}
    taken = [
        *_taken("entity", [entity.key for entity in declared.entities], entities, declared.source),
        *_taken("relation", [relation.key for relation in declared.relations], relations, declared.source),
        *_taken("connection", [connection.id for connection in declared.connections], connections, declared.source),
    ]
    if taken:
        ordered = sorted(taken, key=lambda each: declared.lines.get(each.key, 0))
        others = elsewhere({each.owner for each in taken if each.owner})
        usual = _take_out(ordered[0].owner)
        raise InvalidEstate.of([_conflict(each, declared, others.get(each.owner)) for each in ordered], usual)


def _conflict(taken: _Taken, declared: DeclaredEstate, other: DeclaredEstate | None) -> tuple[str, str]:
    place = _place(taken.key, declared)
    name = f"{'the' if place else 'The'} {taken.noun} {one_line(taken.key)}"
    if not taken.owner:
        step = "Give it another id in the document, or remove the one added by hand."
        return f"{place}{name} was added by hand.", step
    owner = one_line(taken.owner, 80)
    since = f" since {dated_words(taken.since_at)}" if taken.since_at is not None else ""
    there = _place(taken.key, other).rstrip(": ") if other is not None else ""
    also = f" ({there})" if there else ""
    words = f"{place}{name} is declared by the document {owner}{also}{since}, not by {declared.source}."
    return words, _take_out(taken.owner)


def _place(key: str, declared: DeclaredEstate) -> str:
    """The file and line in which the document declares something; empty where that is not known."""
    line = declared.lines.get(key)
    if line is None:
        return ""
    return f"{one_line(declared.file, 80)}, line {line}: " if declared.file else f"Line {line}: "


def _take_out(owner: str) -> str:
    """What to do; the store keeps what the other document declares, not the file it stood in."""
    name = one_line(owner, 80)
    shown = f" `quarterdeck export other.yaml --document {name}` writes what {name} declares." if owner else ""
    return f"Take it out of one of the two documents; nothing was changed.{shown}"


def _owners(
    versions: Iterable[tuple[str, EntityVersion | RelationVersion]],
) -> dict[str, dict[str, datetime | None]]:
    """The documents that declare each key, and since when each does as it does."""
    owners: dict[str, dict[str, datetime | None]] = defaultdict(dict)
    for key, version in versions:
        if version.origin is Origin.DECLARED:
            owners[key][version.source] = version.valid_from_at
    return owners


def _taken(
    noun: str, keys: Iterable[str], owners: Mapping[str, Mapping[str, datetime | None]], source: str
) -> Iterator[_Taken]:
    for key in keys:
        others = owners.get(key, {})
        for owner in sorted(others.keys() - {source})[:1]:
            yield _Taken(noun, key, owner, others[owner])
